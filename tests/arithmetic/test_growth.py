"""What growth is called on a small market: each label, each gate, and what keeps off the list."""

import numpy as np
import numpy.typing as npt
import pytest

from trends.arithmetic.dispersion import Dispersion, estimate
from trends.arithmetic.gates import cooling, kept_after_clipping
from trends.arithmetic.growth import Growth, Label, measure
from trends.arithmetic.labels import shown_labels

Ints = npt.NDArray[np.int64]
# One small market for the gates: calm skills, and the skill in question in the first row.
CALM, WEEKS = 200, 26
SHARES = np.array([0.4, 0.3, 0.2, 0.1])


def market(**first: npt.ArrayLike) -> list[dict[str, Ints]]:
    """Give the four mappings of a calm market whose first skill has these weekly searchers."""
    rng = np.random.default_rng(5)
    platform = np.full(WEEKS, 20_000)
    weekly = {name: rng.poisson(20, (CALM, WEEKS)) for name in "cby"}
    for name, searchers in first.items():
        weekly[name][0] = searchers
    by_country = {
        name: np.round(week.sum(axis=1, keepdims=True) * SHARES).astype(np.int64)
        for name, week in weekly.items()
    }
    return [
        weekly,
        by_country,
        dict.fromkeys("cby", platform),
        dict.fromkeys("cby", (platform.sum() * SHARES).astype(np.int64)),
    ]


def failing(growth: Growth) -> list[str]:
    return [name for name, gate in growth.gates.items() if not gate.passed[0]]


def test_a_skill_that_trebles_everywhere_is_surging_and_first() -> None:
    growth = measure(*market(c=60))
    assert growth.label[0] == Label.SURGING
    assert growth.ranking().tolist() == [0]
    assert growth.ratio[0] == pytest.approx(3, rel=0.05)


def test_a_skill_from_nothing_is_new() -> None:
    growth = measure(*market(c=np.repeat([0, 40], 13), b=0, y=0))
    assert growth.label[0] == Label.NEW
    assert not failing(growth)


def test_what_comes_back_every_year_is_not_rising() -> None:
    growth = measure(*market(c=60, y=60))
    assert failing(growth)[:1] == ["significant"]
    assert growth.label[0] == Label.STEADY
    assert growth.season is not None
    assert growth.bound[0] == growth.season.bound[0] < 1 < growth.preceding.bound[0]


def test_a_season_is_not_taken_for_the_base_in_whatever_order_windows_are_given() -> None:
    calm = market(c=60, y=60)
    for order in ("cby", "cyb", "ybc"):
        growth = measure(*({name: counts[name] for name in order} for counts in calm))
        assert growth.ratio[0] == pytest.approx(3, rel=0.05), order
        assert growth.season is not None
        assert growth.season.ratio[0] == pytest.approx(1, rel=0.05), order


def test_windows_of_other_names_are_refused() -> None:
    for names in ("cb", "by"):
        wrong = [{name + "?": counts[name] for name in names} for counts in market()]
        with pytest.raises(ValueError, match="named c, b"):
            measure(*wrong)


def test_one_wild_week_is_not_rising() -> None:
    burst = np.full(WEEKS, 20)
    burst[20] = 2000
    assert "significant" in failing(measure(*market(c=burst)))


def test_growth_that_is_over_is_not_rising() -> None:
    assert failing(measure(*market(c=np.repeat([90, 15], 13)))) == ["still elevated"]


def test_a_launch_in_one_country_is_listed_there_alone() -> None:
    given_counts = market(c=80)
    given_counts[1]["c"][0] = given_counts[1]["b"][0] + [0, 0, 1500, 0]
    growth = measure(*given_counts)
    assert failing(growth) == ["broad", "sure elsewhere"]
    assert growth.leader[0] == 2


def test_a_country_that_is_the_market_is_broad_by_itself() -> None:
    weekly, by_country, platform_weekly, _ = market(c=60)
    one = {name: here.sum(axis=1, keepdims=True) for name, here in by_country.items()}
    nearly = {name: np.hstack([here, here * 0]) for name, here in one.items()}
    size = dict.fromkeys("cby", np.array([520_000]))
    nearly_size = dict.fromkeys("cby", np.array([520_000, 20_000]))
    assert measure(weekly, one, platform_weekly, size).listed[0]
    assert measure(weekly, nearly, platform_weekly, nearly_size).listed[0]


