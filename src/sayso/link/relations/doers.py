"""Who is said to have done it, by the words: "was shot by gunmen of …", "the work of …", "It was the army that …".

The reader codes actors of events; what a source says of *who did it* is often put otherwise, and two such sayings have to be
compared whether they were coded or not. A doer is kept with those for whom he stands (as `names.sides` has them) and with the
kind of his force: "rebels" and "the army" exclude each other without any name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from sayso.gazetteer import default_gazetteer
from sayso.names.registry import registry
from sayso.names.scripts import fold
from sayso.names.sides import sides
from sayso.names.wording import rarity, stem
from sayso.ontology import load_ontology

_NAME_LIKE = 0.75
"""rarity from which a phrase's first word is a name and not capital for its place alone"""
STATE, INSURGENT, IRREGULAR = "state", "insurgent", "irregular"


@dataclass(frozen=True, slots=True)
class Doer:
    """text: the phrase; sides: whom it stands for; force: of a state, insurgent, irregular, or None where its words do not say."""

    text: str
    sides: frozenset[str]
    force: str | None

    def excludes(self, other: Doer) -> bool:
        """Whether both cannot have done it alone: other sides, or other kinds of force."""
        if self.force and other.force and self.force != other.force:
            return True
        return bool(self.sides and other.sides) and not self.sides & other.sides


_OF_STATE = frozenset(
    "army soldier soldiers troops police policeman policemen officers navy military government gendarmes gendarme conscripts marines "
    "air coastguard guard guards security ministry intelligence service services agents rangers "
    "paratroopers commandos peacekeepers coalition presidential artillery regiment brigade battalion".split()
)
_INSURGENTS = frozenset(
    "rebel rebels guerrilla guerrillas insurgent insurgents militant militants jihadist jihadists terrorist terrorists extremist extremists "
    "separatist separatists militia militias militiaman militiamen faction splinter dissidents mutineers".split()
)
_IRREGULARS = frozenset(
    "paramilitary paramilitaries gang gangs cartel bandits irregulars vigilantes loyalists settlers herdsmen thugs mercenaries drifters".split()
)
_STATE_KINDS = frozenset({"state", "government", "armed_forces", "ministry", "service", "police"})
_GROUP_KINDS = frozenset({"armed_group", "armed_wing"})
_NOBODY = frozenset(
    "it he she they we i this that these those who which one somebody someone nobody telephone phone radio road sea air night day car mistake accident chance "
    "hand fire then now mid noon midnight midday dawn dusk name week month year people residents witnesses survivors".split()
)
_NOUN = r"(?:(?!(?:when|while|as|after|before|in|at|on|near|outside|inside|during|over|for|with|without|from|to|into|said|say|says|who|that|which|whose|whom|and|but|had|has|have|was|were|is|are|did|if|since|because|of)\b)[\w'’&.-]+)"
_PHRASE = rf"{_NOUN}(?: {_NOUN}){{0,7}}(?: of {_NOUN}(?: {_NOUN}){{0,4}})?"
_AFTER = tuple(
    re.compile(p.replace("NP", f"(?P<who>{_PHRASE})"), re.IGNORECASE)
    for p in (
        r"\b(?:was|were|been|being|\w+ed|shot|hit|struck|sunk|shelled|driven|taken|beaten|laid|set|blown|cut|fire|sabotage|attack|raid|strike|bombing|ambush)\b[^.;]{0,60}?\bby NP",
        r"\b(?:work|handiwork|doing|deed|deeds|act|crime|guns|bombs|bullets|rockets|shells|hands) of NP",
        r"^[\"“]?it was NP,?[^.;]{0,60}? (?:who|that|which)\b",
        r"^(?:the|its|their) (?:attackers?|killers?|gunm[ae]n|culprits?|assailants?|perpetrators?|men)\b[^.;]{0,40}? as NP",
        r"\b(?:accus\w+|blam\w+|suspect\w*) NP (?:of|for|over|in)\b",
        r"\b(?:accus\w+|blam\w+|suspect\w*) NP[,.]?(?:$| whose)",
        r"\b(?:blam\w+|pin\w+) (?:[^.;,]{0,80}? )?(?:on|to) NP",
        r"\bheld NP (?:responsible|accountable)\b",
        r"\b(?:rests?|lies|lay|rested) with NP",
        r"\bfinger at NP",
        r"\b(?:identified|named|described) [^.;]{0,60}? as NP",
        r"\b(?:fired|launched|came|shot|flown|thrown) from NP (?:positions?|territory|lines|guns|soil|ships?)\b",
        r"\blinked NP to\b",
    )
)
_SUBJECT = re.compile(
    rf"^(?:that |[\"“])*(?P<who>{_PHRASE})(?: (?:in|on|at|near|from|with|of) [^,;.]{{2,30}}?)? (?:was|were|is|are|had been|stood) (?:behind|to blame|responsible|guilty)\b",
    re.IGNORECASE,
)
_ACCUSED = re.compile(rf"^(?P<who>{_PHRASE}) (?:of|for|over)\b", re.IGNORECASE)
_PARTS = re.compile(r"(?:[,;:] (?:and |but )?| and | but )(?:that )?|^that ", re.IGNORECASE)
_WORD = re.compile(r"[\w'’-]+")
_PASSIVE = frozenset("was were been being be is are got".split())
_AUXILIARIES = _PASSIVE | frozenset("had has have did does do would could should might".split())
_BEFORE_VERB = frozenset(
    "had have has also then later reportedly allegedly twice deliberately wilfully openly and".split()
)


