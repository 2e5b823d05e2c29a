"""Who did it, to whom, with what: the phrases around a trigger and the roles that they play (MUC-4's slots, PLOVER's)."""

from __future__ import annotations

from dataclasses import dataclass

from sayso.read.kinds import Found
from sayso.read.page import Page
from sayso.read.sources import subject_of
from sayso.read.triggers import TriggerHit
from sayso.records import Place

_HARMING = frozenset({"violence", "battle", "arson", "kidnapping", "robbery", "territory"})
_FATES = {
    "kill": "killed",
    "murder": "killed",
    "slay": "killed",
    "slain": "killed",
    "assassinat": "killed",
    "massacr": "killed",
    "execut": "killed",
    "behead": "killed",
    "lynch": "killed",
    "slaughter": "killed",
    "wound": "injured",
    "injur": "injured",
    "maim": "injured",
    "mutilat": "injured",
    "stab": "injured",
    "homicide": "killed",
}


_LIGHT_VERBS = frozenset(
    "carried launched staged perpetrated committed conducted mounted made directed executed began resumed carrying launching staging "
    "claimed organized".split()
)


@dataclass(slots=True)
class Role:
    """A role over tokens [first, last); `mention` is the number of the mention there, or -1."""

    name: str
    first: int
    last: int
    mention: int
    fate: str | None = None
    trigger: int = -1
    """the token of the trigger that gives the role"""


class MentionIndex:
    """Mentions by the tokens that they cover, days and towns by the sentences that name them."""

    def __init__(self, page: Page, found: list[Found], places: dict[int, Place]) -> None:
        self.page = page
        self.found = found
        self.by_head: dict[int, int] = {}
        self.by_sentence: dict[int, list[int]] = {}
        self.times: dict[int, list[int]] = {}
        self.days: dict[int, set[str]] = {}
        self.towns: dict[int, set[str]] = {}
        for number, mention in enumerate(found):
            if mention.first >= len(page.tokens):
                continue
            sentence = page.tokens.sentence_of[mention.first]
            if mention.type == "Temporal":
                self._add_time(number, mention, sentence)
                continue
            if mention.type in {"Quantity", "Money"}:
                continue
            head = mention.last - 1
            known = self.by_head.get(head)
            if known is None or found[known].first > mention.first:
                self.by_head[head] = number
            self.by_sentence.setdefault(sentence, []).append(number)
            place = places.get(number)
            if (
                place
                and place.precision in {"city", "district"}
                and page.tokens.lower[mention.first - 1] in {"in", "at", "near"}
            ):
                self.towns.setdefault(sentence, set()).add(place.name)

    def _add_time(self, number: int, mention: Found, sentence: int) -> None:
        self.times.setdefault(sentence, []).append(number)
        value = mention.timex.value if mention.timex else None
        if (
            value
            and mention.timex
            and mention.timex.type in {"DATE", "TIME"}
            and len(value) >= 10
            and value[0].isdigit()
        ):
            self.days.setdefault(sentence, set()).add(value[:10])

    def at(self, head: int) -> int:
        return self.by_head.get(head, -1)


def find_roles(page: Page, index: MentionIndex, hit: TriggerHit, begin: int, stop: int) -> list[Role]:
    """The roles around one trigger within its sentence."""
    if hit.nominal:
        return _nominal(page, index, hit, begin, stop)
    roles: list[Role] = []
    subject = _subject(page, hit, begin)
    fate = _fate(page, hit)
    if hit.passive:
        for first, last in subject:
            roles.extend(_object_role(page, index, hit, first, last, fate))
        if (
            page.tokens.tags[hit.first] == "J"
            and (phrase := page.phrase_at(hit.first))
            and page.tokens.lower[hit.first] not in {"armed"}
        ):
            roles.extend(_object_role(page, index, hit, phrase.first, phrase.last, fate))
        agent = next((k for k in range(hit.last, min(hit.last + 10, stop)) if page.tokens.lower[k] == "by"), -1)
        if agent > 0 and "V" not in page.tokens.tags[hit.last : agent]:
            for first, last in _coordinated(page, agent + 1, stop):
                roles.extend(_actor_role(page, index, hit, first, last))
        return roles
    for first, last in subject:
        if hit.type.name == "bombing" and _intransitive(page, hit, stop):
            continue
        roles.extend(_actor_role(page, index, hit, first, last))
    at = hit.last
    while at < stop and page.tokens.tags[at] == "A":
        at += 1
    if at < stop and page.tokens.lower[at] in {"at", "on", "against", "with", "into"}:
        at += 1
    for first, last in _coordinated(page, at, stop):
        roles.extend(_object_role(page, index, hit, first, last, fate))
    return roles


