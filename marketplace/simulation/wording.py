"""How people put what they look for: spellings, filler words, capitals, two skills at once."""

import numpy as np

from marketplace.simulation.draws import Floats, Ints
from marketplace.simulation.story import Story
from marketplace.simulation.visits import Visits

# What people write around a skill, and how often. None of it may be a skill itself.
PHRASES = (
    ("", "", 0.48),
    ("need ", "", 0.07),
    ("hire ", "", 0.06),
    ("best ", "", 0.05),
    ("cheap ", "", 0.05),
    ("looking for ", "", 0.04),
    ("", " expert", 0.07),
    ("", " help", 0.05),
    ("", " for startup", 0.05),
    ("", " freelancer", 0.04),
    ("", " for my business", 0.04),
)
LETTERS = ((str.lower, 0.64), (str, 0.27), (str.title, 0.06), (str.upper, 0.03))
# A skill is called by its name this often, else by one of its aliases.
BY_NAME = 0.55


class Wording:
    """Turns searches into the queries typed."""

    def __init__(self, story: Story) -> None:
        subjects = story.subjects
        self.spellings = [spelling for subject in subjects for spelling in subject.spellings]
        self.aliases = np.array([len(subject.aliases) for subject in subjects])
        self.first = np.cumsum(self.aliases + 1) - self.aliases - 1
        self.plain = np.array([subject.plain for subject in subjects])
        # The words of the tail are all alike: there the first is nobody's name.
        self.by_name = np.full(len(subjects), BY_NAME)
        self.by_name[-1] = 0.0

    def queries(self, visits: Visits, draws: np.random.Generator) -> list[str]:
        """Return one query a search."""
        count = len(visits)
        spelling = self._spelling(visits.subject, draws)
        phrase = _chosen([share for *_, share in PHRASES], draws.random(count))
        phrase[self.plain[visits.subject] | (visits.also >= 0)] = 0
        letters = _chosen([share for _, share in LETTERS], draws.random(count))
        other = np.where(visits.also >= 0, self.first[visits.also], -1)
        return [
            self._query(*parts)
            for parts in zip(
                spelling.tolist(), phrase.tolist(), letters.tolist(), other.tolist(), strict=True
            )
        ]

    def _spelling(self, subject: Ints, draws: np.random.Generator) -> Ints:
        aliases = self.aliases[subject]
        by_alias = (draws.random(len(subject)) >= self.by_name[subject]) & (aliases > 0)
        chosen: Ints = self.first[subject] + np.where(
            by_alias, 1 + draws.integers(np.maximum(aliases, 1)), 0
        )
        return chosen

    def _query(self, spelling: int, phrase: int, letters: int, other: int) -> str:
        before, after, _ = PHRASES[phrase]
        text = before + self.spellings[spelling] + after
        if other >= 0:
            text += " and " + self.spellings[other]
        return LETTERS[letters][0](text)


def _chosen(shares: list[float], uniform: Floats) -> Ints:
    """Return indices drawn in these shares."""
    totals = np.cumsum(shares)
    return np.searchsorted(totals / totals[-1], uniform)
