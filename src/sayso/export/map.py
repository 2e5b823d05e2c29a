"""Events for a map: GeoJSON whose features say how precisely their places are known, so that none is drawn finer than told."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, select

from sayso.gazetteer import default_gazetteer
from sayso.ledger import views
from sayso.ledger.views import RADIUS_KM, EventFilter

_PROPERTIES = (
    "title",
    "type",
    "status",
    "first_day",
    "last_day",
    "place",
    "precision",
    "country",
    "documents",
    "informants",
)


def map_record(connection: Connection, wanted: EventFilter) -> dict[str, Any]:
    """A FeatureCollection; events whose place nobody says have no geometry. total: how many fulfil the filter, shown: are here."""
    rows = views.events(connection, wanted)
    total = connection.scalar(select(func.count()).select_from(views.event_query(wanted).subquery())) or 0
    countries = {r["country"] for r in rows if r["precision"] == "country"}
    outlines = (
        {s["country"]: s["rings"] for s in default_gazetteer().outline() if s["country"] in countries}
        if countries
        else {}
    )
    features = [_feature(r) for r in rows]
    return {
        "type": "FeatureCollection",
        "features": features,
        "total": total,
        "shown": len(rows),
        "countries": outlines,
    }


def _feature(row: Any) -> dict[str, Any]:
    placed = row["lat"] is not None and row["lon"] is not None
    return {
        "type": "Feature",
        "id": row["id"],
        "geometry": {"type": "Point", "coordinates": [row["lon"], row["lat"]]} if placed else None,
        "properties": {
            **{name: row[name] for name in _PROPERTIES},
            "radius_km": RADIUS_KM.get(row["precision"] or ""),
            "href": f"/events/{row['id']}",
        },
    }
