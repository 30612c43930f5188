"""The simulated market: skills, gigs, orders and searches as rows for the imports. Simulated data.

Nothing here knows a database. The same epoch and seed always give the same rows, however the time
is cut into ranges; only an order that is not yet finished when a range ends reads "in_progress".
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import TypedDict

import numpy as np

from marketplace.simulation.crowd import Crowd
from marketplace.simulation.demand import DAYS_PER_HALF, HALVES, Demand
from marketplace.simulation.draws import Floats, Ints, generator
from marketplace.simulation.orders import OrderRow, Orders
from marketplace.simulation.outliers import Outliers
from marketplace.simulation.people import People
from marketplace.simulation.story import FIRST_HALF, WEEKS_OF_HISTORY, load_story
from marketplace.simulation.supply import GigRow, Supply, first_day
from marketplace.simulation.visits import HalfYear, Kind, Visits, together
from marketplace.simulation.wording import Wording

SECONDS_PER_HOUR = 3600
CLOCK = [
    f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}Z" for second in range(86_400)
]
# Searches by local hour, from midnight.
HOURS = np.array([3, 2, 1, 1, 1, 2, 4, 6, 9, 11, 12, 12, 11, 11, 12, 12, 11, 10, 9, 9, 9, 8, 6, 4])
# The flood bot runs for these hours of the UTC day only.
FLOOD_HOURS = (2, 5)


class SkillRow(TypedDict):
    """A row of the skill import."""

    name: str
    category: str
    aliases: str
    ai: str


class SearchRow(TypedDict):
    """A row of the search import."""

    event_id: str
    occurred_at: str
    query: str
    searcher: str
    country: str
    role: str
    results: int


class Market:
    """A freelance marketplace that exists only on paper, from `epoch` on.

    Its story leads up to `now`, 112 weeks after the epoch, and levels out after that. It can be
    followed for some years more; asking for later days is a ValueError.
    """

    def __init__(self, *, epoch: date, seed: int = 2025) -> None:
        self.epoch, self.seed = epoch, seed
        self.now = epoch + timedelta(weeks=WEEKS_OF_HISTORY)
        self.story = load_story()
        demand = Demand(self.story, epoch=epoch, seed=seed)
        self._supply = Supply(self.story, demand, epoch=epoch, seed=seed)
        people = People(self.story, demand, seed=seed)
        self._crowd = Crowd(self.story, demand, people, seed=seed)
        self._outliers = Outliers(self.story, seed=seed)
        self._orders = Orders(self.story, self._supply, epoch=epoch, seed=seed)
        self._wording = Wording(self.story)
        self._offsets = np.array([country.utc_offset for country in self.story.countries])
        # Ranges are asked for in the order of time: two half-years are enough to remember.
        self._half_year = lru_cache(maxsize=2)(self._build_half_year)
        self._results = lru_cache(maxsize=2)(self._supply.results)

    def skills(self) -> Iterator[SkillRow]:
        """Yield the taxonomy. A category is "Parent > Child", or a parent alone."""
        for skill in self.story.skills:
            yield SkillRow(
                name=skill.name,
                category=skill.category,
                aliases="|".join(skill.aliases),
                ai="yes" if skill.ai else "no",
            )

    def gigs(self) -> Iterator[GigRow]:
        """Yield all gigs published up to `now`, some before the epoch, with their sellers."""
        return self._supply.rows()

    def orders(self, since: date, until: date) -> Iterator[OrderRow]:
        """Yield orders placed from `since` up to, not including, `until`, as they stand then."""
        for day in self._days(since, until):
            visits = self._visits(day)
            yield from self._orders.rows(
                visits, self._seconds(visits, day), day=day, last_day=(until - self.epoch).days - 1
            )

    def searches(self, since: date, until: date) -> Iterator[list[SearchRow]]:
        """Yield searches from `since` up to, not including, `until`: in order, one list a day."""
        for day in self._days(since, until):
            yield self._search_rows(day)

    def _days(self, since: date, until: date) -> range:
        days = range(max((since - self.epoch).days, 0), (until - self.epoch).days)
        if days and days[-1] >= first_day(FIRST_HALF + HALVES):
            raise ValueError(f"the simulated market has no searches on {until} yet")
        return days

    def _build_half_year(self, half: int) -> HalfYear:
        return HalfYear(
            together(
                [
                    self._crowd.searches(half),
                    self._supply.own_searches(half),
                    *self._outliers.searches(half),
                ]
            )
        )

    def _visits(self, day: int) -> Visits:
        half, day_of_half = _place(day)
        return self._half_year(half).on(day_of_half)

    def _seconds(self, visits: Visits, day: int) -> Ints:
        """Return the second of the UTC day of every search."""
        draws = generator(self.seed, "clock", day)
        shares: Floats = np.cumsum(HOURS) / HOURS.sum()
        local = np.searchsorted(shares, draws.random(len(visits)))
        hour = (local - self._offsets[visits.country]) % 24
        flood = draws.integers(*FLOOD_HOURS, size=len(visits))
        hour = np.where(visits.kind == Kind.FLOOD, flood, hour)
        seconds: Ints = hour * SECONDS_PER_HOUR + draws.integers(SECONDS_PER_HOUR, size=len(hour))
        return seconds

    def _search_rows(self, day: int) -> list[SearchRow]:
        visits = self._visits(day)
        seconds = self._seconds(visits, day)
        in_time = np.argsort(seconds, kind="stable")
        visits, seconds = visits.where(in_time), seconds[in_time]
        half, day_of_half = _place(day)
        result_counts = self._results(half)[visits.subject, day_of_half]
        codes = [country.code for country in self.story.countries]
        names = visits.searchers.names
        roles = ["seller" if kind == Kind.SELLER else "buyer" for kind in Kind]
        queries = self._wording.queries(visits, generator(self.seed, "wording", day))
        today = (self.epoch + timedelta(days=day)).isoformat()
        return [
            SearchRow(
                event_id=f"search-{today}-{number}",
                occurred_at=f"{today}T{CLOCK[second]}",
                query=query,
                searcher=names[who],
                country=codes[country],
                role=roles[kind],
                results=results,
            )
            for number, (second, query, who, country, kind, results) in enumerate(
                zip(
                    seconds.tolist(),
                    queries,
                    visits.who.tolist(),
                    visits.country.tolist(),
                    visits.kind.tolist(),
                    result_counts.tolist(),
                    strict=True,
                )
            )
        ]


def _place(day: int) -> tuple[int, int]:
    """Return the half-year a day since the epoch belongs to, and its number in there."""
    halves, day_of_half = divmod(day - first_day(FIRST_HALF), DAYS_PER_HALF)
    return FIRST_HALF + halves, day_of_half
