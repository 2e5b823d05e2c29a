"""Closed-class English words and the one-letter tags that the phrase patterns are written in.

D determiner, possessive · P preposition · R pronoun · C coordinator · S subordinator, relative · X auxiliary,
modal · N negation · A adverb · V verb · G -ing form · J participle before a noun · M number · W other word ·
Z name-like word · O clitic 's · Q quotation mark · "," "." ":" "-" "(" ")" punctuation · "#" anything else
"""

from __future__ import annotations


def _tagged(tag: str, words: str) -> dict[str, str]:
    return dict.fromkeys(words.split(), tag)


CLOSED: dict[str, str] = {
    **_tagged(
        "A",
        "not-so also too very quite rather almost nearly about just only even still already now then once "
        "again ever soon later earlier previously recently currently meanwhile however therefore thus hence "
        "instead perhaps maybe often sometimes always usually together apart away back here there today "
        "yesterday tomorrow tonight up down out off over ahead far much more most less least so well further "
        "particular abroad afterwards afterward moreover furthermore nevertheless nonetheless else twice yet",
    ),
    **_tagged(
        "D",
        "the a an this that-d these those his her its their our my your some any no every each either "
        "neither all both several many few another other such what-d whose same own various certain",
    ),
    **_tagged(
        "P",
        "of in on at by for from with to into onto upon against between among amid through during "
        "before after since until till under over-p above below near around across along behind beside "
        "besides beyond within without toward towards despite except like unlike via per outside inside "
        "concerning regarding throughout amongst versus aboard alongside as following",
    ),
    **_tagged(
        "R",
        "i you he she it we they him them us me himself herself itself themselves ourselves myself "
        "yourself who-r whom someone somebody anyone anybody everyone everybody nobody none nothing "
        "something anything everything this-r others",
    ),
    **_tagged("C", "and or but nor & plus"),
    **_tagged(
        "S",
        "that which who whom when while where because although though if unless whether why how what "
        "whereas whereby wherever whenever lest than",
    ),
    **_tagged(
        "X",
        "is are was were be been being am has have had having do does did will would shall should can could "
        "may might must ought cannot can't isn't aren't wasn't weren't hasn't haven't hadn't don't doesn't didn't "
        "won't wouldn't shouldn't couldn't mustn't can’t isn’t aren’t wasn’t weren’t hasn’t haven’t hadn’t don’t "
        "doesn’t didn’t won’t wouldn’t shouldn’t couldn’t mustn’t",
    ),
    **_tagged("N", "not never n't"),
    **_tagged(
        "J",
        "first second third fourth fifth last next former armed united unidentified masked hooded so-called alleged",
    ),
}

NEGATIVE = frozenset(
    "not never no n't none nobody nothing neither nor without cannot can't isn't aren't wasn't weren't hasn't haven't hadn't "
    "don't doesn't didn't won't wouldn't shouldn't couldn't can’t isn’t aren’t wasn’t weren’t hasn’t haven’t hadn’t don’t "
    "doesn’t didn’t won’t wouldn’t shouldn’t couldn’t".split()
)
BE = frozenset("is are was were be been being am isn't aren't wasn't weren't isn’t aren’t wasn’t weren’t".split())
PERSON_PRONOUNS = frozenset("he she him her his i me my we us our you".split())
NUMBER_WORDS: dict[str, int] = {
    "zero": 0,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "hundred": 100,
    "thousand": 1000,
    "million": 1_000_000,
    "billion": 1_000_000_000,
    "dozen": 12,
    "dozens": 12,
    "hundreds": 100,
    "thousands": 1000,
    "millions": 1_000_000,
    "scores": 20,
}
