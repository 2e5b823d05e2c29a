"""Names of places: what kind of place, which point of the compass, the name's own words; the gazetteer where it knows both."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from sayso.gazetteer import default_gazetteer
from sayso.gazetteer.index import GazetteerPlace
from sayso.names.scripts import even, fold, is_abjad, vowels_unwritten
from sayso.names.tokens import align
from sayso.names.words import Concept, exonyms, lexicon

_REGION = frozenset({"oblast", "province", "krai", "republic", "department"})
_NOTABLE = 5_000
"""inhabitants from which a place's own name outweighs another's by-name"""
_OVERSHADOWS = 4
"""times as many inhabitants as its largest namesake has"""
_LARGEST = 4
_SETTLEMENT = frozenset({"city", "village"})
_ADJECTIVE = re.compile(
    r"(?:(?:ov|ev|yev|in|en|an)?(?:sk|ck|zk)(?:aya|aja|aia|a|iy|ij|ii|yi|yy|yj|y|i|oi|oy|oj|oho|ogo|oyi|oï|oji|ou|uyu|iego|e|oe|oye|oje|ie|iej)|iyya|iyah|ie|i)$"
)


_SAINT = frozenset({"st", "ste", "saint", "sainte", "sankt", "sint", "san", "santa", "svyatoy"})
_FEATURES = frozenset("river mountain lake island airport camp street square port crossing bridge strip".split())


_LAND = re.compile(r"^(?P<root>.{3,}?)(?P<ending>shch|chch)[yi]n[ay]$")
"""what Ukrainian calls a city's region: "Харківщина", "Donechchyna", of the same root as the adjective of its oblast"""


@dataclass(frozen=True, slots=True)
class PlaceName:
    kinds: frozenset[str]
    sides: frozenset[str]
    words: tuple[str, ...]
    countries: frozenset[str]


@lru_cache(maxsize=50_000)
def parse_place(name: str) -> PlaceName:
    folded = fold(re.sub(r"['’]s\b", "", re.sub(r",\s.*$", "", name)))
    folded = re.sub(
        r"^(?:al|el|ar|as|ash|ad|at|az|an|es|ez|er|ed) (?=\w{3})|(?<=\w) (?:al|el|ar|as|ash|ad|at|az|an|es|ez|er|ed|ez) (?=\w{3})",
        " ",
        folded,
    )
    kinds, sides, words, countries = set(), set(), [], set()
    for part in lexicon().parse(folded.strip()):
        if isinstance(part, str) and (land := _LAND.match(part)):
            kinds.add("oblast")
            words.append(land["root"] + ("ska" if land["ending"].startswith("s") else "tska"))
        elif isinstance(part, str):
            words.append(part)
        elif part.group == "area":
            kinds.add(part.name)
        elif part.group == "side":
            sides.add(part.name)
        elif part.group == "country":
            countries.add(part.name)
        elif part.group == "org":
            words.append(part.name)
    if is_abjad(name):
        words = [re.sub(r"^al(?=\w{3})", "", w) for w in words]
    words = ["saint" if w in _SAINT and len(words) > 1 else w for w in words]
    return PlaceName(frozenset(kinds), frozenset(sides), tuple(words), frozenset(countries))


def _rank(kinds: frozenset[str], adjective: bool) -> str:
    for rank, group in (
        ("region", _REGION),
        ("district", {"district"}),
        ("feature", _FEATURES),
    ):
        if found := kinds & group:
            return rank if rank != "feature" else min(found)
    return "settlement" if kinds & _SETTLEMENT else "region" if adjective else ""


