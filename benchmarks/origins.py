"""Origins: whether edited reprints are found to come from one text, and independent reports of one event are not.

No public set has texts of this kind with their sources, so a seeded program edits texts of MUC-4 and PolNeAR (dev) in five
degrees, from a new dateline to what a translation there and back does. Beside them stand other texts of the two sets, those
first that share a gold event with a source, and texts that quote two sentences of a source. The sets themselves hold
retransmissions: of two texts where one has more than 60% of its runs of five words verbatim in the other, the later is left
out. Where the table of synonyms has no word, some other ordinary word stands in its place: what is measured has no
thesaurus, so that any other word is as hard for it.

A pair of documents counts as predicted when both have one root. Figures are percentages.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from benchmarks.counts import Counts
from benchmarks.linking import gold_pairs, templates
from benchmarks.muc import raw_texts
from benchmarks.reading import need
from sayso.ingest import load_text
from sayso.ledger import SqlLedger, derived, open_ledger, schema
from sayso.link import origins
from sayso.read import Reader

SOURCES = {"muc": 110, "polnear": 40}
OTHERS = 250
QUOTING = 60
SEED = 11
REPEATED = 0.6
_SHORTEST = 30
"""words that a text must have to be a source"""
_SYNONYMS = """
said|stated|declared|announced|noted  told|informed  reported|related|communicated  added|continued  confirmed|corroborated
killed|slain|murdered  wounded|injured|hurt  attack|assault|strike  attacks|assaults|strikes  attacked|assaulted|struck
bomb|explosive  bombs|explosives  exploded|detonated|blew  explosion|blast|detonation  police|constabulary  soldiers|troops|servicemen
army|military  guerrillas|rebels|insurgents  guerrilla|rebel|insurgent  terrorists|extremists  terrorist|extremist  group|band|faction
government|administration|authorities  president|leader  country|nation|state  people|persons|individuals  men|males  women|females
children|minors  leader|chief|head  leaders|chiefs|heads  city|town|municipality  village|hamlet  area|zone|region|district  house|home|dwelling
killing|slaying|murder  murder|killing  death|demise  dead|deceased  died|perished  victims|casualties  arrested|detained|apprehended
arrest|detention  kidnapped|abducted|seized  kidnapping|abduction  released|freed|liberated  captured|taken  members|affiliates  member|affiliate
war|conflict  fighting|combat|clashes  clash|skirmish  peace|truce  talks|negotiations|discussions  agreement|accord|deal  meeting|gathering|session
forces|units|contingents  force|contingent  operation|action  operations|actions  weapons|arms|weaponry  vehicle|car  vehicles|cars  road|highway|route
large|big|great  small|little|minor  many|numerous|several  some|certain|various  new|recent|fresh  important|significant|major  main|principal|chief
called|termed|named  asked|requested  demanded|insisted  began|started|commenced  ended|finished|concluded  continue|proceed|persist
show|demonstrate  showed|demonstrated|revealed  think|believe|reckon  believe|think  know|realise  made|produced  make|produce  took|seized
responsible|accountable  responsibility|blame  claimed|asserted|maintained  accused|charged|blamed  denied|rejected  violence|bloodshed
campaign|drive  election|vote|ballot  candidate|contender|nominee  voters|electors  support|backing|aid  supporters|backers  percent|per_cent
problem|difficulty|issue  problems|difficulties|issues  plan|scheme|project  help|assist|aid  money|funds|cash  company|firm|business  work|labour
yesterday|the_day_before  today|this_day  night|evening  morning|forenoon  also|too|likewise  however|nevertheless|still  while|whereas  because|since|as
after|following  before|prior_to  during|in_the_course_of  against|versus  between|among  about|around|approximately  according|pursuant  but|yet  near|close_to
"""
_SWAPS = "of|from in|at to|toward on|upon with|by for|on_behalf_of that|which the|this a|one an|one is|remains was|had_been were|had_been and|as_well_as"
_FUNCTION = frozenset(
    """a an the and or but of in on at to from by with for about into is are was were be been being has have had do does did will would shall
    should can could may might must it its he she they them their his her him we us our you your i my this that these those there who which
    what when where how as than then so if not no all any i'm it's""".split()
)
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_DATELINE = re.compile(r"^.{0,120}?--\s*|\[[A-Z0-9 ,.:'-]+\]\s*", re.DOTALL)
_ROMANISATIONS = (
    (("ck", "k"), ("ph", "f"), ("c(?=[aou])", "k"), ("w", "v"), ("y", "i"), (r"([b-df-hj-np-tv-z])\1", r"\1")),
    (("sh", "sch"), ("ch", "tsch"), ("v", "w"), ("z", "s"), ("oo", "u"), ("kh", "ch")),
    (("sh", "ch"), ("u", "ou"), ("k", "c"), ("y", "i"), ("j", "dj")),
)


@dataclass(frozen=True, slots=True)
class Item:
    """One text of the pool. family: the number of the source that it was made from, or None; degree: of editing."""

    text: str
    family: int | None
    degree: str
    published: str


@dataclass(slots=True)
class Language:
    """The seeded editor's words. ordinary: those that PolNeAR writes small; stand_ins: those of them that replace others."""

    random: random.Random
    ordinary: frozenset[str]
    stand_ins: list[str]
    synonyms: dict[str, list[str]]
    chosen: dict[str, str]

    def other(self, word: str) -> str:
        """Another word for this one, the same throughout a text."""
        key = word.lower()
        if key not in self.chosen:
            self.chosen[key] = self.random.choice(self.synonyms.get(key) or self.stand_ins).replace("_", " ")
        return self.chosen[key]


