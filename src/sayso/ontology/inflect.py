"""English inflection of the lexicon's own words. Not a general tool: the lists are closed and tested."""

from __future__ import annotations

from collections.abc import Mapping

Irregular = Mapping[str, tuple[str, str]]
_VOWELS = "aeiou"
_DOUBLING = {
    "stop",
    "plan",
    "rob",
    "drop",
    "bet",
    "set",
    "cut",
    "hit",
    "run",
    "put",
    "get",
    "sit",
    "let",
    "beg",
    "brag",
    "slam",
    "ban",
    "quit",
    "shut",
    "dub",
    "admit",
    "refer",
    "infer",
    "commit",
    "submit",
    "rebut",
    "refer to",
    "chat",
    "jab",
    "gun",
    "hijack",
    "stab",
    "kidnap",
    "win",
    "dig",
    "swim",
    "begin",
    "forbid",
    "quip",
    "blog",
    "aver",
    "concur",
}
_NOT_DOUBLED = {"hijack"}
_PLURALS = {
    "man": "men",
    "woman": "women",
    "child": "children",
    "policeman": "policemen",
    "gunman": "gunmen",
    "policewoman": "policewomen",
    "militiaman": "militiamen",
    "spokesman": "spokesmen",
    "hitman": "hitmen",
    "spokeswoman": "spokeswomen",
    "fisherman": "fishermen",
    "serviceman": "servicemen",
    "wife": "wives",
    "congressman": "congressmen",
    "councilman": "councilmen",
    "businessman": "businessmen",
    "knife": "knives",
    "hooded man": "hooded men",
    "stick of dynamite": "sticks of dynamite",
    "spy": "spies",
    "businesswoman": "businesswomen",
    "councilwoman": "councilwomen",
}


def plural(noun: str) -> str:
    """`attack` → `attacks`, `party` → `parties`, `gunman` → `gunmen`; of several words the last is inflected."""
    if noun in _PLURALS:
        return _PLURALS[noun]
    if " of" in noun:
        head, _, rest = noun.partition(" of")
        return f"{plural(head)} of{rest}"
    if noun.endswith(("s", "x", "ch", "sh", "z")):
        return noun + "es"
    if noun.endswith("y") and noun[-2:-1] not in _VOWELS:
        return noun[:-1] + "ies"
    return noun + "s"


def third_person(verb: str) -> str:
    if verb == "be":
        return "is"
    if verb == "have":
        return "has"
    if verb.endswith(("s", "x", "ch", "sh", "z", "o")):
        return verb + "es"
    if verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        return verb[:-1] + "ies"
    return verb + "s"


def past_forms(verb: str, irregular: Irregular) -> tuple[str, str]:
    """(past, past participle)."""
    if verb in irregular:
        return irregular[verb]
    if verb.endswith("e"):
        form = verb + "d"
    elif verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        form = verb[:-1] + "ied"
    elif verb in _DOUBLING - _NOT_DOUBLED:
        form = verb + verb[-1] + "ed"
    elif verb.endswith("c"):
        form = verb + "ked"
    else:
        form = verb + "ed"
    return form, form


def ing_form(verb: str) -> str:
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")) and verb != "be":
        return verb[:-1] + "ing"
    if verb in _DOUBLING - _NOT_DOUBLED:
        return verb + verb[-1] + "ing"
    return verb + "ing"


def verb_forms(verb: str, irregular: Irregular) -> dict[str, str]:
    """Every form of a one-word verb → its kind: base, third, past, participle, ing. A past that is also
    the participle is `past`."""
    past, participle = past_forms(verb, irregular)
    forms = {verb: "base", third_person(verb): "third", participle: "participle", ing_form(verb): "ing"}
    forms[past] = "past"
    if verb.endswith(("l", "p")) and verb not in irregular and verb not in _DOUBLING:  # signalled, kidnapped
        forms.setdefault(verb + verb[-1] + "ed", "past")
        forms.setdefault(verb + verb[-1] + "ing", "ing")
    return forms
