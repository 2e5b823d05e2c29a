"""Ties: each kind arises from words that say so, nothing arises from near misses, and they come and go with what says them."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from sqlalchemy import select

from sayso import pipeline
from sayso.ingest import load_text
from sayso.ledger import SqlLedger, derived, open_ledger, refs, schema
from sayso.link.posts import told
from sayso.pipeline import link_and_weigh
from sayso.read import Reader
from sayso.records import Document
from tests.link.ledgers import put, report
from tests.link.ledgers import told as exported

MAYOR = report(
    "mayor",
    "KHARKIV, March 5, 2024 - Mayor Ihor Terekhov accused Russia of shelling a hospital in Kupiansk on Monday. "
    "Terekhov said that the Russian army had shelled the hospital in Kupiansk on Monday and that 8 people were wounded.",
    "2024-03-05",
    "Dnipro Herald",
)
MINISTER = report(
    "minister",
    "MOSCOW, March 6, 2024 - Russia had nothing to do with the shelling of the hospital in Kupiansk on Monday, the Kremlin spokesman "
    "Dmitry Peskov said.",
    "2024-03-06",
    "Northern Wire",
)
SURGEON = report(
    "surgeon",
    "KUPIANSK, March 7, 2024 - Olena Bondar, a surgeon, said that the Russian army had shelled the hospital in Kupiansk on Monday "
    "and that 12 people were wounded.",
    "2024-03-07",
    "Capital Post",
)
GUARD = report(
    "guard",
    "BAKHMUT, March 8, 2024 - Wagner boss Yevgeny Prigozhin met Denis Prokopenko, commander of the Azov Brigade. "
    "The Third Battalion, a unit of the Azov Brigade, took part, said Ivan Petrenko, a spokesman for the Aidar Battalion.",
    "2024-03-08",
    "Hill Courier",
)
ALL = (MAYOR, MINISTER, SURGEON, GUARD)


def ties(ledger: SqlLedger) -> set[tuple[str, str, str, str, str]]:
    """(who, relation, whom, document's path, words)"""
    t, d = derived.ties.c, schema.documents.c
    left, right = derived.names.alias("l").c, derived.names.alias("r").c
    query = select(left.name, t.relation, right.name.label("whom"), d.path, d.text, t.start, t.end).where(
        left.id == t.left, right.id == t.right, d.id == t.document_id
    )
    with ledger.engine.connect() as connection:
        rows = connection.execute(query).all()
    return {(r.name, r.relation, r.whom, r.path, r.text[r.start : r.end]) for r in rows}


def edges(ledger: SqlLedger) -> set[tuple[str, str, str]]:
    return {t[:3] for t in ties(ledger)}


def posts(rules: Reader, text: str) -> set[tuple[str, str, str]]:
    reading = rules.read(load_text(text))
    names = {e.id: e.name for e in reading.entities}
    found = list(told(reading, set(names)))
    for _, left, right, span in found:
        assert text[span.start : span.end] == span.text
        assert names[left] in span.text and names[right] in span.text
    return {(names[left], relation, names[right]) for relation, left, right, _ in found}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, rules: Reader) -> set[tuple[str, str, str, str, str]]:
    with open_ledger(tmp_path_factory.mktemp("ties") / "whole.db") as ledger:
        put(ledger, rules, *ALL)
        return ties(ledger)


# -- what documents say of posts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "tie"),
    [
        ("Denis Kapustin, commander of the Azov Brigade, met reporters.", ("Denis Kapustin", "commands", "Azov Brigade")),
        ("Hamas leader Ismail Haniyeh met reporters in Doha.", ("Ismail Haniyeh", "commands", "Hamas")),
        ("M23's leader Bertrand Bisimwa met reporters in Goma.", ("Bertrand Bisimwa", "commands", "M23")),
        ("Wagner boss Yevgeny Prigozhin left Bakhmut.", ("Yevgeny Prigozhin", "commands", "Wagner")),
        ("Denis Kapustin, who leads the Azov Brigade, met reporters.", ("Denis Kapustin", "commands", "Azov Brigade")),
        ("Hezbollah, headed by Hassan Nasrallah, fired rockets at Haifa.", ("Hassan Nasrallah", "commands", "Hezbollah")),
        ("The leader of the Azov Brigade, Denis Kapustin, met reporters.", ("Denis Kapustin", "commands", "Azov Brigade")),
        ("Abu Obeida, a spokesman for the Qassam Brigades, met reporters.", ("Abu Obeida", "belongs_to", "Qassam Brigades")),
        ("Taliban spokesman Zabihullah Mujahid met reporters.", ("Zabihullah Mujahid", "belongs_to", "Taliban")),
        ("Ivan Petrenko, a member of the Aidar Battalion, was wounded.", ("Ivan Petrenko", "belongs_to", "Aidar Battalion")),
        ("A Wagner commander, Ivan Petrenko, was wounded.", ("Ivan Petrenko", "belongs_to", "Wagner")),
        ("Ivan Petrenko, deputy commander of the Azov Brigade, was wounded.", ("Ivan Petrenko", "belongs_to", "Azov Brigade")),
        ("The Qassam Brigades, the armed wing of Hamas, fired rockets.", ("Qassam Brigades", "belongs_to", "Hamas")),
        ("Hamas's Qassam Brigades fired rockets at Ashkelon.", ("Qassam Brigades", "belongs_to", "Hamas")),
        ("The Third Battalion, part of the Azov Brigade, attacked Kreminna.", ("Third Battalion", "belongs_to", "Azov Brigade")),
    ],
)  # fmt: skip
def test_a_post_is_read_off_close_words(rules: Reader, text: str, tie: tuple[str, str, str]) -> None:
    assert posts(rules, text) == {tie}