def language(data: Path, seed: int) -> Language:
    small: set[str] = set()
    for path in sorted(need(data / "polnear/train/text").glob("*.txt")):
        small |= {w for w in _WORD.findall(path.read_text(encoding="utf-8")) if w.islower()}
    table = {word: others.split("|") for word, _, others in (g.partition("|") for g in _SYNONYMS.split())}
    stand_ins = sorted(w for w in small if len(w) > 4 and w.isalpha())
    return Language(random.Random(seed), frozenset(small), stand_ins, table, {})


def sentences(text: str) -> list[str]:
    paragraphs = [" ".join(p.split()) for p in re.split(r"\n\s*\n", text.strip())]
    return [s for p in paragraphs for s in re.split(r"(?<=[.!?])[\"”]?\s+", p) if s]


def body(text: str) -> list[str]:
    """Sentences without FBIS's dateline and markers."""
    head, rest = text[:250], text[250:]
    return sentences((_DATELINE.sub("", head) if " -- " in head else head) + rest)


def verbatim(parts: list[str], words: Language) -> str:
    lines = "\n\n".join(" ".join(parts[k : k + 3]) for k in range(0, len(parts), 3))
    end = "\n\nSource: the agencies\n" if words.random.random() < 0.5 else ""
    return f"{words.random.choice(['GENEVA', 'VIENNA', 'LISBON'])}, from our own staff —  {lines}{end}"


def trimmed(parts: list[str], words: Language) -> str:
    keep = max(1, round(len(parts) * words.random.uniform(0.4, 0.7)))
    return f"{' '.join(words.random.sample(words.stand_ins, 5)).capitalize()}\n\n{' '.join(parts[:keep])}"


def reordered(parts: list[str], words: Language) -> str:
    kept = words.random.sample(parts, max(1, round(len(parts) * 0.85)))
    return " ".join(kept)


def light(parts: list[str], words: Language) -> str:
    return " ".join(_moved(_worded(p, words, 0.27, 0.1, ""), words, 0.2) for p in parts)


def translated(parts: list[str], words: Language) -> str:
    """In ordinary case, as another paper would print a report that came in capitals."""
    capitals = sum(p.isupper() for p in parts) > len(parts) / 2
    style = words.random.choice(_ROMANISATIONS)
    return " ".join(_sentence(p, words, style, capitals) for p in parts)


DEGREES: dict[str, Callable[[list[str], Language], str]] = {
    "verbatim": verbatim,
    "trimmed": trimmed,
    "reordered": reordered,
    "light": light,
    "translated": translated,
}


