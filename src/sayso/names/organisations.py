"""Names of organisations: what the words mean in several languages, whose country, which number, which acronym."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from sayso.names.registry import registry
from sayso.names.scripts import fold, is_abjad, plain, vowels_unwritten
from sayso.names.tokens import align
from sayso.names.words import Concept, lexicon

_CLOSE = (
    frozenset({"army", "armed forces", "forces"}),
    frozenset({"freedom", "liberation", "free"}),
    frozenset({"national", "state", "federal"}),
    frozenset({"service", "organisation", "group"}),
    frozenset({"council", "committee", "commission"}),
    frozenset({"popular", "democratic"}),
    frozenset({"popular", "national"}),
    frozenset({"border", "guard"}),
)
"""concepts that translations swap; half as good as the same"""
_WEIGHTS = {"org": 1.0, "area": 0.5, "side": 1.5, "country": 1.3}
_WORD, _NUMBER = 2.0, 2.0
_ROMAN = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
}


_ORDINAL = re.compile(r"\b(\d{1,4})(?:[-–‑](?:[а-яіїєґ]{1,3}|[a-z]{1,3})|-?(?:st|nd|rd|th|er|ère|ème|e|ª|º))(?!\w)")
"""ordinal numbers in many languages: 72nd, 72-га, 72-я, 1er"""
UNITS = frozenset({"brigade", "battalion", "regiment", "division", "corps", "army", "company unit"})
_ARMS = frozenset(
    {"mechanised", "motor rifle", "airborne", "marine", "tank", "territorial", "assault", "border", "guard"}
    | {"separate arms", "air force", "navy", "special", "police"}
    | {
        "infantry",
        "cavalry",
        "artillery",
        "engineers",
        "parachute",
        "reconnaissance",
        "mountain troops",
        "air defence",
        "missile",
    }
)
_COMPATIBLE_ARMS = (
    frozenset({"mechanised", "motor rifle", "guard", "infantry", "rifle"}),
    frozenset({"airborne", "assault", "guard", "parachute"}),
    frozenset({"mountain troops", "infantry"}),
    frozenset({"tank", "cavalry"}),
    frozenset({"marine", "navy"}),
)
_FORMS = frozenset(
    {"corporation", "state", "national", "organisation", "group", "movement", "party", "service", "news", "union"}
)
"""concepts that a short name leaves out: what sort of body it is, not which one"""
_STATEHOOD = frozenset({"republic", "federation"})
"""concepts that say of a country what every state is: "of the Republic of Serbia" """
_TELLING = 5
"""letters from which a word of an organisation's own is taken to tell it from all others"""


@dataclass(frozen=True, slots=True)
class OrganisationName:
    concepts: tuple[Concept, ...]
    countries: frozenset[str]
    numbers: frozenset[str]
    words: tuple[str, ...]
    acronym: str | None


@lru_cache(maxsize=50_000)
def parse_organisation(name: str) -> OrganisationName:
    bare = re.sub(r"\s*\([^)]*\)\s*", " ", name).strip() or name
    aside = " ".join(re.findall(r"\(([^)]*)\)", name))
    bare = re.sub(r"['’]s\b", "", bare)
    bare = _ORDINAL.sub(r"\1", bare)
    folded = _articles(fold(re.sub(r"(?<=[A-Z])\.(?=[A-Z]|\s|$)", "", bare)), is_abjad(name))
    acronym = None
    letters = re.sub(r"[^\w]", "", bare)
    if (
        " " not in bare.strip()
        and 2 <= len(letters) <= 8
        and sum(c.isupper() for c in letters) >= max(2, len(letters) - 2)
    ):
        acronym = fold(letters)
    folded = " ".join(_CONTRACTED.get(w, w) for w in folded.split())
    concepts, countries, numbers, words = [], set(), set(), []
    countries |= {c.name for c in lexicon().parse(fold(aside)) if isinstance(c, Concept) and c.group == "country"}
    for part in lexicon().parse(folded):
        if isinstance(part, Concept):
            if part.group == "country":
                countries.add(part.name)
            elif part.group != "filler":
                concepts.append(part)
        elif match := re.fullmatch(r"(\d+)(?:st|nd|rd|th|y|i|a|ya|ja|aya|iy|oyi|ga|ta|ma|ha|go|ho|ii)?", part):
            numbers.add(match[1])
        elif part in _ROMAN and len(folded.split()) > 2 and part != "i":
            numbers.add(_ROMAN[part])
        elif concept := lexicon().misspelt(part):
            concepts.append(concept)
        elif len(part) > 1 or not concepts:
            words.append(part)
    if countries:
        concepts = [c for c in concepts if c.name not in _STATEHOOD]
    return OrganisationName(tuple(concepts), frozenset(countries), frozenset(numbers), tuple(words), acronym)


