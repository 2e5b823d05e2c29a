"""The brief as a PDF: the same parts in the same order as the HTML page, for paper and for files that are kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sayso.errors import UsageError
from sayso.export.brief.sheet import Brief, FieldTable, Footnote, PositionRow, one_line
from sayso.export.phrases import day_words, many
from sayso.records.terms import plain

if TYPE_CHECKING:
    from sayso.export.brief.paper import Paper

_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
"""a PDF must have a day of creation; what no report dates gets this one, so that the same brief is the same bytes"""


def render_pdf(brief: Brief) -> bytes:
    """The PDF's bytes, the same for the same brief. Raises UsageError when fpdf2 or the fonts are not installed."""
    try:
        from sayso.export.brief.paper import Paper
    except ModuleNotFoundError as error:
        raise UsageError(
            "no PDF can be made without fpdf2: `pip install fpdf2`, or write the brief as HTML and print it"
        ) from error
    title = plain(brief.title)
    paper = Paper(f"{title} · Sayso brief")
    paper.set_title(title)
    paper.set_author("Sayso")
    paper.set_creator(f"Sayso {brief.version}")
    paper.set_lang("en")
    paper.set_creation_date(_day(brief.last_said))
    paper.add_page()
    for part in (_head, _quarrel, _tolls, _fields, _changes, _documents, _footnotes, _end):
        part(paper, brief)
    return bytes(paper.output())


def _day(said: str | None) -> datetime:
    try:
        return datetime.fromisoformat((said or "")[:10]).replace(tzinfo=UTC)
    except ValueError:
        return _UNDATED


def _title(paper: Paper, title: str, level: int = 0) -> None:
    paper.section(title, level)
    paper.paragraph(plain(title), 13 if level == 0 else 10, "B")


def _head(paper: Paper, brief: Brief) -> None:
    paper.paragraph("Sayso · event brief", 8, soft=True)
    paper.start_section(plain(brief.title))
    title = plain(brief.title)
    paper.paragraph(title[:1].upper() + title[1:], 20, "B")
    facts = (
        ("When", brief.days),
        ("Where", plain(brief.place) or "at a place that no report states"),
        ("Status", f"{brief.status}; {brief.counts}"),
        ("Said", brief.said),
    )
    for name, fact in facts:
        if fact:
            paper.say(f"{name}: ", 9, soft=True)
            paper.paragraph(fact, 9)
    paper.ln(1)
    paper.paragraph(brief.care, 8.5, "I", soft=True)


def _quarrel(paper: Paper, brief: Brief) -> None:
    _title(paper, "What is said")
    for sentence in brief.quarrel:
        paper.say_line(sentence, 10)
        paper.end()
    if not brief.quarrel:
        paper.paragraph("This event has not been weighed yet.")


def _tolls(paper: Paper, brief: Brief) -> None:
    if not brief.tolls:
        return
    _title(paper, "Casualties, as they were given")
    for toll in brief.tolls:
        paper.say(f"{toll.day}: ", 9, soft=True)
        paper.say(f"{plain(toll.count)} {plain(toll.kind)}", 9, "B")
        paper.say(", denied by " if toll.denied else ", given by ", 9)
        paper.say_line((toll.who,), 9)
        paper.end(0.6)


def _fields(paper: Paper, brief: Brief) -> None:
    _title(paper, "Positions, field by field")
    for table in brief.fields:
        _field(paper, table)


def _field(paper: Paper, table: FieldTable) -> None:
    _title(paper, f"{table.name} · {table.status}", 1)
    paper.paragraph(f"Credibility {table.credibility}", 8, soft=True)
    if table.reasons:
        paper.paragraph("; ".join(plain(r) for r in table.reasons) + ".", 8, soft=True)
    with paper.inset(5):
        for position in table.positions:
            _position(paper, position)


def _position(paper: Paper, position: PositionRow) -> None:
    paper.say(plain(position.value), 9, "B")
    counts = f"  {many(position.informants, 'informant')}, {many(position.origins, 'origin')}, said {position.said or 'on no known day'}"
    paper.paragraph(counts + (", superseded" if position.superseded else ""), 8, soft=True)
    with paper.inset(5):
        for label, line in (("Held by ", position.holders), ("Denied by ", position.deniers)):
            if line:
                paper.say(label, 8.5, soft=True)
                paper.say_line(line, 8.5, between="; ")
                paper.end(0.6)
    paper.ln(0.8)


def _changes(paper: Paper, brief: Brief) -> None:
    if not brief.changes:
        return
    _title(paper, "What changed when")
    for change in brief.changes:
        paper.say(f"{change.day}: ", 9, soft=True)
        paper.say_line(change.line, 9)
        paper.end(0.8)


def _documents(paper: Paper, brief: Brief) -> None:
    _title(paper, "The documents behind it")
    paper.paragraph(
        "Grouped by origin: documents of one group go back to one text, and count as one origin.", 8, soft=True
    )
    for origin in brief.origins:
        _title(paper, f"{plain(origin.name)} ({many(len(origin.reports), 'document')})", 1)
        with paper.inset(5):
            for report in origin.reports:
                day = day_words(report.published[:10]) if report.published else "undated"
                facts = (plain(report.name), plain(report.outlet), day, report.how, plain(report.address))
                paper.say_each(facts, ", ", 9)
                paper.end(0)
                paper.paragraph(f"sha256 {report.sha256}", 7, soft=True)
    for sentence in brief.left_out:
        paper.paragraph(sentence, 8, soft=True)


def _footnotes(paper: Paper, brief: Brief) -> None:
    _title(paper, "Footnotes: the words themselves")
    paper.paragraph(
        "The words that count are in bold; around them stands the text they are taken from. Places are counted in "
        "characters of the document’s text. A number leads back to where it is first set.",
        8,
        soft=True,
    )
    for note in brief.footnotes:
        paper.footnote(note.number)
        with paper.inset(11):
            _footnote(paper, note)


def _footnote(paper: Paper, note: Footnote) -> None:
    parts = ((note.before, ""), (note.words, "B"), (note.after, ""))
    for words, style in parts:
        paper.say(one_line(words), 8, style, soft=not style)
    paper.end(0, paper.direction_of("".join(words for words, _ in parts)))
    day = day_words(note.published[:10]) if note.published else "undated"
    facts = (
        plain(note.speaker),
        plain(note.name),
        plain(note.outlet),
        day,
        f"characters {note.start}–{note.end}",
        plain(note.address),
        f"sha256 {note.sha256[:16]}…",
    )
    paper.say_each(facts, " · ", 7, soft=True)
    paper.end()


def _end(paper: Paper, brief: Brief) -> None:
    paper.ln(3)
    if paper.missing:
        some = " ".join(f"U+{ord(c):04X}" for c in sorted(paper.missing)[:8])
        paper.paragraph(
            f"{many(len(paper.missing), 'character')} of these texts cannot be printed in this font and stand as □ "
            f"({some}{' …' if len(paper.missing) > 8 else ''}); the HTML brief shows them.",
            8,
        )
    paper.paragraph(f"Event {brief.event} · generated by Sayso {brief.version}", 8, soft=True)