def _intransitive(page: Page, hit: TriggerHit, stop: int) -> bool:
    """ "A bomb exploded": the subject is the instrument, not the actor."""
    if page.tokens.lower[hit.first] in {"exploded", "explodes", "explode", "exploding", "went", "goes"}:
        return True
    return not any(page.phrase_at(k) for k in range(hit.last, min(hit.last + 3, stop)))


def _subject(page: Page, hit: TriggerHit, begin: int) -> list[tuple[int, int]]:
    tokens = page.tokens
    found = subject_of(page, hit.group, begin)
    if found and tokens.lower[found.first] in {"who", "which", "that"} and found.first > begin:
        k = found.first - 1
        while k > begin and tokens.tags[k] in ",)":
            k -= 1
        phrase = page.phrase_at(k)
        if (
            phrase
            and tokens.lower[found.first] == "which"
            and tokens.lower[phrase.head] in page.ontology.terms["location_words"] | page.ontology.terms["place_nouns"]
        ):
            return []  # "an attack in Bryansk province, which killed": the attack did, not the province
        return [(phrase.first, phrase.last)] if phrase else []
    if found:
        return _with_conjuncts_before(page, found.core_first, found.core_last, begin)
    if tokens.tags[hit.first] == "G" or tokens.tags[hit.group - 1 : hit.group] in {"C", ","}:
        return _clause_subject(page, hit, begin)
    if tokens.tags[hit.group - 1 : hit.group] == "P":
        return _clause_subject(page, hit, begin) if tokens.lower[hit.group - 1] == "to" else []
    return []


def _clause_subject(page: Page, hit: TriggerHit, begin: int) -> list[tuple[int, int]]:
    """The subject of the nearest verb before: "They crossed the border, killing …"."""
    for k in range(hit.group - 1, begin, -1):
        if page.tokens.tags[k] == "V":
            group = k
            while group > begin and page.tokens.tags[group - 1] in "XAN":
                group -= 1
            found = subject_of(page, group, begin)
            return [(found.core_first, found.core_last)] if found and page.tokens.tags[found.core_first] != "S" else []
    return []


def _with_conjuncts_before(page: Page, first: int, last: int, begin: int) -> list[tuple[int, int]]:
    result = [(p.first, p.last) for k in range(first, last) if (p := page.phrase_at(k)) and p.first == k] or [
        (first, last)
    ]
    head = result[0]
    links = page.tokens.lower[head[1] : last]
    if "and" not in links and "or" not in links:
        return [(first, last)]
    return result


