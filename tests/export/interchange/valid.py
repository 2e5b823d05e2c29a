"""Whether a file is what the tools of its format take: opened by the format's own library, or by its published rules.

Each check takes the whole file and gives how many rows it found there, to be compared with what the export says that it wrote.
Used on the example reports by the tests, and on as many reports as one likes by `benchmarks.formats`.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import jsonschema
import pytest

from sayso.export.interchange.labelstudio import CONFIG
from sayso.export.interchange.plover import QUADS
from sayso.ontology import load_ontology
from sayso.records.json import reading_schema

Pieces = tuple[tuple[int, int], ...]
"""where the fragments of an annotation begin and end"""

# -- tables -------------------------------------------------------------------------------------------------------


def table(data: bytes) -> list[dict[str, str]]:
    """Rows of a CSV file, all as wide as its head."""
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert all(None not in row and None not in row.values() for row in rows)
    return rows


def _lines(data: bytes) -> int:
    return sum(1 for line in data.decode().split("\n") if line and json.loads(line))


def _parquet(data: bytes) -> int:
    return int(pytest.importorskip("pyarrow.parquet").read_table(io.BytesIO(data)).num_rows)


def _readings(data: bytes) -> int:
    schema = jsonschema.Draft202012Validator(reading_schema())
    rows = [json.loads(line) for line in data.decode().split("\n") if line]
    for row in rows:
        schema.validate(row)
    return len(rows)


# -- event data ---------------------------------------------------------------------------------------------------

ACLED = """event_id_cnty event_date year time_precision disorder_type event_type sub_event_type actor1 assoc_actor_1 inter1
actor2 assoc_actor_2 inter2 interaction civilian_targeting iso region country admin1 admin2 admin3 location latitude longitude
geo_precision source source_scale notes fatalities tags timestamp""".split()
"""the codebook's columns"""
UCDP = """id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id conflict_name dyad_dset_id
dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id side_b_new_id side_b number_of_sources source_article
source_office source_date source_headline source_original where_prec where_coordinates where_description adm_1 adm_2 latitude
longitude geom_wkt priogrid_gid country country_id region event_clarity date_prec date_start date_end deaths_a deaths_b
deaths_civilians deaths_unknown best high low gwnoa gwnob""".split()
PLOVER = {
    "id": str,
    "has_event": bool,
    "date": str,
    "enddate": str,
    "source": list,
    "recipient": list,
    "event": list,
    "quad_code": int,
    "mode": list,
    "context": list,
    "event_loc": (dict, type(None)),
    "event_text": list,
    "dead": (int, str),
    "injured": (int, str),
    "arrested": (int, str),
    "text_info": list,
    "cite_info": list,
    "coder": str,
    "comment": str,
}
"""fields of the manual's table, and of its object for sizes, that Sayso writes"""
_ACTOR = {"code", "sector", "actor_text", "identifier_id", "identifier_text", "held_by", "denied_by"}
_CONTEXTS = {"future", "hypothetical", "negation"}


def acled(data: bytes) -> int:
    rows = table(data)
    assert data.decode("utf-8-sig").splitlines()[0].split(",") == ACLED
    kinds = {(t.codes.acled, t.codes.acled_sub or "") for t in load_ontology().event_types.values()}
    for row in rows:
        assert date.fromisoformat(row["event_date"]).year == int(row["year"])
        assert row["time_precision"] in {"1", "2", "3"} and row["geo_precision"] in {"1", "2", "3"}
        assert row["disorder_type"] in {"Political violence", "Demonstrations", "Strategic developments"}
        assert (row["event_type"], row["sub_event_type"]) in kinds
        assert int(row["fatalities"]) >= 0 and int(row["timestamp"]) > 0
        assert row["iso"].isdigit() and row["region"] and row["country"]
    return len(rows)


def ucdp(data: bytes) -> int:
    rows = table(data)
    assert data.decode("utf-8-sig").splitlines()[0].split(",") == UCDP
    for row in rows:
        assert row["type_of_violence"] in {"1", "2", "3"} and row["event_clarity"] in {"1", "2"}
        assert row["where_prec"] in set("1234567") and row["date_prec"] in set("12345")
        assert datetime.fromisoformat(row["date_start"]) <= datetime.fromisoformat(row["date_end"])
        assert 0 <= int(row["low"]) <= int(row["best"]) <= int(row["high"])
        assert sum(int(row[f"deaths_{side}"]) for side in ("a", "b", "civilians", "unknown")) == int(row["best"])
        assert row["geom_wkt"] in {"", f"POINT ({row['longitude']} {row['latitude']})"}
    return len(rows)


