"""Reads every term that was searched: which phrases stand in them that no skill answers to."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain

from marketplace.searches.personal import personal
from marketplace.skills.matching import Matcher
from trends.arithmetic.disclosure import FEWEST_PEOPLE
from trends.backoffice.candidates import counts
from trends.backoffice.candidates.folding import fold
from trends.backoffice.candidates.phrases import (
    Parts,
    Reading,
    count_phrases,
    count_words,
    is_private,
    names_something,
    phrases,
)


@dataclass(frozen=True, slots=True)
class ReadTerm:
    """A term as the taxonomy reads it, and the person-days it was searched on in the half-year."""

    pk: int
    reading: Reading
    current: int


@dataclass(frozen=True, slots=True)
class Untagged:
    """Phrases without a skill, each with all its spellings, the usual one first.

    `alike` are pairs of usual spellings that a person should compare.
    """

    spellings: list[list[str]]
    alike: list[tuple[str, str]]

    def of(self, terms: list[ReadTerm]) -> Iterator[tuple[int, int, int]]:
        """Yield each (phrase, spelling, term) in which it stands, by their places."""
        place = {
            text: (subject, spelling)
            for subject, texts in enumerate(self.spellings)
            for spelling, text in enumerate(texts)
        }
        for term in terms:
            for text in {" ".join(phrase) for phrase in phrases(term.reading)} & place.keys():
                yield *place[text], term.pk


def read_terms(as_of: date, matcher: Matcher) -> list[ReadTerm]:
    """Read every term searched before a day against a taxonomy, personal ones left out."""
    return [
        # The same words stand in thousands of terms: each is kept once.
        ReadTerm(pk, [(sys.intern(word), skill) for word, skill in matcher.read(text)], current)
        for pk, text, current in counts.searched_terms(as_of)
        if not personal(text) and not is_private(text)
    ]


def untagged(terms: list[ReadTerm], named: frozenset[str], *, fewest: int) -> Untagged:
    """Return the phrases in these terms, without the `named`, that `fewest` people may search."""
    demand = _demand(terms, named)
    folded = fold(demand)
    spellings = [
        texts
        for texts in folded.members().values()
        if sum(demand[text] for text in texts) >= fewest
    ]
    return Untagged(spellings, folded.alike)


def _demand(terms: list[ReadTerm], named: frozenset[str]) -> Mapping[str, int]:
    """Return the person-days of every phrase that ten people may search; at least its people."""
    lately = [(term.reading, term.current) for term in terms if term.current]
    words = count_words(lately)
    longer = count_phrases(lately, words, fewest=FEWEST_PEOPLE)
    parts = Parts(words | longer, named, sum(people for _, people in lately))
    demand: dict[str, int] = {}
    for phrase, people in chain(words.items(), longer.items()):
        candidate = len(phrase) > 1 or (phrase[0] not in named and names_something(phrase))
        if people >= FEWEST_PEOPLE and candidate and parts.is_one(phrase):
            text = " ".join(phrase)
            demand[text] = demand.get(text, 0) + people
    return demand
