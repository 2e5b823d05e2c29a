"""The ledger's answers on one event → a brief, with every word it rests on as a footnote."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection
from sqlalchemy.engine import RowMapping

from sayso import __version__
from sayso.export.brief.notes import Notes
from sayso.export.brief.sheet import Brief, Change, FieldTable, Line, Origin, PositionRow, Report, Toll, Words
from sayso.export.phrases import count_words, day_words, event_words, many, short, with_article
from sayso.export.quarrel import quarrel, subject
from sayso.export.sentences import people
from sayso.ledger import views
from sayso.records import Assessment, ClaimEnd, Holder, Link, Position
from sayso.records.terms import CREDIBILITY, field_name

_PRECISION = {
    "exact": "an exact place",
    "city": "known to the town",
    "district": "known to the district",
    "province": "known to the province",
    "country": "known to the country only",
}
_CHANGES = ("denies", "contradicts", "retracts", "supersedes")
_DONE = {"denies": "denied", "contradicts": "contradicted", "retracts": "retracted", "supersedes": "revised"}
_HOW = {"copied": "copied", "rewritten": "rewritten", "translated": "translated"}
_LINKS, _MOST_CHANGES = 3_000, 80


def compose(connection: Connection, event_row: RowMapping) -> Brief:
    """The brief of one linked event, a row of `views.event` or `views.events`."""
    row = event_row
    notes = Notes(connection)
    assessed = views.assessed(connection, row["id"])
    told = tuple(notes.line(sentence) for sentence in quarrel(assessed))
    fields = tuple(_field(a, notes) for a in assessed)
    tolls = tuple(_tolls(assessed, notes))
    changes, left_out = _changes(connection, row["id"], notes)
    return Brief(
        event=row["id"],
        title=row["title"],
        days=_days(row),
        place=_place(row),
        status=row["status"] or "not weighed",
        counts=f"{many(row['informants'], 'informant')} in {many(row['documents'], 'document')} of {many(row['origins'], 'origin')}",
        said=_span(row["first_said"], row["last_said"]),
        last_said=row["last_said"],
        quarrel=told,
        fields=fields,
        tolls=tolls,
        changes=changes,
        origins=_origins(connection, row["id"], notes),
        footnotes=notes.footnotes(),
        left_out=left_out,
        version=__version__,
    )


def _days(row: RowMapping) -> str:
    return _span(row["first_day"], row["last_day"]) or "on a day that no report states"


def _span(first: str | None, last: str | None) -> str:
    days = dict.fromkeys(d[:10] for d in (first, last) if d)
    return " to ".join(day_words(d) for d in days)


def _place(row: RowMapping) -> str | None:
    if not row["place"]:
        return None
    facts = [row["country"], _PRECISION.get(row["precision"] or "")]
    return f"{row['place']} ({', '.join(f for f in facts if f)})" if any(facts) else str(row["place"])


# -- fields -------------------------------------------------------------------------------------------------------


def _field(found: Assessment, notes: Notes) -> FieldTable:
    return FieldTable(
        field=found.field,
        name=field_name(found.field),
        status=found.status,
        credibility=f"{found.credibility}, {CREDIBILITY.get(found.credibility, 'not known')} (proposed)",
        reasons=tuple(r.text for r in found.reasons),
        positions=tuple(_position(found.field, p, notes) for p in found.positions),
    )


def _position(field: str, position: Position, notes: Notes) -> PositionRow:
    return PositionRow(
        value=_value(field, position.value),
        holders=_people(position.holders, notes),
        deniers=_people(position.deniers, notes),
        informants=position.informants,
        origins=position.origins,
        documents=position.documents,
        said=_span(position.first_said, position.last_said),
        superseded=position.superseded,
    )


def _value(field: str, value: str) -> str:
    if field == "type":
        return event_words(value)
    if field.startswith("casualties."):
        return count_words(value)
    return day_words(value).strip("“”") if field == "when" else value


def _people(holders: Sequence[Holder], notes: Notes) -> Line:
    """Each name once, parties marked, with the footnotes of all that he says."""
    return tuple(
        Words(one.shown + (" (a party)" if one.party else ""), notes.of(one.holders)) for one in people(holders)
    )


def _tolls(assessed: Iterable[Assessment], notes: Notes) -> list[Toll]:
    """Counts in the order in which they were given; undated ones last."""
    found: list[tuple[str, Toll]] = []
    for a in assessed:
        if not a.field.startswith("casualties."):
            continue
        for position in a.positions:
            for denied, holders in ((False, position.holders), (True, position.deniers)):
                for one in people(holders):
                    day = min((h.published[:10] for h in one.holders if h.published), default="")
                    who = Words(one.shown + (" (a party)" if one.party else ""), notes.of(one.holders))
                    toll = Toll(
                        day_words(day) if day else "undated",
                        field_name(a.field),
                        count_words(position.value),
                        who,
                        denied,
                    )
                    found.append((day or "9", toll))
    return [toll for _, toll in sorted(found, key=lambda f: (f[0], f[1].kind))]


# -- changes ------------------------------------------------------------------------------------------------------


def _changes(connection: Connection, event: str, notes: Notes) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """What links say that somebody did to another's words; one line for all whose words he denied on one day."""
    voices = _Voices(connection, notes)
    groups: dict[tuple[str, str, str, str], list[Link]] = {}
    for link in views.links(connection, event, relations=_CHANGES, limit=_LINKS):
        who, published = voices.of(link.left)
        groups.setdefault(((published or "9")[:10], link.relation, link.field, who), []).append(link)
    ordered = sorted(groups.items(), key=lambda g: g[0])
    more = len(ordered) - _MOST_CHANGES
    left_out = f"{more} further changes are not shown; `sayso event {event[:10]}` lists all."
    return tuple(_change(*group, notes, voices) for group in ordered[:_MOST_CHANGES]), (left_out,) * (more > 0)


