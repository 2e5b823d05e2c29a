"""Bringing reports in through the workbench: files, text, addresses; what fails is named, what was acknowledged is kept."""

from __future__ import annotations

import json
import re
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import httpx
import pytest

from sayso.ledger import open_ledger
from sayso.read import Reader
from sayso.settings import Limits, Settings
from sayso.web.access.limits import Limiter
from sayso.web.app import create_app
from sayso.web.jobs import Jobs
from tests.web.conftest import LOCAL, Bench, Office, browse, csrf, open_desk, serving

SAID = "Governor Pavlo Kyrylenko said on Monday that shelling had killed {} people in Toretsk."


def report(number: int) -> bytes:
    return f"Report {number}. {SAID.format(number)}".encode()


# -- files, text, addresses ---------------------------------------------------------------------------------------


def test_files_are_read_and_the_bad_one_is_named(bench: Bench) -> None:
    job = bench.bring(
        ("one.txt", report(1)), ("broken.pdf", b"%PDF-1.4 nothing"), ("two.txt", report(2)), ("empty.txt", b"")
    )
    assert (job["stage"], job["documents"], job["failures"], job["message"]) == ("done", 2, 2, "")
    told = {i["name"]: (i["outcome"], i["reason"]) for i in job["items"]}
    assert told["one.txt"] == told["two.txt"] == ("read", "")
    assert told["broken.pdf"][0] == told["empty.txt"][0] == "failed" and told["broken.pdf"][1]
    paths = {d["path"] for d in bench.browser.get("/api/documents?limit=500").json()["items"]}
    assert {"one.txt", "two.txt"} <= paths and not any("sayso-upload" in (p or "") for p in paths)
    failed = {f["path"]: f["reason"] for f in bench.browser.get("/api/failures").json()}
    assert failed["broken.pdf"] == told["broken.pdf"][1]
    page = bench.browser.get(f"/jobs/{job['id']}").text
    assert "broken.pdf" in page and "2 failed" in page
    assert "broken.pdf" in bench.browser.get("/failures").text


def test_what_is_known_is_said_to_be(bench: Bench) -> None:
    bench.bring(("one.txt", report(1)))
    again = bench.bring(("one.txt", report(1)), ("elsewhere.txt", report(1)))
    assert (again["documents"], again["copies"] + again["known"]) == (0, 2)


def test_two_files_of_one_name_are_both_read(bench: Bench) -> None:
    job = bench.bring(("same.txt", report(1)), ("same.txt", report(2)))
    assert job["documents"] == 2 and [i["name"] for i in job["items"]] == ["same.txt", "same.txt"]


TRICKS = {
    "../../../../tmp/evil.txt": "evil.txt",
    "/etc/cron.d/evil.txt": "evil.txt",
    "..\\..\\evil.txt": "evil.txt",
    "C:\\evil.txt": "evil.txt",
    "..": "report",
    "...": "report",
    ".bashrc": "bashrc",
    "a/": "report",
    "evil.txt/.": "report",
    "-": "-",
    "http://evil.example": "evil.example",
    "ю" * 600 + ".txt": "ю" * 98 + ".txt",
    "e" * 1_500: "e" * 200,
    "e." + "x" * 300: "e." + "x" * 198,
}


@pytest.mark.parametrize(("given", "kept"), TRICKS.items(), ids=lambda n: n[:24].encode("ascii", "replace").decode())
def test_a_name_is_only_a_name(bench: Bench, tmp_path: Path, given: str, kept: str) -> None:
    job = bench.bring((given, report(7)))
    assert job["stage"] == "done" and job["message"] == "", job
    assert [i["name"] for i in job["items"]] == [kept]
    assert job["documents"] + job["failures"] == 1


def test_a_name_longer_than_any_header_is_refused(raid: Bench) -> None:
    answer = raid.send("POST", "/api/jobs/files", files=[("files", ("e" * 10_000, b"x"))])
    assert answer.status_code == 400 and answer.json()["error"]["code"] == "bad_request"


