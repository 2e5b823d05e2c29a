"""Name pairs of `benchmarks/cases/names-*.tsv`: precision and recall of `same`, beside rapidfuzz and nomenklatura alone.

`unsure` counts as not same. rapidfuzz's threshold is the best one on the dev half; so is nomenklatura's, where it is installed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from benchmarks.counts import Counts
from sayso.names import compare

CASES = Path(__file__).parent / "cases"
Pair = tuple[str, str, str, bool, str]


def pairs(half: str) -> list[Pair]:
    """(name, name, type, same, kind) of `dev` or `held`."""
    lines = (CASES / f"names-{half}.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]
    return [(a, b, t, v == "same", k) for a, b, t, v, k in rows]


def counts(items: list[Pair], says_same: Callable[[str, str, str], bool]) -> Counts:
    total = Counts()
    for a, b, type_, same, _ in items:
        found = says_same(a, b, type_)
        total.add(int(same and found), int(same), int(found))
    return total


def ours(a: str, b: str, type_: str) -> bool:
    return compare(a, b, type_).verdict == "same"


def rapidfuzz_score(a: str, b: str, _: str) -> float:
    from anyascii import anyascii
    from rapidfuzz import fuzz

    return fuzz.token_sort_ratio(anyascii(a).lower(), anyascii(b).lower())


def nomenklatura_score(a: str, b: str, type_: str) -> float:
    """Its name-based matcher on two entities that have nothing but the name."""
    from followthemoney import model
    from nomenklatura.matching import LogicV2

    schema = {"person": "Person", "organisation": "Organization", "place": "Address"}[type_]
    prop = "full" if schema == "Address" else "name"
    left = model.make_entity(schema)
    left.id = "a"
    left.add(prop, a)
    right = model.make_entity(schema)
    right.id = "b"
    right.add(prop, b)
    return 100 * LogicV2.compare(left, right, LogicV2.default_config()).score


def best_threshold(items: list[Pair], score: Callable[[str, str, str], float]) -> float:
    scored = [(score(a, b, t), same) for a, b, t, same, _ in items]
    gold = sum(same for _, same in scored)
    return max(
        (float(t) for t in range(30, 101)),
        key=lambda t: (
            Counts(sum(1 for s, same in scored if s >= t and same), gold, sum(1 for s, _ in scored if s >= t)).f1
        ),
    )


def run(data: Path, reader: object) -> dict[str, float]:
    """Neither reference data nor a reader is needed."""
    dev, held = pairs("dev"), pairs("held")
    result = {}
    for half, items in (("dev", dev), ("more", pairs("more")), ("held", held)):
        found = counts(items, ours)
        result |= {f"names.{half}.{k}": v for k, v in found.row().items()}
    for name, package, score in (
        ("rapidfuzz", "rapidfuzz", rapidfuzz_score),
        ("nomenklatura", "nomenklatura", nomenklatura_score),
    ):
        if find_spec(package) is None:
            print(f"names: {name} is not installed; skipped", file=sys.stderr)
            continue
        threshold = best_threshold(dev, score)
        result[f"names.held.{name}.f1"] = counts(held, lambda a, b, t: score(a, b, t) >= threshold).row()["f1"]  # noqa: B023
    return result