def compare_places(left: str, right: str) -> tuple[float, list[str]]:
    """Score and reasons: the table of renamed places first, then kind, points of the compass, countries, words."""
    table = exonyms()
    whole_a, whole_b = table.find(_whole(left)), table.find(_whole(right))
    apart_a, apart_b = _aside(left), _aside(right)
    if apart_a and apart_b and not apart_a & apart_b:
        return 0.15, ["in different countries"]
    if told := _qualified(left, right):
        return told
    if whole_a & whole_b:
        return 0.96, ["two names of one place"]
    a, b = parse_place(left), parse_place(right)
    reasons: list[str] = []
    rank_a, rank_b = _rank(a.kinds, False), _rank(b.kinds, False)
    named_a, named_b = _listed(a, whole_a), _listed(b, whole_b)
    listed = named_a & named_b
    regions = bool(listed) and all(table.kinds[i] == "region" for i in listed)
    if rank_a != rank_b and not {rank_a, rank_b} <= ({"", "region"} if regions else {"", "settlement"}):
        return 0.2, [f"{rank_a or 'a place'} against {rank_b or 'a place'}"]
    if a.sides != b.sides and not listed:
        return 0.25, [f"{'/'.join(sorted(a.sides)) or 'nothing'} against {'/'.join(sorted(b.sides)) or 'nothing'}"]
    if not a.words and not b.words:
        same = a.countries == b.countries and a.kinds == b.kinds and (a.countries or a.sides)
        return (0.97 if same else 0.1), ["the same country" if same else "different countries or kinds"]
    if a.countries and b.countries and a.countries != b.countries:
        return 0.15, ["different countries"]
    if named_a and named_b:
        return (0.95, ["two names of one place"]) if listed else (0.2, ["two places of the table of names"])
    known = _known(left, right)
    if known is True:
        return 0.97, ["the gazetteer has both as names of one place"]
    adjectival = rank_a in {"region", "district"} and rank_a == rank_b
    score = _words(a, b, vowels_unwritten(left, right), adjectival, reasons)
    if known is False:
        score -= 0.22
        reasons.append("the gazetteer knows them as different places")
    elif score > 0.8 and _doubled(a.words, b.words):
        score = min(score, 0.79)
        reasons.append("but for a doubled letter")
    return score, reasons


@lru_cache(maxsize=50_000)
def _whole(name: str) -> str:
    return fold(re.sub(r",\s.*$", "", name))


@lru_cache(maxsize=50_000)
def _aside(name: str) -> frozenset[str]:
    """The countries behind a comma or in brackets: "Tripoli, Lebanon"."""
    behind = " ".join(re.findall(r"[,(]\s*([^,()]+)", name))
    if not behind:
        return frozenset()
    found = {c.name for c in lexicon().parse(fold(behind)) if isinstance(c, Concept) and c.group == "country"}
    return frozenset(found | {p.country for p in default_gazetteer().lookup(behind)[:1] if p.kind == "country"})


def _qualified(left: str, right: str) -> tuple[float, list[str]] | None:
    """Where what stands behind a comma or in brackets tells two places of one name apart: "Alexandria, Virginia"."""
    one, two = (fold(" ".join(re.findall(r"[,(]\s*([^,()]+)", name))) for name in (left, right))
    if one and two:
        same = one == two or one in two or two in one or _aside(left) & _aside(right)
        return None if same else (0.25, [f"{one} against {two}"])
    if not one and not two:
        return None
    named, bare = (left, right) if one else (right, left)
    meant = max(_looked_up(bare), key=lambda p: p.population, default=None)
    where = default_gazetteer().lookup((re.findall(r"[,(]\s*([^,()]+)", named) or [""])[0].strip())
    if meant and where and where[0].country != meant.country:
        return 0.3, [f"the other is best known in {meant.country}"]
    return None


def listed_rows(name: str) -> frozenset[int]:
    """The rows of the table of renamed places that a name may stand for."""
    whole = exonyms().find(_whole(name))
    return whole | _listed(parse_place(name), whole)


def gazetteer_keys(name: str) -> frozenset[str]:
    """The largest places that the gazetteer has under a name, as keys."""
    found = sorted(_looked_up(name), key=lambda p: -p.population)[:_LARGEST]
    return frozenset(f"{country}/{place}" for country, place in map(_key, found))


def _listed(place: PlaceName, whole: frozenset[int]) -> frozenset[int]:
    """The rows of the table that a name without its kind stands for, as a noun or as the adjective of a region."""
    words = " ".join(place.words)
    if whole or not words or place.sides:
        return whole
    table = exonyms()
    found = table.find(words)
    return found or (table.find_adjective(words) if place.kinds & (_REGION | {"district"}) else found)


