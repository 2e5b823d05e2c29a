"""Every format, read from a real file: what comes out, with originals and metadata."""

from __future__ import annotations

import hashlib
import io
import sys
from pathlib import Path

import pytest

from sayso.errors import UsageError
from sayso.ingest import FORMATS, load, load_bytes
from sayso.ingest.formats import detect
from sayso.ingest.source import Source
from sayso.records import Document, Failure
from sayso.settings import Settings
from tests.conftest import FIXTURES

# file, format, documents, words of the first, (title, outlet, published) of the first
FILES = [
    ("report.txt", "text", 1, "the mayor said", (None, None, None)),
    ("report.html", "html", 1, "the mayor said", ("Shells fall on the mill district", "Mill Gazette", "2023-05-22")),
    ("report.pdf", "pdf", 1, "the mayor said", ("Shells fall on the mill district", None, None)),
    ("report.docx", "docx", 1, "the mayor said", ("Shells fall on the mill district", None, None)),
    ("nexis.docx", "docx", 2, "River Brigade claimed", ("Bridge hit", "Mill Gazette", "2023-05-21")),
    ("report.rtf", "rtf", 1, "“Our guns were silent,”", (None, None, None)),
    ("articles.csv", "csv", 2, "the mayor said", ("Shells fall on the mill district", "Mill Gazette", "2023-05-22")),
    ("articles.xlsx", "xlsx", 2, "the mayor said", ("Shells fall on the mill district", "Mill Gazette", "2023-05-22")),
    (
        "articles.jsonl",
        "jsonl",
        3,
        "the mayor said",
        ("Shells fall on the mill district", "Mill Gazette", "2023-05-22"),
    ),
    ("mail.eml", "eml", 2, "the mayor said", ("Shells fall on the mill district", None, "2023-05-22")),
    ("feed.xml", "feed", 3, "the mayor said", ("Shells fall on the mill district", "Mill Gazette", "2023-05-22")),
    ("telegram.json", "telegram", 2, "River Brigade claimed", (None, "Mill channel", "2023-05-22")),
    ("reports.zip", "zip", 3, "the mayor said", (None, None, None)),
    ("reports.tar.gz", "tar", 3, "the mayor said", (None, None, None)),
    ("report.txt.gz", "gzip", 1, "the mayor said", (None, None, None)),
    ("site.warc.gz", "warc", 1, "the mayor said", ("Shells fall on the mill district", "Mill Gazette", "2023-05-22")),
    ("site.wacz", "wacz", 1, "the mayor said", ("Shells fall on the mill district", "Mill Gazette", "2023-05-22")),
    ("cyrillic-1251.txt", "text", 1, "Губернатор сообщил", (None, None, None)),
]


def documents_of(name: str, settings: Settings | None = None) -> list[Document]:
    found = list(load([FIXTURES / name], settings))
    failures = [f for f in found if isinstance(f, Failure)]
    assert not failures, failures
    return [d for d in found if isinstance(d, Document)]


@pytest.mark.parametrize(("name", "form", "count", "words", "facts"), FILES, ids=[f[0] for f in FILES])
def test_a_real_file_gives_its_documents(
    name: str, form: str, count: int, words: str, facts: tuple[str | None, ...]
) -> None:
    data = (FIXTURES / name).read_bytes()
    assert detect(Source(data, path=name)) == form
    documents = documents_of(name)
    assert len(documents) == count
    first = documents[0]
    assert words in first.text
    assert (first.title, first.outlet, first.published) == facts
    for document in documents:
        assert document.original.sha256 == hashlib.sha256(document.original.data).hexdigest()
        assert document.original.retrieved.endswith("Z") and document.original.media_type
        assert (document.path or "").startswith(str(FIXTURES / name))


def test_every_format_has_a_fixture() -> None:
    assert {form for _, form, *_ in FILES} == set(FORMATS)


def test_plain_text_is_the_decoded_file_unchanged(tmp_path: Path) -> None:
    text = "\ufeff One\r\n\tTwo  \n\n"
    (tmp_path / "a.txt").write_bytes(text.encode())
    (document,) = load([tmp_path / "a.txt"])
    assert isinstance(document, Document) and document.text == text


def test_the_forwarded_channel_is_the_origin() -> None:
    assert documents_of("telegram.json")[0].origin == "River Brigade"


def test_a_body_that_a_page_carries_twice_is_kept_once() -> None:
    words = "".join(
        f"<p>Shells fell on the mill district on day {n}, the mayor said, and people were hurt.</p>" for n in range(4)
    )
    html = f"<html><body><article>{words}</article><article>{words}</article></body></html>".encode()
    (document,) = load_bytes(html, "page.html")
    assert isinstance(document, Document) and document.text.count("on day 2") == 1


def test_a_field_is_mapped_by_option() -> None:
    settings = Settings(fields=(("text", "t"), ("outlet", "paper")))
    (document,) = load_bytes(b'{"t": "The army denied it.", "paper": "Gazette"}\n', "x.jsonl", settings)
    assert isinstance(document, Document) and (document.text, document.outlet) == ("The army denied it.", "Gazette")


def test_folders_are_read_in_sorted_order_without_hidden_files_and_links(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", ".hidden.txt", "sub/c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("The army denied it.")
    (tmp_path / "link.txt").symlink_to("/etc/hostname")
    assert [Path(d.path or "").name for d in load([tmp_path])] == ["a.txt", "b.txt", "c.txt"]


def test_links_in_an_archive_lead_nowhere() -> None:
    assert all("root:" not in d.text for d in documents_of("reports.tar.gz"))


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"The army denied it.")))
    (document,) = load(["-"])
    assert isinstance(document, Document) and document.path is None


def test_a_path_that_is_not_there_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="no such file or folder: nowhere"):
        list(load(["nowhere"]))


def test_a_file_time_is_never_a_publication_date() -> None:
    assert documents_of("report.txt")[0].published is None


def test_the_option_date_gives_way_to_metadata() -> None:
    settings = Settings(date="2020-01-01")
    assert documents_of("report.html", settings)[0].published == "2023-05-22"
    assert documents_of("report.txt", settings)[0].published == "2020-01-01"


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2023-05-22T10:00:00Z", "2023-05-22"), ("22 May 2023", "2023-05-22"), ("May 22, 2023", "2023-05-22"), ("Mon, 22 May 2023 09:00:00 +0000", "2023-05-22"),
        ("22.05.2023", "2023-05-22"), ("05/22/2023", "2023-05-22"), ("03/04/2023", None), ("1684755600", "2023-05-22"), ("20230522", "2023-05-22"),
        ("soon", None), ("2023-13-45", None), ("", None),
    ],
)  # fmt: skip
def test_dates_of_publication(written: str, iso: str | None) -> None:
    from sayso.ingest.articles import iso_date

    assert iso_date(written) == iso


def test_a_folder_named_with_a_dot_is_that_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rep").mkdir()
    (tmp_path / "re").mkdir()
    (tmp_path / "rep" / "a.txt").write_text("The army denied it.")
    monkeypatch.chdir(tmp_path)
    assert [type(f) for f in load(["./rep"])] == [Document]
    assert [type(f) for f in load(["re", "rep"])] == [Failure, Document]


@pytest.mark.parametrize("name", ["report.html", "report.pdf", "report.docx"])
def test_folders_for_the_reader_are_no_hindrance_to_parsers(name: str, tmp_path: Path) -> None:
    """Parsers of these formats run in another process, to which settings are sent."""
    settings = Settings(overlays=(tmp_path,), weights=tmp_path)
    assert [type(found) for found in load([FIXTURES / name], settings)] == [Document]
