"""One document on its way through the reader: its tokens and phrases, looked up from either end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sayso.ontology import Ontology
from sayso.read.phrases import Phrase, Tagger, noun_phrases
from sayso.read.tokens import Tokens, tokenize
from sayso.records import Document


@dataclass(slots=True)
class Page:
    document: Document
    ontology: Ontology
    tokens: Tokens
    phrases: list[Phrase]
    phrase_of: list[int] = field(default_factory=list)
    """for each token the number of the noun phrase that holds it, or -1"""

    def phrase_at(self, token: int) -> Phrase | None:
        if not 0 <= token < len(self.phrase_of):
            return None
        number = self.phrase_of[token]
        return self.phrases[number] if number >= 0 else None

    def sentence(self, token: int) -> tuple[int, int]:
        return self.tokens.sentences[self.tokens.sentence_of[token]]


def make_page(document: Document, ontology: Ontology, tagger: Tagger, breaks: Iterable[int] = ()) -> Page:
    tokens = tokenize(document.text, ontology.terms["kinship_abbreviations"], breaks)
    tagger.tag(tokens)
    phrases = list(noun_phrases(tokens))
    phrase_of = [-1] * len(tokens)
    for number, phrase in enumerate(phrases):
        for i in range(phrase.first, phrase.last):
            phrase_of[i] = number
    return Page(document, ontology, tokens, phrases, phrase_of)
