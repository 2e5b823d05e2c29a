"""Which mentions of one document are one thing: names and their short forms, acronyms, aliases, offices, pronouns."""

from __future__ import annotations

import re
from bisect import insort
from collections.abc import Callable
from dataclasses import dataclass, field

from anyascii import anyascii

from sayso.read.kinds import Found
from sayso.read.page import Page
from sayso.read.words import PERSON_PRONOUNS

_ALIAS = re.compile(
    r"(?:also (?:known|referred to) as|better known as|known (?:simply |only )?as|alias(?:ed)?|a\.?k\.?a\.?|nom de guerre(?: of| is)?|call ?sign|"
    r"calling itself|calls itself|code-?named|nicknamed|under the (?:pseudonym|name)(?: of)?|formerly(?: known as)?)\s+[“”\"‘’']?$",
    re.IGNORECASE,
)
_STOP = frozenset("the a an of for and de la al el russian's".split())
_DEMONYM_ENDINGS = ("ian", "an", "n", "ish", "ese", "i")


Trail = list[tuple[int, int]]
"""(first token, cluster) of every mention so far, in text order"""


@dataclass(slots=True)
class Cluster:
    type: str
    named: bool
    names: list[str] = field(default_factory=list)
    members: list[int] = field(default_factory=list)
    heads: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    last_token: int = -1

    @property
    def name(self) -> str:
        return max(self.names, key=lambda n: (len(n.split()) > 1 or not n.isupper(), len(n)), default="")


def fold_name(name: str) -> str:
    return re.sub(r"[^a-z0-9 ]+", " ", anyascii(name).lower()).strip()


def name_stems(name: str) -> frozenset[str]:
    """Order-free and inflection-blind: "Russian Freedom Legion" and "Legion of Freedom for Russia" agree."""
    stems = set()
    for word in fold_name(name).split():
        if word in _STOP or word == "s":
            continue
        for ending in _DEMONYM_ENDINGS:
            if len(word) > len(ending) + 4 and word.endswith(ending):
                word = word[: -len(ending)]
                break
        stems.add(word.rstrip("aes") if len(word) > 5 else word)
    return frozenset(stems)


def find_entities(page: Page, found: list[Found]) -> list[Cluster]:
    """Clusters in order of first mention; sets `entity` on every mention that belongs to one."""
    clusters: list[Cluster] = []
    index: dict[str, int] = {}
    stems: dict[frozenset[str], int] = {}
    surnames: dict[str, int] = {}
    for number, mention in enumerate(found):
        if mention.named and mention.name and mention.type not in {"Temporal"}:
            _place_named(page, found, number, clusters, index, stems, surnames)
    _bind_acronyms(page, found, clusters)
    trail: Trail = []
    for number, mention in enumerate(found):
        if mention.entity < 0 and mention.type in {"Person", "Organisation"}:
            _place_described(page, found, number, clusters, trail)
        if mention.entity >= 0:
            trail.append((mention.first, mention.entity))
    return _compact(clusters, found)


def _place_named(
    page: Page,
    found: list[Found],
    number: int,
    clusters: list[Cluster],
    index: dict[str, int],
    stems: dict[frozenset[str], int],
    surnames: dict[str, int],
) -> None:
    mention = found[number]
    name = mention.name or ""
    key = f"{fold_name(name)}"
    group = _type_group(mention.type)
    target = index.get(f"{group}:{key}", -1)
    if target < 0 and group == "Person":
        surname = key.split()[-1] if key else ""
        candidate = surnames.get(surname, -1)
        if candidate >= 0 and _compatible(clusters[candidate], key):
            target = candidate
    if target < 0 and group == "Organisation":
        target = stems.get(name_stems(name), -1)
        if target < 0 and " " not in key and not name.isupper():  # "the Legion" for the one named in full before
            target = next(
                (
                    n
                    for n in range(len(clusters) - 1, -1, -1)
                    if clusters[n].type == "Organisation" and any(key in k.split() for k in clusters[n].keys)
                ),
                -1,
            )
    if target < 0 and group == "Other":
        target = next((t for g in ("Person", "Organisation", "Place") if (t := index.get(f"{g}:{key}", -1)) >= 0), -1)
        if target < 0:
            target = surnames.get(key, -1)
    if target < 0:
        target = len(clusters)
        clusters.append(Cluster(mention.type, True))
    cluster = clusters[target]
    index.setdefault(f"{group}:{key}", target)
    if group == "Person" and key:
        surnames.setdefault(key.split()[-1], target)
    if group == "Organisation":
        stems.setdefault(name_stems(name), target)
    _join(page, cluster, mention, number, target)
    cluster.keys.add(key)
    if name not in cluster.names:
        cluster.names.append(name)