def test_uploads_are_gone_when_they_are_read(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    bench.bring(("one.txt", report(1)), ("broken.pdf", b"%PDF"))
    until(lambda: not list(tmp_path.glob("sayso-upload-*")))


def test_a_file_too_large_is_refused_and_leaves_nothing(
    raid_ledger: Path, rules: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ledger = tmp_path / "raid.db"
    shutil.copy(raid_ledger, ledger)
    with open_desk(ledger, rules, settings=Settings(limits=Limits(file_bytes=1_000))) as desk:
        app = create_app(desk)
        bench = Bench(desk, app, browse(app))
        answer = bench.send(
            "POST", "/api/jobs/files", files=[("files", ("a.txt", b"x" * 900)), ("files", ("b.txt", b"x" * 1_001))]
        )
        assert answer.status_code == 413 and "b.txt is larger than 1,000 bytes" in answer.text
        assert not list(tmp_path.glob("sayso-upload-*")) and bench.browser.get("/api/jobs").json() == []


def test_more_files_than_can_be_watched_are_refused(raid: Bench) -> None:
    answer = raid.send("POST", "/api/jobs/files", files=[("files", (f"{n}.txt", b"x")) for n in range(501)])
    assert answer.status_code == 413 and "501 files" in answer.text


def test_pasted_text_keeps_what_was_said_of_it(bench: Bench) -> None:
    body = {"text": SAID.format(4), "title": "From Toretsk", "outlet": "A channel", "published": "2024-03-05"}
    answer = bench.send("POST", "/api/jobs/text", json=body)
    assert answer.status_code == 202 and answer.json()["what"] == "From Toretsk"
    assert bench.ended(answer.json()["id"])["documents"] == 1
    found = bench.browser.get("/api/documents?outlet=A channel").json()["items"]
    assert [(d["title"], d["published"][:10]) for d in found] == [("From Toretsk", "2024-03-05")]


@pytest.mark.parametrize(
    "body",
    [
        {"text": ""},
        {"text": "   "},
        {"text": "x" * 5_000_001},
        {"text": "x", "published": "Monday"},
        {"text": "x", "published": "2024-02-31"},
    ],
)
def test_text_that_cannot_be_read_is_refused(raid: Bench, body: dict[str, str]) -> None:
    answer = raid.send("POST", "/api/jobs/text", json=body)
    assert answer.status_code == 422 and answer.json()["error"]["message"]
    page = raid.send("POST", "/add/text", data=body)
    assert page.status_code in (400, 422) and 'class="problem"' in page.text


PRIVATE = ["http://127.0.0.1:1/", "http://10.1.2.3/", "http://[::1]/", "http://192.168.0.1/", "http://169.254.169.254/latest/meta-data", "http://0.0.0.0/", "http://[::ffff:127.0.0.1]/", "http://2130706433/", "http://localhost/"]  # fmt: skip


def test_addresses_of_private_networks_are_not_asked(bench: Bench) -> None:
    answer = bench.send("POST", "/api/jobs/addresses", json={"addresses": PRIVATE})
    job = bench.ended(answer.json()["id"])
    assert (job["documents"], job["failures"]) == (0, len(PRIVATE))
    for item in job["items"]:
        assert item["outcome"] == "failed" and re.search(
            "private|this machine|not public|local|cannot be fetched", item["reason"]
        ), item


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "ftp://example.org/",
        "javascript:alert(1)",
        "/etc/passwd",
        "-",
        "gopher://x",
        "data:text/plain,x",
    ],
)
def test_what_is_no_web_address_is_refused(raid: Bench, address: str) -> None:
    answer = raid.send("POST", "/api/jobs/addresses", json={"addresses": [address]})
    assert answer.status_code == 422 and "no web address" in answer.text
    assert raid.send("POST", "/add/addresses", data={"addresses": address}).status_code == 422


def test_too_many_uploads_are_refused_for_a_while(raid_ledger: Path, rules: Reader, tmp_path: Path) -> None:
    shutil.copy(raid_ledger, tmp_path / "raid.db")
    with open_desk(tmp_path / "raid.db", rules) as desk:
        desk = replace(desk, uploads=Limiter(3, 60))
        app = create_app(desk)
        bench = Bench(desk, app, browse(app))
        for number in range(3):
            assert bench.send("POST", "/api/jobs/text", json={"text": SAID.format(number)}).status_code == 202
        for path, body in (("/api/jobs/text", {"json": {"text": "x"}}), ("/api/jobs/files", {"files": [("files", ("a", b"x"))]}),
                           ("/api/jobs/addresses", {"json": {"addresses": ["https://example.org"]}}), ("/add/text", {"data": {"text": "x"}})):  # fmt: skip
            refused = bench.send("POST", path, **body)
            assert refused.status_code == 429 and 0 < int(refused.headers["retry-after"]) <= 60


# -- watching -----------------------------------------------------------------------------------------------------


def test_a_job_is_followed_to_its_end(bench: Bench) -> None:
    answer = bench.send("POST", "/api/jobs/files", files=[("files", (f"{n}.txt", report(n))) for n in range(40)])
    told = followed(bench, answer.json()["id"])
    assert told[-1]["stage"] == "done" and told[-1]["documents"] == 40 and len(told[-1]["items"]) == 40
    assert [t["version"] for t in told] == sorted({t["version"] for t in told})
    order = [t["stage"] for t in told]
    assert order == sorted(order, key=["waiting", "reading", "linking", "done"].index)


