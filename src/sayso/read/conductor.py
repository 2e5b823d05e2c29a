"""The road from a document to its reading, which every reader of this package walks; the readers differ in three steps.

text → tokens → phrases → MENTIONS → entities → places
                    ↘ ATTRIBUTIONS ↗        ↘ INCIDENTS → events → claims → warnings

The steps in capitals are the reader's own: `rules` takes them from lexicons, `compact` from its trained network and
from lexicons where those are better. All else (times, numbers, places, who is who, claims, warnings) is written once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from sayso.gazetteer import Gazetteer, GazetteerPlace, default_gazetteer
from sayso.ontology import Ontology, load_ontology
from sayso.read.attributions import Draft
from sayso.read.claims import derive_claims
from sayso.read.damage import find_warnings
from sayso.read.entities import Cluster, find_entities
from sayso.read.events import build_events
from sayso.read.incidents import Incident
from sayso.read.kinds import Found, Typer
from sayso.read.languages import guess_language
from sayso.read.origins import Provenance, find_provenance
from sayso.read.page import Page, make_page
from sayso.read.phrases import Tagger
from sayso.read.places import PlaceResolver
from sayso.read.roles import MentionIndex
from sayso.read.scene import Cast
from sayso.read.stances import stance_of
from sayso.records import (
    SCHEMA,
    Attribution,
    Document,
    DocumentInfo,
    Entity,
    Mention,
    Place,
    Reading,
    Run,
    Source,
    Span,
    Warning,
)
from sayso.settings import Settings

Seen = TypeVar("Seen")
_USERS_OWN = 1_000_000
"""the weight, as a population, of places that the user gave: they go before namesakes"""


@dataclass(slots=True)
class Scene:
    """One document on its way: what the reader's own steps may look at. `skip`: sentences that are not report."""

    page: Page
    published: str | None
    skip: set[int]


class Conductor(ABC, Generic[Seen]):
    """Document → Reading, but for the three steps. One instance serves any number of documents and keeps nothing of them."""

    name: str
    version: str
    weights_sha256: str | None = None

    def __init__(self, settings: Settings | None = None) -> None:
        settings = settings or Settings()
        self._date = settings.date
        self.ontology = load_ontology(settings.overlays)
        self.gazetteer = _gazetteer(self.ontology)
        actors = {name.lower(): a.type for a in self.ontology.actors for name in (a.name, *a.aliases)}
        self.typer = Typer(dict(self.ontology.terms), self.gazetteer, actors)
        self.tagger = Tagger(self.ontology)
        self.resolver = PlaceResolver(self.gazetteer)

    @abstractmethod
    def look(self, scene: Scene) -> Seen:
        """What the reader wants to know of the page before its steps, which are handed it."""

    @abstractmethod
    def mentions(self, scene: Scene, seen: Seen) -> list[Found]:
        """Everything named or described, in text order, outer before inner."""

    @abstractmethod
    def drafts(self, scene: Scene, seen: Seen) -> list[Draft]:
        """Who says what, in the order of the first word."""

    @abstractmethod
    def incidents(self, scene: Scene, seen: Seen, cast: Cast) -> list[Incident]:
        """What is said to have happened, in the order of the first trigger."""

    def read(self, document: Document) -> Reading:
        provenance = find_provenance(document.text)
        published = self._published(document, provenance)
        page = make_page(document, self.ontology, self.tagger, (end for _, end in provenance.skip))
        scene = Scene(page, published, _skipped_sentences(page, provenance))
        language = document.language or guess_language(page.tokens)
        seen = self.look(scene)
        found = [f for f in self.mentions(scene, seen) if not _within(f.span.start, provenance.skip)]
        clusters = find_entities(page, found)
        places = self.resolver.resolve(page, found)
        drafts = [d for d in self.drafts(scene, seen) if d.sentence not in scene.skip]
        index = MentionIndex(page, found, places)
        attributions = _attributions(page, drafts, index, found)
        cast = Cast(page, found, index, places, drafts, attributions, _speakers(attributions), clusters)
        events = build_events(cast, self.ontology, self.incidents(scene, seen, cast), scene.skip)
        mentions = _mentions(found, places)
        claims = derive_claims(document.id, attributions, events, mentions)
        warnings = find_warnings(page, found, clusters, self.gazetteer, events, scene.skip, language)
        warnings += _document_warnings(document, language)
        return Reading(
            schema=SCHEMA,
            document=_info(document, provenance, published, language),
            mentions=tuple(mentions),
            entities=tuple(_entities(clusters)),
            attributions=tuple(attributions),
            events=tuple(events),
            claims=tuple(claims),
            warnings=tuple(warnings),
            run=Run(self.name, self.version, self.weights_sha256),
        )

    def _published(self, document: Document, provenance: Provenance) -> str | None:
        """Metadata of a page or feed first, then what the caller says, then the dateline."""
        if document.published and document.date_from == "metadata":
            return document.published
        return self._date or document.published or provenance.published


