"""Warnings: where the text itself looks damaged, by translation, copying or encoding, and what was likely meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import process
from rapidfuzz.distance import OSA

from sayso.gazetteer import Gazetteer
from sayso.read.entities import Cluster
from sayso.read.kinds import Found
from sayso.read.page import Page
from sayso.read.vocabulary import is_common
from sayso.records import Event, Warning

_MOJIBAKE = re.compile(
    r"(?:[ÃÂ][\x80-\xbf©¨¤¶¼±³£«»°]|â€[\x80-\xbf™œ“”˜¦]|[ÐÑ][\x80-\xbf°-¿€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—]|ï»¿|\ufffd|ï¿½)+"
)
_TERMS = tuple(
    sorted(
        "oblast oblasts region district province territory territories minister ministry president government parliament soldier soldiers "
        "general colonel lieutenant captain sergeant commander spokesman spokeswoman brigade battalion regiment division corps militia "
        "guerrilla guerrillas terrorist terrorists military intelligence security federation federal republic governor artillery missile "
        "missiles helicopter civilians casualties explosion ammunition headquarters prisoner hostages ceasefire offensive".split()
    )
)
_ROLE_ADJECTIVE = re.compile(r"\b[a-z]*(?:skiy|skyi|skii|skogo|skaya|skoye|skoy)\b")
_CYRILLIC_IN_LATIN = re.compile(r"\b(?=\w*[A-Za-z])(?=\w*[\u0400-\u04ff])\w+\b")


def find_warnings(
    page: Page,
    found: list[Found],
    clusters: list[Cluster],
    gazetteer: Gazetteer,
    events: list[Event],
    skip: set[int],
    language: str | None,
) -> list[Warning]:
    """Everything suspicious, in text order."""
    warnings = [
        *_odd_names(page, found, clusters, gazetteer),
        *_pseudonyms(page, found),
        *_misspelt(page),
        *_encoding(page),
        *_no_verb(page, skip),
        *_doubled(page),
        *_stray_quotes(page),
        *_contradictions(page, events),
        *(_not_conflict(page, events) if language in {None, "en"} else ()),
    ]
    return sorted(warnings, key=lambda w: (w.start, w.end, w.kind))


def _warn(page: Page, kind: str, start: int, end: int, detail: str, suggestion: str | None = None) -> Warning:
    return Warning(kind, start, end, page.tokens.text[start:end], detail, suggestion)


def _odd_names(page: Page, found: list[Found], clusters: list[Cluster], gazetteer: Gazetteer) -> Iterator[Warning]:
    """A country where only an armed group fits, in a text that has such a group's acronym in the country's shape.

    Translators expand acronyms: РДК (RDK) becomes the "Democratic People's Republic of Korea" of another language's
    abbreviation (KNDR, RPDC), and so "North Korea". The signs: the country does what groups do here (claims
    responsibility, is the accused, is listed beside another group), has no other business in the text, and the
    text binds an unresolved acronym to a group that is otherwise absent from that place.
    """
    acronyms = [
        c
        for c in clusters
        if c.type == "Organisation" and len(c.names) > 1 and any(n.isupper() and 2 <= len(n) <= 6 for n in c.names)
    ]
    if not acronyms:
        return
    countries = {
        n
        for n, c in enumerate(clusters)
        if c.type in {"Location", "Organisation"} and c.named and _is_country(gazetteer, c.name)
    }
    related = _countries_of_context(found, clusters, gazetteer)
    for number in sorted(countries):
        cluster = clusters[number]
        members = [found[m] for m in cluster.members]
        slots = [m for m in members if _in_group_slot(page, m, found)]
        if not slots or cluster.name in related or _shares_a_word(cluster, clusters):
            continue
        likely = max(acronyms, key=lambda c: _shape(cluster.name, c) + 0.1 * len(c.members))
        acronym = next(n for n in likely.names if n.isupper())
        full = likely.name
        for mention in members:
            if mention in slots or len(slots) * 2 >= len(members):
                detail = (
                    f"“{mention.span.text}” stands where the text speaks of armed groups, and has no other part in it. The text itself "
                    f"introduces “{full}” as {acronym}; machine translation often turns such an acronym into a country."
                )
                yield _warn(
                    page, "name_out_of_place", mention.span.start, mention.span.end, detail, f"{full} ({acronym})"
                )


def _shares_a_word(country: Cluster, clusters: list[Cluster]) -> bool:
    """ "North Korea" in a text that also names South Korea or the Korean People's Army belongs there."""
    stems = {
        w[:4].lower()
        for n in country.names
        for w in n.split()
        if len(w) > 4 and w.lower() not in {"north", "south", "republic", "united"}
    }
    others = {
        w[:4].lower()
        for c in clusters
        if c is not country and c.named
        for n in c.names
        for w in n.split()
        if len(w) > 3
    }
    return bool(stems & others)