_MINISTRIES = {
    "defence": "oborony oboroni", "finance": "fin", "justice": "yust iust ust", "health": "zdrav zdorovya",
    "energy": "energo energ", "transport": "trans", "economy": "ekonomrazvitiya ekonomiki ekonomiky ekonom",
    "culture": "kultury kulturi kult", "agriculture": "selkhoz selhoz agropolitiki agropolityky",
    "education": "prosveshcheniya prosvet osviti osvity", "education science": "obrnauki", "labour": "trud",
    "industry trade": "promtorg", "veterans": "veteraniv", "social": "sotspolitiki sotspolityky",
}  # fmt: skip
_CONTRACTED = {
    f"min{ending}": f"ministry {meaning}" for meaning, endings in _MINISTRIES.items() for ending in endings.split()
} | {"genshtab": "general staff", "gosduma": "state duma", "genprokuratura": "general prosecutor"}
"""Russian and Ukrainian bodies by their contracted names ("Минобороны", "Мінфін"), folded → what they stand for"""


def _articles(folded: str, abjad: bool) -> str:
    """Without Arabic articles: apart ("al", "ash") or, in Arabic script, at the head of a word ("alsham")."""
    folded = re.sub(r"\b(?:al|el|ar|as|ash|ad|at|az|an|es|ez|er|ed) (?=\w{3})", "", folded)
    return re.sub(r"\bal(?=\w{3})", "", folded) if abjad else folded


def compare_organisations(left: str, right: str) -> tuple[float, list[str]]:
    known = registry()
    ours, theirs = known.find(left), known.find(right)
    if ours and theirs:
        common = ours & theirs
        if common:
            return 0.98, [f"both are names of {known[min(common)].name} in the registry"]
        return 0.05, [f"the registry knows {known[min(ours)].name} and {known[min(theirs)].name} apart"]
    a, b = parse_organisation(left), parse_organisation(right)
    for short, long, name in ((a, b, right), (b, a, left)):
        if short.acronym and not long.acronym and short.acronym in acronyms(name):
            return 0.9, [f"“{short.acronym.upper()}” is made of the initials of the other"]
    for one, other in ((left, right), (right, left)):
        if (spelled := _spelled_out(one, other)) and (found := _meaning(spelled, other))[0] > 0.8:
            return found[0], [*found[1], "the other has the words of an acronym in it"]
    if ours or theirs:
        other = right if ours else left
        entry_names = [n for i in (ours or theirs) for n in known[i].names]
        entry_names = [n for n in entry_names if is_abjad(n) == is_abjad(other)] or entry_names
        best = max((_meaning(n, other) for n in entry_names), key=lambda s: s[0])
        if best[0] > 0.8:
            return best
    return _meaning(left, right)


def _meaning(left: str, right: str) -> tuple[float, list[str]]:
    a, b = parse_organisation(left), parse_organisation(right)
    if a.numbers != b.numbers:
        if a.numbers and b.numbers:
            return 0.05, [f"number {'/'.join(sorted(a.numbers))} against {'/'.join(sorted(b.numbers))}"]
        return 0.3, ["only one of them has a number"]
    if a.countries and b.countries and not a.countries & b.countries:
        return 0.1, [f"{'/'.join(sorted(a.countries))} against {'/'.join(sorted(b.countries))}"]
    if a.acronym and b.acronym and a.acronym != b.acronym and a.acronym.isascii() and _one_script(left, right):
        return 0.2, ["two acronyms"]
    abjad = vowels_unwritten(left, right)
    if verdict := _unit(a, b, abjad) or _short_name(a, b, abjad):
        return verdict
    matched = total = 0.0
    reasons: list[str] = []
    for concept in _without_parent(a.concepts, b.concepts):
        total += _WEIGHTS[concept.group]
        if concept in a.concepts and concept in b.concepts:
            matched += _WEIGHTS[concept.group]
            reasons.append(f"{concept.name} in both")
        elif any(
            concept.name in close and any(o.name in close for o in (b if concept in a.concepts else a).concepts)
            for close in _CLOSE
        ):
            matched += 0.5 * _WEIGHTS[concept.group]
        else:
            reasons.append(f"{concept.name} in one only")
    if a.countries or b.countries:
        total += _WEIGHTS["country"] * (1.0 if a.countries and b.countries else 0.4)
        if a.countries & b.countries:
            matched += _WEIGHTS["country"]
            reasons.append(f"{'/'.join(sorted(a.countries & b.countries))} in both")
    if a.numbers:
        total += _NUMBER
        matched += _NUMBER
    pairs = align(list(a.words), list(b.words), abjad)
    for i, j, score in pairs:
        total += _WORD
        if score >= 0.76:
            matched += _WORD * score
            reasons.append(f"“{a.words[i]}” and “{b.words[j]}” agree")
        else:
            total += 0.5 * _WORD
            reasons.append(f"“{a.words[i]}” and “{b.words[j]}” do not")
    total += _WORD * abs(len(a.words) - len(b.words))
    if not total:
        return 0.0, ["nothing in them can be compared"]
    return matched / total, reasons


