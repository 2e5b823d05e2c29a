"""The report page: one HTML file with everything in it, of one document or many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any

from sayso import __version__
from sayso.export.report.across import Told, cards
from sayso.export.report.drawings import Dated, Placed, map_of, timeline
from sayso.export.report.marks import marks_of, segments
from sayso.export.templates import templates_of
from sayso.ledger.rows import speaker_name
from sayso.ontology import load_ontology
from sayso.records import Attribution, Event, Reading

_FIELDS = {
    "actor_organisation": "group",
    "actor": "who",
    "casualties.killed": "killed",
    "casualties.injured": "injured",
}


@dataclass(frozen=True, slots=True)
class Page:
    """One document on the report. `key` begins every anchor of it: d1, d2 …"""

    key: str
    name: str
    reading: Reading
    segments: list[Any]
    rows: list[dict[str, Any]]
    events: list[dict[str, Any]]
    warnings: list[dict[str, Any]]


def render_report(readings: list[Reading], title: str | None = None, across: Iterable[Told] = ()) -> str:
    """The page as a string. Text of documents is escaped throughout; the page's own policy forbids any request.

    across: what the ledger found of these documents together (`told_across`).
    """
    pages = [_page(f"d{n}", reading) for n, reading in enumerate(readings, 1)]
    environment = templates_of("sayso.export.report")
    static = resources.files("sayso.export.report") / "static"
    rows = [row for page in pages for row in page.rows]
    return environment.get_template("report.html.j2").render(
        title=title or _title(pages),
        pages=pages,
        rows=rows,
        stances=[(s, sum(1 for r in rows if r["stance"] == s.name)) for s in load_ontology().stances.values()],
        denials=_denials(pages),
        across=cards(across, {page.reading.document.id: (page.key, page.name) for page in pages}),
        timeline=timeline(_dated(pages)),
        map=map_of(_placed(pages)),
        undated=sum(1 for p in pages for e in p.events if not e["days"]),
        version=__version__,
        style=(static / "report.css").read_text(encoding="utf-8"),
        script=(static / "report.js").read_text(encoding="utf-8"),
    )


def _title(pages: list[Page]) -> str:
    return pages[0].name if len(pages) == 1 else f"{len(pages)} documents: who says what"


def _page(key: str, reading: Reading) -> Page:
    info = reading.document
    names = {e.id: e.name for e in reading.entities}
    texts = {m.id: m.text for m in reading.mentions}
    file, mark, member = (info.path or "").partition("#")
    name = info.title or (file.rsplit("/", 1)[-1] + mark + member if info.path else info.url or "standard input")
    return Page(
        key=key,
        name=name,
        reading=reading,
        segments=list(segments(info.text, marks_of(reading))),
        rows=[_row(key, name, said, names) for said in reading.attributions],
        events=[_event(key, event, texts) for event in reading.events],
        warnings=[{"id": f"w{n}", "record": w, "anchored": w.end > w.start} for n, w in enumerate(reading.warnings, 1)],
    )


def _row(key: str, name: str, said: Attribution, names: dict[str, str]) -> dict[str, Any]:
    return {
        "link": f"{key}-{said.id}",
        "document": name,
        "speaker": speaker_name(said, names) or "(unexpressed)",
        "words": said.source.text if said.source else "",
        "cue": said.cue.text if said.cue else "",
        "stance": said.stance,
        "negated": said.negated,
        "content": " … ".join(s.text for s in said.content),
        "via": f"{key}-{said.via}" if said.via else "",
    }


def _event(key: str, event: Event, texts: dict[str, str]) -> dict[str, Any]:
    fields: list[tuple[str, str, str | None, int]] = []
    fields += [("realis", r.value, r.attribution, event.shown[0].start) for r in event.realis if r.value != "happened"]
    known = {r.entity for r in event.responsibility}
    # an organisation whose responsibility is told below is not shown as the doer as well, least of all a denied one
    shown = [a for a in event.arguments if a.role != "actor_organisation" or a.entity not in known]
    fields += [
        (_FIELDS.get(a.role, a.role), a.text + (f" ({a.fate})" if a.fate else ""), a.attribution, a.start)
        for a in shown
    ]
    fields += [("when", f"{texts[w.mention]} → {w.start or 'unresolved'}", w.attribution, 0) for w in event.when]
    fields += [("where", f"{w.name} ({w.precision})", w.attribution, 0) for w in event.where]
    fields += [(c.kind, c.text, c.attribution, c.start) for c in event.casualties]
    fields += [
        ("responsibility", f"{r.confidence.replace('_', ' ')}: {r.text}", r.attribution, r.start)
        for r in event.responsibility
    ]
    days = sorted((w.start, w.end or w.start) for w in event.when if w.start)
    return {
        "key": f"{key}-{event.id}",
        "record": event,
        "fields": [(n, v, f"{key}-{a}" if a else "") for n, v, a, _ in fields],
        "days": days[:1],
    }


def _denials(pages: list[Page]) -> list[dict[str, Any]]:
    """Who denies, and what: attributions by stance, with the organisations that they clear."""
    return [
        row
        for page in pages
        for row in page.rows
        if row["stance"] in {"denies", "retracts", "doubts"} and not row["negated"]
    ]


def _dated(pages: list[Page]) -> list[Dated]:
    found = []
    for page in pages:
        for event in page.events:
            for start, end in event["days"]:
                if _is_day(start) and _is_day(end):
                    record = event["record"]
                    found.append(
                        Dated(
                            f"{record.type.replace('_', ' ')}: {record.shown[0].text}",
                            start,
                            end,
                            event["key"],
                            record.type,
                        )
                    )
    return found


def _is_day(value: str) -> bool:
    try:
        return 1 < date.fromisoformat(value[:10]).year < 9990
    except ValueError:
        return False


def _placed(pages: list[Page]) -> list[Placed]:
    counts: dict[tuple[str, float, float, str], int] = {}
    links: dict[tuple[str, float, float, str], str] = {}
    for page in pages:
        for event in page.events:
            for where in event["record"].where:
                key = (where.name, where.lat, where.lon, where.precision)
                counts[key] = counts.get(key, 0) + 1
                links.setdefault(key, event["key"])
    return [Placed(*key, count, links[key]) for key, count in sorted(counts.items())]