def _is_country(gazetteer: Gazetteer, name: str) -> bool:
    places = gazetteer.lookup(name)
    return bool(places) and places[0].kind == "country"


def _countries_of_context(found: list[Found], clusters: list[Cluster], gazetteer: Gazetteer) -> set[str]:
    """Countries that the text also names by an adjective or that hold a place in it: they belong to the story."""
    belonging: set[str] = set()
    for cluster in clusters:
        if cluster.type == "Nationality":
            belonging.update(p.name for n in cluster.names for p in gazetteer.lookup(n) if p.kind == "country")
        elif cluster.type == "Location" and not _is_country(gazetteer, cluster.name):
            codes = {p.country for p in gazetteer.lookup(cluster.name)[:1]}
            belonging.update(
                c.name
                for c in clusters
                if c.type == "Location"
                for p in gazetteer.lookup(c.name)[:1]
                if p.kind == "country" and p.country in codes
            )
    return belonging


def _in_group_slot(page: Page, mention: Found, found: list[Found]) -> bool:
    """Listed beside an organisation, after "in particular", or the one accused of a plot."""
    tokens = page.tokens
    before = tokens.lower[max(0, mention.first - 3) : mention.first]
    after = tokens.lower[mention.last : mention.last + 3]
    listed = any(
        o.type == "Organisation"
        and o.named
        and 0 <= o.first - mention.last <= 3
        and "and" in tokens.lower[mention.last : o.first + 1]
        for o in found
    ) or any(
        o.type == "Organisation"
        and o.named
        and 0 <= mention.first - o.last <= 2
        and "and" in tokens.lower[o.last : mention.first]
        for o in found
    )
    accused = bool({"accused", "accuses", "accusing", "blamed", "blames"} & set(before)) and bool(
        {"of", "for"} & set(after)
    )
    claims = bool(after) and (after[0] in {"fighters", "militants", "members", "militia"} or "responsibility" in after)
    return listed or accused or claims


def _shape(country: str, cluster: Cluster) -> float:
    """Whether the acronym could be read as this country's: letters in common with its own abbreviations."""
    letters = set("".join(w[0] for w in country.upper().split())) | set("KNDRPC" if "KOREA" in country.upper() else "")
    acronym = next((n for n in cluster.names if n.isupper()), "")
    return len(letters & set(acronym)) / max(1, len(acronym))


def _pseudonyms(page: Page, found: list[Found]) -> Iterator[Warning]:
    """ "the Corps, also known under the pseudonym Denis Kapustin": a person's names given to an organisation."""
    pattern = re.compile(
        r"^(?: \([^)]*\)|\))?,? (?:also |better )?known (?:under the (?:pseudonym|name)s?|as)[ “”\"‘’']*(?:of )?",
        re.IGNORECASE,
    )
    for number, mention in enumerate(found[:-1]):
        if mention.type != "Organisation" or not mention.named:
            continue
        if page.tokens.words[mention.first - 1] == "(":
            continue
        for other in found[number + 1 : number + 5]:
            between = page.tokens.text[mention.span.end : other.span.start]
            if (
                other.type == "Person"
                and other.named
                and len(between) < 60
                and (hit := pattern.search(between + other.span.text))
            ):
                start = mention.span.end + hit.start()
                yield _warn(
                    page,
                    "name_out_of_place",
                    start,
                    other.span.end,
                    f"A person’s name, “{other.name}”, is given as another name of the organisation “{mention.name}”; "
                    "a person’s mention (a founder or leader) was probably lost in translation or cutting.",
                )
                break


def _misspelt(page: Page) -> Iterator[Warning]:
    """Words one slip away from a term of office, place or war, and in no dictionary."""
    tokens = page.tokens
    seen: dict[str, str | None] = {}
    for k, word in enumerate(tokens.lower):
        if len(word) < 6 or not word.isalpha() or tokens.tags[k] not in "WZEG" or word in _TERMS:
            continue
        if word not in seen:
            match = (
                process.extractOne(word, _TERMS, scorer=OSA.distance, score_cutoff=1) if word[0] in _INITIALS else None
            )
            seen[word] = (
                match[0] if match and not is_common(word) and word.rstrip("s") != match[0].rstrip("s") else None
            )
        term = seen[word]
        if term:
            yield _warn(
                page,
                "misspelling",
                tokens.start[k],
                tokens.end[k],
                f"“{tokens.words[k]}” is no word known here; it is one slip away from “{term}”.",
                term,
            )
        elif tokens.tags[k] == "W" and _ROLE_ADJECTIVE.fullmatch(word):
            yield _warn(
                page,
                "half_translated",
                tokens.start[k],
                tokens.end[k],
                f"“{tokens.words[k]}” was left in its language’s own form.",
            )