def _type_group(kind: str) -> str:
    return {"Location": "Place", "Nationality": "Nationality"}.get(
        kind, kind if kind in {"Person", "Organisation"} else "Other"
    )


def _compatible(cluster: Cluster, key: str) -> bool:
    """First names must not contradict: "Andriy Yusov" and "Yusov" agree, "Maria Yusov" does not."""
    parts = key.split()
    for other in cluster.keys:
        names = other.split()
        if len(parts) > 1 and len(names) > 1 and parts[0][:1] != names[0][:1]:
            return False
        if len(parts) > 1 and len(names) > 1 and len(parts[0]) > 2 and len(names[0]) > 2 and parts[0] != names[0]:
            return False
    return True


def _join(page: Page, cluster: Cluster, mention: Found, number: int, target: int) -> None:
    insort(cluster.members, number)
    cluster.heads.add(page.tokens.lower[mention.last - 1])
    for k in range(mention.first, mention.last):
        if page.tokens.tags[k] == "W" or page.tokens.lower[k] in page.ontology.terms["titles"]:
            cluster.heads.add(page.tokens.lower[k])
    mention.entity = target
    cluster.last_token = max(cluster.last_token, mention.last)


def _bind_acronyms(page: Page, found: list[Found], clusters: list[Cluster]) -> None:
    """ "Russian Volunteer Corps (RDK)" and "Denis Kapustin, also known as Denis Nikitin": one entity, two names."""
    tokens = page.tokens
    for number in range(len(found) - 1):
        mention = found[number]
        if mention.type not in {"Person", "Organisation", "Location"} or mention.pronoun:
            continue
        following = next(
            (f for f in found[number + 1 : number + 4] if f.first >= mention.last and f.entity >= 0 and f.named), None
        )
        if following is None or (following.entity == mention.entity and mention.entity >= 0):
            continue
        between = tokens.text[mention.span.end : following.span.start]
        bracket = (
            mention.named
            and mention.entity >= 0
            and between.strip() in {"(", "[", "(the", "(“", "(‘", '("', "-", "--", "—"}
            and following.name
            and following.name.isupper()
            and " " not in following.name
        )
        if bracket and between.strip() in {"-", "--", "—"} and not _initials(mention.name or "", following.name or ""):
            bracket = False
        if bracket and mention.type == "Organisation":
            following.type = "Organisation"
            _merge(clusters, found, mention.entity, following.entity)
        elif len(between) < 45 and (alias := _ALIAS.search(between)) and not between[: alias.start()].strip(" ,(-–—"):
            _bind_alias(page, found, clusters, number, following)


def _bind_alias(page: Page, found: list[Found], clusters: list[Cluster], number: int, following: Found) -> None:
    """Further names in the list ("Denis Kapustin, Denis Nikitin, or White Rex") are the same one's. A person's
    names given to an organisation are kept apart: that is damage, and `sayso.read.damage` warns of it."""
    mention = found[number]
    previous = following
    for other in found[number + 1 : number + 10]:
        between = page.tokens.text[previous.span.end : other.span.start]
        if (
            other.first >= previous.last
            and other.named
            and other.entity >= 0
            and re.fullmatch(r"[”’\"']?,? ?(?:or |and )?(?:guerre )?[“‘\"']?", between)
        ):
            if other.type == previous.type and other.entity != previous.entity:
                _merge(clusters, found, following.entity, other.entity)
            previous = other
    if mention.type == "Organisation" and following.type == "Person" and mention.named:
        return
    if mention.entity < 0:
        mention.entity = following.entity
        cluster = clusters[following.entity]
        cluster.type = following.type = mention.type
        cluster.members = sorted({number, *cluster.members})
        cluster.heads |= {page.tokens.lower[k] for k in range(mention.first, mention.last)}
    else:
        following.type = mention.type
        _merge(clusters, found, mention.entity, following.entity)


def _initials(name: str, acronym: str) -> bool:
    initials = "".join(w[0] for w in name.split() if w[0].isupper()).upper()
    return len(acronym) > 1 and (initials == acronym or set(acronym) <= set(initials))


def _merge(clusters: list[Cluster], found: list[Found], keep: int, gone: int) -> None:
    for number in clusters[gone].members:
        found[number].entity = keep
    kept, lost = clusters[keep], clusters[gone]
    kept.members = sorted({*kept.members, *lost.members})
    kept.names.extend(n for n in lost.names if n not in kept.names)
    kept.heads |= lost.heads
    kept.keys |= lost.keys
    kept.last_token = max(kept.last_token, lost.last_token)
    clusters[gone] = Cluster(lost.type, False)


