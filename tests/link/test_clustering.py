"""Average linkage over scored pairs: the same for every order, never against a judgement, no chains."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.link.clustering import THRESHOLD, UNCOMPARED, cluster

NODES = list("abcdefg")
PAIRS = list(combinations(NODES, 2))

scores = st.dictionaries(st.sampled_from(PAIRS), st.floats(0.0, 1.0).map(lambda x: round(x, 2)), max_size=len(PAIRS))
pairs = st.lists(st.sampled_from(PAIRS), max_size=4, unique=True)


def _together(clusters: list[list[str]]) -> set[frozenset[str]]:
    return {frozenset(p) for members in clusters for p in combinations(members, 2)}


@settings(max_examples=200, deadline=None)
@given(scores, pairs, pairs, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(found, same, different, random) -> None:  # type: ignore[no-untyped-def]
    def shuffled(items):  # type: ignore[no-untyped-def]
        mixed = list(items)
        random.shuffle(mixed)
        return mixed

    turned = {(b, a) if random.random() < 0.5 else (a, b): s for (a, b), s in shuffled(found.items())}
    turned_same = [p[::-1] if random.random() < 0.5 else p for p in shuffled(same)]
    one = cluster(NODES, found, same, different)
    assert cluster(shuffled(NODES), turned, turned_same, shuffled(different)) == one
    assert sorted(n for members in one for n in members) == NODES


@settings(max_examples=200, deadline=None)
@given(scores, pairs, pairs)
def test_those_judged_different_are_never_together(found, same, different) -> None:  # type: ignore[no-untyped-def]
    assert not _together(cluster(NODES, found, same, different)) & {frozenset(p) for p in different}


@settings(max_examples=200, deadline=None)
@given(scores, pairs)
def test_those_judged_same_are_together_where_nothing_forbids_it(found, same) -> None:  # type: ignore[no-untyped-def]
    assert {frozenset(p) for p in same} <= _together(cluster(NODES, found, same))


@settings(max_examples=200, deadline=None)
@given(scores)
def test_every_cluster_has_a_pair_that_speaks_for_it(found) -> None:  # type: ignore[no-untyped-def]
    for members in cluster(NODES, found):
        for n in members if len(members) > 1 else []:
            assert max(found.get(p, UNCOMPARED) for p in PAIRS if n in p and set(p) <= set(members)) >= THRESHOLD


def test_strangers_are_not_chained() -> None:
    chain = {("a", "b"): 0.9, ("b", "c"): 0.8, ("a", "c"): 0.05}
    assert cluster("abc", chain) == [["a", "b"], ["c"]]
    assert cluster("abc", chain | {("a", "c"): 0.6}) == [["a", "b", "c"]]


def test_a_pair_that_was_never_compared_counts_little() -> None:
    assert cluster("abc", {("a", "b"): 0.9, ("b", "c"): 0.7}) == [["a", "b"], ["c"]]
    assert cluster("abc", {("a", "b"): 0.9, ("b", "c"): 0.8}) == [["a", "b", "c"]]  # (0.8 + 0.25) / 2 is enough


def test_different_holds_against_a_chain_of_same() -> None:
    found = cluster("abcd", {}, same=[("a", "b"), ("b", "c"), ("c", "d")], different=[("a", "d")])
    assert frozenset("ad") not in _together(found)
    assert len(found) == 2


def test_joining_two_loses_none_of_their_likes() -> None:
    scores = {("a", "a2"): 0.6, ("b", "b2"): 0.6, ("b", "b3"): 0.6, ("b2", "b3"): 0.6}
    assert cluster(["a", "a2", "b", "b2", "b3"], scores, same=[("a", "b")]) == [["a", "a2", "b", "b2", "b3"]]


def test_joining_two_outranks_likes_that_were_parted() -> None:
    """`a2` is like `a` and judged another than `b`: it cannot stay with `a` once that is `b`."""
    scores = {("a", "a2"): 0.9, ("b", "b2"): 0.9}
    found = cluster(["a", "a2", "b", "b2"], scores, same=[("a", "b")], different=[("a2", "b")])
    assert found == [["a", "b", "b2"], ["a2"]]
    found = cluster(["a", "a2", "b", "b2"], scores, same=[("a", "b")], different=[("a2", "b2")])
    assert found == [["a", "a2", "b"], ["b2"]]


def test_clusters_and_their_members_are_sorted() -> None:
    assert cluster("dcba", {("d", "b"): 0.9}) == [["a"], ["b", "d"], ["c"]]
    assert cluster([], {}) == []
