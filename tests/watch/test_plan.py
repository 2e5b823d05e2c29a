"""sources.toml: what is wrong is named with its file, table and key, and what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from sayso.errors import WatchError
from sayso.watch.plan import Rule
from sayso.watch.reading import read_plan
from tests.conftest import ROOT

_RIGHT = """
[[feed]]
name = "wire"
url = "https://news.example/feed.xml"
[[atom]]
name = "out"
path = "alerts.atom"
"""


def _read(folder: Path, text: str) -> object:
    file = folder / "sources.toml"
    file.write_text(text, encoding="utf-8")
    return read_plan(file)


def test_the_example_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = read_plan(ROOT / "examples" / "watch" / "sources.toml")
    assert {type(s).__name__ for s in plan.sources} == {"Feed", "Page", "Folder", "Mailbox"}
    assert {r.when for r in plan.rules} == {"dispute", "denied", "revised", "damaged", "claim", "event"}


def test_the_documentation_shows_the_example() -> None:
    example = (ROOT / "examples" / "watch" / "sources.toml").read_text(encoding="utf-8")
    page = (ROOT / "docs" / "watch.md").read_text(encoding="utf-8")
    assert all(line.strip() in page for line in example.splitlines() if line.strip() and not line.startswith("#"))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "nothing to watch"),
        ("[[feed", "no TOML"),
        ("[[fead]]\n", "did you mean feed?"),
        ("[feed]\nname='a'", r"write \[\[feed\]\]"),
        ("[[feed]]\nname='a'\nurll='https://x.example/'", "urll.*did you mean url?"),
        ("[[feed]]\nname='a'", "url: this key is missing"),
        ("[[feed]]\nname='a'\nurl=3", "url: this must be a text in quotation marks"),
        ("[[feed]]\nname='a'\nurl='http://127.0.0.1:8080/feed'", "127.0.0.1 is no public address"),
        ("[[page]]\nname='a'\nurl='http://localhost/'", "localhost is no public address"),
        ("[[feed]]\nname='a'\nurl='ftp://x.example/'", "no web address"),
        ("[[feed]]\nname='a'\nurl='https://user:word@x.example/'", "no user name and no password"),
        ("[[feed]]\nname='a'\nurl='https://x.example/'\nevery='5s'", "too short"),
        ("[[feed]]\nname='a'\nurl='https://x.example/'\nevery='soon'", "no length of time"),
        ("[[feed]]\nname='../a'\nurl='https://x.example/'", "name: 1 to 80"),
        ("[[folder]]\nname='a'\npath='nowhere'", "no folder"),
        ("[[mailbox]]\nname='a'\nhost='m.example'\nuser='u'", "password_env"),
        ("[[mailbox]]\nname='a'\nhost='m.example'\nuser='u'\npassword='p'", "secrets do not belong"),
        (_RIGHT + "[[feed]]\nname='wire'\nurl='https://x.example/'", "another table has this name"),
        (_RIGHT + "[[webhook]]\nname='h'\nurl='http://x.example/'", "encrypted"),
        (_RIGHT + "[[email]]\nname='m'\nhost='m.example'\nfrom='a@b.example'\nto=[\"x@y.example\\nBcc: z@y.example\"]", "no e-mail address"),
        (_RIGHT + "[[email]]\nname='m'\nhost='m.example'\nsecurity='none'\nfrom='a@b.example'\nto=['c@d.example']", "encrypted"),
        (_RIGHT + "[[alert]]\nname='r'\nwhen='always'", "when"),
        (_RIGHT + "[[alert]]\nname='r'\nwhen='dispute'\nto=['outt']", "did you mean out?"),
        (_RIGHT + "[[alert]]\nname='r'\nwhen='dispute'\nnear='Qqxyzzy'", "near: no place"),
        (_RIGHT + "[[alert]]\nname='r'\nwhen='dispute'\nkm=5", "km"),
        (_RIGHT + "[[alert]]\nname='r'\nwhen='claim'\nstance='denied'", "did you mean denies?"),
        (_RIGHT + "[[alert]]\nname='r'\nwhen='claim'\nwhose='x'", "whose"),
        (_RIGHT + "[[alert]]\nname='r'\nwhen='claim'\nsince='22 May'", "no day"),
        ("ledger='postgresql://u:p@h/d'\n" + _RIGHT, "may hold a password"),
        ("spacing='x'\n" + _RIGHT, "spacing"),
        ("max_size=true\n" + _RIGHT, "max_size"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(WatchError, match=named) as found:
        _read(tmp_path, text)
    assert "sources.toml" in str(found.value)


@pytest.mark.parametrize("content", [b"SQLite format 3\x00 and more", b"my notes", None])
def test_a_feed_takes_no_other_files_place(tmp_path: Path, content: bytes | None) -> None:
    target = tmp_path / "alerts.atom"
    if content is None:
        target.mkdir()
    else:
        target.write_bytes(content)
    with pytest.raises(WatchError, match="something else than an Atom feed"):
        _read(tmp_path, _RIGHT)
    if content is not None:
        target.write_bytes(b"<?xml version='1.0'?>\n<feed xmlns='http://www.w3.org/2005/Atom'/>")
        _read(tmp_path, _RIGHT)


def test_an_address_of_the_workbench_is_a_rule(tmp_path: Path) -> None:
    address = "/claims?who=Lysak&type=shelling&about=hospital&page=2"
    plan = _read(tmp_path, _RIGHT + f"[[alert]]\nname='r'\nwhen='claim'\nstance='denies'\nsearch='{address}'")
    (rule,) = plan.rules  # type: ignore[attr-defined]
    assert isinstance(rule, Rule)
    assert (rule.who, rule.event_type, rule.about, rule.stance) == ("Lysak", "shelling", "hospital", "denies")


def test_a_secret_is_read_when_it_is_used_and_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "word").write_text("hush\n")
    text = _RIGHT + "[[webhook]]\nname='h'\nurl='https://x.example/'\nsecret_file='word'\ntoken_env='NO_SUCH_TOKEN'"
    (hook,) = [c for c in _read(tmp_path, text).channels if c.name == "h"]  # type: ignore[attr-defined]
    assert hook.secret.read() == "hush" and "hush" not in repr((hook, hook.secret))
    monkeypatch.delenv("NO_SUCH_TOKEN", raising=False)
    with pytest.raises(WatchError, match="NO_SUCH_TOKEN"):
        hook.token.read()
