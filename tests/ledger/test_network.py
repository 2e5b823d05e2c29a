"""The network: identities as nodes, statements counted on edges, every edge opening exact words."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from sayso import pipeline
from sayso.errors import LedgerError, UsageError
from sayso.ledger import SqlLedger, open_ledger, refs
from sayso.ledger.network import Network, NetworkFilter, Tie, edge, network
from sayso.read import Reader
from tests.link.ledgers import put, report, texts
from tests.link.test_ties import ALL, GUARD, MAYOR

AGAIN = report(
    "again",
    "KYIV, April 2, 2024 - Denys Prokopenko, commander of the Azov Brigade, opened a school. The Third Battalion rested.",
    "2024-04-02",
    "River Gazette",
)
UNDER = report(
    "under",
    "GAZA, March 9, 2024 - The UNRWA spokeswoman Tamara Alrifai met the UN spokesman Stephane Dujarric on Friday.",
    "2024-03-09",
    "Coast Daily",
)


@pytest.fixture
def ledger(tmp_path: Path, rules: Reader) -> Iterable[SqlLedger]:
    with open_ledger(tmp_path / "network.db") as opened:
        put(opened, rules, *ALL, AGAIN)
        yield opened


def asked(ledger: SqlLedger, **wanted: object) -> Network:
    with ledger.engine.connect() as connection:
        return network(connection, NetworkFilter(**wanted))  # type: ignore[arg-type]


def named(found: Network) -> dict[tuple[str, str, str], int]:
    names = {n.id: n.name for n in found.nodes}
    return {(names[e.source], e.relation, names[e.target]): e.count for e in found.edges if not e.registry}


def node(found: Network, name: str) -> str:
    (one,) = [n.id for n in found.nodes if n.name == name]
    return one


def opened(ledger: SqlLedger, source: str, target: str, relation: str, **page: int) -> list[Tie]:
    with ledger.engine.connect() as connection:
        return edge(connection, source, target, relation, **page)


def test_every_edge_opens_as_many_statements_as_it_counts(ledger: SqlLedger) -> None:
    found, written = asked(ledger), texts(ledger)
    assert found.edges and not found.cut
    assert found.total == sum(e.count for e in found.edges)
    for e in (e for e in found.edges if not e.registry):
        behind = opened(ledger, e.source, e.target, e.relation)
        assert len(behind) == e.count
        for tie in behind:
            for words in (tie.said, *tie.against):
                assert written[words.document][words.start : words.end] == words.words
        assert {t.said.published for t in behind} >= {e.first_said, e.last_said}


def test_a_denial_opens_what_it_denies_and_a_post_says_who_says_so(ledger: SqlLedger) -> None:
    found = asked(ledger)
    (denial,) = opened(ledger, node(found, "Dmitry Peskov"), node(found, "Ihor Terekhov"), "denies")
    assert denial.speaker == "Dmitry Peskov" and denial.event
    assert [w.document for w in denial.against] == [MAYOR.id]
    (post,) = opened(ledger, node(found, "Third Battalion"), node(found, "Azov Brigade"), "belongs_to")
    assert post.event is None and post.against == () and post.said.claim is None
    assert post.said.document == GUARD.id


def test_names_that_are_one_are_one_node(ledger: SqlLedger) -> None:
    posts = ("commands", "belongs_to")
    found = asked(ledger, relations=posts)
    with ledger.engine.connect() as connection:
        pair = refs.pair_refs(connection, "Ivan Petrenko", "Yevgeny Prigozhin", None)[0]
    number = pipeline.judge(ledger, "same", *pair)
    merged = asked(ledger, relations=posts)
    assert len(merged.nodes) == len(found.nodes) - 1
    assert merged.total == found.total
    pipeline.undo(ledger, number)
    assert asked(ledger, relations=posts) == found


def test_nobody_is_tied_to_himself(ledger: SqlLedger) -> None:
    before = asked(ledger)
    with ledger.engine.connect() as connection:
        pair = refs.pair_refs(connection, "Third Battalion", "Azov Brigade", "organisation")[0]
    number = pipeline.judge(ledger, "same", *pair)
    after = asked(ledger)
    assert all(e.source != e.target for e in after.edges)
    assert after.total == before.total - 1
    pipeline.undo(ledger, number)
    assert asked(ledger) == before


def test_spellings_taken_for_one_add_up(ledger: SqlLedger) -> None:
    counts = {k: n for k, n in named(asked(ledger, relations=("commands",))).items() if k[2] == "Azov Brigade"}
    assert sum(counts.values()) == 2 and len(counts) == 1


def test_filters(ledger: SqlLedger) -> None:
    everything = named(asked(ledger))
    assert {k[1] for k in named(asked(ledger, relations=("denies", "commands")))} == {"denies", "commands"}
    of = node(asked(ledger), "Azov Brigade")
    near = named(asked(ledger, of=of))
    assert near == {k: n for k, n in everything.items() if "Azov Brigade" in (k[0], k[2])}
    assert {k[2] for k in named(asked(ledger, since="2024-04-01"))} == {"Azov Brigade"}
    assert named(asked(ledger, until="2024-03-05")).keys() <= {("Ihor Terekhov", "accuses", "Russia")}
    (event,) = {
        t.event
        for t in opened(ledger, node(asked(ledger), "Dmitry Peskov"), node(asked(ledger), "Ihor Terekhov"), "denies")
    }
    assert {k[1] for k in named(asked(ledger, event=event))} <= {"denies", "accuses", "contradicts", "confirms"}
    assert asked(ledger, event="none").nodes == ()


def test_the_nodes_with_most_ties_are_kept(ledger: SqlLedger) -> None:
    whole = asked(ledger)
    few = asked(ledger, limit_nodes=3)
    assert few.cut and len(few.nodes) == 3 and few.total == whole.total
    assert min(n.weight for n in few.nodes) >= max(n.weight for n in whole.nodes if n not in few.nodes)
    kept = {n.id for n in few.nodes}
    assert all({e.source, e.target} <= kept for e in few.edges)


def test_statements_come_in_pages(ledger: SqlLedger) -> None:
    found = asked(ledger)
    (e,) = [e for e in found.edges if e.relation == "commands" and e.count == 2]
    both = opened(ledger, e.source, e.target, e.relation)
    assert [opened(ledger, e.source, e.target, e.relation, limit=1, after=k) for k in (0, 1)] == [[both[0]], [both[1]]]
    assert both[0].said.published == "2024-04-02"


def test_the_registry_ties_only_those_that_are_shown(ledger: SqlLedger, rules: Reader) -> None:
    put(ledger, rules, UNDER)
    found = asked(ledger, relations=("belongs_to",))
    names = {n.id: n.name for n in found.nodes}
    registered = {(names[e.source], names[e.target], e.count) for e in found.edges if e.registry}
    assert ("UNRWA", "United Nations", 0) in registered
    alone = asked(ledger, of=node(found, "UNRWA"))
    assert len(alone.nodes) == 2 and not any(e.registry for e in alone.edges)
    assert not any(e.registry for e in asked(ledger, relations=("accuses",)).edges)


def test_what_is_not_there_is_said(ledger: SqlLedger) -> None:
    with pytest.raises(LedgerError, match="no name of id"):
        asked(ledger, of="nobody")
    with pytest.raises(UsageError, match="there are: accuses"):
        asked(ledger, relations=("likes",))
    with pytest.raises(LedgerError, match="no name of id"):
        opened(ledger, "nobody", "nobody", "denies")
