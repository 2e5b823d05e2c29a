"""Two event profiles → named features → the probability that they are one event.

The weights are a logistic regression in `event_weights.toml`, fitted by `python -m training events` on MUC-4's keys;
each says in the file what it stands for. A pair's score keeps its features, so that it can be explained.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Protocol

from sayso.ledger.features import FEATURES_TOLD
from sayso.link.accounts import RADIUS, PlaceOf, Profile
from sayso.names import compare
from sayso.names.scripts import fold
from sayso.records import Reason

FEATURES = (
    "bias", "kind", "family", "force", "other_kind", "statement", "day_same", "day_near", "day_far", "day_loose", "undated", "place_same", "place_near", "place_far",
    "by_share", "by_conflict", "on_share", "on_conflict", "by_wording", "on_wording", "on_wording_day", "count_share", "count_conflict", "wording", "wording_strong", "wording_rare",
    "published_gap", "day_and_place", "place_and_wording",
)  # fmt: skip
FORCE = frozenset(
    {
        "violence",
        "battle",
        "arson",
        "territory",
        "robbery",
        "coercion",
        "kidnapping",
        "material_conflict",
        "posture",
        "protest",
        "evacuation",
    }
)
"""families under which reports tell one use of force"""
DEEDS = FORCE - {"posture", "protest", "evacuation"}
"""families of what somebody is blamed for"""
COARSE = frozenset({"material_conflict", "material_cooperation", "verbal_conflict", "verbal_cooperation"})
"""families of events of which the reader knows no more than PLOVER's quad class"""
_TYPES = {"Person": "person", "Organisation": "organisation", "Nationality": "organisation", "Location": "place"}


@dataclass(frozen=True, slots=True)
class Similarity:
    """probability: 0 to 1; reasons: the features that spoke for or against, the weightiest first."""

    probability: float
    reasons: tuple[Reason, ...]


@lru_cache(maxsize=1)
def weights() -> dict[str, float]:
    table = tomllib.loads((files("sayso.link") / "event_weights.toml").read_text(encoding="utf-8"))
    return {name: float(table["weights"][name]) for name in FEATURES}


def score(a: Profile, b: Profile) -> Similarity:
    """The same for (a, b) and (b, a)."""
    found = features(a, b)
    known = weights()
    parts = {name: known[name] * value for name, value in found.items() if value}
    probability = 1 / (1 + math.exp(-max(-30.0, min(30.0, sum(parts.values())))))
    if (meant := _denial_of(a, b, found)) is not None and probability < meant[0]:
        return Similarity(round(meant[0], 4), (meant[1],))
    if probability < KEPT:
        return Similarity(round(probability, 4), ())
    told = sorted(
        ((w, n) for n, w in parts.items() if n != "bias" and abs(w) >= 0.15), key=lambda p: (-abs(p[0]), p[1])
    )
    return Similarity(round(probability, 4), tuple(Reason(n, FEATURES_TOLD[n], round(w, 2)) for w, n in told[:6]))


KEPT = 0.25
"""a pair less likely than that is not one, and has no reasons"""
DENIED_WITHIN = 7
"""days between a denial's report and one of what it denies"""
_MEANT = 0.52
"""for a denial that names those whom the other tells of, and nothing that speaks against it"""