def _without_parent(ours: tuple[Concept, ...], theirs: tuple[Concept, ...]) -> set[Concept]:
    """The concepts of both names, without "United Nations" where only one of two telling names says whose body it is."""
    both, common = set(ours) | set(theirs), set(ours) & set(theirs)
    parent = {c for c in both - common if c.name in {"united", "nations"}}
    return both - parent if len(parent) == 2 and (both - parent == common or len(common) > 1) else both


_CAPITALS = re.compile(r"\b[^\W\d_a-zа-яіїєґ]{2,7}\b")


def inner_acronyms(name: str) -> frozenset[str]:
    """Folded words in capitals within a name: "МОЗ України" → "moz"."""
    return frozenset(fold(m[0]).replace(" ", "") for m in _CAPITALS.finditer(name) if m[0].upper() == m[0])


@lru_cache(maxsize=20_000)
def _spelled_out(short: str, long: str) -> str:
    """A name with the acronym in it replaced by the words of the other name that begin with its letters: "МОЗ України",
    "ENS de Lyon"; empty where there are none."""
    for match in _CAPITALS.finditer(short):
        letters = fold(match[0]).replace(" ", "")
        words = [w for w in re.split(r"[\s\-–]+", re.sub(r"[\"“”«»‘’'ʼ]", "", long)) if w and not _little(w)]
        if match[0] == short.strip() or match[0].lower() == match[0] or len(words) <= len(letters):
            continue
        for start in range(len(words) - len(letters) + 1):
            some = words[start : start + len(letters)]
            if all(fold(w)[:1] == x for w, x in zip(some, letters, strict=True)):
                return f"{short[: match.start()]}{' '.join(some)}{short[match.end() :]}"
    return ""


def _little(word: str) -> bool:
    concept = lexicon().concept(fold(word))
    return concept is not None and concept.group == "filler"


def _one_script(left: str, right: str) -> bool:
    return plain(left).isascii() == plain(right).isascii()


def _unit(a: OrganisationName, b: OrganisationName, abjad: bool) -> tuple[float, list[str]] | None:
    """Two numbered units: number and kind of unit say which, unless arm of service, country or by-name contradict."""
    if not a.numbers or a.numbers != b.numbers:
        return None
    names_a, names_b = ({c.name for c in o.concepts} for o in (a, b))
    kinds = names_a & names_b & UNITS
    if not kinds or names_a & UNITS != names_b & UNITS:
        return None
    arms_a, arms_b = names_a & _ARMS, names_b & _ARMS
    if arms_a and arms_b and not arms_a & arms_b and not any(arms_a | arms_b <= c for c in _COMPATIBLE_ARMS):
        return 0.3, [f"{'/'.join(sorted(arms_a))} against {'/'.join(sorted(arms_b))}"]
    if a.words and b.words and not any(s >= 0.76 for _, _, s in align(list(a.words), list(b.words), abjad)):
        return 0.5, ["the same number, other by-names"]
    number = "/".join(sorted(a.numbers))
    return 0.88, [f"{'/'.join(sorted(kinds))} {number} in both, and nothing contradicts"]


def _short_name(a: OrganisationName, b: OrganisationName, abjad: bool) -> tuple[float, list[str]] | None:
    """A name of telling words alone against the same with the sort of body: "Rosatom", "Rosatom State Corporation"."""
    short, long = sorted((a, b), key=lambda o: (len(o.concepts), len(o.countries)))
    if not short.words or short.numbers or short.countries - long.countries:
        return None
    if short.concepts and long.countries - short.countries:
        return None  # the Royal Air Force and the Royal Australian Air Force
    pairs = align(list(short.words), list(long.words), abjad)
    extra = set(long.words) - {long.words[j] for _, j, _ in pairs}
    sorts = {c.name for c in long.concepts} - {c.name for c in short.concepts}
    if (
        {c.name for c in short.concepts} <= {c.name for c in long.concepts}
        and sorts <= _FORMS
        and (sorts or extra or long.countries != short.countries)
        and len(pairs) == len(short.words)
        and min(s for _, _, s in pairs) >= 0.86
        and max(map(len, short.words)) >= _TELLING
        and all(len(w) <= _TELLING and not re.search("[aiouy]", w) for w in extra)
        and (not extra or max(map(len, short.words)) >= 8)
    ):
        return 0.84, ["the telling words agree; only one says what sort of body it is"]
    return None


@lru_cache(maxsize=50_000)
def acronyms(name: str) -> frozenset[str]:
    """The acronyms that a full name makes: of all its words, and without the little ones; in its own letters, folded."""
    bare = re.sub(r"\s*\([^)]*\)\s*", " ", name).strip()
    words = [w for w in re.split(r"[\s\-–]+", re.sub(r"[\"“”«»‘’']", "", bare)) if w]
    if len(words) < 2:
        return frozenset()
    telling = [w for w in words if not _little(w)]
    homeless = [w for w in telling if not ((c := lexicon().concept(fold(w))) and c.group == "country")]
    return frozenset(
        fold("".join(w[0] for w in chosen)).replace(" ", "") for chosen in (words, telling, homeless) if len(chosen) > 1
    )