@pytest.mark.parametrize(
    "text",
    [
        "Former Wagner commander Ivan Petrenko fled to Norway.",
        "Denis Kapustin, former commander of the Azov Brigade, met reporters.",
        "Ex-Hamas leader Ismail Haniyeh met reporters in Doha.",
        "The late Hamas leader Ismail Haniyeh was buried in Doha.",
        "Denis Kapustin, commander of the Azov Brigade until 2020, met reporters.",
        "Moscow denied that Denis Kapustin commands the Azov Brigade.",
        "Moscow rejected reports that Denis Kapustin, commander of the Azov Brigade, had been killed.",
        "Denis Kapustin is not the commander of the Azov Brigade.",
        "It was unclear whether Denis Kapustin commands the Azov Brigade.",
        "Suspected Hamas member Ismail Haniyeh was arrested in Doha.",
        "Denis Kapustin praised the Azov Brigade.",
        "Denis Kapustin and the commander of the Azov Brigade met reporters.",
        "Denis Kapustin left Kyiv. Commander of the Azov Brigade fled.",
    ],
)
def test_near_misses_are_no_ties(rules: Reader, text: str) -> None:
    assert posts(rules, text) == set()


@pytest.mark.parametrize(
    "part", ["Hamas's press service", "Hamas border guards", "the Hamas-backed militia", "Hamas until 2020"]
)
def test_a_part_is_not_the_whole(rules: Reader, part: str) -> None:
    found = posts(rules, f"Denis Kapustin, commander of {part}, met reporters.")
    assert "Hamas" not in {whom for _, _, whom in found}
    assert ("Denis Kapustin", "commands", "Hamas") in posts(rules, "Denis Kapustin, commander of Hamas, met reporters.")


def test_a_post_is_his_whose_apposition_it_is(rules: Reader) -> None:
    text = "Khaled Meshaal, the leader of Hamas, Ismail Haniyeh said."
    assert ("Ismail Haniyeh", "commands", "Hamas") not in posts(rules, text)


# -- what events say ----------------------------------------------------------------------------------------------


def test_each_kind_of_tie_arises_from_what_reports_say(whole: set[tuple[str, str, str, str, str]]) -> None:
    found = {t[:3] for t in whole}
    assert {
        ("Ihor Terekhov", "accuses", "Russia"),
        ("Dmitry Peskov", "denies", "Ihor Terekhov"),
        ("Olena Bondar", "contradicts", "Ihor Terekhov"),
        ("Olena Bondar", "confirms", "Ihor Terekhov"),
        ("Yevgeny Prigozhin", "commands", "Wagner"),
        ("Denis Prokopenko", "commands", "Azov Brigade"),
        ("Third Battalion", "belongs_to", "Azov Brigade"),
        ("Ivan Petrenko", "belongs_to", "Aidar Battalion"),
    } <= found
    assert all(left != right for left, _, right in found)


def test_the_words_of_a_tie_say_it(whole: set[tuple[str, str, str, str, str]]) -> None:
    words = {t[:3]: t[4] for t in whole}
    accusation = words[("Ihor Terekhov", "accuses", "Russia")]
    assert "Terekhov accused Russia of shelling" in accusation
    assert "nothing to do with" in words[("Dmitry Peskov", "denies", "Ihor Terekhov")]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_arrival_does_not_matter(
    tmp_path: Path, rules: Reader, whole: set[tuple[str, str, str, str, str]], seed: int
) -> None:
    shuffled: list[Document] = list(ALL)
    random.Random(seed).shuffle(shuffled)
    with open_ledger(tmp_path / "shuffled.db") as ledger:
        for document in shuffled:
            put(ledger, rules, document)
        assert ties(ledger) == whole


def test_linking_from_scratch_gives_the_same(
    tmp_path: Path, rules: Reader, whole: set[tuple[str, str, str, str, str]]
) -> None:
    with open_ledger(tmp_path / "again.db") as ledger:
        put(ledger, rules, *ALL)
        ledger.forget_derived()
        assert ties(ledger) == set()
        link_and_weigh(ledger)
        assert ties(ledger) == whole


@pytest.mark.parametrize("gone", ALL, ids=lambda d: d.path)
def test_a_document_takes_its_ties_with_it(tmp_path: Path, rules: Reader, gone: Document) -> None:
    with open_ledger(tmp_path / "less.db") as ledger, open_ledger(tmp_path / "without.db") as without:
        put(ledger, rules, *ALL)
        pipeline.remove(ledger, gone.id)
        put(without, rules, *(d for d in ALL if d is not gone))
        assert ties(ledger) == ties(without)


def test_a_rejected_claim_ties_nobody_until_that_is_undone(tmp_path: Path, rules: Reader) -> None:
    with open_ledger(tmp_path / "judged.db") as ledger:
        put(ledger, rules, MAYOR, MINISTER)
        before = ties(ledger)
        t = derived.ties.c
        with ledger.engine.connect() as connection:
            rows = connection.scalars(select(t.claim).where(t.relation == "accuses")).all()
            wanted = {c["value"] for c in exported(ledger, "claims") if c["id"] in set(rows)}
            same = [c["id"] for c in exported(ledger, "claims") if c["value"] in wanted or c["words"] == "Russia"]
            numbers = [(c, refs.claim_ref(connection, c)) for c in same]
        judged = [pipeline.judge(ledger, "reject", ref) for _, ref in numbers]
        assert not any(relation == "accuses" for _, relation, _ in edges(ledger))
        for number in judged:
            pipeline.undo(ledger, number)
        assert ties(ledger) == before