def plover_record(record: dict[str, Any]) -> None:
    assert all(isinstance(value, PLOVER[name]) for name, value in record.items())
    assert record["id"] and record["source"]
    assert date.fromisoformat(record["date"]) <= date.fromisoformat(record["enddate"])
    assert record["event"] and all(QUADS[kind] == record["quad_code"] for kind in record["event"])
    assert set(record["context"]) <= _CONTEXTS
    for actor in (*record["source"], *record["recipient"]):
        assert set(actor) <= _ACTOR and actor["actor_text"]
        assert all(len(actor.get(name, "xxx")) == 3 for name in ("code", "sector"))


def _plover(data: bytes) -> int:
    records = [json.loads(line) for line in data.decode().split("\n") if line]
    for record in records:
        plover_record(record)
    return len(records)


# -- maps ---------------------------------------------------------------------------------------------------------

KML = {"k": "http://www.opengis.net/kml/2.2"}
KML_MARK = ["name", "description", "TimeSpan", "styleUrl", "ExtendedData", "Point"]
"""the order in which KML's schema has a placemark's parts"""
_EVENT = set(
    """id description date time time_precision location latitude longitude type category category_full associations sources
    comments time_display narrative___stepStyles shape colour""".split()
)
"""keys that the viewer's schema of events knows; it drops an event with any other"""
_SOURCE = set("id title thumbnail paths type affil_s url description parent author date notes".split())
_ASSOCIATION = set("id title desc mode colour type display filter_paths".split())
_SITE = set("id description site latitude longitude enabled".split())


def _geojson(data: bytes) -> int:
    found = json.loads(data)
    assert found["type"] == "FeatureCollection"
    for feature in found["features"]:
        assert feature["type"] == "Feature" and feature["geometry"]["type"] == "Point"
        longitude, latitude = feature["geometry"]["coordinates"]
        assert -180 <= longitude <= 180 and -90 <= latitude <= 90
    return len(found["features"])


def kml_marks(data: bytes) -> list[Any]:
    etree = pytest.importorskip("lxml.etree")
    root = etree.fromstring(data)
    assert root.tag == "{http://www.opengis.net/kml/2.2}kml"
    marks = list(root.iterfind(".//k:Placemark", KML))
    for mark in marks:
        assert [etree.QName(part).localname for part in mark] == [
            p for p in KML_MARK if mark.find(f"k:{p}", KML) is not None
        ]
        longitude, latitude, _ = map(float, mark.findtext(".//k:coordinates", namespaces=KML).split(","))
        assert -180 <= longitude <= 180 and -90 <= latitude <= 90
    return marks


def _all_text(entry: dict[str, Any], *lists: str) -> bool:
    return all(isinstance(value, list if name in lists else str) for name, value in entry.items())


def timemap_files(found: dict[str, Any]) -> None:
    """As the viewer validates: keys, types, references, dates, unique associations."""
    assert set(found) == {"events", "sources", "associations", "sites"}
    ids = [a["id"] for a in found["associations"]]
    assert len(ids) == len(set(ids))
    for entry in found["events"]:
        assert set(entry) <= _EVENT and _all_text(entry, "associations", "sources") and entry["description"]
        assert set(entry["associations"]) <= set(ids) and set(entry["sources"]) <= set(found["sources"])
        assert datetime.strptime(entry["date"], "%m/%d/%Y")
        assert bool(entry["latitude"]) == bool(entry["longitude"])
    for id_, entry in found["sources"].items():
        assert (
            set(entry) <= _SOURCE and _all_text(entry, "paths", "affil_s") and entry["id"] == id_ and "paths" in entry
        )
    for entry in found["associations"]:
        assert set(entry) <= _ASSOCIATION and _all_text(entry, "filter_paths")
        assert entry["mode"] in {"CATEGORY", "FILTER"} and ("filter_paths" in entry) == (entry["mode"] == "FILTER")
    for entry in found["sites"]:
        assert set(entry) <= _SITE and _all_text(entry) and entry["site"]


