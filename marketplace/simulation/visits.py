"""A list of searches as columns: who looked for what on which day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np

from marketplace.simulation.demand import DAYS_PER_HALF
from marketplace.simulation.draws import Flags, Ints

NOTHING = -1


class Kind(IntEnum):
    """What sort of searcher it is. Only persons buy."""

    PERSON = 0
    SELLER = 1
    STRANGER = 2
    FLOOD = 3


@dataclass(frozen=True, kw_only=True)
class Searchers:
    """Those who search; parallel columns. `country` points into the story's countries."""

    names: list[str]
    country: Ints
    kind: Ints


@dataclass(frozen=True, kw_only=True)
class Visits:
    """Searches of one half-year; parallel columns, one entry a search.

    `who` points into `searchers`, `subject` and `also` (a second skill named in the same query,
    or NOTHING) into the story's subjects; `day` counts from the first day of the half-year.
    """

    searchers: Searchers
    who: Ints
    subject: Ints
    also: Ints
    day: Ints

    def __len__(self) -> int:
        return len(self.who)

    @property
    def country(self) -> Ints:
        return self.searchers.country[self.who]

    @property
    def kind(self) -> Ints:
        return self.searchers.kind[self.who]

    def where(self, chosen: Ints | Flags | slice) -> "Visits":
        """Return some of the searches, in the order of `chosen`."""
        return replace(
            self,
            who=self.who[chosen],
            subject=self.subject[chosen],
            also=self.also[chosen],
            day=self.day[chosen],
        )


def of_kind(kind: Kind, names: list[str], country: Ints) -> Searchers:
    """Return searchers who are all of one kind."""
    return Searchers(names=names, country=country, kind=np.full(len(names), kind, dtype=np.int64))


def searched(searchers: Searchers, *, who: Ints, subject: Ints, day: Ints) -> Visits:
    """Return searches for a single subject each."""
    return Visits(
        searchers=searchers,
        who=who,
        subject=subject,
        day=day,
        also=np.full(len(who), NOTHING, dtype=np.int64),
    )


def together(groups: Sequence[Visits]) -> Visits:
    """Return all groups in one, their searchers side by side."""
    crowds = [group.searchers for group in groups]
    firsts = np.cumsum([0, *(len(crowd.names) for crowd in crowds[:-1])])
    return Visits(
        searchers=Searchers(
            names=[name for crowd in crowds for name in crowd.names],
            country=np.concatenate([crowd.country for crowd in crowds]),
            kind=np.concatenate([crowd.kind for crowd in crowds]),
        ),
        who=np.concatenate(
            [group.who + first for group, first in zip(groups, firsts, strict=True)]
        ),
        subject=np.concatenate([group.subject for group in groups]),
        also=np.concatenate([group.also for group in groups]),
        day=np.concatenate([group.day for group in groups]),
    )


class HalfYear:
    """The searches of a half-year, at hand day by day."""

    def __init__(self, visits: Visits) -> None:
        self.visits = visits.where(np.argsort(visits.day, kind="stable"))
        self.starts = np.searchsorted(self.visits.day, np.arange(DAYS_PER_HALF + 1))

    def on(self, day: int) -> Visits:
        """Return the searches of one day (0 to 181)."""
        return self.visits.where(slice(self.starts[day], self.starts[day + 1]))