def _doubled(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Only one of two words that are else the same doubles a consonant between vowels (Samara, Samarra)."""
    x, y = "".join(a), "".join(b)
    return x != y and re.sub(r"([rlnmst])\1", r"\1", x) == re.sub(r"([rlnmst])\1", r"\1", y)


def _words(a: PlaceName, b: PlaceName, abjad: bool, adjectival: bool, reasons: list[str]) -> float:
    joined = align(["".join(a.words)], ["".join(b.words)], abjad)
    if joined and joined[0][2] >= 0.95:
        reasons.append("the same sounds")
        return joined[0][2]
    forms_a, forms_b = _stems(a.words, adjectival), _stems(b.words, adjectival)
    best, told = 0.0, ""
    for x in forms_a:
        for y in forms_b:
            pairs = align(list(x), list(y), abjad)
            total = sum(s if s >= 0.7 else 0.5 * s for _, _, s in pairs) / max(len(x), len(y), 1)
            worst = min((s for _, _, s in pairs), default=0.0)
            score = min(total, worst + 0.1)
            if adjectival and len(x) == len(y) == 1 and _begins(x[0], y[0]):
                score = max(score, 0.9)
            if x != a.words or y != b.words:
                score -= 0.03
            if score > best:
                best, told = score, ", ".join(f"“{x[i]}” and “{y[j]}”" for i, j, _ in pairs)
    if told:
        reasons.append(
            f"{told}: {'one name in two spellings' if best >= 0.85 else 'alike' if best >= 0.7 else 'not alike'}"
        )
    return best


def _begins(a: str, b: str) -> bool:
    """One is the other's beginning, up to the ending of an adjective: "zaporiz(ka)" and "zaporizhzhia"."""
    short, long = sorted((even(a), even(b)), key=len)
    return len(short) >= 5 and long.startswith(short[: max(5, len(short) - 1)])


def _stems(words: tuple[str, ...], adjectival: bool) -> list[tuple[str, ...]]:
    """The words as they stand; without the ending of an adjective of a region ("belgorodskaya"), or of a case."""
    forms = [words]
    if adjectival:
        forms.append(tuple(_ADJECTIVE.sub("", w) if len(w) > 5 else w for w in words))
    return forms


def _known(left: str, right: str) -> bool | None:
    """Whether the gazetteer has one place for both names; None when it lacks one of them."""
    ours, theirs = _looked_up(left), _looked_up(right)
    whole = bool(default_gazetteer().lookup(left) and default_gazetteer().lookup(right))
    if not ours or not theirs:
        return None
    keys_left, keys_right = ({_key(p) for p in found} for found in (ours, theirs))
    most_left, most_right = (max(found, key=lambda p: p.population) for found in (ours, theirs))
    named_left, named_right = (
        {_key(p) for p in found if even(fold(p.name)) == even(fold(name)) and p.population >= _NOTABLE}
        for name, found in ((left, ours), (right, theirs))
    )
    if named_left and named_right and not named_left & named_right:
        return _overshadowed(ours, theirs, most_left, most_right) or (False if whole else None)
    if _key(most_left) == _key(most_right) or named_left & named_right:
        return True
    if not whole:
        return True if _key(ours[0]) in keys_right or _key(theirs[0]) in keys_left else None
    return _key(ours[0]) in keys_right or _key(theirs[0]) in keys_left


def _overshadowed(
    ours: tuple[GazetteerPlace, ...],
    theirs: tuple[GazetteerPlace, ...],
    most_left: GazetteerPlace,
    most_right: GazetteerPlace,
) -> bool:
    """Both names are borne by one place so much larger than its namesakes that a report means it (Odesa, not Odessa TX)."""
    if _key(most_left) != _key(most_right):
        return False
    others = [p.population for p in (*ours, *theirs) if _key(p) != _key(most_left)]
    return most_left.population >= _OVERSHADOWS * max(others, default=0)


@lru_cache(maxsize=50_000)
def _looked_up(name: str) -> tuple[GazetteerPlace, ...]:
    """The places of a name, without the words for its kind, or in Latin letters where it is not known otherwise."""
    gazetteer = default_gazetteer()
    bare = " ".join(
        w for w in name.split() if not ((c := lexicon().concept(fold(w))) and c.group in {"area", "filler"})
    )
    forms = (name, bare, fold(bare))
    return next((found for form in forms if form and (found := gazetteer.lookup(form))), ())


def _key(place: GazetteerPlace) -> tuple[str, str | int]:
    return place.country, place.geonameid or place.name
