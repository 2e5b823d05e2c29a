"""PDF with a text layer (pdfium). A scan without text is refused by name: Sayso does no OCR."""

from __future__ import annotations

from collections.abc import Iterator

from sayso.errors import IngestError
from sayso.ingest.source import Source, make_document
from sayso.records import Document
from sayso.settings import Settings

_SCAN_CHARACTERS = 20
"""fewer characters a page than this, and it is taken for a scan"""


def load(source: Source, settings: Settings) -> Iterator[Document]:
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(source.data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise IngestError("it is encrypted; save a copy without a password") from error
        raise IngestError("it is damaged or no PDF; open it in a viewer and save it again") from error
    try:
        pages = [_page_text(pdf, number) for number in range(len(pdf))]
        facts = pdf.get_metadata_dict(skip_empty=True)
    except pypdfium2.PdfiumError as error:
        raise IngestError(f"a page of it is damaged ({error}); open it in a viewer and save it again") from error
    finally:
        pdf.close()
    text = "\n\n".join(page for page in pages if page.strip())
    if len(text.strip()) < _SCAN_CHARACTERS * min(len(pages), 5) or not text.strip():
        raise IngestError(
            "it has no text layer, only pictures; run OCR on it first (for instance `ocrmypdf in.pdf out.pdf`)"
        )
    yield make_document(source, settings, text, "application/pdf", title=facts.get("Title"), author=facts.get("Author"))


def _page_text(pdf, number: int) -> str:  # type: ignore[no-untyped-def]
    page = pdf[number]
    text = page.get_textpage().get_text_bounded().replace("\r\n", "\n").replace("\r", "\n")
    page.close()
    return str(text).replace("\ufffe", "").replace("\x02", "").replace("\0", "")