def _change(key: tuple[str, str, str, str], links: list[Link], notes: Notes, voices: _Voices) -> Change:
    day, relation, field, who = key
    mine = tuple(notes.of_end(link.left, who) for link in links)
    against: dict[str, list[int]] = {}
    for link in links:
        other, _ = voices.of(link.right)
        against.setdefault(other, []).append(notes.of_end(link.right, other))
    name = with_article(short(who))
    line = [Words(name[:1].upper() + name[1:], mine), Words(f" {_DONE[relation]} ")]
    if list(against) == [who]:
        line += [Words("an earlier statement", tuple(against[who])), Words(f" on {subject(field)}.")]
    else:
        line.append(Words("what "))
        for number, (other, marks) in enumerate(against.items()):
            between = "" if not number else " and " if number == len(against) - 1 else ", "
            line += [Words(between), Words(with_article(short(other)), tuple(marks))]
        line.append(Words(f" said on {subject(field)}."))
    return Change("undated" if day == "9" else day_words(day), tuple(line))


class _Voices:
    """Who says a claim and when, each asked for once."""

    def __init__(self, connection: Connection, notes: Notes) -> None:
        self._connection = connection
        self._notes = notes
        self._known: dict[tuple[str, str | None], tuple[str, str | None]] = {}

    def of(self, end: ClaimEnd) -> tuple[str, str | None]:
        key = end.document, end.claim
        if key not in self._known:
            who, published = views.speaker(self._connection, *key)
            source = self._notes.source(end.document)
            if who is None or who == source.outlet:
                who = f"{source.outlet} in its own voice" if source.outlet else "the report in its own voice"
            self._known[key] = who, published or source.published
        return self._known[key]


# -- documents ----------------------------------------------------------------------------------------------------


def _origins(connection: Connection, event: str, notes: Notes) -> tuple[Origin, ...]:
    groups: dict[str, list[Report]] = {}
    names: dict[str, str] = {}
    for document in dict.fromkeys(m["document_id"] for m in views.members(connection, event)):
        source = notes.source(document)
        origin = views.origin(connection, document)
        root = origin["root"] if origin is not None else document
        wire = notes.source(root).origin
        key = f"wire:{wire.casefold()}" if wire else root
        names.setdefault(key, wire or notes.source(root).name)
        how = _HOW.get(origin["relation"] or "", "") if origin is not None else ""
        groups.setdefault(key, []).append(
            Report(document, source.name, source.outlet, source.published, source.address, source.sha256, how)
        )
    return tuple(Origin(names[key], tuple(reports)) for key, reports in groups.items())