def _is_name(word: str, start: int, capitals: bool, words: Language) -> bool:
    return word.lower() not in words.ordinary or (word[0].isupper() and start > 0 and not capitals)


def _worded(sentence: str, words: Language, content: float, function: float, adverb: str) -> str:
    """Some words replaced, adverbs dropped; names and numbers stay."""
    capitals, swaps = sentence.isupper(), dict(s.split("|") for s in _SWAPS.split())

    def put(match: re.Match[str]) -> str:
        word, low = match[0], match[0].lower()
        if _is_name(word, match.start(), capitals, words) or any(c.isdigit() for c in word):
            return word
        if low.endswith("ly") and words.random.random() < 0.5:
            return adverb
        if low in _FUNCTION:
            changed = swaps.get(low, low) if words.random.random() < function else low
        else:
            changed = words.other(low) if words.random.random() < content else low
        changed = changed.replace("_", " ")
        return changed.upper() if capitals else changed.capitalize() if word[0].isupper() else changed

    return _WORD.sub(put, sentence)


def _moved(sentence: str, words: Language, chance: float) -> str:
    """The last clause first."""
    clauses = sentence.rstrip(".").split(", ")
    if len(clauses) > 1 and words.random.random() < chance:
        return f"{clauses[-1]}, {', '.join(clauses[:-1])}."
    return sentence


def _sentence(sentence: str, words: Language, style: Iterable[tuple[str, str]], capitals: bool) -> str:
    """A sentence translated there and back: other words in another order, names respelt where they stood."""
    result: list[str] = []
    names: list[bool] = []
    for match in re.finditer(r"\w+(?:['’]\w+)*|[^\w\s]+", sentence):
        word = match[0]
        if not word[0].isalpha() or any(c.isdigit() for c in word):
            result, names = [*result, word], [*names, True]
        elif _is_name(word, match.start(), capitals, words):
            spelt = word.lower()
            for old, new in style:
                spelt = re.sub(old, new, spelt)
            result, names = [*result, spelt.capitalize() if capitals or word[0].isupper() else spelt], [*names, True]
        else:
            put = _worded(word, words, 0.85, 0.4, "").lower()
            if put and not (put in {"a", "an", "the"} and words.random.random() < 0.5):
                result, names = [*result, put], [*names, False]
    for k in range(len(result) - 1):
        if not names[k] and not names[k + 1] and words.random.random() < 0.3:
            result[k], result[k + 1] = result[k + 1], result[k]
    text = re.sub(r"\s+([.,;:!?)\]”])|(?<=[(\[“])\s+", r"\1", " ".join(result))
    text = re.sub(r"\" ([^\"]*) \"", r'"\1"', text)
    return text[:1].upper() + text[1:]


def grams(text: str) -> set[tuple[str, ...]]:
    found = _WORD.findall(text.lower())
    return {tuple(found[k : k + 5]) for k in range(len(found) - 4)}


def without_repeats(texts: dict[str, str]) -> dict[str, str]:
    """Leaves out the later of two texts where one has more than 60% of its runs of five words in the other."""
    holders: dict[tuple[str, ...], list[str]] = defaultdict(list)
    sizes: dict[str, int] = {}
    kept: dict[str, str] = {}
    for name, text in texts.items():
        mine = grams(text)
        shared: dict[str, int] = defaultdict(int)
        for gram in mine:
            for other in holders[gram]:
                shared[other] += 1
        if not any(n > REPEATED * min(len(mine), sizes[other]) for other, n in shared.items()):
            kept[name], sizes[name] = text, len(mine)
            for gram in mine:
                holders[gram].append(name)
    return kept