def test_a_missing_month_does_not_read_as_a_crash() -> None:
    whole = measure(*market())
    weekly, by_country, platform_weekly, platform = market()
    gap = {**platform_weekly, "c": platform_weekly["c"] * (np.arange(WEEKS) >= 2)}
    weekly["c"][:, :2] = 0
    by_country["c"], platform["c"] = by_country["c"] * 24 // 26, platform["c"] * 24 // 26
    growth = measure(weekly, by_country, gap, platform)
    assert growth.dispersion.a0 == pytest.approx(whole.dispersion.a0, abs=0.01)
    assert (growth.label == Label.STEADY).all()
    gap["c"] = gap["c"] * (np.arange(WEEKS) >= 4)
    assert set(measure(weekly, by_country, gap, platform).label) == {Label.NOT_ENOUGH_DATA}


def test_without_the_year_before_there_is_no_season_and_no_clipping() -> None:
    burst = np.full(WEEKS, 20)
    burst[18:21] = 300
    given_counts = market(c=burst)
    for mapping in given_counts:
        mapping.pop("y")
    growth = measure(*given_counts)
    assert growth.season is None
    np.testing.assert_array_equal(growth.bound, growth.preceding.bound)


def test_a_skill_that_halves_against_both_years_is_declining() -> None:
    assert measure(*market(c=10)).label[0] == Label.DECLINING
    assert measure(*market(c=10, y=10)).label[0] == Label.STEADY


def test_a_certain_but_small_loss_is_steady() -> None:
    growth = measure(*market(c=1800, b=2000, y=2000))
    assert growth.preceding.p_growth[0] < 0.05
    assert growth.label[0] == Label.STEADY


def test_only_a_skill_that_was_up_can_cool() -> None:
    path = np.repeat([60, 60, 25], [8, 10, 8])
    calm = np.full(CALM, Label.STEADY.value)
    risen = calm.copy()
    risen[0] = Label.RISING
    assert measure(*market(c=path), previous_shown=calm).label[0] != Label.COOLING
    assert measure(*market(c=path), previous_shown=risen).label[0] == Label.COOLING
    weekly, _, platform_weekly, _ = market(c=path)
    noise = Dispersion(a=np.full(CALM, 0.02), a0=0.02, kappa=1.0)
    assert cooling(weekly["c"], platform_weekly["c"], noise).tolist()[0]


def test_a_label_changes_when_two_runs_agree() -> None:
    shown = shown_labels(
        np.array(["rising", "rising", "steady"]),
        previous_measured=np.array(["steady", "rising", ""]),
        previous_shown=np.array(["steady", "steady", ""]),
    )
    assert shown.tolist() == ["steady", "rising", "steady"]


def test_a_short_window_borrows_the_noise_of_six_months() -> None:
    six_months = measure(*market(c=60))
    month = [{name: counted[..., -4:] for name, counted in weeks.items()} for weeks in market(c=60)]
    growth = measure(*month, noise_of=six_months.dispersion)
    assert growth.dispersion is six_months.dispersion
    assert growth.lower[0] < six_months.lower[0] < growth.ratio[0]


def test_shapes_that_disagree_are_refused() -> None:
    weekly, by_country, platform_weekly, platform = market()
    with pytest.raises(ValueError, match="skills"):
        measure(weekly, {**by_country, "b": by_country["b"][:-1]}, platform_weekly, platform)
    with pytest.raises(ValueError, match="platform"):
        measure(weekly, by_country, platform_weekly, {**platform, "c": platform["c"][:-1]})


def test_clipping_cuts_three_weeks_and_no_chance() -> None:
    platform = np.full(WEEKS, 1000)
    weeks = np.full((3, WEEKS), 25)
    weeks[0, 3:6] = 500
    weeks[1, 3] = 40  # 25 + 3 * sqrt(25)
    weeks[2, 3:7] = 500
    kept = kept_after_clipping(weeks, platform)
    assert kept[0] == pytest.approx((23 * 25 + 3 * 40) / (23 * 25 + 3 * 500))
    assert kept[1:].tolist() == [1.0, 1.0]


def test_noise_is_found_at_its_size_and_dice_have_none() -> None:
    rng = np.random.default_rng(2)
    platform = np.full(52, 10_000)
    dice = estimate(rng.poisson(50, (2000, 52)), platform)
    blocks = np.repeat(rng.gamma(1 / 0.2, 0.2, (2000, 13)), 4, axis=1)
    waves = estimate(rng.poisson(50 * blocks), platform)
    assert dice.a0 < 0.005
    assert waves.a0 == pytest.approx(0.2 / 1.2, rel=0.1)
    assert waves.kappa == pytest.approx(1.0, abs=0.35)
