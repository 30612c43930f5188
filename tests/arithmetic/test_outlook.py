"""The outlook promises four times in five, is held to it, and says nothing where it cannot be."""

from collections.abc import Callable

import numpy as np
import pytest
from django.test import Client

from tests.markets.small_market import NOBODY, SKILLS, small_market
from tests.tools.copies import filled
from trends.arithmetic import outlook as arithmetic
from trends.arithmetic.outlook import (
    BAND,
    FEWEST_A_MONTH,
    MONTHS_AHEAD,
    MONTHS_NEEDED,
    SMOOTHING,
    lasting,
    outlook,
    theta,
)
from trends.measuring.demand.monthly_outlook import store_outlooks
from trends.models import Outlook, SkillTrend, TrendSnapshot

PLATFORM = np.full(MONTHS_NEEDED, 50_000)


def wandering(rng: np.random.Generator, skills: int, *, step: float = 0.12) -> np.ndarray:
    """Months of skills whose level wanders by `step` a month, seen through chance."""
    level = np.cumsum(rng.normal(0, step, (skills, MONTHS_NEEDED)), axis=1)
    return rng.poisson(rng.uniform(60, 600, (skills, 1)) * np.exp(level))


def test_theta_is_smoothing_with_half_the_slope_as_drift() -> None:
    series = np.random.default_rng(1).normal(5, 0.3, (4, 26)).cumsum(axis=1)
    continued = theta(series, ahead=3)
    for one, found in zip(series, continued, strict=True):
        # The definition: the mean of the straight line and of smoothing the line bent twice as
        # much, theta 0 and theta 2, with the weight that smooths the series itself best.
        time = np.arange(len(one))
        slope, start = np.polyfit(time, one, 1)

        def smoothed(values: np.ndarray, weight: float) -> tuple[float, float]:
            level, error = values[0], 0.0
            for value in values[1:]:
                error += (value - level) ** 2
                level = weight * value + (1 - weight) * level
            return level, error

        weight = min(SMOOTHING, key=lambda each: smoothed(one, each)[1])
        bent = 2 * one - (start + slope * time)
        # Smoothing begins with the first value of the series, not with that of the bent line.
        level, _ = smoothed(np.concatenate([[2 * one[0] - start], bent[1:]]), weight)
        expected = [(start + slope * (25 + h) + level) / 2 for h in (1, 2, 3)]
        np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_a_straight_line_goes_on_and_a_level_stays() -> None:
    level = theta(np.full((1, 26), 4.2), ahead=3)
    np.testing.assert_allclose(level, 4.2)
    line = theta(np.arange(26.0)[None] * 0.1, ahead=3)
    assert np.all(np.diff(line) > 0)
    assert line[0, 0] == pytest.approx(2.55, abs=0.06)


def test_bands_hold_about_as_often_as_they_promise() -> None:
    rng = np.random.default_rng(2)
    coverages = []
    for _ in range(10):
        found = outlook(wandering(rng, 150), PLATFORM)
        assert found.tested == 150 * 8
        assert np.all((found.lower <= found.point) & (found.point <= found.upper))
        coverages.append(found.coverage)
    assert np.mean(coverages) == pytest.approx(BAND, abs=0.03)
    assert all(0.70 <= each <= 0.90 for each in coverages)


def test_what_comes_next_lies_in_the_band_as_often_as_it_said() -> None:
    """The bands of today against three months nobody had seen when they were drawn."""
    rng = np.random.default_rng(3)
    held = []
    for _ in range(10):
        level = np.cumsum(rng.normal(0, 0.12, (150, MONTHS_NEEDED + MONTHS_AHEAD)), axis=1)
        months = rng.poisson(rng.uniform(60, 600, (150, 1)) * np.exp(level))
        found = outlook(months[:, :MONTHS_NEEDED], PLATFORM)
        came = months[:, MONTHS_NEEDED:].mean(axis=1)
        held.append(np.mean((found.lower <= came) & (came <= found.upper)))
    assert np.mean(held) == pytest.approx(BAND, abs=0.05)