def _gazetteer(ontology: Ontology) -> Gazetteer:
    if not ontology.places:
        return default_gazetteer()
    extra = [
        (name, GazetteerPlace(name, lat, lon, country, None, None, _USERS_OWN, kind))
        for name, lat, lon, country, kind in ontology.places
    ]
    return Gazetteer(extra=extra)


def _within(offset: int, ranges: Iterable[tuple[int, int]]) -> bool:
    return any(start <= offset < end for start, end in ranges)


def _skipped_sentences(page: Page, provenance: Provenance) -> set[int]:
    """Sentences that lie wholly in credits, bylines and author's notes."""
    tokens = page.tokens
    return {
        number
        for number, (begin, stop) in enumerate(tokens.sentences)
        if any(start <= tokens.start[begin] and tokens.end[stop - 1] <= end for start, end in provenance.skip)
    }


def _attributions(page: Page, drafts: list[Draft], index: MentionIndex, found: list[Found]) -> list[Attribution]:
    numbers = {id(draft): f"a{n}" for n, draft in enumerate(drafts, 1)}
    result = []
    for draft in drafts:
        content = tuple(page.tokens.span(first, last) for first, last in draft.content)
        stance, negated = stance_of(page, draft)
        result.append(
            Attribution(
                id=numbers[id(draft)],
                source=_source(page, draft, index, found),
                cue=page.tokens.span(draft.hit.group, draft.hit.last) if draft.hit else None,
                content=content,
                kind=_kind(page, draft),
                stance=stance,
                negated=negated,
                via=numbers.get(id(draft.via)) if draft.via else None,
                confidence=draft.confidence,
            )
        )
    return result


def _source(page: Page, draft: Draft, index: MentionIndex, found: list[Found]) -> Source | None:
    if draft.source is None:
        return None
    span = page.tokens.span(draft.source.first, draft.source.last)
    entity = -1
    opening = page.phrase_at(draft.source.core_first)
    heads = ([opening.last - 1] if opening else []) + [draft.source.core_last - 1, draft.source.last - 1]
    for head in heads:
        number = index.at(head)
        if number >= 0 and found[number].entity >= 0:
            entity = found[number].entity
            break
    if entity < 0 and page.tokens.lower[draft.source.first] in {"who", "which", "that"} and draft.source.first:
        antecedent = draft.source.first - 1
        while antecedent and page.tokens.tags[antecedent] in ",)":
            antecedent -= 1
        number = index.at(antecedent)
        entity = found[number].entity if number >= 0 else -1
    return Source(span.start, span.end, span.text, f"e{entity + 1}" if entity >= 0 else None)


def _kind(page: Page, draft: Draft) -> str:
    quoted = [page.tokens.quoted[k] >= 0 for first, last in draft.content for k in range(first, last)]
    return "direct" if all(quoted) else "mixed" if any(quoted) else "indirect"


def _speakers(attributions: list[Attribution]) -> Callable[[str], int]:
    table = {a.id: int(a.source.entity[1:]) - 1 for a in attributions if a.source and a.source.entity}
    return lambda identifier: table.get(identifier, -1)


def _mentions(found: list[Found], places: dict[int, Place]) -> list[Mention]:
    return [
        Mention(
            id=f"m{n + 1}",
            start=f.span.start,
            end=f.span.end,
            text=f.span.text,
            type=f.type,
            named=f.named,
            entity=f"e{f.entity + 1}" if f.entity >= 0 else None,
            timex=f.timex,
            place=places.get(n),
            quantity=f.quantity,
        )
        for n, f in enumerate(found)
    ]


def _entities(clusters: list[Cluster]) -> list[Entity]:
    result = []
    for n, cluster in enumerate(clusters):
        name = cluster.name
        aliases = tuple(dict.fromkeys(a for a in cluster.names if a != name))
        result.append(Entity(f"e{n + 1}", cluster.type, name, aliases, tuple(f"m{m + 1}" for m in cluster.members)))
    return result


def _document_warnings(document: Document, language: str | None) -> list[Warning]:
    warnings = [Warning(kind, 0, 0, "", detail, None) for kind, detail in document.warnings]
    if language not in {None, "en"}:
        start = Span(0, min(len(document.text), 60), document.text[:60])
        warnings.append(
            Warning(
                "other_language",
                start.start,
                start.end,
                start.text,
                f"This text seems to be in “{language}”; the reader knows English only.",
                None,
            )
        )
    return warnings


def _info(document: Document, provenance: Provenance, published: str | None, language: str | None) -> DocumentInfo:
    return DocumentInfo(
        id=document.id,
        path=document.path,
        url=document.url,
        title=document.title,
        author=document.author or provenance.author,
        outlet=document.outlet,
        origin=document.origin or provenance.origin,
        language=language,
        published=published,
        sha256=document.original.sha256,
        media_type=document.original.media_type,
        text=document.text,
    )
