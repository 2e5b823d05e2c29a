"""Whether words deny, take back or revise: the part of a denial that no stance shows ("had nothing to do with it")."""

from __future__ import annotations

import re
from functools import lru_cache

DENIES_EVENT, DENIES_PART = "event", "part"

_PART = re.compile(
    r"\bnothing to do with\b|\b(?:no|not any|any) (?:part|role|involvement|hand|link|connection|responsibility|knowledge)\b"
    r"|\b(?:not|never|n['’]t) (?:\w+ ){0,2}(?:involved|responsible|behind|taken part|take part|participated?|participating|ordered|carried out|conducted)\b"
    r"|\bnone of (?:its|their|his|our|the)\b|\bno (?:\w+ ){0,3}(?:soldiers?|troops|forces|aircraft|units?|fighters?|members?|planes|warplanes|drones|missiles) (?:\w+ )?(?:had|was|were|have|took|fired|entered|crossed)\b"
    r"|\b(?:we|its|their|our|his) (?:\w+ ){0,4}(?:did not|had not|have not|was not|were not|didn['’]t|had never|never)\b"
    r"|\b(?:reject|rejected|dismissed|denied|denies|deny|refuted|disputed|rejects|denying|rejecting|dismissing) (?:\w+ ){0,3}(?:accusations?|allegations?|charges?|claims?|blame|responsibility|involvement|suggestions?|version|reports?|statement)\b"
    r"|\b(?:rebuffed|rebuffs|brushed aside|waved away|distanced (?:itself|themselves|himself) from|dismissed|rejected|dismisses|rejects) (?:\w+ ){0,3}(?:as|the|all|any|that|from)\b|\b(?:was|were) denied\b|^Rejected\b|\bnot behind\b|\bhad any part\b"
    r"|\bfalsely (?:accused|blamed)\b|\binnocent of\b|\bin no way (?:\w+ )?(?:connected|linked|involved|responsible)\b|\bnot (?:be )?(?:linked|connected|tied|to blame)\b|\bbore no\b",
    re.IGNORECASE,
)
_TAKING_PART = re.compile(
    r"\b(?:taken part|took part|taking part|involve\w*|participat\w*|responsib\w+|behind|ordered|carried out|role|hand|its (?:own )?(?:\w+ )?(?:forces|troops|soldiers|fighters|men|units|gunmen|aircraft))\b",
    re.IGNORECASE,
)
"""in what is denied: the speaker's own share"""
_EVENT = re.compile(
    r"\b(?:untrue|baseless|groundless|unfounded|fabricat\w+|false|fake|invented|fiction|lies?|disinformation|propaganda|provocation|hoax|without foundation"
    r"|(?:fairy|old wives['’]) tales?|fables?|myths?|smokescreen|figment|imagination|nonsense|absurd|concoct\w+|slander\w*|libel|smears?|calumn\w+|disown\w*"
    r"|wash(?:ed|es) (?:its|his|her|their) hands|shrug(?:ged|s) off|scoff\w*)\b"
    r"|\b(?:no|not one|not a|not any) \w+(?: \w+){0,5} (?:had|has|have|was|were) (?:been )?(?:\w+ed|shot|hit|struck|killed|taken|led|sent|fired|laid)\b"
    r"|\b(?:laid|bombed|shelled|attacked|struck|killed|sent|sends|shot|fired|hit|used|harmed|trained?s?|armed?s?|owns?|does|did) (?:no|nobody|no one|none|neither)\b"
    r"|\bno (?:such )?(?:\w+ ){0,2}(?:attack|massacre|strike|raid|incident|bombing|shelling|clash\w*|fighting|killing|explosion|casualties|deaths|losses|coup|operation)\b(?! (?:was|were) (?:claimed|yet))"
    r"|\bnowhere near\b|\bnot a single\b|\bpure invention\b|\b(?:has|have|had) never\b|\b(?:does|do) not\b|\broutinely untrue\b"
    r"|\b(?:laid|carr(?:ies|ied|y) out|conduct(?:s|ed)?|flew|flown|fired|made|launched|harbou?rs?|given?|gave|placed|planted) (?:no|neither)\b"
    r"|\bno \w+(?: \w+)? (?:had|has|have|was|were) (?:been |taken |occurred)"
    r"|\b(?:was|were|is) (?:\w+ ){0,6}and not an?\b|\b(?:was|were|had been|remained) silent\b|\bthere (?:was|were|had been|are|is) no\b"
    r"|\b(?:did not|had not|was not|were not|never|has not|have not) (?:\w+ ){0,2}(?:\w+)",
    re.IGNORECASE,
)
_NEUTRAL = re.compile(
    r"\b(?:not|n['’]t|neither) (?:\w+ ){0,2}(?:confirm\w*|verif\w+|known|clear|comment\w*|say|said|sure|independently|possible|immediately|yet|give|specify|name|identify|release|provide|rule[ds]? out|elaborate|available|be reached)\b"
    r"|\bcould not (?:be )?(?:\w+ )?(?:confirm\w*|verif\w+|independently|reach\w*|say|comment\w*)|\bunable to\b|\bnor denied\b|\bno (?:comment|immediate|word|details|one has claimed|group has claimed|claim of)\b|\bnot only\b|\bnot (?:less|fewer|more) than\b|\bif not\b"
    r"|\b(?:no|not) (?:more|fewer|less|others?|longer|doubt|later|only)\b|\b(?:not|n['’]t) (?:\w+ ){1,6}until\b|\bno reply\b|\bnot return\b|\b(?:gave|given|had|made|with) no (?:details?|word|sign|mention|comment|information|reason|figures?)\b",
    re.IGNORECASE,
)
_RETRACTS = re.compile(
    r"\b(?:retract\w*|withdrew|withdrawn|withdraws|took back|takes back|taken back|walked back|took (?:\w+ ){1,4}back|recant\w*|went back on|goes back on|misspoke|been wrong|apologi[sz]ed for|in error|by mistake|mistakenly|was mistaken|were mistaken|was wrong|were wrong"
    r"|corrected (?:its|his|her|their|an)|correction|incorrectly|erroneous\w*|erroneously|no longer (?:stands?|holds?|believes?|claims?)|deleted (?:its|the|a)|disavow\w*|rescinded|incorrect)\b",
    re.IGNORECASE,
)
_REVISES = re.compile(
    r"\b(?:revis\w+|rais\w+|rose|risen|climb\w*|now|updat\w+|increas\w+|lower\w+|up from|down from|previous\w*|earlier (?:count|toll|figure|tally)|correct\w+|had reached|has reached|to date|so far)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=20_000)
def denial(content: str, cue: str | None, stance: str, negated: bool, sentence: str) -> str | None:
    """What a claim's words deny: `part` (the speaker's share in it), `event` (that it was so), or None."""
    if negated and stance != "denies":
        return None
    stripped = _NEUTRAL.sub(" ", content)
    if stance == "denies":
        return (
            DENIES_PART
            if _PART.search(content) or _PART.search(sentence) or _TAKING_PART.search(content)
            else DENIES_EVENT
        )
    if stance in {"asks", "demands", "predicts", "threatens", "promises"}:
        return None
    if _PART.search(stripped) or disclaims(sentence.replace(content, " ")):
        return DENIES_PART
    return DENIES_EVENT if _EVENT.search(stripped) else None


def retraction(sentence: str, stance: str) -> bool:
    return stance == "retracts" or bool(_RETRACTS.search(sentence))


def revision(sentence: str) -> bool:
    return bool(_REVISES.search(sentence))


_SUBJECT = re.compile(
    r"^(?P<who>(?:[\w'’.-]+,? ){1,10}?)(?:(?:on|in|late|early|later|also|has|have|had) (?:[A-Z]\w+ )?)*"
    r"(?:rais\w+|lower\w+|put|puts|revis\w+|count\w*|now|withdr\w+|took|take\w*|retract\w*|correct\w*|updat\w+|increas\w+|cut|report\w*|list\w*|record\w*|confirm\w*|apologi\w+|den\w+|reject\w*|dismiss\w*|accus\w+|blam\w+|claim\w*"
    r"|rebuff\w*|repudiat\w*|refut\w*|disput\w*|scoff\w*|disown\w*|disavow\w*|brush\w*|wav\w+|distanc\w+|ridicul\w+|call\w*|gave|gives?|nam\w+|announc\w+|recant\w*|went back|testif\w+|wash\w*|shrugg\w+|pinned)\b"
)


@lru_cache(maxsize=20_000)
def subject(sentence: str) -> str:
    """Who speaks in a sentence without a word of saying: "The ministry raised the toll to 12" → "The ministry"."""
    match = _SUBJECT.match(sentence)
    return match["who"].strip(" ,") if match else ""


_DISCLAIMS = re.compile(
    r"\b(?:denied|denies|rejected|rejects|dismissed|dismisses|rebuffed|rebuffs|repudiated|repudiates|refuted|refutes|disputed|disputes|scoffed at|disowned|disowns"
    r"|disavowed|brushed (?:aside|off)|waved (?:away|aside|off)|distanced (?:itself|themselves|himself|herself)|ridiculed|shrugged off"
    r"|called? [^.;]{0,80}?\b(?:lies?|false|fabrication|invention|baseless|untrue|nonsense|absurd|propaganda|slander|fiction))\b",
    re.IGNORECASE,
)
_WITHHELD = re.compile(r"\b(?:was|were|been|being|be|is|are) (?:denied|rejected|dismissed|refused)\b", re.IGNORECASE)


@lru_cache(maxsize=20_000)
def disclaims(sentence: str) -> bool:
    """Whether a sentence in the outlet's voice says that somebody denies: "Pyongyang dismissed as absurd the claim that …"."""
    return bool(_DISCLAIMS.search(_WITHHELD.sub(" ", sentence)))


_NEGATION = re.compile(
    r"\b(?:not|never|no longer|no|none|neither|nor|nothing|nobody|alien to)\b|n['’]t\b", re.IGNORECASE
)
_OF_WHOM = 4
"""words behind a negation that say of whom it is denied: "no Russian soldiers or hired fighters" """


@lru_cache(maxsize=20_000)
def negates(content: str) -> bool:
    """Whether words say no to something at all, other than to knowing or telling it."""
    match = _NEGATION.search(_NEUTRAL.sub(" ", content))
    if match is None:
        return False
    return bool(match.string[match.end() :].strip(' .,"”'))  # not where it is cut: "killed 30 and no"


@lru_cache(maxsize=20_000)
def about(content: str) -> str:
    """Of whom a denial speaks: what stands before its negation ("Mali's soldiers … do not"), else right behind ("no Russian
    soldiers"); nothing where it has none."""
    match = _NEGATION.search(content)
    if not match:
        return ""
    before = content[: match.start()].strip()
    if any(w[:1].isupper() for w in before.split()[1:]) or len(before.split()) > 2:
        return before
    return f"{before} {' '.join(content[match.end() :].split()[:_OF_WHOM])}"