def _denial_of(a: Profile, b: Profile, found: dict[str, float]) -> tuple[float, Reason] | None:
    """How surely one denies what the other tells: within a week, those for whom (or of whom) the denier speaks are named there,
    and something else agrees (another country or body, a place, a rare word, the kind of deed), or nothing else is said at
    all ("has never armed any militia"). The denial's own day may be that of the saying."""
    denying, telling_ = (a, b) if a.denied_by else (b, a)
    if not denying.denied_by or telling_.denied_by or not denying.published_day or not telling_.published_day:
        return None
    gap = denying.published_day - telling_.published_day
    if abs(gap) > DENIED_WITHIN or _other_day(denying, telling_):
        return None
    rare = {w for w, r in telling_.words if r >= 0.5}
    theirs = {s.lower() for s in telling_.sides}
    spoken = {s.lstrip("~").lower() for s in denying.denied_by}
    named = spoken & (theirs | rare)
    others = {s.lower() for s in denying.sides} - spoken
    beside = (others & theirs) - named | ({w for w, r in denying.words if r >= 0.5} & rare - spoken)
    agrees = (found["family"] and not found["place_far"]) or found["place_near"] or found["place_same"]
    general = not others and all(p.precision == "country" for p in denying.places)
    if not (named and (beside or agrees or general)) and len(beside) < 2:
        return None
    if telling_.family not in DEEDS and not any(not s.startswith("~") for s in denying.denied_by):
        return None  # what is said of people in the news is mostly no deed that somebody could deny
    likely = _MEANT + 0.05 * min(3, len(beside)) + 0.06 * bool(agrees) + 0.2 * found["wording"]
    likely -= 0.01 * abs(gap) + 0.05 * (gap < 0) + 0.1 * (not named)
    what = ", ".join(sorted(beside)[:3]) or "such a deed"
    return min(0.9, likely), Reason(
        "denial", f"one denies it, for those whom the other names; both speak of {what}", 1.0
    )


def _other_day(denying: Profile, telling_: Profile) -> bool:
    """Whether a denial says of which day it speaks, and it is another; the day of the saying says nothing."""
    if not denying.dated or not telling_.dated or denying.published_day is None:
        return False
    own = [d for d in denying.ordinals if d[1] < denying.published_day - 1]
    return bool(own) and min(_gap(x, y) for x in own for y in telling_.ordinals) > 1


def features(a: Profile, b: Profile) -> dict[str, float]:
    found = dict.fromkeys(FEATURES, 0.0)
    found["bias"] = 1.0
    found["kind"] = float(a.type == b.type)
    found["family"] = float(a.family == b.family and bool(a.family))
    found["force"] = float(a.family != b.family and {a.family, b.family} <= FORCE)
    known = bool(a.family and b.family) and not {a.family, b.family} & COARSE
    found["other_kind"] = float(known and a.family != b.family and not {a.family, b.family} <= FORCE)
    found["statement"] = float(not a.family or not b.family)
    _days(a, b, found)
    _places(a, b, found)
    _names(a, b, found)
    _counts(a, b, found)
    found["wording"], found["wording_rare"] = _common(a.word_table, b.word_table)
    found["place_far"] *= 1 - found["wording_rare"]  # sources may quarrel about the place of one event
    found["wording_strong"] = max(0.0, found["wording"] - 0.2)
    found["by_wording"] = _common(a.by_table, b.by_table)[0]
    found["on_wording"] = _common(a.on_table, b.on_table)[0]
    found["on_wording_day"] = found["on_wording"] * max(found["day_same"], found["day_loose"])
    if a.published_day and b.published_day:
        found["published_gap"] = min(30, abs(a.published_day - b.published_day)) / 10
    found["day_and_place"] = max(found["day_same"], 0.5 * found["day_loose"]) * found["place_same"]
    found["place_and_wording"] = found["place_same"] * found["wording_rare"]
    return found


def _common(ours: dict[str, float], theirs: dict[str, float]) -> tuple[float, float]:
    """Common words by their rarity: as a share of both texts' words, and as the weight of those that are rare."""
    shared = ours.keys() & theirs.keys()
    if not shared:
        return 0.0, 0.0
    common = [(ours[w] + theirs[w]) / 2 for w in sorted(shared)]
    share = sum(common) / math.sqrt(sum(ours.values()) * sum(theirs.values()))
    return share, min(3.0, sum(max(0.0, w - 0.3) for w in common)) / 3