def followed(bench: Bench, job: str) -> list[dict[str, Any]]:
    stream = bench.browser.get(f"/api/jobs/{job}/stream")
    assert stream.status_code == 200 and stream.headers["content-type"].startswith("text/event-stream")
    return [json.loads(line.removeprefix("data: ")) for line in stream.text.splitlines() if line.startswith("data: ")]


def test_names_cannot_forge_what_a_stream_tells(bench: Bench) -> None:
    answer = bench.send(
        "POST",
        "/api/jobs/text",
        json={"text": SAID.format(1), "title": 'a\n\ndata: {"stage": "forged"}\n\nevent: x\r\n'},
    )
    told = followed(bench, answer.json()["id"])
    assert {t["stage"] for t in told} <= {"waiting", "reading", "linking", "done"} and told[-1]["stage"] == "done"


def test_watchers_keep_nobody_else_waiting(bench: Bench) -> None:
    """More open pages of one job than the server has threads: none of them holds one."""
    go_on = threading.Event()

    def slow() -> Iterator[Any]:
        go_on.wait(60)
        yield from ()

    job = bench.desk.jobs.start("me", "slow", slow)

    async def asked() -> None:
        async with (
            httpx.AsyncClient(transport=httpx.ASGITransport(bench.app), base_url=LOCAL) as client,
            anyio.create_task_group() as tasks,
        ):
            for _ in range(60):
                tasks.start_soon(client.get, f"/api/jobs/{job.id}/stream")
            threads = anyio.to_thread.current_default_thread_limiter()
            await anyio.sleep(1)
            with anyio.fail_after(60):
                while threads.borrowed_tokens:  # until all of them are answered and only look on
                    await anyio.sleep(0.05)
            assert (await client.get("/guide")).status_code == 200
            go_on.set()

    anyio.run(asked)
    assert job.finished


def test_jobs_are_seen_by_readers_too(make_office: Callable[[Path], Office], tmp_path: Path) -> None:
    office = make_office(tmp_path)
    job = office.as_token(office.tokens["vera"]).post("/api/jobs/text", json={"text": SAID.format(1)}).json()
    rita = office.browsers["rita"]
    assert rita.get(f"/api/jobs/{job['id']}").json()["person"] == "vera"
    assert [j["id"] for j in rita.get("/api/jobs").json()] == [job["id"]]
    assert rita.get(f"/jobs/{job['id']}").status_code == 200
    assert [e.action for e in office.desk.people.trail(1)] == ["paste"]


# -- the server stops ---------------------------------------------------------------------------------------------


def started(client: httpx.Client, files: list[tuple[str, bytes]]) -> str:
    headers = {"X-Sayso-CSRF": csrf(client)}
    answer = client.post("/api/jobs/files", files=[("files", f) for f in files], headers=headers)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_server_stopped_in_the_middle_keeps_what_it_told(
    raid_ledger: Path, tmp_path: Path, how: signal.Signals
) -> None:
    ledger = tmp_path / "raid.db"
    shutil.copy(raid_ledger, ledger)
    with serving(ledger) as (address, process), httpx.Client(base_url=address, timeout=60) as client:
        job = started(client, [(f"{n}.txt", report(n) * 3) for n in range(150)])
        told: dict[str, Any] = {}
        until(lambda: told.update(client.get(f"/api/jobs/{job}").json()) or told["documents"] > 5)
        assert not told["finished"]
        process.send_signal(how)
        process.wait(timeout=60)
    with open_ledger(ledger) as found:
        assert found.verify() == []
        kept = {row["path"] for row in found.documents()}
        assert {i["name"] for i in told["items"] if i["outcome"] == "read"} <= kept
        assert not {f"{n}.txt" for n in range(150)} <= kept  # else it was not stopped in the middle


def test_jobs_that_wait_when_the_server_stops_leave_no_files(raid_ledger: Path, rules: Reader, tmp_path: Path) -> None:
    shutil.copy(raid_ledger, tmp_path / "raid.db")
    jobs = Jobs(tmp_path / "raid.db", Settings())
    jobs._reader = rules
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir(), second.mkdir()
    go_on, begun = threading.Event(), threading.Event()

    def slow() -> Iterator[Any]:
        begun.set()
        go_on.wait(30)
        yield from ()

    work = jobs.start("me", "slow", slow, first)
    jobs.start("me", "waiting", list, second)
    begun.wait(30)
    jobs.close()
    go_on.set()
    until(lambda: work.finished and not first.exists() and not second.exists())
    assert work.stage == "failed" and "stopped" in work.message


def until(true: Callable[[], Any], seconds: float = 60) -> None:
    last = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < last, "it did not come to that"
        time.sleep(0.02)