def pool(data: Path, seed: int = SEED) -> list[Item]:
    words = language(data, seed)
    folder = need(data / "muc4")
    muc = {i: t for p in sorted((folder / "dev").glob("dev-muc3-*")) for i, t in raw_texts(p)}
    news = {p.stem: p.read_text(encoding="utf-8") for p in sorted(need(data / "polnear/dev/text").glob("*.txt"))}
    texts = without_repeats({n: t for n, t in (muc | news).items() if len(t.split()) >= _SHORTEST})
    partners: dict[str, set[str]] = defaultdict(set)
    for (a, _), (b, _) in gold_pairs(templates(folder)):
        if a in texts and b in texts:
            partners[a].add(b)
            partners[b].add(a)
    told = sorted(partners)
    chosen = words.random.sample(told, min(len(told), SOURCES["muc"] // 2))
    chosen += words.random.sample(sorted(texts.keys() & muc.keys() - partners.keys()), SOURCES["muc"] - len(chosen))
    chosen += words.random.sample(sorted(texts.keys() & news.keys()), SOURCES["polnear"])
    words.random.shuffle(chosen)
    rest = sorted({p for c in chosen for p in partners[c]} - set(chosen))
    left = sorted(texts.keys() - set(chosen) - set(rest))
    rest = (rest + words.random.sample(left, len(left)))[:OTHERS]
    return _items([texts[c] for c in chosen], [texts[r] for r in rest], words)


def _items(sources: list[str], others: list[str], words: Language) -> list[Item]:
    items = []
    for family, text in enumerate(sources):
        day = date(1990, 1, 1) + timedelta(days=words.random.randrange(300))
        items.append(Item(text, family, "source", day.isoformat()))
        for degree, edit in DEGREES.items():
            words.chosen = {}
            later = day + timedelta(days=words.random.randint(1, 5))
            items.append(Item(edit(body(text), words), family, degree, later.isoformat()))
    for number, text in enumerate(others):
        day = date(1990, 1, 1) + timedelta(days=words.random.randrange(300))
        if number < QUOTING:
            parts = body(words.random.choice(sources))
            at = words.random.randrange(max(1, len(parts) - 1))
            text += f"\n\nAn earlier report had it so: “{' '.join(parts[at : at + 2])}”\n"
        items.append(Item(text, None, "other", day.isoformat()))
    words.random.shuffle(items)
    return items


def fill(ledger: SqlLedger, items: list[Item]) -> list[str]:
    """Documents with dates and without readings, and their origins; the documents' ids."""
    run = ledger.run_id("none", "0", None)
    ids = []
    for number, item in enumerate(items):
        document = replace(load_text(item.text), path=f"{number}.txt", published=item.published)
        ids.append(ledger.add(document, None, run).document)
    d = schema.documents
    with ledger.writing() as connection:
        for row in connection.execute(select(d).order_by(d.c.number)).all():
            origins.add_origin(connection, row)
    return ids


def roots(items: list[Item]) -> list[str]:
    """The root of each item."""
    with TemporaryDirectory() as folder, open_ledger(Path(folder) / "origins.db") as ledger:
        ids = fill(ledger, items)
        o = derived.origins
        with ledger.engine.connect() as connection:
            found = dict(connection.execute(select(o.c.document_id, o.c.root)).tuples().all())
    return [found[i] for i in ids]


def score(items: list[Item], found: list[str], half: int | None = None) -> dict[str, float]:
    """half: only pairs with a copy or source of an even (0) or odd (1) number; those of two other texts count in both."""
    pairs, degrees = Counts(), {degree: Counts() for degree in DEGREES}
    sources = {item.family: found[n] for n, item in enumerate(items) if item.degree == "source"}
    groups: dict[str, list[Item]] = defaultdict(list)
    for item, root in zip(items, found, strict=True):
        groups[root].append(item)
        if item.degree in degrees and half in (None, (item.family or 0) % 2):
            degrees[item.degree].add(root == sources[item.family], 1, 1)
    for group in groups.values():
        for a, b in combinations(group, 2):
            if half is None or {x.family % 2 for x in (a, b) if x.family is not None} <= {half}:
                pairs.add(a.family is not None and a.family == b.family, 0, 1)
    return {
        "origins.precision": round(pairs.precision, 1),
        **{f"origins.recall.{degree}": round(counts.recall, 1) for degree, counts in degrees.items()},
    }


def run(data: Path, reader: Reader) -> dict[str, float]:
    items = pool(data)
    return score(items, roots(items))