def _coordinated(page: Page, at: int, stop: int) -> list[tuple[int, int]]:
    """The phrase at `at` and those joined to it by commas and "and"; a bracket after a name is skipped."""
    tokens, result = page.tokens, []
    while at < stop:
        if tokens.tags[at : at + 2] == "DQ" and (renamed := _named_thing(page, at, stop)):
            result.append(renamed)
            break
        if tokens.tags[at] == "Q":
            at += 1
            continue
        phrase = page.phrase_at(at)
        if phrase is None or phrase.first > at + 1:
            break
        last = phrase.last
        while (
            last + 1 < stop
            and tokens.lower[last] == "of"
            and (inner := page.phrase_at(last + 1))
            and inner.first == last + 1
        ):
            last = inner.last
        result.append((max(phrase.first, at), last))
        at = last
        while at < stop and tokens.words[at] in "([":
            close = next((k for k in range(at, min(at + 6, stop)) if tokens.words[k] in ")]"), -1)
            at = close + 1 if close > 0 else stop
        if at < stop and tokens.tags[at] == "Q":
            at += 1
        if at + 1 < stop and tokens.lower[at] in {"and", "or", ","} and len(result) < 6:
            step = 2 if tokens.words[at] == "," and tokens.lower[at + 1] in {"and", "or"} else 1
            following = page.phrase_at(at + step)
            if (
                following is None
                or following.first != at + step
                or tokens.tags[following.last : following.last + 1] in {"V", "X"}
            ):
                break
            at += step
        else:
            break
    return result


def _named_thing(page: Page, at: int, stop: int) -> tuple[int, int] | None:
    """`the "Old Mill" cattle farm`: a name in quotation marks between article and noun."""
    tokens = page.tokens
    close = next((k for k in range(at + 2, min(at + 8, stop)) if tokens.tags[k] == "Q"), -1)
    phrase = page.phrase_at(close + 1) if close > 0 else None
    return (at, phrase.last) if phrase and phrase.first == close + 1 else None


def _nominal(page: Page, index: MentionIndex, hit: TriggerHit, begin: int, stop: int) -> list[Role]:
    tokens, roles = page.tokens, []
    fate = _fate(page, hit)
    phrase = page.phrase_at(hit.first)
    if phrase:
        owner = next((k for k in range(phrase.first, hit.first) if tokens.tags[k] == "O"), -1)
        if owner > phrase.first:
            if hit.type.object in {"harm", "victim"} and fate == "killed":
                roles.extend(_object_role(page, index, hit, phrase.first, owner, fate))
            else:
                roles.extend(_actor_role(page, index, hit, phrase.first, owner))
        for k in range(phrase.first, hit.first):
            if tokens.lower[k] in {"guerrilla", "rebel", "terrorist", "militant", "insurgent", "militia"}:
                roles.append(Role("actor", k, k + 1, index.at(k)))
        for first, last in _doers(page, phrase.first, begin):
            roles.extend(_actor_role(page, index, hit, first, last))
    at = phrase.last if phrase and phrase.last > hit.last else hit.last
    for _ in range(3):
        if at >= stop:
            break
        word = tokens.lower[at]
        if word not in {"of", "on", "against", "by", "at", "between", "with"}:
            break
        chunks = _coordinated(page, at + 1, stop)
        if not chunks:
            break
        for first, last in chunks:
            if word == "by" or word == "between":
                roles.extend(_actor_role(page, index, hit, first, last))
            elif word != "at" or hit.type.object in {"harm", "target"}:
                roles.extend(_object_role(page, index, hit, first, last, fate))
        at = chunks[-1][1]
    return roles


def _doers(page: Page, at: int, begin: int) -> list[tuple[int, int]]:
    """Who "carried out", "launched" or "staged" the attack that stands at `at`."""
    tokens = page.tokens
    verb = at - 1
    if verb > begin and tokens.lower[verb] == "out":
        verb -= 1
    if verb <= begin or tokens.lower[verb] not in _LIGHT_VERBS:
        return []
    group = verb
    while group > begin and tokens.tags[group - 1] in "XAN":
        group -= 1
    if any(tokens.lower[k] in {"was", "were", "been", "be"} for k in range(group, verb)):
        return []
    found = subject_of(page, group, begin)
    return [(found.core_first, found.core_last)] if found and tokens.tags[found.core_first] != "S" else []


def _fate(page: Page, hit: TriggerHit) -> str | None:
    """What became of the victims, where the trigger says so and the event took place."""
    if hit.realis != "happened":
        return None
    words = page.tokens.lower[hit.first : hit.last]
    return next((f for stem, f in _FATES.items() if any(w.startswith(stem) for w in words)), None)


