"""Runs the examples of the API's page on a ledger of `examples/raid` and writes down what came; `docs/generate.py` calls it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parent.parent
_EXAMPLE = re.compile(r"<!-- example: (\w+) (\S+)(?: (\{[^\n]*\}))? -->\n(.*?)<!-- end -->", re.DOTALL)
_LONGEST, _MOST_ITEMS = 160, 1
_OF_A_JOB = {"id", "stage", "version", "items", "finished", "documents", "claims"}
_VARYING = {"added", "retrieved", "person", "at"}


def api_page(page: str) -> str:
    """The page with what each example answers now."""
    with _client() as (client, known):

        def run(found: re.Match[str]) -> str:
            method, path, body, _ = found.groups()
            answer = client.request(
                method, _filled(path, known), json=json.loads(_filled(body, known)) if body else None
            )
            head = f"<!-- example: {method} {path}{' ' + body if body else ''} -->\n"
            asked = f"{method} {_filled(path, known)}" + (f"\n\n{_filled(body, known)}" if body else "")
            return f"{head}\n```http\n{asked}\n```\n\n```text\n{answer.status_code}\n{_told(answer.json())}\n```\n\n<!-- end -->"

        return _EXAMPLE.sub(run, page)


@contextmanager
def _client() -> Iterator[tuple[Any, dict[str, str]]]:
    from starlette.testclient import TestClient

    from sayso.ledger import open_ledger
    from sayso.pipeline import add_paths, link_and_weigh
    from sayso.read import load_reader
    from sayso.web.app import create_app
    from sayso.web.serve import desk_at

    with TemporaryDirectory() as folder:
        path = Path(folder) / "raid.db"
        with open_ledger(path) as ledger:
            with chdir(ROOT):
                add_paths(["examples/raid"], ledger, reader=load_reader("rules"))
            link_and_weigh(ledger)
        with desk_at(path, "127.0.0.1") as desk:
            client = TestClient(create_app(desk), base_url="http://127.0.0.1")
            token = re.search(r'name="csrf" content="([^"]+)"', client.get("/").text)
            assert token
            client.headers["X-Sayso-CSRF"] = token[1]
            event = client.get("/api/events?disputed=true&limit=1").json()["items"][0]["id"]
            claim = next(i["subject"] for i in client.get("/api/review").json()["items"] if i["kind"] == "claim")
            yield client, {"event": event, "claim": claim}


def _filled(text: str, known: dict[str, str]) -> str:
    for name, value in known.items():
        text = text.replace("{" + name + "}", value)
    return text


def _told(answer: Any) -> str:
    """JSON as people read it: lists by their first item, long words cut, times of this very run left out."""
    return re.sub(r'"…(\d+)"', r"… \1 more", json.dumps(_cut(answer), indent=1, ensure_ascii=False))


def _cut(value: Any, name: str = "") -> Any:
    if name in _VARYING:
        return "…"
    if isinstance(value, dict):
        job = "stage" in value and "finished" in value  # its number and progress are of this very run
        return {k: "…" if job and k in _OF_A_JOB else _cut(v, k) for k, v in value.items()}
    if isinstance(value, list) and not all(isinstance(v, (int, float)) for v in value):
        rest = len(value) - _MOST_ITEMS
        return [_cut(v) for v in value[:_MOST_ITEMS]] + ([f"…{rest}"] if rest > 0 else [])
    if isinstance(value, str) and len(value) > _LONGEST:
        return value[:_LONGEST] + "…"
    return value