def _days(a: Profile, b: Profile, found: dict[str, float]) -> None:
    if not a.days or not b.days:
        return
    gap = min(_gap(x, y) for x in a.ordinals for y in b.ordinals)
    if a.dated and b.dated:
        found["day_same" if gap == 0 else "day_near" if gap == 1 else "day_far"] = (
            1.0 if gap <= 1 else min(gap, 20) / 10
        )
    elif gap == 0:
        found["day_loose"] = 1.0
    else:
        found["undated"] = min(gap, 60) / 30


def _gap(x: tuple[int, int], y: tuple[int, int]) -> int:
    """Days between two ranges; 0 when they overlap."""
    return max(0, x[0] - y[1], y[0] - x[1])


def _places(a: Profile, b: Profile, found: dict[str, float]) -> None:
    ours, theirs = a.finest, b.finest
    if not ours or not theirs:
        return
    if any(_one(x, y) for x in ours for y in theirs):
        coarse = ours[0].precision == "country"
        found["place_near" if coarse else "place_same"] = 0.5 if coarse else 1.0
    elif any(_within(x, y) for x in ours for y in theirs):
        found["place_near"] = 1.0
    elif any(_within(x, y) for x in a.places for y in b.places if "country" not in (x.precision, y.precision)):
        found["place_near"] = 0.4
    else:
        found["place_far"] = 1.0


def _one(x: PlaceOf, y: PlaceOf) -> bool:
    return x.precision == y.precision and (x.name == y.name or distance(x, y) < 3.0 or fold(x.name) == fold(y.name))


def _within(x: PlaceOf, y: PlaceOf) -> bool:
    if "country" in (x.precision, y.precision) and x.country and y.country:
        return x.country == y.country
    return distance(x, y) <= max(RADIUS.get(x.precision, 15.0), RADIUS.get(y.precision, 15.0))


_FAR = 10.0
"""degrees of latitude from which the other coordinate is not looked at"""


class Point(Protocol):
    @property
    def lat(self) -> float: ...
    @property
    def lon(self) -> float: ...


def distance(x: Point, y: Point) -> float:
    """Great-circle distance in kilometres (haversine, mean radius 6371)."""
    if abs(x.lat - y.lat) > _FAR:
        return 111.0 * abs(x.lat - y.lat)  # nobody asks how far beyond that
    la, lo, lb, lp = map(math.radians, (x.lat, x.lon, y.lat, y.lon))
    half = math.sin((lb - la) / 2) ** 2 + math.cos(la) * math.cos(lb) * math.sin((lp - lo) / 2) ** 2
    return 6371 * 2 * math.asin(math.sqrt(min(1.0, half)))


def _names(a: Profile, b: Profile, found: dict[str, float]) -> None:
    for side, left, right in (("by", a.named_by, b.named_by), ("on", a.named_on, b.named_on)):
        if not left or not right:
            continue
        shared = sum(any(same_name(x, y) for y in right) for x in left)
        found[f"{side}_share"] = shared / min(len(left), len(right)) if shared else 0.0
        found[f"{side}_conflict"] = float(not shared)


@lru_cache(maxsize=200_000)
def same_name(x: tuple[str, str], y: tuple[str, str]) -> bool:
    """Of two (type, name) pairs, as readings have them."""
    if fold(x[1]) == fold(y[1]):
        return bool(fold(x[1]))
    if not fold(x[1]) or not fold(y[1]) or (x[0] != y[0] and {x[0], y[0]} != {"Nationality", "Location"}):
        return False
    return x[0] in _TYPES and compare(x[1], y[1], _TYPES[x[0]]).score >= 0.72


def _counts(a: Profile, b: Profile, found: dict[str, float]) -> None:
    ours, theirs = ({c[0]: c[1:] for c in p.counts} for p in (a, b))
    for kind in ours.keys() & theirs.keys():
        same = any(x == y for x in ours[kind] if x is not None for y in theirs[kind] if y is not None)
        found["count_share" if same else "count_conflict"] = 1.0
