"""A printable brief of one event: what is said of it, by whom, and the words it stands on as footnotes.

`compose` asks the ledger and numbers the footnotes; `render_html` and `render_pdf` only set out what it found.
"""

from sayso.export.brief.compose import compose
from sayso.export.brief.html import render_html
from sayso.export.brief.pdf import render_pdf
from sayso.export.brief.sheet import Brief, Footnote

__all__ = ["Brief", "Footnote", "compose", "render_html", "render_pdf"]
