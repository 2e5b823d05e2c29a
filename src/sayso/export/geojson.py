"""Events as GeoJSON (RFC 7946) points, for maps; each keeps its fields' status and positions as properties."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import BinaryIO

from sayso.errors import UsageError
from sayso.export import LossReport, Record


def write(rows: Iterable[Record], out: BinaryIO) -> LossReport:
    """Raises UsageError for records that have no place of their own, such as documents."""
    report = LossReport()
    placeless = 0
    out.write(b'{"type": "FeatureCollection", "features": [\n')
    for row in rows:
        if "place" not in row:
            raise UsageError(
                "GeoJSON holds events; the others have no place of their own: choose csv, jsonl or parquet"
            )
        place = row["place"]
        if place is None or place["lat"] is None:
            placeless += 1
            continue
        feature = {
            "type": "Feature",
            "id": row["id"],
            "geometry": {"type": "Point", "coordinates": [place["lon"], place["lat"]]},
            "properties": {k: v for k, v in row.items() if k not in {"id", "members"}},
        }
        out.write(
            (b",\n" if report.rows else b"") + json.dumps(feature, ensure_ascii=False).encode("utf-8", "surrogatepass")
        )
        report.rows += 1
    out.write(b"\n]}\n")
    if placeless:
        report.losses.append(f"{placeless} events without a place were left out")
    return report
