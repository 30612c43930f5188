"""The phrases of one to three words in what people search for beside the skills they name."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from trends.backoffice.candidates.words import FUNCTION_WORDS, GENERAL_WORDS, MAIL_HOSTS

# A phrase: words, and the names of skills as they stand among them.
Phrase = tuple[str, ...]
# A term in its order: words, and phrases with the skill that each names.
Reading = Sequence[tuple[str, int | None]]

# Four words name one thing so rarely that they cost more than they find. The name of a skill among
# them is one.
LONGEST_PHRASE = 3
# A phrase that is six tenths of a word's demand is what people mean by that word.
MEANT_BY = 0.6
# Two words common each by itself are a phrase when they meet three times as often as by chance.
MORE_THAN_CHANCE = 3.0
# A phone number without its country has seven digits; no version and no year has.
DIGITS_OF_A_NUMBER = 7


@dataclass(frozen=True, slots=True)
class Parts:
    """How often phrases and their parts were searched: person-days, what never adds up too low."""

    demand: Mapping[Phrase, int]
    skills: frozenset[str]
    platform: int

    def is_one(self, phrase: Phrase) -> bool:
        """Return whether a phrase is more than one of its parts with common words beside it."""
        return all(
            self._belong(phrase, phrase[:cut], phrase[cut:]) for cut in range(1, len(phrase))
        )

    def _belong(self, phrase: Phrase, *sides: Phrase) -> bool:
        together = self.demand[phrase]
        parts = [bare for side in sides if (bare := trimmed(side))]
        # Beside a skill, only the words that no skill answers to can be meant by the phrase.
        words = [part for part in parts if self.skills.isdisjoint(part)]
        if any(together >= MEANT_BY * self.demand.get(part, 0) for part in words or parts):
            return True
        if len(words) < len(sides):
            return False
        first, second = (self.demand.get(part, 0) for part in parts)
        return together * self.platform >= MORE_THAN_CHANCE * first * second


def count_words(terms: Iterable[tuple[Reading, int]]) -> Counter[Phrase]:
    """Count the demand of every word and of every skill's name, each once a term."""
    demand: Counter[Phrase] = Counter()
    for reading, people in terms:
        for text in {text for text, _ in reading}:
            demand[(text,)] += people
    return demand


def count_phrases(
    terms: Iterable[tuple[Reading, int]], words: Mapping[Phrase, int], *, fewest: int
) -> Counter[Phrase]:
    """Count the demand of every longer phrase whose words each have at least `fewest`."""
    demand: Counter[Phrase] = Counter()
    for reading, people in terms:
        if len(reading) > 1:
            for phrase in set(phrases(reading)):
                if len(phrase) > 1 and all(words[(word,)] >= fewest for word in phrase):
                    demand[phrase] += people
    return Counter({phrase: people for phrase, people in demand.items() if people >= fewest})


def phrases(reading: Reading) -> Iterator[Phrase]:
    """Yield every phrase in a term that could name something no skill names."""
    for start in range(len(reading)):
        for end in range(start + 1, min(start + LONGEST_PHRASE, len(reading)) + 1):
            part = reading[start:end]
            phrase = tuple(text for text, _ in part)
            if _is_told_by_no_skill(part) and names_something(phrase):
                yield phrase


def _is_told_by_no_skill(part: Reading) -> bool:
    """Return whether the words beside the skills name something; two skills may be one name."""
    own = [word for word, skill in part if skill is None]
    return any(names_itself(word) for word in own) if own else len(part) > 1


def names_something(phrase: Phrase) -> bool:
    """Return whether it names a thing: no hanging function word, not only general words."""
    if phrase[0] in FUNCTION_WORDS or phrase[-1] in FUNCTION_WORDS:
        return False
    return any(names_itself(word) for text in phrase for word in text.split())


def names_itself(word: str) -> bool:
    """Return whether a word means something alone: "c++" and "3d" do, "for" does not."""
    bare = word.replace(".", "").isnumeric() or (len(word) == 1 and word.isascii())
    return not bare and word not in GENERAL_WORDS


def is_private(text: str) -> bool:
    """Return whether it may hold what is left of an address or a number without its signs."""
    words = text.split()
    if any(word in MAIL_HOSTS or word.startswith(("http", "www.")) for word in words):
        return True
    digits = [len(word) if word.isnumeric() else 0 for word in words]
    together = max((a + b for a, b in pairwise([0, *digits])), default=0)
    return together >= DIGITS_OF_A_NUMBER or sum(digits) >= DIGITS_OF_A_NUMBER


def trimmed(phrase: Phrase) -> Phrase:
    """Remove the function words around it."""
    while phrase and phrase[0] in FUNCTION_WORDS:
        phrase = phrase[1:]
    while phrase and phrase[-1] in FUNCTION_WORDS:
        phrase = phrase[:-1]
    return phrase