_INITIALS = frozenset(t[0] for t in _TERMS) | frozenset(t[1] for t in _TERMS)


def _encoding(page: Page) -> Iterator[Warning]:
    for match in _MOJIBAKE.finditer(page.tokens.text):
        bad = match.group()
        try:
            mended: str | None = bad.encode("cp1252").decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            mended = None
        yield _warn(
            page,
            "broken_encoding",
            match.start(),
            match.end(),
            "These characters come from reading one encoding as another.",
            mended,
        )
    for match in _CYRILLIC_IN_LATIN.finditer(page.tokens.text):
        yield _warn(
            page,
            "mixed_script",
            match.start(),
            match.end(),
            "One word mixes Latin and Cyrillic letters that look alike.",
        )


def _no_verb(page: Page, skip: set[int]) -> Iterator[Warning]:
    """In running text, a sentence of names without a main verb: usually a list torn off by translation."""
    tokens = page.tokens
    starts = set(tokens.paragraphs)
    for number, (begin, stop) in enumerate(tokens.sentences):
        length = stop - begin
        if (
            number in skip
            or begin in starts
            or not 4 <= length <= 60
            or tokens.words[stop - 1] not in '.”"'
            or tokens.caps
        ):
            continue
        tags = tokens.tags[begin:stop]
        if (
            any(t in "VXG" for t in tags)
            or tags.count("Q") > 2
            or "M" in tags[:1]
            or tokens.quoted[begin] >= 0
            or ("W" not in tags and "P" not in tags)
        ):
            continue
        if (
            tokens.words[stop - 1] == "."
            and ("P" in tags or "," in tags)
            and not tokens.words[begin].lower().startswith(("not", "no", "yes"))
        ):
            start, end = tokens.start[begin], tokens.end[stop - 1]
            yield _warn(
                page,
                "no_main_verb",
                start,
                end,
                "This sentence has no main verb; it may belong to the one before, or have lost words in translation.",
            )


def _doubled(page: Page) -> Iterator[Warning]:
    """A paragraph, or the whole body, that stands twice."""
    tokens = page.tokens
    seen: dict[str, int] = {}
    bounds = [*tokens.paragraphs, len(tokens)]
    repeats = []
    for begin, stop in zip(bounds, bounds[1:], strict=False):
        if stop - begin < 12:
            continue
        span = tokens.span(begin, stop)
        key = " ".join(span.text.split()).lower()
        if key in seen:
            repeats.append(span)
        seen.setdefault(key, begin)
    if repeats:
        share = sum(len(s.text) for s in repeats) / max(1, len(tokens.text))
        kind = "doubled_body" if share > 0.3 else "doubled_paragraph"
        for span in repeats:
            yield _warn(
                page, kind, span.start, span.end, "These words stand earlier in the same text already; count them once."
            )


def _stray_quotes(page: Page) -> Iterator[Warning]:
    """A closing mark without an opening one in its paragraph: where the words of the speaker begin is lost."""
    tokens = page.tokens
    for k, word in enumerate(tokens.words):
        if word == "”" and tokens.quoted[k] < 0:
            yield _warn(
                page,
                "stray_quotation_mark",
                tokens.start[k],
                tokens.end[k],
                "A quotation ends here that never began; its first words may be the writer’s or the speaker’s.",
            )


def _contradictions(page: Page, events: list[Event]) -> Iterator[Warning]:
    """Two counts of one kind for one event that cannot both hold, from the same voice."""
    for event in events:
        first: dict[tuple[str, str | None], tuple[float | None, float | None]] = {}
        for toll in event.casualties:
            key = (toll.kind, toll.attribution)
            known = first.get(key)
            if known and _exclude(known, (toll.low, toll.high)):
                yield _warn(
                    page,
                    "numbers_contradict",
                    toll.start,
                    toll.end,
                    f"Another number of {toll.kind} for the same event stands earlier in this text, from the same voice.",
                )
            first.setdefault(key, (toll.low, toll.high))


def _exclude(a: tuple[float | None, float | None], b: tuple[float | None, float | None]) -> bool:
    inf = float("inf")
    return (a[1] if a[1] is not None else inf) < (b[0] or 0) or (b[1] if b[1] is not None else inf) < (a[0] or 0)


def _not_conflict(page: Page, events: list[Event]) -> Iterator[Warning]:
    words = len(page.tokens)
    conflict = sum(
        1
        for e in events
        if e.codes.acled
        and e.codes.plover in {"ASSAULT", "COERCE", "PROTEST", "THREATEN", "MOBILIZE", "RETREAT", "SANCTION"}
    )
    if words > 3 and conflict == 0:
        end = page.tokens.end[min(words, 12) - 1]
        yield _warn(
            page,
            "not_a_conflict_report",
            page.tokens.start[0],
            end,
            "No event of conflict, coercion or protest was found; only the attributions were read.",
        )
