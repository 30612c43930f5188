"""The people who search: where they live, what they care for, how long they stay."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from marketplace.simulation.demand import Demand, columns
from marketplace.simulation.draws import Flags, Floats, Ints, hashed
from marketplace.simulation.story import FIRST_HALF, Story

# Two kinds of people: (share of those about, share replaced each half-year). Regulars stay for
# years, most others are seen for one or two half-years.
KINDS = ((0.4, 0.15), (0.6, 0.75))
# People about, for each one who is seen searching: some never come round to it.
ABOUT = 1.25
# How unequal people are: standard deviation of the log of their activity, and its limit.
ACTIVITY_SPREAD = 0.7
MOST_ACTIVE = 12.0
# A second field of interest counts this much of the first. A few curious people look into foreign
# fields as well, everyone into a subject that is in all mouths.
SECOND_FIELD = 0.5
CURIOUS_SHARE = 0.1
FOREIGN_FIELD = 0.3
# Ids are laid out as country, kind, running number.
COUNTRY_STRIDE = 10**9
KIND_STRIDE = 10**8


@dataclass(frozen=True, kw_only=True)
class Roster:
    """All who are about in one half-year; parallel arrays, one entry a person."""

    seed: int
    ids: Ints
    country: Ints
    first_field: Ints
    second_field: Ints
    activity: Floats

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def names(self) -> list[str]:
        return [f"person-{number}" for number in self.ids.tolist()]

    @cached_property
    def curious(self) -> Flags:
        flags: Flags = hashed(self.seed, "curious", self.ids) < CURIOUS_SHARE
        return flags

    def interest(self, field: int, *, broad: bool) -> Floats:
        """Return how likely each person is to search in this field (top category)."""
        foreign = np.where(broad | self.curious, FOREIGN_FIELD, 0.0)
        second = np.where(self.second_field == field, SECOND_FIELD, foreign)
        weights: Floats = self.activity * np.where(self.first_field == field, 1.0, second)
        return weights

    def taste(self, subject: str, people: Ints) -> Floats:
        """Return some people's lasting liking for one subject: many indifferent, some devoted."""
        liking: Floats = np.log(hashed(self.seed, "taste of " + subject, self.ids[people])) ** 2
        return liking


class People:
    """The population of the market, as it comes and goes."""

    def __init__(self, story: Story, demand: Demand, *, seed: int) -> None:
        self.demand, self.seed = demand, seed
        sizes = dict.fromkeys(story.parents, 0)
        for skill in story.skills:
            sizes[skill.parent] += skill.searchers
        volumes = np.array(list(sizes.values()), dtype=np.float64)
        self.fields = np.cumsum(volumes) / volumes.sum()

    def roster(self, half: int) -> Roster:
        """List everyone who is in the market in half-year number `half`."""
        ids = np.concatenate(
            [
                self._queue(country, kind, half)
                for country in range(len(self.demand.countries))
                for kind in range(len(KINDS))
            ]
        )
        spread = self._uniform("activity", ids) * self._uniform("activity again", ids)
        return Roster(
            seed=self.seed,
            ids=ids,
            country=ids // COUNTRY_STRIDE,
            first_field=np.searchsorted(self.fields, self._uniform("first field", ids)),
            second_field=np.searchsorted(self.fields, self._uniform("second field", ids)),
            # Minus the log of a product of two uniforms is gamma distributed: mean 2, variance 2.
            activity=np.minimum(
                np.exp(ACTIVITY_SPREAD * (-np.log(spread) - 2) / np.sqrt(2)), MOST_ACTIVE
            ),
        )

    def _queue(self, country: int, kind: int, half: int) -> Ints:
        """Return the span of numbers in the market: people come and go in their order."""
        share, replaced = KINDS[kind]
        weekly = list(self.demand.countries.values())[country] * ABOUT * share
        gone = sum(int(weekly[columns(past)].mean() * replaced) for past in range(FIRST_HALF, half))
        here = int(weekly[columns(half)].mean())
        first = country * COUNTRY_STRIDE + kind * KIND_STRIDE + gone
        return np.arange(first, first + here, dtype=np.int64)

    def _uniform(self, label: str, ids: Ints) -> Floats:
        return hashed(self.seed, label, ids)