def _actor_role(page: Page, index: MentionIndex, hit: TriggerHit, first: int, last: int) -> list[Role]:
    number = _mention_of(index, first, last)
    kind = kind_of(page, index.found[number]) if number >= 0 else ""
    if kind in {"Organisation", "Nationality"} or (
        kind == "Location" and index.found[number].named and not _is_facility(page, last)
    ):
        return [Role("actor_organisation", first, last, number)]
    if kind == "Person":
        return [Role("actor", first, last, number), *_group_inside(page, index, first, last)]
    if kind == "Weapon":
        return [Role("instrument", first, last, number)]
    return []


def _group_inside(page: Page, index: MentionIndex, first: int, last: int) -> list[Role]:
    """ "members of the FMLN", "FARC guerrillas": the organisation named within the description."""
    return [
        Role("actor_organisation", m.first, m.last, number)
        for number in index.by_sentence.get(page.tokens.sentence_of[first], ())
        if (m := index.found[number]).type == "Organisation" and m.named and first <= m.first and m.last <= last
    ]


def _object_role(
    page: Page, index: MentionIndex, hit: TriggerHit, first: int, last: int, fate: str | None
) -> list[Role]:
    kind = hit.type.object
    if kind == "theme":
        return _actor_role(page, index, hit, first, last) if hit.passive else []
    number = _mention_of(index, first, last)
    mention = index.found[number] if number >= 0 else None
    type_ = kind_of(page, mention) if mention else ""
    if type_ in {"Temporal", "Quantity", "Money"} or page.tokens.lower[last - 1] in {
        "responsibility",
        "night",
        "day",
        "city",
    }:
        return []
    if kind == "recipient":
        return (
            [Role("recipient", first, last, number)]
            if type_ in {"Person", "Organisation", "Nationality", "Location"}
            else []
        )
    if kind == "victim":
        return [Role("victim" if type_ != "Vehicle" else "target", first, last, number)]
    if kind == "target":
        return (
            [Role("victim" if type_ == "Person" else "target", first, last, number, fate)]
            if type_ or _is_thing(page, last)
            else []
        )
    if type_ == "Weapon":
        return [Role("instrument", first, last, number)]
    if type_ == "Person":
        return [Role("victim", first, last, number, fate)]
    return [Role("target", first, last, number)] if type_ or _is_thing(page, last) else []


def kind_of(page: Page, mention: Found) -> str:
    """The mention's type; "armed men" and "eight people" are people, whatever a trained reader takes them for."""
    described = not mention.named and page.tokens.lower[mention.last - 1] in page.ontology.terms["person_nouns"]
    return "Person" if described else mention.type


def _is_facility(page: Page, last: int) -> bool:
    return page.tokens.lower[last - 1] in page.ontology.terms["facility_nouns"]


def _is_thing(page: Page, last: int) -> bool:
    return page.tokens.lower[last - 1] in page.ontology.terms["target_nouns"]


def _mention_of(index: MentionIndex, first: int, last: int) -> int:
    phrase = index.page.phrase_at(first)
    heads = [phrase.last - 1] if phrase and phrase.last <= last else []
    for head in (*heads, last - 1):
        number = index.at(head)
        if number >= 0:
            return number
    return -1


def find_instruments(page: Page, index: MentionIndex, sentence: int, kind: str) -> list[Role]:
    """Weapons named in the sentence of a violent event: any in a bombing, else those that something is done with."""
    roles = []
    for number in index.by_sentence.get(sentence, ()):
        mention = index.found[number]
        if mention.type == "Weapon":
            before = page.tokens.lower[max(0, mention.first - 2) : mention.first]
            if kind == "bombing" or {"with", "using", "by"} & set(before):
                roles.append(Role("instrument", mention.first, mention.last, number))
    return roles


def is_harmful(family: str) -> bool:
    return family in _HARMING