def _timemap(data: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        found = {name.removesuffix(".json"): json.loads(archive.read(name)) for name in archive.namelist()}
    timemap_files(found)
    return len(found["events"])


# -- annotations --------------------------------------------------------------------------------------------------

_IRI = {"type": "string", "pattern": "^[a-z][a-z0-9+.-]*:[^ ]+$"}
_PURPOSES = ["describing", "tagging", "identifying", "classifying", "commenting", "linking"]
ANNOTATIONS: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["@context", "id", "type", "total", "first"],
    "additionalProperties": False,
    "properties": {
        "@context": {"const": "http://www.w3.org/ns/anno.jsonld"},
        "id": _IRI,
        "type": {"const": "AnnotationCollection"},
        "label": {"type": "string"},
        "total": {"type": "integer", "minimum": 0},
        "first": {
            "type": "object",
            "required": ["id", "type", "items"],
            "additionalProperties": False,
            "properties": {
                "id": _IRI, "type": {"const": "AnnotationPage"}, "partOf": _IRI, "startIndex": {"type": "integer", "minimum": 0},
                "items": {"type": "array", "items": {"$ref": "#/$defs/annotation"}},
            },
        },
    },
    "$defs": {
        "annotation": {
            "type": "object",
            "required": ["id", "type", "target"],
            "additionalProperties": False,
            "properties": {
                "id": _IRI,
                "type": {"const": "Annotation"},
                "motivation": {"enum": _PURPOSES},
                "generator": {
                    "type": "object", "required": ["id", "type"], "additionalProperties": False,
                    "properties": {"id": _IRI, "type": {"const": "Software"}, "name": {"type": "string"}},
                },
                "body": {"type": "array", "items": {"oneOf": [{"$ref": "#/$defs/words"}, {"$ref": "#/$defs/part"}]}},
                "target": {"oneOf": [{"$ref": "#/$defs/part"}, {"type": "array", "minItems": 2, "items": {"$ref": "#/$defs/part"}}]},
            },
        },
        "words": {
            "type": "object", "required": ["type", "value"], "additionalProperties": False,
            "properties": {
                "type": {"const": "TextualBody"}, "value": {"type": "string"}, "format": {"const": "text/plain"}, "purpose": {"enum": _PURPOSES},
            },
        },
        "part": {
            "type": "object", "required": ["type", "source", "selector"], "additionalProperties": False,
            "properties": {
                "type": {"const": "SpecificResource"},
                "purpose": {"enum": _PURPOSES},
                "source": {
                    "type": "object", "required": ["id", "type"], "additionalProperties": False,
                    "properties": {
                        "id": _IRI, "type": {"const": "Text"}, "format": {"const": "text/plain"}, "language": {"type": "string"}, "via": _IRI,
                    },
                },
                "selector": {
                    "type": "array",
                    "prefixItems": [
                        {
                            "type": "object", "required": ["type", "exact", "prefix", "suffix"], "additionalProperties": False,
                            "properties": {"type": {"const": "TextQuoteSelector"}, **{k: {"type": "string"} for k in ("exact", "prefix", "suffix")}},
                        },
                        {
                            "type": "object", "required": ["type", "start", "end"], "additionalProperties": False,
                            "properties": {"type": {"const": "TextPositionSelector"}, **{k: {"type": "integer", "minimum": 0} for k in ("start", "end")}},
                        },
                    ],
                    "minItems": 2, "maxItems": 2,
                },
            },
        },
    },
}  # fmt: skip
_SCHEMA_ORG = {
    "ClaimReview": {"claimReviewed", "itemReviewed", "author", "datePublished", "url", "reviewRating"},
    "Claim": {"text", "about", "author", "datePublished", "appearance"},
    "CreativeWork": {"identifier", "name", "url", "datePublished", "publisher"},
    "Organization": {"name"},
    "Person": {"name"},
    "Thing": {"name"},
}
"""type of schema.org → those of its properties that are used"""


def _annotation(data: bytes) -> int:
    """Documents, of which each has an annotation for every claim."""
    found = json.loads(data)
    jsonschema.Draft202012Validator(ANNOTATIONS).validate(found)
    assert found["total"] == len(found["first"]["items"])
    return len({a["id"].partition("/")[0] for a in found["first"]["items"]})


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _nodes(part)
    if isinstance(value, dict) and "@type" in value:
        yield value


def _claimreview(data: bytes) -> int:
    """The JSON-LD processor must find each review, and no rating."""
    rdflib = pytest.importorskip("rdflib")
    for node in _nodes(json.loads(data)):
        assert {k for k in node if not k.startswith("@")} <= _SCHEMA_ORG[node["@type"]]
    local = data.replace(b'"https://schema.org"', b'{"@vocab": "https://schema.org/"}', 1)
    graph = rdflib.Graph().parse(data=local, format="json-ld")
    schema = rdflib.Namespace("https://schema.org/")
    assert not list(graph.subject_objects(schema.reviewRating))
    reviewed = [review for review, _ in graph.subject_objects(schema.itemReviewed)]
    assert len(reviewed) == len(set(reviewed))
    return len(set(graph.subjects(rdflib.RDF.type, schema.ClaimReview)))


