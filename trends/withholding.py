"""Which counts of a snapshot are published and which are withheld, all windows seen together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from trends.disclosure import Bools, hide_parts, tells_the_rest, too_few
from trends.models import Window
from trends.window_counts import Counts, WindowCounts, periods

Key = tuple[Window, str]

# Where two windows would tell a small rest between them, the one fewer people ask for goes.
ASKED_FOR = [Window.HALF_YEAR, Window.QUARTER, Window.YEAR, Window.MONTH]


@dataclass(frozen=True, slots=True)
class Members:
    """Subjects counted apart that are parts of these: `counts` of them, `of` says whose.

    `of` is (pairs, 2): a subject's place here, and a member's place in `counts`.
    """

    counts: WindowCounts
    of: Counts


@dataclass(frozen=True, slots=True)
class Withheld:
    """What is not published: `counts[window, letter]` (subjects, countries), and `weekly` likewise
    with weeks behind."""

    counts: Mapping[Key, Bools]
    weekly: Bools


def withhold(
    subjects: WindowCounts, platform: WindowCounts, members: Members | None = None
) -> Withheld:
    """Decide what of the counts of a snapshot is withheld; see `disclosure` for the rules.

    A count is withheld when it is of fewer than ten people, or when it would tell of as few beside
    the platform's, a longer window's, a country's or the world's, or a member's.
    """
    counts = {}
    for key, found in subjects.distinct.items():
        must = too_few(found) | tells_the_rest(found, platform.distinct[key])
        for other in nested_periods()[key]:
            must |= tells_the_rest(found, subjects.distinct[other])
        if members:
            whole, part = members.of.T
            told = tells_the_rest(members.counts.distinct[key][part], found[whole])
            np.logical_or.at(must, whole, told)
        counts[key] = _with_countries(found, must)
    return Withheld(counts=counts, weekly=_weekly(subjects))


def _weekly(subjects: WindowCounts) -> Bools:
    """The weeks, (subjects, countries, weeks), that are withheld: by themselves, by what they
    leave of the half-year around them, and by what countries leave of the world."""
    weekly = subjects.weekly
    must = too_few(weekly)
    # Which weeks a period holds does not depend on the day.
    as_of = date(2000, 1, 3)
    for letter, period in periods(Window.HALF_YEAR, as_of).items():
        weeks = period.weeks(as_of)
        half_year = subjects.distinct[Window.HALF_YEAR, letter][:, :, None]
        must[:, :, weeks] |= tells_the_rest(weekly[:, :, weeks], half_year)
    countries_last = _with_countries(np.moveaxis(weekly, 1, 2), np.moveaxis(must, 1, 2))
    return np.moveaxis(countries_last, 2, 1)


def _with_countries(counts: Counts, must: Bools) -> Bools:
    """Hide further countries where the world, last on the last axis, would tell a hidden one."""
    parts = hide_parts(
        counts[..., :-1],
        counts[..., -1],
        hidden=must[..., :-1],
        hidden_whole=must[..., -1],
    )
    return np.concatenate([parts, must[..., -1:]], axis=-1)


def nested_periods() -> dict[Key, list[Key]]:
    """For each period those asked for more often that lie around it or within it."""
    as_of = date(2000, 1, 3)
    spans = {
        (window, letter): span
        for window in Window
        for letter, span in periods(window, as_of).items()
    }

    def nested(one: Key, other: Key) -> bool:
        inner, outer = spans[one], spans[other]
        return outer.start <= inner.start and inner.end <= outer.end

    return {
        one: [
            other
            for other in spans
            if ASKED_FOR.index(other[0]) < ASKED_FOR.index(one[0])
            and (nested(one, other) or nested(other, one))
        ]
        for one in spans
    }