def test_it_switches_itself_off_where_the_market_outgrew_its_bands() -> None:
    rng = np.random.default_rng(4)
    months = wandering(rng, 150, step=0.02)
    wild = np.exp(rng.normal(0, 0.8, (150, 10)))
    months[:, -10:] = np.maximum(months[:, -10:] * wild, 1).astype(int)
    assert not outlook(months, PLATFORM).kept
    assert outlook(wandering(rng, 150), PLATFORM).kept


def test_a_platform_that_grows_lifts_no_skill() -> None:
    growing = (PLATFORM * np.linspace(1, 3, MONTHS_NEEDED)).astype(int)
    steady = np.outer(np.arange(100, 250), growing) // growing[0]
    found = outlook(steady, growing)
    np.testing.assert_allclose(found.point, found.present, rtol=0.02)


def test_too_few_skills_to_learn_from_promise_nothing() -> None:
    found = outlook(wandering(np.random.default_rng(5), 3), PLATFORM)
    assert not found.kept
    assert found.tested == 0


def test_only_skills_with_people_in_every_month_have_an_outlook() -> None:
    months = np.full((3, MONTHS_NEEDED), FEWEST_A_MONTH)
    months[1, -1] -= 1
    months[2, 0] -= 1
    assert lasting(months).tolist() == [True, False, False]
    with pytest.raises(ValueError, match="26 months"):
        outlook(months[:, 1:], PLATFORM)


@pytest.fixture(scope="module")
def snapshot(emptied: Callable[[], None]) -> TrendSnapshot:
    return filled(small_market)


@pytest.mark.django_db
def test_a_snapshot_has_outlooks_of_its_lasting_skills(snapshot: TrendSnapshot) -> None:
    with_outlook = set(
        Outlook.objects.filter(snapshot=snapshot).values_list("skill__name", flat=True)
    )
    assert snapshot.record["outlook"]["shown"]
    assert snapshot.record["outlook"]["skills"] == len(with_outlook)
    assert with_outlook == {name for name in SKILLS if name.startswith("Steady")}
    for one in Outlook.objects.filter(snapshot=snapshot):
        assert 10 <= one.lower <= one.point <= one.upper
        assert all(float(f"{n:.2g}") == n for n in (one.lower, one.point, one.upper, one.present))
    # Half a year ago there was too little history to test a band.
    earlier = TrendSnapshot.objects.exclude(pk=snapshot.pk).get()
    assert not earlier.record["outlook"]["shown"]
    assert not Outlook.objects.filter(snapshot=earlier).exists()


@pytest.mark.django_db
def test_a_run_whose_bands_did_not_hold_stores_none(
    snapshot: TrendSnapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    Outlook.objects.all().delete()
    held = snapshot.record["outlook"]["coverage"]
    monkeypatch.setattr(arithmetic, "LEAST_COVERAGE", held + 0.01)
    record = store_outlooks(snapshot)
    assert record == snapshot.record["outlook"] | {"shown": False, "skills": 0}
    assert not Outlook.objects.exists()


@pytest.mark.django_db
def test_page_and_api_say_the_same_outlook(snapshot: TrendSnapshot) -> None:
    client = Client()
    found = client.get("/api/v1/skills/steady-a/").json()["outlook"]
    assert found["months"] == MONTHS_AHEAD
    page = client.get("/skills/steady-a/").content.decode()
    assert f"{found['lower']} to {found['upper']} people" in page
    assert client.get("/api/v1/skills/newcomer/").json()["outlook"] is None
    assert "Outlook" not in client.get("/skills/newcomer/").content.decode()


@pytest.mark.django_db
def test_past_calls_say_what_kept_its_level(snapshot: TrendSnapshot) -> None:
    calls = snapshot.record["calls"]
    earlier = TrendSnapshot.objects.exclude(pk=snapshot.pk).get()
    assert calls["as_of"] == earlier.as_of.isoformat()
    listed = SkillTrend.objects.filter(
        snapshot=earlier, window="6m", country="001", rank__isnull=False
    )
    assert {trend.skill.name for trend in listed} == {"Kept", "Fallen"}
    assert sum(one["listed"] for one in calls["labels"]) == 2
    assert sum(one["held"] for one in calls["labels"]) == 1
    assert earlier.record["calls"] is None
    assert NOBODY not in {trend.skill.name for trend in listed}
