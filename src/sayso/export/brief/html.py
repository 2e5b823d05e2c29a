"""The brief as one self-contained HTML page: for reading, and for printing from any browser. It runs and asks for nothing."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

from jinja2 import Template

from sayso.export.brief.sheet import Brief, one_line
from sayso.export.phrases import day_words, many
from sayso.export.templates import templates_of
from sayso.records.terms import field_name, plain


def render_html(brief: Brief) -> str:
    """The page as a string. Words of documents are escaped throughout, their control and direction marks shown."""
    style = (resources.files("sayso.export.brief") / "static" / "brief.css").read_text(encoding="utf-8")
    return _template().render(brief=brief, style=style, anchors=Anchors())


class Anchors:
    """Ids of marks as they are set, so that each footnote leads back to the first mark that stands for it."""

    def __init__(self) -> None:
        self._first: dict[int, str] = {}
        self._set = 0

    def mark(self, numbers: tuple[int, ...]) -> str:
        self._set += 1
        for number in numbers:
            self._first.setdefault(number, f"m{self._set}")
        return f"m{self._set}"

    def back(self, number: int) -> str:
        return self._first.get(number, "quarrel")


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = templates_of("sayso.export.brief")
    environment.filters |= {"plain": plain, "day": _day, "many": many, "field": field_name, "edge": one_line}
    return environment.get_template("brief.html.j2")


def _day(published: str | None) -> str:
    return day_words(published[:10]) if published else "undated"
