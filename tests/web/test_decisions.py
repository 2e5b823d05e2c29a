"""Decisions over HTTP: none is lost, none is half, none is overruled."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from sayso.export import records
from sayso.ledger import judging, open_ledger
from tests.web.conftest import Bench, Office, csrf, serving


def weighing(browser: Any) -> dict[str, str]:
    """Claims that the weighing of some event rests on, each with that event."""
    found = {}
    for id_ in (e["id"] for e in browser.get("/api/events?limit=500").json()["items"]):
        for position in browser.get(f"/api/events/{id_}").json()["positions"]:
            found |= {ref(h): id_ for h in (*position["holders"], *position["deniers"])}
    return found


def ref(holder: dict[str, Any]) -> str:
    return f"claim:{holder['document']}/{holder['claim']}"


# -- two at once --------------------------------------------------------------------------------------------------


def test_two_reviewers_at_once_lose_nothing(make_office: Callable[[Path], Office], tmp_path: Path) -> None:
    """Each rejects claims of their own, and both accept the same ones; everything is there afterwards, and in effect."""
    office = make_office(tmp_path)
    browser = office.browsers["anna"]
    found = sorted(weighing(browser))
    assert len(found) >= 30
    both, rest = found[:10], found[10:30]
    own = {"vera": rest[:10], "otto": rest[10:]}
    together = threading.Barrier(2)

    def decide(person: str) -> list[int]:
        asks = office.as_token(office.tokens[person])
        together.wait()
        todo = [("accept", c) for c in both] + [("reject", c) for c in own[person]]
        random.Random(person).shuffle(todo)
        return [number(asks.post("/api/judgements", json={"decision": d, "subject": c})) for d, c in todo]

    with ThreadPoolExecutor(2) as threads:
        numbers = [n for some in threads.map(decide, own) for n in some]
    assert len(set(numbers)) == 40
    told = browser.get("/api/judgements?limit=500").json()["items"]
    assert {j["id"] for j in told} == set(numbers)
    for person, rejected in own.items():
        mine = {(j["decision"], j["subject"]) for j in told if j["person"] == person}
        assert mine == {("accept", c) for c in both} | {("reject", c) for c in rejected}
    now = set(weighing(browser))
    assert set(both) <= now and not set(rest) & now
    with open_ledger(office.desk.path) as ledger:
        assert ledger.verify() == []


def number(answer: Any) -> int:
    assert answer.status_code == 201, answer.text
    return int(answer.json()["number"])


def test_the_same_decision_by_the_pages(make_office: Callable[[Path], Office], tmp_path: Path) -> None:
    """Two reviewers with the same item before them: both are recorded, and agreement counts them."""
    office = make_office(tmp_path)
    item = office.browsers["vera"].get("/api/review").json()["items"][0]
    form = {"decision": "unsure", "subject": item["subject"], "object": item["object"] or ""}
    for person in ("vera", "otto"):
        browser = office.browsers[person]
        answer = browser.post(f"/review/{item['id']}", data={**form, "csrf": csrf(browser)})
        assert answer.status_code == 303 and answer.headers["location"].startswith("/review"), answer.text
        assert item["id"] not in {i["id"] for i in browser.get("/api/review").json()["items"]}
    assert [j["person"] for j in office.browsers["anna"].get("/api/judgements").json()["items"]] == ["otto", "vera"]


# -- undo, and later runs -----------------------------------------------------------------------------------------


def test_a_decision_is_undone_by_who_made_it(make_office: Callable[[Path], Office], tmp_path: Path) -> None:
    office = make_office(tmp_path)
    vera, otto, anna = (office.as_token(office.tokens[n]) for n in ("vera", "otto", "anna"))
    before = weighing(anna)
    claim = min(before)
    rejected = number(vera.post("/api/judgements", json={"decision": "reject", "subject": claim}))
    assert claim not in weighing(anna)
    assert otto.post(f"/api/judgements/{rejected}/undo").status_code == 403
    assert claim not in weighing(anna)
    assert vera.post(f"/api/judgements/{rejected}/undo").json() == {"number": rejected}
    assert weighing(anna) == before
    told = anna.get("/api/judgements").json()["items"]
    assert [(j["id"], j["marks"]) for j in told] == [(rejected, ["undone"])]
    second = number(vera.post("/api/judgements", json={"decision": "reject", "subject": claim}))
    assert second > rejected and claim not in weighing(anna)
    for _ in range(2):  # twice is no harm
        assert anna.post(f"/api/judgements/{second}/undo").status_code == 200
        assert weighing(anna) == before


def test_a_split_is_one_decision(bench: Bench) -> None:
    """A report taken out of an event is parted from each of the others: undone by one step, from any of them."""
    event, document = widest(bench.browser)
    before = state(bench.browser)["members"]
    for pick in (0, -1):
        assert bench.send("POST", f"/events/{event}/split", data={"document": document}).status_code == 303
        made = [j for j in bench.browser.get("/api/judgements?limit=500").json()["items"] if not j["marks"]]
        assert len(made) > 2 and {j["act"] for j in made} == {None, min(j["id"] for j in made)}
        assert f"and {len(made) - 1} more in one decision" in bench.browser.get("/judgements").text
        assert state(bench.browser)["members"] != before
        assert bench.send("POST", f"/api/judgements/{made[pick]['id']}/undo").status_code == 200
        assert state(bench.browser)["members"] == before
    assert all(j["marks"] == ["undone"] for j in bench.browser.get("/api/judgements?limit=500").json()["items"])


def test_claims_are_shown_with_what_people_decided_of_them(bench: Bench) -> None:
    rejected, corrected = sorted(weighing(bench.browser))[:2]
    judge(bench, {"decision": "reject", "subject": rejected})
    judge(bench, {"decision": "correct", "subject": corrected, "correction": {"speaker": "Wilma <b>Wren</b>"}})
    found = {
        f"claim:{c['document_id']}/{c['id']}": c for c in bench.browser.get("/api/claims?limit=500").json()["items"]
    }
    assert found[rejected]["ruling"] == {"decision": "reject", "correction": None, "adjudicated": False}
    assert found[corrected]["ruling"]["correction"] == {"speaker": "Wilma <b>Wren</b>"}
    assert {r for r, c in found.items() if c["ruling"]} == {rejected, corrected}
    of = found[corrected]["document_id"]
    for page in (f"/claims?document={of}", f"/documents/{of}"):
        html = bench.browser.get(page).text
        assert "corrected by a person" in html and "said by Wilma &lt;b&gt;Wren" in html


def test_decisions_go_on_when_their_process_is_killed(bench: Bench) -> None:
    claims = sorted(weighing(bench.browser))
    judge(bench, {"decision": "accept", "subject": claims[0]})
    (process,) = bench.desk.decisions._running()._processes.values()
    process.kill()
    process.join()
    codes = set()
    for claim in claims[1:4]:
        answer = bench.send("POST", "/api/judgements", json={"decision": "accept", "subject": claim})
        codes.add(answer.status_code)
        if answer.status_code != 201:
            assert "decide again" in answer.json()["error"]["message"]
    assert 201 in codes
    kept = bench.browser.get("/api/judgements?limit=500").json()["items"]
    assert claims[0] in {j["subject"] for j in kept}


def test_a_later_run_overrules_no_decision(bench: Bench) -> None:
    """Rejected, corrected, parted and merged: as decided after everything was linked anew."""
    browser = bench.browser
    rejected, turned = sorted(weighing(browser))[:2]
    judge(bench, {"decision": "reject", "subject": rejected})
    judge(
        bench, {"decision": "correct", "subject": turned, "correction": {"holds": turned in sides(browser)["deniers"]}}
    )
    names = browser.get("/api/names").json()
    one, other = [n["id"] for n in names if n["type"] == names[0]["type"]][:2]
    judge(bench, {"decision": "same", "subject": f"name:{one}", "object": f"name:{other}"})
    split, apart = widest(browser)
    assert bench.send("POST", f"/events/{split}/split", data={"document": apart}).status_code == 303
    before = state(browser)
    command = [sys.executable, "-m", "sayso", "link", "--again", "--quiet", "--ledger", str(bench.desk.path)]
    linked = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert linked.returncode == 0, linked.stderr
    assert state(browser) == before
    assert rejected not in weighing(browser)
    assert {one, other} <= {n["id"] for n in browser.get(f"/api/names/{one}").json()["names"]}


def sides(browser: Any) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {"holders": set(), "deniers": set()}
    for id_ in set(weighing(browser).values()):
        for position in browser.get(f"/api/events/{id_}").json()["positions"]:
            for side, refs in found.items():
                refs |= {ref(h) for h in position[side]}
    return found


def widest(browser: Any) -> tuple[str, str]:
    """The event that most documents tell, and one of them."""
    events = [browser.get(f"/api/events/{e}").json() for e in set(weighing(browser).values())]
    event = max(events, key=lambda e: len({m["document"] for m in e["members"]}))
    documents = sorted({m["document"] for m in event["members"]})
    assert len(documents) > 1
    return event["id"], documents[0]


def judge(bench: Bench, body: dict[str, Any]) -> int:
    return number(bench.send("POST", "/api/judgements", json=body))


def state(browser: Any) -> dict[str, Any]:
    """Everything that decisions could have changed, but for the ids of events, which a new run makes anew."""
    listed = browser.get("/api/events?limit=500").json()["items"]
    events = [browser.get(f"/api/events/{e['id']}").json() for e in listed]
    return {
        "judgements": browser.get("/api/judgements?limit=500").json()["items"],
        "members": sorted(sorted((m["document"], m["event"]) for m in e["members"]) for e in events),
        "positions": sorted((p["field"], p["value"], sorted(h["claim"] for h in p["holders"]), sorted(h["claim"] for h in p["deniers"])) for e in events for p in e["positions"]),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"decision": "accept", "subject": "claim:00/nothing"}, 404),
        ({"decision": "same", "subject": "name:00", "object": "name:11"}, 404),
        ({"decision": "same", "subject": "claim:00/a", "object": "claim:00/b"}, (404, 422)),
        ({"decision": "same", "subject": "name:00"}, 422),
        ({"decision": "accept", "subject": "name:00"}, 422),
        ({"decision": "correct", "subject": "claim:00/a"}, 422),
        ({"decision": "reject", "subject": "claim:00/a", "correction": {"value": "x"}}, 422),
        ({"decision": "delete", "subject": "claim:00/a"}, 422),
        ({"decision": "accept", "subject": "claim:00/a'; DROP TABLE judgements; --"}, 422),
        ({"decision": "accept", "subject": "x" * 1_000}, 422),
    ],
)  # fmt: skip
def test_a_decision_that_cannot_be_is_refused(raid: Bench, body: dict[str, Any], why: Any) -> None:
    answer = raid.send("POST", "/api/judgements", json=body)
    assert answer.status_code in (why if isinstance(why, tuple) else (why,)), answer.text
    assert raid.browser.get("/api/judgements").json()["items"] == []


@pytest.mark.parametrize(
    "correction",
    [
        {"value": ""},
        {"stance": "shouts"},
        {"spans": [[5, 5]]},
        {"spans": [[0, 10**9]]},
        {"spans": [[9, 3]]},
        {"spans": [[-1, 3]]},
        {},
    ],
    ids=str,
)
def test_a_correction_that_does_not_fit_its_claim_is_refused_whole(bench: Bench, correction: dict[str, Any]) -> None:
    claim = min(weighing(bench.browser))
    before = state(bench.browser)
    answer = bench.send(
        "POST", "/api/judgements", json={"decision": "correct", "subject": claim, "correction": correction}
    )
    assert answer.status_code == 422, answer.text
    assert state(bench.browser) == before


# -- killed -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_killed_in_mid_decision_it_is_there_wholly_or_not_at_all(raid_ledger: Path, tmp_path: Path) -> None:
    """A claim is weighed no more exactly when its rejection is recorded; whatever was answered is there."""
    paths = [tmp_path / f"{name}.db" for name in ("one", "other")]
    for path in paths:
        shutil.copy(raid_ledger, path)
    with ThreadPoolExecutor(2) as threads:
        found = [told for some in threads.map(killed_again_and_again, paths, (11, 12)) for told in some]
    assert len(found) == 10 and sum(cut_off for cut_off, _ in found) >= 5
    assert sum(told > 2 for _, told in found) >= 2  # else the kills came before anything was decided


def killed_again_and_again(path: Path, seed: int) -> list[tuple[bool, int]]:
    """Five times: whether the server was killed while it was asked, and how much it had answered."""
    chance = random.Random(seed)
    found = []
    for _ in range(5):
        rejected, weighed = standing(path)
        cut_off, told = killed(path, chance, chance.sample(sorted(weighed), 6), list(rejected))
        check(path, told)
        found.append((cut_off, len(told)))
    return found


def killed(
    path: Path, chance: random.Random, wanted: list[str], rejected: list[int]
) -> tuple[bool, list[tuple[str, int]]]:
    """Reject claims and take rejections back, until the server is killed; what was answered by then."""
    told: list[tuple[str, int]] = []
    with serving(path) as (address, process), httpx.Client(base_url=address, timeout=60) as client:
        headers = {"X-Sayso-CSRF": csrf(client)}
        told.append(("recorded", reject(client, headers, wanted[0])))
        began = time.monotonic()
        told.append(("recorded", reject(client, headers, wanted[1])))
        killer = threading.Timer(
            chance.uniform(0, 4) * (time.monotonic() - began), process.send_signal, [signal.SIGKILL]
        )
        killer.start()
        rejected = rejected or [told[0][1]]
        try:
            for subject in wanted[2:]:
                told.append(("recorded", reject(client, headers, subject)))
                if rejected:
                    told.append(("undone", undo(client, headers, rejected.pop())))
            return False, told
        except httpx.TransportError:
            return True, told
        finally:
            killer.join()


def reject(client: httpx.Client, headers: dict[str, str], subject: str) -> int:
    return number(client.post("/api/judgements", json={"decision": "reject", "subject": subject}, headers=headers))


def undo(client: httpx.Client, headers: dict[str, str], judgement: int) -> int:
    assert client.post(f"/api/judgements/{judgement}/undo", headers=headers).status_code == 200
    return judgement


def standing(path: Path) -> tuple[dict[int, str], set[str]]:
    """Rejections that stand, by their number; and all claims that events are weighed by."""
    with open_ledger(path, readonly=True) as ledger, ledger.engine.connect() as connection:
        undone = {n for n, marks in judging.marks(connection).items() if judging.UNDONE in marks}
        rejected = {r["id"]: r["subject"] for r in judging.last(connection, limit=500) if r["id"] not in undone}
        positions = [p for e in records("events", connection) for p in e["positions"]]
    return rejected, {ref(h) for p in positions for h in (*p["holders"], *p["deniers"])}


def check(path: Path, told: list[tuple[str, int]]) -> None:
    with open_ledger(path, readonly=True) as ledger:
        assert ledger.verify() == []
        with ledger.engine.connect() as connection:
            kept = {r["id"]: r["subject"] for r in judging.last(connection, limit=500)}
    rejected, weighed = standing(path)
    undone = {n for what, n in told if what == "undone"}
    assert {n for _, n in told} <= set(kept), "an answered decision is not there"
    assert not undone & set(rejected), "an answered undoing is not there"
    assert not set(rejected.values()) & weighed, "a recorded decision had no effect"
    taken_back = set(kept.values()) - set(rejected.values())
    assert taken_back <= weighed, "an effect without its decision"


def test_a_reader_is_not_kept_waiting_by_a_decision(bench: Bench) -> None:
    """While somebody else holds the ledger for writing, pages are answered; the decision waits for its turn and is recorded."""
    claim = min(weighing(bench.browser))
    token = {"X-Sayso-CSRF": csrf(bench.browser)}
    with open_ledger(bench.desk.path) as ledger, ThreadPoolExecutor(1) as thread:
        with ledger.writing():
            waits = thread.submit(
                bench.browser.post, "/api/judgements", json={"decision": "accept", "subject": claim}, headers=token
            )
            time.sleep(0.3)
            for path in ("/", "/claims", "/review", "/judgements", f"/documents/{claim[6:].partition('/')[0]}"):
                assert bench.browser.get(path).status_code == 200
            assert not waits.done()
        number(waits.result(60))