def standoff(text: str, sheet: str) -> tuple[dict[str, list[Pieces]], list[str]]:
    """An `.ann` of its `.txt`, by brat's manual: ids that are once, references that are there, words that stand at their offsets.

    (type → fragments of each text-bound annotation, all other lines).
    """
    bound: dict[str, list[Pieces]] = {}
    rest: list[str] = []
    ids: set[str] = set()
    for line in sheet.split("\n")[:-1]:
        id_, told, *words = line.split("\t")
        assert id_ not in ids and re.fullmatch(r"[TERA#]\d+", id_)
        ids.add(id_)
        if not id_.startswith("T"):
            assert set(re.findall(r"\b[TE]\d+\b", told)) <= ids
            rest.append(line)
            continue
        type_, _, places = told.partition(" ")
        pieces = tuple((int(a), int(b)) for a, b in (p.split(" ") for p in places.split(";")))
        assert words == [" ".join(text[a:b] for a, b in pieces)]
        bound.setdefault(type_, []).append(pieces)
    return bound, rest


def _brat(data: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        texts = {n: archive.read(n).decode() for n in archive.namelist()}
    for group in ("[entities]", "[relations]", "[events]", "[attributes]"):
        assert group in texts["annotation.conf"]
    sheets = [n.removesuffix(".ann") for n in texts if n.endswith(".ann")]
    for name in sheets:
        standoff(texts[f"{name}.txt"], texts[f"{name}.ann"])
    return len(sheets)


def _labelstudio(data: bytes) -> int:
    interface = pytest.importorskip("label_studio_sdk.label_interface").LabelInterface(CONFIG)
    interface.validate()
    tasks = json.loads(data)
    for task in tasks:
        assert all(interface.validate_prediction(p) for p in task.pop("predictions"))
        assert interface.validate_task(task)
    return len(tasks)


# -- graphs -------------------------------------------------------------------------------------------------------


def ftm_entities(data: bytes) -> list[dict[str, Any]]:
    pytest.importorskip("followthemoney")
    from followthemoney import model
    from followthemoney.types import registry

    found = [json.loads(line) for line in data.splitlines()]
    schemas = {e["id"]: e["schema"] for e in found}
    assert len(schemas) == len(found)
    for entity in found:
        proxy = model.get_proxy(entity, cleaned=False)
        assert proxy.to_dict() == entity  # what the library would clean is clean already
        for prop, value in proxy.itervalues():
            assert prop.type.validate(value) and len(value) <= prop.type.max_length
            if prop.type == registry.entity:
                assert prop.range and model[schemas[value]].is_a(prop.range)
    return found


def stix_objects(data: bytes) -> list[Any]:
    stix2 = pytest.importorskip("stix2")
    bundle = stix2.parse(data.decode(), allow_custom=False, version="2.1")
    assert bundle.type == "bundle"
    objects = list(bundle.objects)
    ids = {o.id for o in objects}
    assert len(ids) == len(objects)
    for o in objects:
        refs = [*o.get("object_refs", []), *(o[k] for k in ("created_by_ref", "source_ref", "target_ref") if k in o)]
        assert set(refs) <= ids
        assert set(o.get("extensions", {})) <= ids
    return objects


def rows(subject: str, form: str, data: bytes) -> int:
    """Raises AssertionError where the file is not what its format asks for."""
    return _readings(data) if form == "jsonl" and subject in {"readings", "corrections"} else CHECKS[form](data)


CHECKS: dict[str, Callable[[bytes], int]] = {
    "csv": lambda data: len(table(data)),
    "jsonl": _lines,
    "parquet": _parquet,
    "geojson": _geojson,
    "kml": lambda data: len(kml_marks(data)),
    "timemap": _timemap,
    "plover": _plover,
    "acled": acled,
    "ucdp": ucdp,
    "claimreview": _claimreview,
    "annotation": _annotation,
    "brat": _brat,
    "labelstudio": _labelstudio,
    "ftm": lambda data: len(ftm_entities(data)),
    "stix": lambda data: len(stix_objects(data)),
}
"""name of a format → its check"""
