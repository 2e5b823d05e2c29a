"""Fits the weights of `sayso.read.gravity` on four fifths of LGL. Prints them, to be written into that module.

python -m training gravity --data DIR
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from benchmarks.spans import held_out
from scipy.optimize import minimize

from benchmarks import places
from sayso.ingest import load_text
from sayso.read import load_reader
from sayso.read.conductor import Conductor
from sayso.read.gravity import PlaceName, features_alone, features_among, softmax

_NEAR_KM = 161.0
_SHRINK = 0.5
"""pull of the weights towards nought, against which a thousand and more names weigh"""


def _texts(data: Path, reader: Conductor) -> list[tuple[int, list[PlaceName], list[list[bool] | None]]]:
    """(article, its names, which candidates of each lie within 161 km of the gold point; None where none does)."""
    result = []
    seen: list[tuple[list[PlaceName], dict[int, int]]] = []
    collect = reader.resolver.collect

    def spy(page, found):  # type: ignore[no-untyped-def]
        names = collect(page, found)
        seen.append((list(names.values()), {n: f.span.start for n, f in enumerate(found)}))
        return names

    reader.resolver.collect = spy  # type: ignore[method-assign]
    for number, (text, wanted) in enumerate(places.gold(data / "geoparsing/lgl.xml")):
        seen.clear()
        reader.read(load_text(text))
        names, starts = seen[-1]
        right: list[list[bool] | None] = []
        for name in names:
            points = [t for t in wanted for m in name.mentions if t.start <= starts[m] < t.end]
            row = [
                any(places.kilometres((c.lat, c.lon), (t.lat, t.lon)) <= _NEAR_KM for t in points[:1])
                for c in name.candidates
            ]
            right.append(row if any(row) else None)
        result.append((number, names, right))
    return result


def _fit(rows: list[np.ndarray], right: list[np.ndarray], times: list[int]) -> np.ndarray:
    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total, slope = _SHRINK * float(weights @ weights), 2 * _SHRINK * weights
        for x, y, n in zip(rows, right, times, strict=True):
            p = softmax(x @ weights)
            good = float(p[y].sum()) + 1e-12
            total -= n * float(np.log(good))
            slope = slope - n * (x.T @ (np.where(y, p / good, 0.0) - p))
        return total, slope

    return minimize(loss, np.zeros(rows[0].shape[1]), jac=True, method="L-BFGS-B").x


def fit(data: Path) -> None:
    texts = _texts(data, load_reader("rules"))  # type: ignore[arg-type]
    train = [t for t in texts if not held_out(t[0])]
    first = _fit(*_rows(train, [[features_alone(n) for n in names] for _, names, _ in train]))
    then = None
    for _ in range(3):
        features = []
        for _, names, _ in train:
            alone = [features_alone(n) for n in names]
            chances = [softmax(a @ first) for a in alone]
            if then is not None:
                among = features_among(names, chances)
                chances = [softmax(np.hstack([a, b]) @ then) for a, b in zip(alone, among, strict=True)]
            features.append([np.hstack([a, b]) for a, b in zip(alone, features_among(names, chances), strict=True)])
        then = _fit(*_rows(train, features))
    print("_FIRST =", tuple(round(float(w), 3) for w in first))
    print("_THEN =", tuple(round(float(w), 3) for w in then))


def _rows(texts, features):  # type: ignore[no-untyped-def]
    rows, right, times = [], [], []
    for (_, names, gold), xs in zip(texts, features, strict=True):
        for name, y, x in zip(names, gold, xs, strict=True):
            if y is not None and not all(y):
                rows.append(x)
                right.append(np.array(y))
                times.append(min(3, len(name.mentions)))
    return rows, right, times
