"""The printable brief: its footnotes are the documents' own words, and hostile words stay words on either kind of page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path

import pypdfium2
import pytest
from click.testing import CliRunner

from sayso.cli.brief import command
from sayso.errors import SaysoError, UsageError
from sayso.export.brief import Brief, compose, render_html, render_pdf
from sayso.export.brief.sheet import Words
from sayso.ledger import SqlLedger, open_ledger, views
from sayso.pipeline import add_paths, link_and_weigh
from sayso.read import Reader
from sayso.records import Document
from sayso.settings import Settings
from tests.conftest import EXAMPLES
from tests.link.ledgers import put, report

_FONTS = resources.files("sayso") / "web" / "static" / "built" / "fonts" / "DejaVuSans.ttf"
printed = pytest.mark.skipif(not _FONTS.is_file(), reason="Sayso was built without Node, so its fonts are not there")
HOSTILE = "<script>alert(1)</script>\u202e\x1b[31m"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory, rules: Reader) -> Iterator[SqlLedger]:
    with open_ledger(tmp_path_factory.mktemp("brief") / "raid.db") as ledger:
        add_paths([EXAMPLES], ledger, Settings(), rules)
        link_and_weigh(ledger)
        yield ledger


@pytest.fixture(scope="module")
def brief(ledger: SqlLedger) -> Brief:
    return _of_most_documents(ledger)


def _of_most_documents(ledger: SqlLedger) -> Brief:
    with ledger.engine.connect() as connection:
        rows = views.events(connection, views.EventFilter(limit=None))
        return compose(connection, max(rows, key=lambda r: r["documents"]))


def _lines(brief: Brief) -> Iterator[Words]:
    """All words of the brief that carry footnotes."""
    for line in (*brief.quarrel, *(c.line for c in brief.changes)):
        yield from line
    for position in (p for table in brief.fields for p in table.positions):
        yield from (*position.holders, *position.deniers)
    yield from (toll.who for toll in brief.tolls)


def test_every_footnote_is_the_documents_own_words(ledger: SqlLedger, brief: Brief) -> None:
    assert len(brief.footnotes) > 50
    for note in brief.footnotes:
        document = ledger.find_document(note.document)
        assert note.words == document["text"][note.start : note.end]
        around = note.before.removeprefix("… ") + note.words + note.after.removesuffix(" …")
        assert around in document["text"]
        assert note.sha256 == document["sha256"]
        assert note.words.strip()


def test_footnotes_are_numbered_as_they_are_set_and_each_is_set(brief: Brief) -> None:
    assert [n.number for n in brief.footnotes] == list(range(1, len(brief.footnotes) + 1))
    assert {n for words in _lines(brief) for n in words.notes} == {n.number for n in brief.footnotes}


def test_the_same_words_of_the_same_speaker_have_one_number(brief: Brief) -> None:
    places = [(n.document, n.start, n.end, n.speaker) for n in brief.footnotes]
    assert len(places) == len(set(places))


def test_a_footnote_says_what_the_sentence_says_of_its_speaker(brief: Brief) -> None:
    """“Moscow accused North Korea” leads to words of Moscow that name North Korea."""
    (line,) = [s for s in brief.quarrel if "accused North Korea" in "".join(w.text for w in s)]
    (number,) = {n for words in line for n in words.notes}
    note = brief.footnotes[number - 1]
    assert (note.speaker, note.words) == ("Moscow", "North Korea")
    assert "accused" in note.before


def test_documents_stand_under_their_origin(brief: Brief) -> None:
    groups = {o.name: [r.name for r in o.reports] for o in brief.origins}
    assert sum(len(g) for g in groups.values()) == 9
    assert groups["Reuters"] == [
        "9-brief.txt",
        "1-wire.txt",
        "Fighters cross into Belgorod region, governor says (2-reprint.html)",
    ]
    assert groups["4-denial.txt"] == ["6-translated.txt", "4-denial.txt"]


def test_what_changed_is_told_by_day(brief: Brief) -> None:
    told = ["".join(w.text for w in c.line) for c in brief.changes]
    assert "Vyacheslav Gladkov revised an earlier statement on the number of injured." in told
    assert "Kyiv denied what Vyacheslav Gladkov and Investigators said on who did it." in told
    assert [c.day for c in brief.changes if c.day != "undated"] == sorted(
        (c.day for c in brief.changes if c.day != "undated"), key=lambda d: int(d.split()[0])
    )


def test_marks_of_numbers_in_a_row_are_drawn_together() -> None:
    marks = Words("", (5, 1, 2, 3, 9, 8, 5)).marks
    assert [label for label, _ in marks] == ["1–3", "5", "8", "9"]


# -- HTML ---------------------------------------------------------------------------------------------------------


class _Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_page_stands_alone_and_leads_there_and_back(brief: Brief) -> None:
    tags = _Tags(render_html(brief)).tags
    (policy,) = [a["content"] for _, a in tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None and policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert not {"script", "img", "link", "iframe", "form"} & {t for t, _ in tags}
    assert not [a for _, a in tags for name in a if name.startswith("on") or name in {"style", "src"}]
    ids = [a["id"] for _, a in tags if "id" in a]
    links = {(a["href"] or "") for t, a in tags if t == "a"}
    assert len(ids) == len(set(ids))
    assert {link.removeprefix("#") for link in links} <= set(ids)
    assert {f"n{n.number}" for n in brief.footnotes} <= set(ids)
    assert not [link for link in links if link == "#quarrel"], "each footnote leads back to its own mark"


def test_the_page_says_that_it_gives_no_verdict(brief: Brief) -> None:
    page = render_html(brief)
    assert "Statuses are counts with their reasons and no verdicts" in page
    assert f"generated by Sayso {brief.version}" in page
    assert "the regional governor" in page


def test_hostile_words_stay_words(brief: Brief) -> None:
    page = render_html(_hostile(brief))
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "\u202e" not in page
    assert "\x1b" not in page


def _hostile(brief: Brief) -> Brief:
    note = replace(brief.footnotes[0], speaker=HOSTILE, name=HOSTILE, outlet=HOSTILE, words=HOSTILE, address=HOSTILE)
    line = (Words(HOSTILE, (1,)), Words(" held that."))
    return replace(
        brief, title=HOSTILE, place=HOSTILE, quarrel=(line, *brief.quarrel), footnotes=(note, *brief.footnotes[1:])
    )


def test_a_hostile_document_does_no_harm(tmp_path: Path, rules: Reader) -> None:
    text = "DNIPRO, March 5, 2024 - Governor Serhiy Lysak said that <b>Russian</b> troops had shelled \u202eNikopol\u202c on Monday."
    hostile: Document = replace(
        report("h", text, "2024-03-05", f"Herald {HOSTILE}"), title=HOSTILE, url="javascript:alert(1)"
    )
    with open_ledger(tmp_path / "hostile.db") as ledger:
        put(ledger, rules, hostile)
        brief = _of_most_documents(ledger)
    page = render_html(brief)
    assert "<script" not in page and "<b>Russian" not in page and "\u202e" not in page
    assert 'href="javascript' not in page
    assert "javascript:alert(1)" in page, "the address is shown, and is no link"


# -- PDF ----------------------------------------------------------------------------------------------------------


def _pages(data: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    pages = [document[i].get_textpage().get_text_bounded() for i in range(len(document))]
    document.close()
    return pages


def _joined(pages: list[str]) -> str:
    return re.sub(r"\s+", " ", " ".join(pages))


@printed
def test_the_pdf_holds_title_words_and_page_numbers(brief: Brief) -> None:
    data = render_pdf(brief)
    pages = _pages(data)
    note = brief.footnotes[0]
    assert "Attack in Grayvoron" in pages[0]
    assert re.sub(r"\s+", " ", f"{note.before}{note.words}{note.after}") in _joined(pages)
    for number, page in enumerate(pages, 1):
        assert f"{number} of {len(pages)}" in page
    document = pypdfium2.PdfDocument(data)
    assert document.get_metadata_value("Title") == "attack in Grayvoron"
    assert document.get_metadata_value("Author") == "Sayso"
    titles = [item.get_title() for item in document.get_toc()]
    assert titles[:2] == ["attack in Grayvoron", "What is said"]
    assert "Footnotes: the words themselves" in titles
    document.close()


@printed
def test_the_same_brief_is_the_same_bytes(brief: Brief) -> None:
    assert render_pdf(brief) == render_pdf(brief)


@printed
def test_marks_lead_to_footnotes_and_back(brief: Brief) -> None:
    data = render_pdf(brief)
    marks = {numbers[0] for words in _lines(brief) for _, numbers in words.marks}
    assert data.count(b"/Subtype /Link") >= len(marks) + len(brief.footnotes)


@printed
def test_names_in_other_scripts_are_printed(brief: Brief) -> None:
    pytest.importorskip("uharfbuzz")
    note = replace(
        brief.footnotes[0],
        before="قال ",
        words="عبد الفتاح البرهان",
        after=" إن القوات لم تشارك",
        speaker="Вячеслав Гладков",
        outlet="ידיעות אחרונות",
    )
    told = _joined(_pages(render_pdf(replace(brief, footnotes=(note, *brief.footnotes[1:])))))
    assert "Вячеслав Гладков" in told
    for word in ("عبد", "الفتاح", "البرهان", "تشارك", "ידיעות"):
        assert word in told
    assert "cannot be printed" not in told


@printed
def test_what_the_font_lacks_is_shown_and_said(brief: Brief) -> None:
    told = _joined(_pages(render_pdf(replace(brief, title="新华社 in Grayvoron"))))
    assert "□□□ in Grayvoron" in told
    assert "3 characters of these texts cannot be printed in this font and stand as □" in told


@printed
def test_hostile_words_on_paper(brief: Brief) -> None:
    data = render_pdf(_hostile(brief))
    told = _joined(_pages(data))
    assert "<script>alert(1)</script>��[31m" in told
    assert "\u202e" not in told
    assert b"/JavaScript" not in data and b"/URI" not in data


@printed
def test_a_word_longer_than_the_page_is_broken(brief: Brief) -> None:
    note = replace(brief.footnotes[0], words="x" * 3000)
    assert _joined(_pages(render_pdf(replace(brief, footnotes=(note,))))).count("x") >= 3000


def test_without_fonts_the_remedy_is_named(brief: Brief, monkeypatch: pytest.MonkeyPatch) -> None:
    from sayso.export.brief import paper

    monkeypatch.setattr(paper, "_FONTS", {"": "NoSuchFont.ttf"})
    with pytest.raises(UsageError, match="install Node"):
        render_pdf(brief)


# -- the command --------------------------------------------------------------------------------------------------


def test_the_command_writes_either_kind(ledger: SqlLedger, brief: Brief, tmp_path: Path) -> None:
    file = ledger.name
    run = CliRunner()
    page = run.invoke(command, [brief.event[:8], "--ledger", file], catch_exceptions=False).output
    assert page == render_html(brief)
    written = run.invoke(command, [brief.event, "--ledger", file, "--out", str(tmp_path / "b.html")])
    assert f"{len(brief.footnotes)} footnotes" in written.output
    assert (tmp_path / "b.html").read_text(encoding="utf-8") == page
    if _FONTS.is_file():
        run.invoke(command, [brief.event, "--ledger", file, "--out", str(tmp_path / "b.pdf")], catch_exceptions=False)
        assert (tmp_path / "b.pdf").read_bytes() == render_pdf(brief)
    assert not list(tmp_path.glob("*.partial"))


@pytest.mark.parametrize(
    ("options", "message"), [(["--format", "pdf"], "--out brief.pdf"), (["--out", "brief.docx"], "end the name in")]
)
def test_the_command_names_the_remedy(ledger: SqlLedger, brief: Brief, options: list[str], message: str) -> None:
    run = CliRunner().invoke(command, [brief.event, "--ledger", ledger.name, *options])
    assert isinstance(run.exception, SaysoError)
    assert message in str(run.exception)


def test_a_brief_of_nothing_known_is_still_a_brief(tmp_path: Path, rules: Reader) -> None:
    with open_ledger(tmp_path / "one.db") as ledger:
        put(ledger, rules, replace(load_plain(), published=None))
        brief = _of_most_documents(ledger)
    page = render_html(brief)
    assert "at a place that no report states" in page or brief.place
    assert page[:15].lower() == "<!doctype html>"
    if _FONTS.is_file():
        assert render_pdf(brief).startswith(b"%PDF")


def load_plain() -> Document:
    return report("plain", "Gunmen attacked a bus and killed three passengers.", "2024-03-05")
