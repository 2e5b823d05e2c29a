"""For whom somebody speaks, and who is meant: countries (by name, people or capital), registry entries, own names.

"Kyiv", "an adviser to the Ukrainian president" and "Ukrainian saboteurs" all stand for UA; "an M23 spokesman" for M23.
"""

from __future__ import annotations

import re
from functools import lru_cache

from sayso.gazetteer import default_gazetteer
from sayso.names.registry import registry
from sayso.names.scripts import fold
from sayso.names.wording import rarity, stem
from sayso.names.words import Concept, lexicon

_NAME = re.compile(r"[A-Z][\w'’-]*(?: (?:of|for|the|de|del|al)(?= [A-Z])| [A-Z][\w'’-]*)*")
_CAPITALS = {
    "moscow": "RU", "kremlin": "RU", "kyiv": "UA", "kiev": "UA", "washington": "US", "pentagon": "US", "white house": "US", "london": "GB", "paris": "FR",
    "berlin": "DE", "beijing": "CN", "tehran": "IR", "jerusalem": "IL", "tel aviv": "IL", "damascus": "SY", "baghdad": "IQ", "ankara": "TR",
    "islamabad": "PK", "new delhi": "IN", "delhi": "IN", "kabul": "AF", "riyadh": "SA", "cairo": "EG", "khartoum": "SD", "addis ababa": "ET",
    "asmara": "ER", "mogadishu": "SO", "nairobi": "KE", "kinshasa": "CD", "kigali": "RW", "kampala": "UG", "bamako": "ML", "abuja": "NG", "minsk": "BY",
    "warsaw": "PL", "belgrade": "RS", "pristina": "XK", "baku": "AZ", "yerevan": "AM", "tbilisi": "GE", "seoul": "KR", "pyongyang": "KP", "bogota": "CO",
    "managua": "NI", "lima": "PE", "sanaa": "YE", "beirut": "LB", "tripoli": "LY", "naypyidaw": "MM", "colombo": "LK", "juba": "SS", "manila": "PH",
}  # fmt: skip
"""seats of government, as news use them for the government"""
_OF_STATE = frozenset({"state", "government", "armed_forces", "ministry", "service", "police", "court", "parliament"})
"""kinds of registry entries that stand for their country"""
_COMMON = frozenset(
    "the a an monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december he she it they in on at".split()
)


@lru_cache(maxsize=20_000)
def sides(text: str) -> frozenset[str]:
    """ISO codes, registry ids and stems of names that a text speaks of."""
    found: set[str] = set()
    folded = fold(text.replace("’s", "").replace("'s", ""))
    for capital, code in _CAPITALS.items():
        if re.search(rf"\b{capital}\b", folded):
            found.add(code)
    found |= {part.name for part in lexicon().parse(folded) if isinstance(part, Concept) and part.group == "country"}
    for match in _NAME.finditer(text):
        name = re.sub(r"^(?:An?|The) |['’]s$", "", match[0])
        entries = registry().find(name) if len(name) > 2 else frozenset()
        for entry in entries:
            found.add(entry)
            found.update(registry()[entry].countries[:1] if registry()[entry].kind in _OF_STATE else ())
        found |= {p.country for p in default_gazetteer().lookup(name)[:1] if p.kind == "country"}
        for word in fold(name).split():
            if word not in _COMMON and len(word) > 2 and rarity(word) > 0.3:
                found.add(f"~{stem(word)}")
    return frozenset(found)


def stands_for(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether the two speak of one side: a country, a body or a telling name in common."""
    return bool(ours & theirs)