_LINKING = frozenset("then later afterwards meanwhile and but when while also that".split())
_QUALITIES = frozenset(
    "armed masked hooded uniformed united allied suspected combined organised organized trained disguised".split()
)
_SUFFERED = frozenset(
    "died perished fell drowned vanished disappeared reopened opened remained lived stood suffered survived".split()
)


@lru_cache(maxsize=20_000)
def doers(text: str, accuses: bool = False) -> tuple[Doer, ...]:
    """Those who are said there to have done it, the first first. accuses: the text is what somebody is accused of ("Al-Shabaab of
    a car bombing")."""
    phrases: list[str] = []
    if accuses and (match := _ACCUSED.match(text)):
        phrases.append(match["who"])
    for pattern in _AFTER:
        phrases += [m["who"] for m in pattern.finditer(text)]
    for part in _PARTS.split(text):
        if match := _SUBJECT.match(part):
            phrases.append(match["who"])
        phrases.append(_agent(part))
    found = {d.text: d for p in phrases if (d := doer_of(_bare(p)))}
    return tuple(d for d in found.values() if not any(o.text in d.text and d is not o for o in found.values()))


def _agent(text: str) -> str:
    """The subject of the first verb, where that tells an act in the active voice: "French jets" in "French jets bombed a market"."""
    ontology = load_ontology()
    words = list(_WORD.finditer(text))
    for k, match in enumerate(words[:18]):
        word = match[0].lower()
        past = ontology.verb_tags.get(word) == "past" or (word.endswith("ed") and len(word) > 4)
        if word in ontology.cue_forms and k:
            return ""  # somebody speaks
        if k == 0 or not past or word in _AUXILIARIES or match[0][0].isupper():
            continue
        before = [w[0].lower() for w in words[max(0, k - 3) : k]]
        if word in _QUALITIES:
            continue
        if _PASSIVE & set(before[-2:]) or word in _SUFFERED:
            return ""
        end = k
        while end > 0 and words[end - 1][0].lower() in _BEFORE_VERB:
            end -= 1
        if not end or re.search(r"[,;:]", text[: words[end - 1].end()]) or end > 12:
            return ""
        begin = next((i for i, w in enumerate(words[:end]) if w[0].lower() not in _LINKING), end)
        return text[words[begin].start() : words[end - 1].end()] if begin < end else ""
    return ""


