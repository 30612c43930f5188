"""The simulated market's cast: its countries, skills and terms, read from story.toml."""

import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

STORY_FILE = Path(__file__).with_name("story.toml")
UNKNOWN = "unknown"

# The calendar of the story, in weeks since the epoch. Three half-years of 26 weeks end at "now";
# two more come before them, the first of which the epoch cuts short.
WEEKS_OF_HISTORY = 112
WEEKS_PER_HALF = 26
CURRENT_HALF = 3
PRECEDING_HALF = CURRENT_HALF - 1
FIRST_HALF = -1
FIRST_HALF_STARTS = WEEKS_OF_HISTORY - WEEKS_PER_HALF * (CURRENT_HALF + 1 - FIRST_HALF)


@dataclass(frozen=True, kw_only=True, slots=True)
class Country:
    """One country: its people, clock and money."""

    code: str
    searchers: int
    growth: float
    utc_offset: int
    currency: str
    per_dollar: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """Something people search for: a skill (it has a category) or a term no skill covers."""

    name: str
    category: str
    searchers: int
    after: int | None = None
    aliases: tuple[str, ...] = ()
    pace: float = 4.0
    launch: int | None = None
    season: str | None = None
    bursts: tuple[int, ...] = ()
    replaces: str | None = None
    country: str | None = None
    price: float = 0.0
    # The platform's ordinary share of searches that end in an order.
    sold: float = 0.11
    broad: bool = False
    plain: bool = False
    ai: bool = False

    @property
    def is_skill(self) -> bool:
        return bool(self.category)

    @property
    def parent(self) -> str:
        """The top category."""
        return self.category.split(" > ")[0]

    @property
    def spellings(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)


@dataclass(frozen=True, kw_only=True, slots=True)
class Spam:
    """One skill pushed by a few loud ids and a crowd of fresh ones, for some weeks before now."""

    skill: str
    country: str
    loud_ids: int
    fresh_ids: int
    first_week: int
    last_week: int


@dataclass(frozen=True, kw_only=True)
class Story:
    """Everything in story.toml. Skills come first among `subjects`, then terms, last the tail."""

    countries: tuple[Country, ...]
    subjects: tuple[Subject, ...]
    spam: Spam
    sellers: dict[str, dict[str, int]]

    @cached_property
    def skills(self) -> tuple[Subject, ...]:
        return tuple(subject for subject in self.subjects if subject.is_skill)

    @cached_property
    def parents(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(skill.parent for skill in self.skills))

    def homes(self, parent: str) -> dict[str, float]:
        """Return the part of a top category's sellers in each country; "" is unknown."""
        shares = self.sellers.get(parent, self.sellers["usual"])
        return {
            "" if country == UNKNOWN else country: part / sum(shares.values())
            for country, part in shares.items()
        }

    @cached_property
    def position(self) -> dict[str, int]:
        """Where each subject stands in `subjects`, by name."""
        return {subject.name: place for place, subject in enumerate(self.subjects)}


def load_story() -> Story:
    """Read story.toml; a wrong key in it is a TypeError."""
    story = tomllib.loads(STORY_FILE.read_text(encoding="utf-8"))
    return Story(
        countries=tuple(Country(code=code, **facts) for code, facts in story["countries"].items()),
        subjects=(
            *(
                _subject(name, category, facts)
                for category, skills in story["skills"].items()
                for name, facts in skills.items()
            ),
            *(_subject(name, "", facts) for name, facts in story["terms"].items()),
            _long_tail(story["tail"]),
        ),
        spam=Spam(**story["spam"]),
        sellers=story["sellers"],
    )


def _subject(name: str, category: str, facts: dict[str, Any]) -> Subject:
    before, after = facts["searchers"], None
    if isinstance(before, list):
        before, after = before
    stated: dict[str, Any] = {**facts, "searchers": before, "after": after}
    for key in stated.keys() & {"aliases", "bursts"}:
        stated[key] = tuple(stated[key])
    return Subject(name=name, category=category, **stated)


def _long_tail(tail: dict[str, Any]) -> Subject:
    """Return one subject whose spellings are all the pairs of words."""
    pairs = [f"{first} {second}" for first in tail["first"] for second in tail["second"]]
    return Subject(
        name=pairs[0],
        aliases=tuple(pairs[1:]),
        category="",
        searchers=tail["searchers"],
        plain=True,
    )
