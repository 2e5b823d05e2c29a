"""Paper for a brief: pages, words of any script, footnote marks that lead there and back. Imported only to make a PDF."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from importlib.util import find_spec

from fpdf import FPDF
from fpdf.bidi import BidiParagraph, auto_detect_base_direction
from fpdf.enums import CharVPos, TextDirection, WrapMode
from fpdf.fonts import TTFFont
from fpdf.text_region import Paragraph

from sayso.errors import UsageError
from sayso.export.brief.sheet import Words, one_line
from sayso.records.terms import plain

_FONTS = {"": "DejaVuSans.ttf", "B": "DejaVuSans-Bold.ttf", "I": "DejaVuSans-Oblique.ttf"}
_FAMILY = "DejaVu"
_INK, _SOFT, _ACCENT = (27, 31, 39), (86, 94, 108), (11, 87, 164)
_LEADING = 1.4
_JOINED = re.compile(r"[\u0300-\u036f\u0590-\u1dff\u2e80-\uffff]")
"""scripts whose letters join, stack or run from the right; for all others shaping only takes time"""
_BOX = "\N{WHITE SQUARE}"
_MARGIN, _BOTTOM = 18.0, 20.0
"""millimetres"""


@dataclass(frozen=True, slots=True)
class _Run:
    """Words of one look; with notes, a raised mark that leads to the first of them."""

    words: str
    size: float
    style: str
    colour: tuple[int, int, int]
    notes: tuple[int, ...] = ()


class Paper(FPDF):
    """A4 sheets that are written from top to bottom. missing: characters that the font has no shape for, shown as a box."""

    def __init__(self, heading: str) -> None:
        super().__init__(format="A4")
        self.missing: set[str] = set()
        self._heading = heading
        self._runs: list[_Run] = []
        self._notes: dict[int, int] = {}
        self._backs: dict[int, tuple[int, float]] = {}
        folder = resources.files("sayso") / "web" / "static" / "built" / "fonts"
        for style, file in _FONTS.items():
            if not (folder / file).is_file():
                raise UsageError(
                    f"no PDF can be made: the font {file} is not in this installation; install Node and then Sayso again, "
                    "or write the brief as HTML and print it from a browser"
                )
            with resources.as_file(folder / file) as path:
                self.add_font(_FAMILY, style, path)
        self._can_shape = find_spec("uharfbuzz") is not None
        self.set_margins(_MARGIN, _MARGIN)
        self.set_auto_page_break(True, _BOTTOM)

    def footer(self) -> None:
        self.set_y(-14)
        self.set_text_shaping(self._can_shape and bool(_JOINED.search(self._heading)))
        self.set_font(_FAMILY, "", 7.5)
        self.set_text_color(*_SOFT)
        self.cell(self.epw - 20, 5, self._shapes(self._heading, "")[:90])
        self.cell(20, 5, f"{self.page_no()} of {{nb}}", align="R")
        self.set_text_shaping(False)

    # -- words ----------------------------------------------------------------------------------------------------

    def say(self, words: str, size: float = 10, style: str = "", soft: bool = False) -> None:
        """Words of the paragraph that `end` puts on paper."""
        self._runs.append(_Run(self._shapes(words, style), size, style, _SOFT if soft else _INK))

    def say_line(self, line: tuple[Words, ...], size: float = 10, between: str = "") -> None:
        for number, words in enumerate(line):
            self.say((between if number else "") + one_line(words.text), size)
            for place, (label, numbers) in enumerate(words.marks):
                self._runs.append(_Run(("," if place else "") + label, size, "", _ACCENT, numbers))

    def say_each(self, facts: Iterable[str], between: str, size: float, soft: bool = False) -> None:
        """Facts side by side, each for itself: none of them turns the direction of its neighbours."""
        for number, fact in enumerate(f for f in facts if f):
            if number:
                self.say(between, size, soft=soft)
            self.say(fact, size, soft=soft)

    def paragraph(self, words: str, size: float = 10, style: str = "", soft: bool = False) -> None:
        self.say(words, size, style, soft)
        self.end()

    def end(self, gap: float = 1.2, base: TextDirection = TextDirection.LTR) -> None:
        """Put the paragraph on paper, with some room after it. Its lines are broken as one, marks and all; base: the
        direction in which the paragraph as a whole runs."""
        runs, self._runs = self._runs, []
        if self.will_page_break(6):
            self.add_page()
        place = self.page, self.y
        shaped = self._can_shape and any(_JOINED.search(run.words) for run in runs)
        align = "RIGHT" if shaped and base == TextDirection.RTL else "LEFT"
        with self.text_columns(
            line_height=_LEADING, wrapmode=WrapMode.WORD, skip_leading_spaces=True, text_align=align
        ) as column:
            paragraph = column.paragraph()
            for run in runs:
                for number in run.notes:
                    self._backs.setdefault(number, place)
                self._write(paragraph, run, base if shaped else None)
            column.end_paragraph()
        self.set_text_shaping(False)
        self.char_vpos = CharVPos.LINE
        self.ln(gap)

    @staticmethod
    def direction_of(words: str) -> TextDirection:
        """Of a whole paragraph: that of its first letter that has one."""
        return auto_detect_base_direction(words)

    def _write(self, paragraph: Paragraph, run: _Run, base: TextDirection | None) -> None:
        """base: None where no letter needs shaping."""
        self.set_font(_FAMILY, run.style, run.size)
        self.set_text_color(*run.colour)
        self.char_vpos = CharVPos.SUP if run.notes else CharVPos.LINE
        link = self._note(run.notes[0]) if run.notes else None
        if base is None:
            paragraph.write(run.words, link)
            return
        for words, direction in BidiParagraph(run.words, base).get_bidi_fragments():
            self.set_text_shaping(True, direction=direction)
            # fpdf2 puts the stretches of each line in order by these two; it sets them itself in `write` and `cell` only
            self.text_shaping = {
                **(self.text_shaping or {}),
                "fragment_direction": direction,
                "paragraph_direction": base,
            }
            paragraph.write(words, link)

    def section(self, title: str, level: int = 0) -> None:
        """A heading that is never the last line of its page, and stands in the outline."""
        if self.will_page_break(24 if level else 34):
            self.add_page()
        shown = self._shapes(plain(title), "B")
        self.ln(3.5 if level == 0 else 1.5)
        self.start_section(shown, level)
        if level == 0:
            self.set_draw_color(*_INK)
            self.line(self.l_margin, self.y, self.w - self.r_margin, self.y)
            self.ln(2)

    @contextmanager
    def inset(self, by: float) -> Iterator[None]:
        """All lines within begin further to the right."""
        self.set_left_margin(self.l_margin + by)
        self.set_x(self.l_margin)
        try:
            yield
        finally:
            self.set_left_margin(self.l_margin - by)
            self.set_x(self.l_margin)

    def _shapes(self, words: str, style: str) -> str:
        """The words with a box for each character that the font has no shape for, which are remembered."""
        font = self.fonts[_FAMILY.lower() + style]
        assert isinstance(font, TTFFont)
        lacking = {c for c in words if ord(c) not in font.cmap}
        self.missing |= lacking
        return words.translate({ord(c): _BOX for c in lacking}) if lacking else words

    # -- footnotes ------------------------------------------------------------------------------------------------

    def _note(self, number: int) -> int:
        if number not in self._notes:
            self._notes[number] = self.add_link(page=1)  # set to its own page when the footnote is put there
        return self._notes[number]

    def footnote(self, number: int) -> None:
        """The number before a footnote: marks lead to it, and it leads back to the first of them."""
        if self.will_page_break(14):
            self.add_page()
        self.set_link(self._note(number), y=self.y, page=self.page)
        page, y = self._backs.get(number, (1, 0.0))
        self.set_font(_FAMILY, "", 8)
        self.set_text_color(*_ACCENT)
        self.cell(11, 4, str(number), link=self.add_link(y=y, page=page))
