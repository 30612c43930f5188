"""Growth by the book: vectors worked out by hand, golden counts, and laws it must obey."""

import csv
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from trends.arithmetic.dispersion import Dispersion
from trends.arithmetic.gates import false_discovery_cutoff
from trends.arithmetic.growth import Growth, measure
from trends.arithmetic.share_ratio import posterior, share_ratio

Ints = npt.NDArray[np.int64]
GOLDEN = Path(__file__).parents[3] / "shared" / "data" / "dsse" / "golden_growth.csv"
# Searchers before and now; the lower and upper ratio at a platform factor of 1.25, a of 0.25.
VECTORS = [
    (0, 5, 0.748, 3.050),
    (0, 50, 3.249, 10.869),
    (0, 500, 28.430, 88.882),
    (2, 20, 1.238, 4.121),
    (20, 200, 2.947, 7.046),
    (200, 2000, 3.673, 7.824),
    (1000, 2500, 1.147, 2.501),
    (100, 18447, 60.233, 126.068),
    (200, 100, 0.348, 0.787),
]
lenient = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize(("before", "now", "lower", "upper"), VECTORS)
def test_the_believed_range_agrees_with_the_method_page(
    before: int, now: int, lower: float, upper: float
) -> None:
    n_w, n_c = np.array([float(before)]), np.array([float(now)])
    ratio = (n_c + 0.5) / (n_w + 0.5) / 1.25
    noise = Dispersion(a=np.array([0.25]), a0=0.1, kappa=2.5).of_log_ratio(26)
    believed = posterior(n_c, n_w, ratio, noise)
    assert believed.ratio_at(0.05)[0] == pytest.approx(lower, abs=0.0005)
    assert believed.ratio_at(0.95)[0] == pytest.approx(upper, abs=0.0005)
    assert believed.probability_at_most(float(believed.ratio_at(0.05)[0]))[0] == pytest.approx(0.05)


@pytest.mark.skipif(not GOLDEN.exists(), reason="the golden counts are not beside this checkout")
def test_the_share_ratio_agrees_with_ratios_computed_elsewhere() -> None:
    with GOLDEN.open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        counts = [np.array([int(row[name])]) for name in ("n_c", "n_b", "N_c", "N_b")]
        n_c, n_b, platform_c, platform_b = counts
        ratio = share_ratio(n_c[:, None], n_b[:, None], platform_c, platform_b)
        assert ratio[0] == pytest.approx(float(row["rr_b"]), abs=1e-6)
    assert len(rows) > 900


def counts(*shape: int, most: int = 10_000) -> st.SearchStrategy[Ints]:
    return hnp.arrays(np.int64, shape, elements=st.integers(0, most))


def platforms(countries: int) -> st.SearchStrategy[Ints]:
    return hnp.arrays(np.int64, countries, elements=st.integers(1, 10**7))


@lenient
@given(counts(4, 3), counts(4, 3), platforms(3), platforms(3))
def test_swapping_the_windows_gives_the_reciprocal(
    n_c: Ints, n_w: Ints, platform_c: Ints, platform_w: Ints
) -> None:
    forth = share_ratio(n_c, n_w, platform_c, platform_w)
    back = share_ratio(n_w, n_c, platform_w, platform_c)
    np.testing.assert_allclose(forth * back, 1.0)


@lenient
@given(counts(4, 3), counts(4, 3), platforms(3), platforms(3), st.integers(1, 5))
def test_merging_two_countries_of_equal_mix_changes_nothing(
    n_c: Ints, n_w: Ints, platform_c: Ints, platform_w: Ints, times: int
) -> None:
    platform_c[1], platform_w[1] = times * platform_c[0], times * platform_w[0]
    apart = share_ratio(n_c, n_w, platform_c, platform_w)

    def merge(array: Ints) -> Ints:
        return np.concatenate([array[..., :2].sum(-1, keepdims=True), array[..., 2:]], axis=-1)

    together = share_ratio(merge(n_c), merge(n_w), merge(platform_c), merge(platform_w))
    np.testing.assert_allclose(apart, together)