def _bare(phrase: str) -> str:
    """A phrase up to its first verb: patterns cannot see where it ends."""
    verbs = load_ontology().verb_tags
    words = list(_WORD.finditer(phrase))
    for k, match in enumerate(words):
        word = match[0]
        if k and not word[0].isupper() and word not in _QUALITIES and (verbs.get(word) in _TENSED or word in _NO_NOUN):
            return phrase[: words[k - 1].end()]
    return phrase


_TENSED = frozenset({"past", "third", "participle"})
_NO_NOUN = frozenset(
    "never not also did allied themselves itself himself out off up down who that then hit set".split()
)


def doer_of(phrase: str) -> Doer | None:
    """Nothing where the phrase names no one in particular and no kind of force."""
    words = [w.lower() for w in _WORD.findall(phrase)]
    bare = [w.removesuffix("'s").removesuffix("’s") for w in words]
    head = bare[: bare.index("of")] if "of" in bare[1:] else bare
    terms = load_ontology().terms
    if not head or head[-1] in _NOBODY or head[-1] in _MATTERS or head[-1].isdigit():
        return None
    if head[-1] in terms["facility_nouns"] or head[-1] in terms["document_nouns"]:
        return None
    if not (set(bare) & (_OF_STATE | _INSURGENTS | _IRREGULARS) or head[-1] in _agents() or _named_last(phrase)):
        return None
    no_name = _places(phrase) | {stem(w.lower()) for w in _WORD.findall(phrase)[:1] if rarity(w.lower()) < _NAME_LIKE}
    stands = frozenset(s for s in sides(phrase) if not s.startswith("~") or s[1:] not in no_name)
    kinds = {registry()[s].kind for s in stands if s in registry()}
    force = None
    if set(bare) & _IRREGULARS or "private_military" in kinds:
        force = IRREGULAR
    elif set(bare) & _INSURGENTS or kinds & _GROUP_KINDS or (head[-1] == "group" and not kinds & _STATE_KINDS):
        force = INSURGENT
    elif set(bare) & _OF_STATE or kinds & _STATE_KINDS or any(len(s) == 2 and s.isupper() for s in stands):
        force = STATE
    return Doer(phrase, stands, force) if stands or force else None


_MEANS = frozenset(
    "side guns artillery saboteurs aviation jets planes aircraft warplanes helicopters drones gunships gunboats bombers".split()
)


@lru_cache(maxsize=1)
def _agents() -> frozenset[str]:
    """Heads of phrases for those who act, and for that by which they do."""
    terms = load_ontology().terms
    kinds = (
        "person_nouns",
        "organisation_nouns",
        "armed_group_nouns",
        "weapon_nouns",
        "vehicle_nouns",
        "platform_nouns",
    )
    return frozenset().union(*(terms[k] for k in kinds)) | _MEANS


def _named_last(phrase: str) -> bool:
    """Whether its head is a name: "the Rapid Support Forces", "Ansar al-Sharia"."""
    words = _WORD.findall(phrase.split(" of ")[0])
    return bool(words) and (words[-1][0].isupper() or ("-" in words[-1] and words[-1].split("-")[-1][:1].isupper()))


_MATTERS = frozenset(
    "explosion blast attack raid shelling fighting violence bomb mine shell shells missile rocket rockets fire battle clash clashes reports report "
    "toll number count statement accusation accusations allegations charges claim claims shooting killing killings massacre".split()
)


def _places(phrase: str) -> frozenset[str]:
    """Folded names in the phrase that are towns and nothing else: "gunmen in Shopian" stand for nobody's Shopian."""
    found = set()
    for match in re.finditer(r"[A-Z][\w'’-]+", phrase):
        if any(p.kind in {"city", "district"} for p in default_gazetteer().lookup(match[0])[:1]):
            found.add(stem(fold(match[0])))
    return frozenset(found)
