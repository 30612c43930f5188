"""Distinct searchers of every subject in every window, straight from the events.

Distinct people cannot be added up from days or countries, so each window is counted from the
searches themselves; PostgreSQL counts, and hands over plain integers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from trends.counting.sql import read_integers
from trends.counting.windows import WEEK, WEEKS_READ, Period, periods
from trends.models import WORLD, DailyDemand, Window

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class WindowCounts:
    """Distinct searchers by subject, country and period.

    `countries` ends with the world, which is counted by itself. `distinct[window, letter]` is
    (subjects, countries); `weekly` is (subjects, countries, WEEKS_READ), oldest week first.
    """

    subjects: list[int]
    countries: list[str]
    distinct: Mapping[tuple[Window, str], Counts]
    weekly: Counts


# Counts by period: "c", "b" and "y".
ByPeriod = dict[str, Counts]


def to_measure(
    people: WindowCounts,
    platform: WindowCounts,
    spans: Mapping[str, Period],
    *,
    window: Window,
    as_of: date,
    country: str = WORLD,
) -> tuple[ByPeriod, ByPeriod, ByPeriod, ByPeriod]:
    """Return what growth.measure takes, in its order, each by period.

    The weeks of each subject (subjects, weeks) and its window in each country that `country`
    consists of (subjects, countries); the same of the platform, (weeks,) and (countries,).
    """
    column = people.countries.index(country)
    strata = slice(0, -1) if country == WORLD else slice(column, column + 1)
    weeks = {letter: span.weeks(as_of) for letter, span in spans.items()}
    return (
        {x: people.weekly[:, column, weeks[x]] for x in spans},
        {x: people.distinct[window, x][:, strata] for x in spans},
        {x: platform.weekly[0, column, weeks[x]] for x in spans},
        {x: platform.distinct[window, x][0, strata] for x in spans},
    )


# The relations searches are counted from; each names its subject, 0 for the platform.
SKILLS = "trends_skill_search"
CATEGORIES = "trends_category_search"
PLATFORM = "trends_platform_search"

# Each person's periods as bits, then people counted by bit: half the time of a count(DISTINCT …)
# for every period, which sorts once for each.
_DISTINCT = """
SELECT subject, country, {counts} FROM (
    SELECT subject, coalesce(array_position(%(countries)s, country::text), %(world)s) AS country,
        searcher, bit_or({bits}) AS seen
    FROM {events} WHERE day >= %(first)s AND day < %(as_of)s AND counted
    GROUP BY GROUPING SETS ((subject, country, searcher), (subject, searcher))
) AS people GROUP BY subject, country
"""
_BIT = "CASE WHEN day >= '{0.start}' AND day < '{0.end}' THEN {1} ELSE 0 END"
_WITH_BIT = "count(*) FILTER (WHERE seen & {} > 0)"
_WEEKLY = """
SELECT subject, coalesce(array_position(%(countries)s, country::text), %(world)s),
    (day - %(first)s) / 7 AS week, count(DISTINCT searcher)
FROM {events} WHERE day >= %(first)s AND day < %(as_of)s AND counted
GROUP BY GROUPING SETS ((subject, country, week), (subject, week))
"""


def count(events: str, *, as_of: date, countries: list[str]) -> WindowCounts:
    """Count the distinct searchers of SKILLS, CATEGORIES or the PLATFORM, for all windows."""
    keys = [(window, letter) for window in Window for letter in periods(window, as_of)]
    bits = " | ".join(
        _BIT.format(periods(window, as_of)[letter], 1 << place)
        for place, (window, letter) in enumerate(keys)
    )
    counts = ", ".join(_WITH_BIT.format(1 << place) for place in range(len(keys)))
    known = {
        "countries": countries,
        "world": len(countries) + 1,
        "as_of": as_of,
        "first": as_of - WEEKS_READ * WEEK,
    }
    rows = read_integers(_DISTINCT.format(events=events, bits=bits, counts=counts), known)
    weeks = read_integers(_WEEKLY.format(events=events), known)
    subjects, row = np.unique(rows[:, 0], return_inverse=True)
    table = np.zeros((len(keys), len(subjects), len(countries) + 1), dtype=np.int64)
    table[:, row, rows[:, 1] - 1] = rows[:, 2:].T
    weekly = np.zeros((len(subjects), len(countries) + 1, WEEKS_READ), dtype=np.int64)
    weekly[np.searchsorted(subjects, weeks[:, 0]), weeks[:, 1] - 1, weeks[:, 2]] = weeks[:, 3]
    return WindowCounts(
        subjects=subjects.tolist(),
        countries=[*countries, WORLD],
        distinct=dict(zip(keys, table, strict=True)),
        weekly=weekly,
    )


def countries_seen(as_of: date) -> list[str]:
    """Return every country with a search in the two years before `as_of`."""
    demand = DailyDemand.objects.of_all().between(as_of - WEEKS_READ * WEEK, as_of)
    seen = demand.exclude(country=WORLD).order_by("country").values_list("country", flat=True)
    return list(seen.distinct())
