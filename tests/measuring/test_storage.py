"""What is stored of a snapshot: a row for whoever was searched for, in its place."""

from collections import defaultdict
from collections.abc import Callable
from itertools import groupby
from typing import Any

import pytest

from tests.markets.small_market import small_market
from trends.counting.windows import WEEKS_SHOWN
from trends.models import WORLD, CategoryTrend, SkillTrend, Trend, TrendSnapshot, Window

FIGURES = ("ratio", "season_ratio", "lower", "upper", "bound", "p_value")


@pytest.fixture(scope="module")
def fill() -> Callable[[], TrendSnapshot]:
    return small_market


@pytest.fixture
def lists(snapshot: TrendSnapshot) -> list[list[Trend]]:
    """The trends of each window and country, of skills and of categories, by their places."""
    found: list[list[Trend]] = []
    for model in (SkillTrend, CategoryTrend):
        trends = model.objects.filter(snapshot=snapshot).order_by("window", "country", "position")
        of_list = groupby(trends, key=lambda trend: (trend.window, trend.country))
        found += [list(group) for _, group in of_list]
    assert len(found) > len(Window)
    return found


def place(trend: Trend) -> tuple[Any, ...]:
    """What a place goes by: the listed first, then published growth, then published people."""
    people = 0 if trend.current_hidden else trend.current
    return trend.rank is None, -(trend.public_bound or 0), -people


def test_places_go_by_what_is_published_and_the_listed_have_the_first(
    lists: list[list[Trend]],
) -> None:
    for trends in lists:
        assert [trend.position for trend in trends] == list(range(1, len(trends) + 1))
        assert trends == sorted(trends, key=place)
        ranks = [trend.rank for trend in trends if trend.rank]
        assert ranks == list(range(1, len(ranks) + 1))


def test_nobody_has_a_row_whom_nobody_searched_for(lists: list[list[Trend]]) -> None:
    for trend in (trend for trends in lists for trend in trends):
        assert trend.current or trend.previous or trend.season


def test_the_platform_of_a_window_is_the_same_for_all(lists: list[list[Trend]]) -> None:
    for trends in lists:
        counts = {(t.platform_current, t.platform_previous, t.platform_season) for t in trends}
        assert len(counts) == 1
        (current, *_) = counts.pop()
        assert current >= max(trend.current for trend in trends)


def test_a_row_of_six_months_has_its_weeks_and_what_of_them_is_published(
    lists: list[list[Trend]],
) -> None:
    hidden = 0
    for trend in (trend for trends in lists for trend in trends):
        if trend.window != Window.HALF_YEAR:
            assert trend.weekly is None is trend.public_weekly
            continue
        assert trend.weekly
        assert trend.public_weekly
        assert len(trend.weekly) == len(trend.public_weekly) == WEEKS_SHOWN
        for count, public in zip(trend.weekly, trend.public_weekly, strict=True):
            assert public in {None, count}
            hidden += public is None
            # Fewer than ten are never published; nobody at all may be.
            assert public is None or count == 0 or count >= 10
    assert hidden


def test_a_figure_has_twelve_digits_and_is_unknown_with_all_the_others(
    lists: list[list[Trend]],
) -> None:
    known: defaultdict[str, int] = defaultdict(int)
    for trend in (trend for trends in lists for trend in trends):
        figures = {name: getattr(trend, name) for name in FIGURES if name != "season_ratio"}
        assert len({figure is None for figure in figures.values()}) == 1
        for name in FIGURES:
            figure = getattr(trend, name)
            known[name] += figure is not None
            assert figure is None or figure == float(f"{figure:.12g}")
            public = getattr(trend, f"public_{name}", None)
            assert public is None or public == float(f"{public:.12g}")
    assert min(known.values()) > 0


def test_every_gate_says_what_it_asked_and_the_listed_passed_all(
    lists: list[list[Trend]],
) -> None:
    asked = [trend for trends in lists for trend in trends if trend.gates]
    assert asked
    for trend in asked:
        searchers = trend.gate("searchers")
        assert searchers
        assert searchers.value >= trend.current
        assert (searchers.threshold, searchers.passed) == (30, searchers.value >= 30)
        assert not trend.rank or all(passed for _, _, passed in trend.gates.values())


def test_a_leader_is_named_in_the_world_alone(lists: list[list[Trend]]) -> None:
    leaders = {trend.leader for trends in lists for trend in trends if trend.country == WORLD}
    assert leaders - {""}
    assert {t.leader for trends in lists for t in trends if t.country != WORLD} <= {""}
