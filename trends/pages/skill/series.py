"""The day-by-day demand of a skill, as far as it may be published."""

from datetime import date

import numpy as np
from django.utils import timezone

from marketplace.skills.models import Skill
from trends.arithmetic.disclosure import (
    FEWEST_PEOPLE,
    Bools,
    Counts,
    hide_small_rest,
    tells_few,
    too_few,
)
from trends.counting.windows import WEEK, periods
from trends.models import WORLD, DailyDemand, SkillTrend, TrendSnapshot, Window
from trends.pages.skill.schema import Day, SkillSeries

Counted = tuple[date, int, int]


def daily_series(skill: Skill, *, exact: bool) -> SkillSeries:
    """Return searches and distinct searchers a day, worldwide, oldest first.

    The present day is shown while it runs and marked as not closed. For the public a day with
    searches of fewer than ten people has neither figure, nor has one that leaves as few of a week
    or a window of the snapshot; and the present day is in tens, as two looks a moment apart would
    give away whoever came between.
    """
    demand = DailyDemand.objects.worldwide().filter(skill=skill).order_by("day")
    days = list(demand.values_list("day", "searches", "searchers"))
    hidden = np.zeros(len(days), dtype=bool) if exact else _hidden(skill, days)
    today = timezone.now().date()
    return {
        "skill": {"slug": skill.slug, "name": skill.name},
        "days": [
            _day(*day, hidden=hide, closed=day[0] < today, exact=exact)
            for day, hide in zip(days, hidden.tolist(), strict=True)
        ],
    }


def _day(
    day: date, searches: int, searchers: int, *, hidden: bool, closed: bool, exact: bool
) -> Day:
    told_searches: int | None = searches
    if not exact and not closed:
        searchers -= searchers % FEWEST_PEOPLE
        told_searches = None
    # Searches beyond one a person are of those who searched twice.
    if not exact and 0 < searches - searchers < FEWEST_PEOPLE:
        told_searches = None
    return {
        "day": day.isoformat(),
        "searches": None if hidden else told_searches,
        "searchers": None if hidden else searchers,
        "closed": closed,
    }


def _hidden(skill: Skill, days: list[Counted]) -> Bools:
    """Return which days are hidden: for their own count, or for what is left of a whole."""
    searchers = np.array([count for _, _, count in days], dtype=np.int64)
    ordinals = np.array([day.toordinal() for day, _, _ in days], dtype=np.int64)
    hidden, before = too_few(searchers), -1
    wholes = [
        (whole, (ordinals >= start.toordinal()) & (ordinals < end.toordinal()))
        for start, end, whole in _wholes(skill)
    ]
    for whole, inside in wholes:
        hidden |= inside & tells_few(whole - searchers)
    while before != (before := int(hidden.sum())):
        for whole, inside in wholes:
            hidden[inside] = hide_small_rest(
                searchers[inside], whole, hidden=hidden[inside], hidden_whole=np.array(False)
            )
    return hidden


def _wholes(skill: Skill) -> list[tuple[date, date, Counts]]:
    """Return every week and window of the snapshot with its searchers, the longest last."""
    snapshot = TrendSnapshot.objects.current()
    counted = []
    for trend in SkillTrend.objects.filter(snapshot=snapshot, skill=skill, country=WORLD):
        assert snapshot is not None
        spans = periods(Window(trend.window), snapshot.as_of)
        counts = {"c": trend.current, "b": trend.previous, "y": trend.season}
        counted += [(span.start, span.end, counts[letter]) for letter, span in spans.items()]
        weekly = trend.weekly or []
        first = snapshot.as_of - len(weekly) * WEEK
        counted += [
            (first + n * WEEK, first + (n + 1) * WEEK, people) for n, people in enumerate(weekly)
        ]
    known = [(start, end, np.array(count)) for start, end, count in counted if count is not None]
    return sorted(known, key=lambda whole: whole[1] - whole[0])
