"""What is withheld leaves no small rest, and what is published tells nothing of it."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tests.tools.deductions import FEW
from trends.arithmetic.disclosure import (
    FEWEST_PEOPLE,
    hide_parts,
    hide_small_rest,
    tells_few,
    too_few,
)
from trends.arithmetic.growth import Dispersion, measure
from trends.counting.window_counts import WindowCounts
from trends.counting.windows import WEEKS_READ, periods
from trends.measuring.demand.public_growth import Known, public_growth
from trends.measuring.demand.withholding import Members, with_children, withhold
from trends.models import WORLD, Window

SKILLS, COUNTRIES, WEEKS = 6, 4, 26
AS_OF = date(2024, 3, 11)
SPANS = {
    (window, letter): period.weeks(AS_OF)
    for window in Window
    for letter, period in periods(window, AS_OF).items()
}
counts_of_parts = arrays.arrays(np.int64, (1, 4), elements=st.integers(0, 25))


@given(parts=counts_of_parts, further=arrays.arrays(np.bool_, (1, 4)))
def test_a_hidden_part_may_be_anything_under_ten_or_its_whole_is_hidden(
    parts: Any, further: Any
) -> None:
    whole = parts.sum(axis=1)
    hidden, without = hide_parts(
        parts, whole, hidden=too_few(parts) | further, hidden_whole=too_few(whole)
    )
    few, large = ((parts > 0) & (parts < 10)).sum(), (hidden & (parts >= 10)).sum()
    # Somebody who knows the whole and what is published knows the total of the rest.
    total = parts[hidden].sum()
    assume(few and not without[0])
    possible = [n for n in FEW if _fits(total - n, few=few - 1, large=large)]
    assert len(possible) > 1
    assert possible == list(FEW) or hidden.all()


def _fits(total: int, *, few: int, large: int) -> bool:
    """Whether so many parts of 1 to 9 people and so many of 10 or more can have this total."""
    least = few + FEWEST_PEOPLE * large
    return least <= total and (large > 0 or total <= 9 * few)


@given(parts=counts_of_parts, further=arrays.arrays(np.bool_, (1, 4)), over=st.integers(-40, 40))
def test_parts_that_overlap_leave_no_small_rest(parts: Any, further: Any, over: int) -> None:
    whole = parts.sum(axis=1) + over
    hidden = hide_small_rest(parts, whole, hidden=further, hidden_whole=whole < 0)
    assert (hidden >= further).all()
    shown = np.where(hidden, 0, parts).sum(axis=1)
    assert hidden.all() or (whole < 0).all() or not tells_few(whole - shown).any()


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_no_two_published_counts_of_nested_slots_differ_by_a_few(seed: int) -> None:
    rng = np.random.default_rng(seed)
    counts = _counts(rng, rng.choice([1.0, 4.0, 12.0], (SKILLS, COUNTRIES, 1)))
    found = withhold(counts)
    for outer, around in SPANS.items():
        shown, whole = ~found.counts[outer], counts.distinct[outer]
        for inner, within in SPANS.items():
            if inner != outer and around.start <= within.start and within.stop <= around.stop:
                both = shown & ~found.counts[inner]
                assert not (both & tells_few(whole - counts.distinct[inner])).any()
        weeks = counts.weekly[:, :, around]
        told = shown[:, :, None] & ~found.weekly[:, :, around]
        assert not (told & tells_few(whole[:, :, None] - weeks)).any()
        rest = whole - np.where(told, weeks, 0).sum(axis=2)
        assert not (shown & told.any(axis=2) & tells_few(rest)).any()


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_no_published_member_leaves_a_few_of_its_whole_or_of_the_platform(seed: int) -> None:
    rng = np.random.default_rng(seed)
    skills = _counts(rng, rng.choice([2.0, 12.0], (SKILLS, COUNTRIES, 1)))
    # A category of all skills, and its child of the last one alone, each with a few people more.
    pairs = np.array([(0, skill) for skill in range(SKILLS)] + [(1, SKILLS - 1)])
    field, skill = pairs.T
    fields = _around(skills, [np.arange(SKILLS), np.array([SKILLS - 1])], rng)
    platform = _around(fields, [np.array([0])], rng)
    of_skills = withhold(skills, platform)
    of_fields = withhold(fields, platform, Members(skills, of_skills, pairs))
    of_fields = with_children(of_fields, fields, np.array([[0, 1]]), platform)
    for key in SPANS:
        both = ~of_fields.counts[key][field] & ~of_skills.counts[key][skill]
        rest = fields.distinct[key][field] - skills.distinct[key][skill]
        assert not (both & tells_few(rest)).any()
        parent, child = fields.distinct[key]
        assert not (~of_fields.counts[key].any(axis=0) & tells_few(parent - child)).any()
        for one, found in ((skills, of_skills), (fields, of_fields)):
            of_platform = platform.distinct[key] - one.distinct[key]
            assert not (~found.counts[key] & tells_few(of_platform)).any()


def _counts(rng: np.random.Generator, size: Any) -> WindowCounts:
    """Counts of so many searchers a week, the world the sum of its countries."""
    weekly = rng.poisson(size, (*size.shape[:2], WEEKS_READ))
    weekly = np.concatenate([weekly, weekly.sum(axis=1, keepdims=True)], axis=1)
    distinct = {
        key: np.maximum(weekly[:, :, weeks].sum(axis=2) - rng.integers(0, 12), 0)
        for key, weeks in SPANS.items()
    }
    return WindowCounts(list(range(len(size))), [*"abcd", WORLD], distinct, weekly)


def _around(parts: WindowCounts, groups: list[Any], rng: np.random.Generator) -> WindowCounts:
    """Wholes of parts whose people are the same, with up to a dozen people more."""
    more = rng.integers(0, 12, (len(groups), 1))
    return WindowCounts(
        list(range(len(groups))),
        parts.countries,
        {
            key: np.stack([each[group].max(axis=0) for group in groups]) + more
            for key, each in parts.distinct.items()
        },
        np.stack([parts.weekly[group].max(axis=0) for group in groups]) + more[:, :, None],
    )


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_published_growth_is_the_same_whatever_the_hidden_counts_are(seed: int) -> None:
    rng = np.random.default_rng(seed)
    windows = {letter: _window(rng) for letter in "cby"}
    others = {letter: _with_other_hidden(rng, one) for letter, one in windows.items()}
    noise = Dispersion(np.linspace(0.1, 0.9, SKILLS), a0=0.2, kappa=2.0)
    # A skill's own noise is learnt from its weeks, so with other hidden ones it is another.
    unknown = (windows["b"].hidden_weekly | windows["c"].hidden_weekly).any(axis=1)
    other_noise = replace(noise, a=np.where(unknown, 2 * noise.a, noise.a))
    published, again = _published(windows, noise), _published(others, other_noise)
    for name in ("ratio", "season_ratio", "lower", "upper", "bound"):
        first, second = getattr(published, name), getattr(again, name)
        np.testing.assert_allclose(first, second, rtol=1e-12, equal_nan=True, err_msg=name)


def _window(rng: np.random.Generator) -> Known:
    """A window of skills of all sizes, with what must be hidden and now and then what need not."""
    size = rng.choice([0.5, 3.0, 15.0, 60.0], (SKILLS, 1))
    strata = rng.poisson(size * rng.choice([0.3, 1.0], COUNTRIES))
    weekly = rng.poisson(rng.choice([6.0, 12.0, 30.0], (SKILLS, 1)), (SKILLS, WEEKS))
    hidden, without_whole = hide_parts(
        strata, strata.sum(axis=1), hidden=too_few(strata), hidden_whole=too_few(strata.sum(axis=1))
    )
    platform = rng.integers(5_000, 20_000, COUNTRIES)
    return Known(
        whole=strata.sum(axis=1),
        strata=strata,
        weekly=weekly,
        platform=int(platform.sum()),
        platform_strata=platform,
        platform_weekly=rng.integers(500, 2_000, WEEKS),
        hidden=without_whole | (rng.random(SKILLS) < 0.1),
        hidden_strata=hidden,
        hidden_weekly=too_few(weekly),
        hidden_platform=False,
        hidden_platform_strata=rng.random(COUNTRIES) < 0.1,
    )


def _with_other_hidden(rng: np.random.Generator, one: Known) -> Known:
    """The same window with other counts where they are hidden; a known total stays what it is."""
    strata = one.strata.copy()
    for skill, hidden in enumerate(one.hidden_strata):
        places = np.flatnonzero(hidden)
        total = strata[skill, places].sum()
        if one.hidden[skill] and one.whole[skill] < FEWEST_PEOPLE:
            total = rng.integers(0, FEWEST_PEOPLE)
        if len(places):
            strata[skill, places] = rng.multinomial(total, np.full(len(places), 1 / len(places)))
    weekly = np.where(one.hidden_weekly, rng.integers(0, 10, one.weekly.shape), one.weekly)
    return replace(one, strata=strata, whole=strata.sum(axis=1), weekly=weekly)


def _published(windows: dict[str, Known], noise: Dispersion) -> Any:
    growth = measure(
        weekly={x: one.weekly for x, one in windows.items()},
        by_country={x: one.strata for x, one in windows.items()},
        platform_weekly={x: one.platform_weekly for x, one in windows.items()},
        platform_by_country={x: one.platform_strata for x, one in windows.items()},
        noise_of=noise,
    )
    c, b = windows["c"], windows["b"]
    both = np.concatenate([b.hidden_weekly, c.hidden_weekly], axis=1)
    return public_growth(growth, windows, replace(c, hidden_weekly=both))