@lenient
@given(counts(4, 3), counts(4, 3), platforms(3), st.floats(0.1, 10))
def test_growth_stays_when_the_platform_doubles_with_its_skills(
    n_c: Ints, n_w: Ints, platform: Ints, factor: float
) -> None:
    platform_c = np.maximum((platform * factor).astype(np.int64), 1)
    platform_w = np.maximum((platform_c / factor).astype(np.int64), 1)
    once = share_ratio(n_c, n_w, platform_c, platform_w)
    everywhere = share_ratio(2 * n_c, 2 * n_w, 2 * platform_c, 2 * platform_w)
    # Only the half searcher on either side does not double.
    slack = 0.5 / (n_c.sum(axis=1) + 0.5) + 0.5 / (n_w.sum(axis=1) + 0.5)
    seen = (n_c.sum(axis=1) > 10) & (n_w.sum(axis=1) > 10)
    assert (np.abs(np.log(everywhere / once)) <= 3 * slack)[seen].all()


@lenient
@given(counts(5, 1, most=2000), counts(5, 1, most=2000), st.integers(1, 10**6))
def test_growth_stays_when_only_the_current_platform_doubles(
    n_c: Ints, n_w: Ints, platform: int
) -> None:
    now, size = n_c + 20, np.array([platform])
    once = share_ratio(now, n_w, size, size)
    doubled = share_ratio(2 * now, n_w, 2 * size, size)
    np.testing.assert_allclose(doubled, once, rtol=0.5 / 20)


@lenient
@given(
    counts(2, 5, 3, most=500),
    platforms(3),
    hnp.arrays(np.float64, 3, elements=st.floats(1.0, 2.0)),
    st.tuples(st.integers(0, 2), st.integers(1, 300)),
    st.floats(0.0, 4.0),
)
def test_more_current_searchers_never_lower_the_bound(
    searchers: Ints,
    platform_w: Ints,
    moved: npt.NDArray[np.float64],
    gain: tuple[int, int],
    noise: float,
) -> None:
    (n_w, n_c), (country, added) = searchers, gain
    # While countries change within a factor of two of each other, as they do in half a year.
    platform_c = np.ceil(platform_w * moved * 1000).astype(np.int64)
    platform_w = platform_w * 1000

    def bound(current: Ints) -> npt.NDArray[np.float64]:
        ratio = share_ratio(current, n_w, platform_c, platform_w)
        believed = posterior(
            current.sum(axis=1) * 1.0, n_w.sum(axis=1) * 1.0, ratio, np.full(5, noise)
        )
        return believed.ratio_at(0.05)

    more = n_c.copy()
    more[:, country] += added
    assert (bound(more) >= bound(n_c) * (1 - 1e-9)).all()


def every_number(growth: Growth) -> list[npt.NDArray[Any]]:
    compared = [growth.preceding] + ([growth.season] if growth.season else [])
    arrays = [getattr(one, name) for one in compared for name in one.__slots__]
    arrays += [gate.value for gate in growth.gates.values()]
    arrays += [growth.bound, growth.p_value, growth.dispersion.a]
    return [*arrays, np.array([growth.dispersion.a0, growth.dispersion.kappa])]


@lenient
@given(st.data())
def test_no_counts_give_nan_infinity_or_an_exception(data: st.DataObject) -> None:
    skills, countries = data.draw(st.integers(0, 4)), data.draw(st.integers(1, 4))
    weeks = data.draw(st.sampled_from([1, 4, 13, 26, 52]))
    most = data.draw(st.sampled_from([1, 40, 10**9]))
    names = data.draw(st.sampled_from(["cb", "cby"]))
    given_counts = [
        {name: data.draw(counts(*shape, most=most)) for name in names}
        for shape in [(skills, weeks), (skills, countries), (weeks,), (countries,)]
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        growth = measure(*given_counts, previous_shown=np.full(skills, "rising"))
    for numbers in every_number(growth):
        assert np.isfinite(numbers).all()
    assert (growth.lower <= growth.ratio).all()
    assert (growth.ratio <= growth.upper).all()


@lenient
@given(hnp.arrays(np.float64, 30, elements=st.floats(0, 1)), st.floats(0.01, 0.5))
def test_the_cutoff_is_the_last_p_value_under_the_rising_line(
    p_value: npt.NDArray[np.float64], rate: float
) -> None:
    eligible = np.arange(30) % 3 > 0
    ordered = sorted(p_value[eligible])
    accepted = [p for i, p in enumerate(ordered, 1) if p <= rate * i / len(ordered)]
    cutoff = false_discovery_cutoff(p_value, eligible=eligible, rate=rate)
    assert cutoff == (accepted[-1] if accepted else 0.0)
