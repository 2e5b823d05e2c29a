"""What the speaker does by an attribution: the cue's own stance, turned by negation and by what the content says."""

from __future__ import annotations

import re

from sayso.read.attributions import Draft
from sayso.read.page import Page

_NO_PART = re.compile(
    r"\b(?:nothing to do with|no (?:part|role|hand|involvement|connection|link|knowledge) (?:in|with|to|of)|not (?:involved|responsible|behind|take part|taken part)|"
    r"(?:did|was|were|had|has|have) ?(?:not|n['’]t|never) (?:carr(?:y|ied) out|attack(?:ed)?|fired?|bomb(?:ed)?|kill(?:ed)?|involved|target(?:ed)?|participat\w+|shell(?:ed)?|cross(?:ed)?|order(?:ed)?|commit(?:ted)?)|"
    r"never (?:attacked|fired|bombed|killed|targeted|took part|ordered|crossed)|not true|(?:is|was|are|were) (?:\w+ )?[“\"‘']?(?:false|untrue|baseless|fabricat\w+|a lie|lies|fake|groundless)|no basis)\b",
    re.IGNORECASE,
)
_CLAIMS = re.compile(
    r"\b(?:claim\w*|took|take[sn]?|assum\w+|accept\w*) (?:\w+ )?(?:responsibility|credit)\b|\b(?:we|our (?:fighters|men|forces|unit|group|units|people)) (?:\w+ )?"
    r"(?:carried out|attacked|did it|shot|bombed|killed|destroyed|executed|blew up|planted|are behind|crossed)\b",
    re.IGNORECASE,
)
_BLAMES = re.compile(
    r"\b(?:(?:was|were|is|are|be|been) (?:\w+ )?(?:responsible for|behind|to blame for|guilty of)|carried out by|perpetrated by|the (?:work|fault) of|"
    r"committed by|orchestrated by|masterminded)\b",
    re.IGNORECASE,
)
_TAKEN_BACK = re.compile(
    r"\b(?:was wrong|were wrong|mistaken|in error|corrects? (?:an )?earlier|take back|retracts?)\b", re.IGNORECASE
)
_NAMING = frozenset({"call", "describe", "term", "brand", "label", "characterize", "dub"})
_FALSE = re.compile(
    r"\b(?:nonsense|false|lies?|fake|baseless|untrue|fabricat\w+|absurd|propaganda|invention|groundless|unfounded)\b",
    re.IGNORECASE,
)
_OWN_DEED = re.compile(
    r"[“\"‘']?(?:that )?(?:it|they|he|she|we) (?:is|are|was|were|had been) (?:\w+ )?(?:behind|responsible for)\b",
    re.IGNORECASE,
)
_VOWS = re.compile(
    r"\bwill (?:not go unanswered|pay dearly|be avenged|pay (?:a|the) price|not go unpunished)\b", re.IGNORECASE
)
_OPEN = frozenset({"asserts", "believes", "predicts"})


def stance_of(page: Page, draft: Draft) -> tuple[str, bool]:
    """(stance, negated): "did not confirm" stays `confirms` and negated; "did not deny" likewise."""
    text = " ".join(page.tokens.span(first, last).text for first, last in draft.content)
    cue = draft.hit.cue if draft.hit else None
    stance = cue.stance if cue else "asserts"
    negated = bool(draft.hit and draft.hit.negated) or _nobody(page, draft)
    if cue and cue.text in {"decline", "refuse"} and re.match(r"to deny\b", text):
        return "denies", True
    if cue and cue.text == "claim" and _claims_it(page, draft, text):
        return "claims_responsibility", negated
    if cue and cue.text in _NAMING and _FALSE.search(text):
        return "denies", negated
    if cue and cue.text in {"warn"} and not _threatening(page, draft, text):
        stance = "predicts"
    if (
        cue
        and cue.text in {"reject", "dismiss"}
        and re.search(r"\b(?:offer|proposal|demand|plan|deal|talks|request|idea|motion|bill|nomination)", text, re.I)
    ):
        stance = "denies"
    if stance in _OPEN and not negated:
        quoted = text.rstrip('”"’ ').endswith("?")
        if quoted and len(text) < 300 and cue and "q" in cue.takes:
            return "asks", negated
        if _NO_PART.search(text):
            return "denies", negated
        if _CLAIMS.search(text) and _speaks_for_itself(page, draft, text):
            return "claims_responsibility", negated
        if stance == "asserts" and _OWN_DEED.match(text) and draft.source is not None:
            return "claims_responsibility", negated
        if stance == "asserts" and _VOWS.search(text):
            return "threatens", negated
        if stance == "asserts" and _BLAMES.search(text) and cue is not None:
            return "accuses", negated
        if _TAKEN_BACK.search(text) and cue is not None and "its " in text.lower():
            return "retracts", negated
    if stance == "denies" and cue and cue.text in {"decline", "refuse"}:
        return "denies", negated
    return stance, negated


def _nobody(page: Page, draft: Draft) -> bool:
    """ "No group has claimed responsibility": a speaker that there is not."""
    return draft.source is not None and page.tokens.lower[draft.source.first] in {"no", "nobody", "none", "neither"}


def _claims_it(page: Page, draft: Draft, text: str) -> bool:
    """ "… denied responsibility, while the Brigade claimed it", "Responsibility was claimed by …"."""
    if text.lower().startswith("responsibility"):
        return True
    begin, stop = page.tokens.sentences[draft.sentence]
    return re.match(r"it\b", text.lower()) is not None and "responsibility" in page.tokens.lower[begin:stop]


def _threatening(page: Page, draft: Draft, text: str) -> bool:
    return (
        re.search(
            r"\b(?:will|would|shall) (?:\w+ )?(?:be )?(?:kill|attack|destroy|strike|execut|bomb|burn|retaliat|respond|pay|punish|crush|eliminat|hit|annihilat|met with|avenge|shell|liquidat|suffer)",
            text,
            re.I,
        )
        is not None
    )


def _speaks_for_itself(page: Page, draft: Draft, text: str) -> bool:
    """ "We carried it out" said by anybody; "claimed responsibility" inside only when its subject is the speaker."""
    if re.search(r"\b(?:we|our)\b", text, re.IGNORECASE):
        return True
    source = page.tokens.span(draft.source.first, draft.source.last).text.lower() if draft.source else ""
    subject = re.match(r"(?:that )?(it|they|he|she)\b", text.lower())
    return bool(source and subject)