def _place_described(page: Page, found: list[Found], number: int, clusters: list[Cluster], trail: Trail) -> None:
    """Pronouns go to the person or group named last; "the spokesman", "the legion" to the last one called so."""
    mention = found[number]
    tokens = page.tokens
    word = tokens.lower[mention.last - 1]
    if not mention.pronoun and (renamed := _apposed_to(page, found, number)) >= 0:
        _join(page, clusters[renamed], mention, number, renamed)
        return
    if mention.pronoun:
        wanted = _pronoun_types(tokens.lower[mention.first])
        many = tokens.lower[mention.first] in {"they", "them", "their"}
        fits = _may_be_many if many else _may_be_one
        target = (
            _latest(page, clusters, trail, mention.first, lambda c: c.type in wanted and fits(c), reach=90)
            if wanted
            else -1
        )
    elif tokens.lower[mention.first] in {"the", "this", "that", "these", "those", "his", "her", "their", "its"}:
        singular = word[:-1] if word.endswith("s") else word
        target = _latest(
            page,
            clusters,
            trail,
            mention.first,
            lambda c: c.type == mention.type and (word in c.heads or singular in c.heads or _generic(word, c)),
            reach=400,
        )
        if tokens.lower[mention.first] in {"his", "her", "their", "its"} and mention.type == "Person":
            target = -1
    else:
        target = -1
    if target < 0:
        if mention.pronoun:
            return
        target = len(clusters)
        clusters.append(Cluster(mention.type, False, names=[mention.span.text]))
    _join(page, clusters[target], mention, number, target)


def _apposed_to(page: Page, found: list[Found], number: int) -> int:
    """ "Andriy Yusov, a spokesman for the agency": the description behind a name and a comma is the same person's."""
    mention = found[number]
    if mention.first < 2 or page.tokens.words[mention.first - 1] != "," or page.tokens.tags[mention.first] not in "DJW":
        return -1
    for other in reversed(found[max(0, number - 4) : number]):
        if other.last == mention.first - 1 and other.named and other.type == mention.type and other.entity >= 0:
            return other.entity if page.tokens.tags[mention.last : mention.last + 1] in {"P", ",", "S"} else -1
    return -1


def _may_be_one(cluster: Cluster) -> bool:
    """What "he", "she" and "it" can stand for: anything named, and what is described in the singular."""
    if cluster.named or cluster.type == "Organisation":
        return True
    last = cluster.names[0].split()[-1].lower() if cluster.names else ""
    return not last.endswith(("men", "people", "troops", "children", "personnel")) and (
        not last.endswith("s") or last.endswith("ss")
    )


def _may_be_many(cluster: Cluster) -> bool:
    """What "they" can stand for: organisations, and people in the plural."""
    return cluster.type == "Organisation" or (not cluster.named and not _may_be_one(cluster))


def _generic(word: str, cluster: Cluster) -> bool:
    if cluster.type != "Organisation" or not cluster.named:
        return False
    generic = {"group", "organization", "organisation", "militia", "movement", "organisations"}
    bodies = {
        "corps",
        "legion",
        "front",
        "brigade",
        "battalion",
        "army",
        "movement",
        "union",
        "volunteers",
        "guerrillas",
        "militia",
        "front's",
    }
    return word in generic and bool(bodies & cluster.heads)


def _pronoun_types(word: str) -> set[str]:
    if word in {"they", "them", "their"}:
        return {"Organisation", "Person"}
    if word == "it":
        return {"Organisation"}
    if word in PERSON_PRONOUNS - {"i", "me", "my", "we", "us", "our"}:
        return {"Person"}
    return set()


def _latest(
    page: Page, clusters: list[Cluster], trail: Trail, before: int, accept: Callable[[Cluster], bool], reach: int
) -> int:
    """The acceptable cluster with the nearest mention before the token; subjects of a sentence go before others."""
    best, best_score = -1, -1e9
    sentence = page.tokens.sentence_of[before]
    seen: set[int] = set()
    for position, number in reversed(trail):
        if before - position > reach:
            break
        if position >= before or number in seen or not accept(clusters[number]):
            continue
        seen.add(number)
        same = page.tokens.sentence_of[position] == sentence
        begin, _ = page.tokens.sentences[page.tokens.sentence_of[position]]
        score = -(before - position) - (25 if same and page.tokens.quoted[position] >= 0 else 0)
        score += 30 if position - begin < 4 else 0
        if page.tokens.tags[position - 1 : position] == "P":
            score -= 10
        if score > best_score:
            best, best_score = number, score
    return best


def _compact(clusters: list[Cluster], found: list[Found]) -> list[Cluster]:
    order = [n for n, c in enumerate(clusters) if c.members]
    order.sort(key=lambda n: min(clusters[n].members))
    renumber = {old: new for new, old in enumerate(order)}
    for mention in found:
        mention.entity = renumber.get(mention.entity, -1)
    return [clusters[n] for n in order]
