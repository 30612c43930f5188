"""Flows from fading skills: the planned one is found, with its counts, and chance makes none."""

from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from math import comb, log

import numpy as np
import pytest
from django.db import connection, transaction

from marketplace.imports.rows import Row, Status
from marketplace.skills.importing import import_skills
from marketplace.skills.models import Skill
from tests.conftest import TODAY
from tests.markets.replacing_market import (
    AI,
    CATEGORIES,
    HALF_YEAR,
    TOO_FEW,
    ReplacingMarket,
    replacing_market,
)
from tests.tools.copies import filled
from trends.arithmetic.lift import LEAST_LIFT, found, lift, one_way
from trends.measuring.flows.flow_counts import count_flows, forget
from trends.measuring.snapshot import compute
from trends.models import (
    WORLD,
    AiShare,
    CategoryFlow,
    Replacement,
    SkillTrend,
    TrendSnapshot,
    Window,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def market(emptied: Callable[[], None]) -> ReplacingMarket:
    return filled(replacing_market)


def test_the_planned_flow_is_found_and_no_other(market: ReplacingMarket) -> None:
    trends = SkillTrend.objects.filter(country=WORLD)
    half_year = trends.filter(window=Window.HALF_YEAR, label="declining")
    fading = set(half_year.values_list("skill__name", flat=True))
    assert fading == {"Old Craft", "Faller", "Small"}
    assert [_names(one) for one in Replacement.objects.all()] == [("Old Craft", "New Craft")]
    assert list(CategoryFlow.objects.values_list("left__name", "found__name", "moved")) == [
        ("Craft", "Craft", Replacement.objects.get().moved)
    ]


def test_its_counts_are_those_of_sets_counted_one_by_one(market: ReplacingMarket) -> None:
    one, before, since = Replacement.objects.get(), _skills_of(market, 1), _skills_of(market, 0)
    left, other = "Old Craft", "New Craft"
    both = before.keys() & since.keys()
    former = {who for who in both if left in before[who] and left not in since[who]}
    moved = {who for who in former if other in since[who] - before[who]}
    back = {
        who
        for who in both
        if other in before[who] - since[who] and left in since[who] - before[who]
    }
    craft = {skill for skill, category in CATEGORIES.items() if category.startswith("Craft")}
    others = {who for who in both if left not in before[who] and (before[who] - since[who]) & craft}
    assert (one.former, one.moved, one.back) == (len(former), len(moved), len(back))
    assert one.comparable == len(others)
    assert one.told == (len(moved) + 5) // 10 * 10
    strata: Counter[tuple[str, int]] = Counter()
    for name, people in (("former", former), ("moved", moved), ("others", others)):
        strata.update((name, _breadth(before[who])) for who in people)
    strata.update(
        ("new", _breadth(before[who])) for who in others if other in since[who] - before[who]
    )
    here = there = 0.5
    for breadth in range(4):
        f, m, o, n = (strata[name, breadth] for name in ("former", "moved", "others", "new"))
        here += m * o / max(f + o, 1)
        there += n * f / max(f + o, 1)
    assert one.lift == pytest.approx(here / there)
    assert one.lower < one.lift < one.upper
    assert one.lower > LEAST_LIFT


def test_one_fading_and_one_rising_without_sharing_people_is_no_flow(
    market: ReplacingMarket,
) -> None:
    ids = dict(Skill.objects.values_list("name", "pk"))
    with transaction.atomic():
        flows = count_flows(TODAY, [ids["Faller"]])
        forget()
    (at,) = np.flatnonzero(flows.found == ids["Riser"])
    measured = lift(flows.moved, flows.former, flows.others_moved, flows.others)
    # Hundreds of people went that way: a plain count would call it the largest flow of all.
    assert flows.moved[at].sum() == flows.moved.sum(axis=1).max() > 100
    assert 0.8 < measured.ratio[at] < 1.25


def test_fewer_than_ten_are_no_flow_however_unlikely(market: ReplacingMarket) -> None:
    assert len(market.searched[0, "Niche"]) == TOO_FEW
    assert not Replacement.objects.filter(found__name="Niche").exists()
    ids = dict(Skill.objects.values_list("name", "pk"))
    with transaction.atomic():
        flows = count_flows(TODAY, [ids["Small"]])
        forget()
    assert ids["Niche"] not in flows.found.tolist()
    assert (flows.moved.sum(axis=1) >= 10).all()


def test_a_second_run_finds_the_same(market: ReplacingMarket) -> None:
    first = _stored()
    # On a connection of its own: a run begins its own transaction.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(_compute_again).result()
    assert TrendSnapshot.objects.get().pk != market.snapshot.pk
    assert _stored() == first


def test_ai_shares_are_those_of_sets_counted_one_by_one(market: ReplacingMarket) -> None:
    people: dict[tuple[str, int, int], set[str]] = defaultdict(set)
    for day, person, skill in market.days:
        own = CATEGORIES[skill]
        for days in (28, HALF_YEAR):
            back = ((TODAY - day).days - 1) // days
            for subject in ("", own.split(" > ")[0], own):
                people[subject, days, back].add(person)
                if skill in AI:
                    people[f"AI {subject}", days, back].add(person)
    whole = (TODAY - min(day for day, _, _ in market.days)).days
    expected = {
        (subject, days, TODAY - timedelta(days=days * (back + 1))): (
            len(found),
            len(people[f"AI {subject}", days, back]),
        )
        for (subject, days, back), found in list(people.items())
        if subject in {"", "Craft"} and days * (back + 1) <= whole
    }
    stored = {
        (one.category.name if one.category else "", one.days, one.start): (one.searchers, one.of_ai)
        for one in AiShare.objects.select_related("category")
    }
    assert stored == expected
    assert len(stored) > 40


def test_a_ratio_and_its_test_are_those_worked_out_by_hand() -> None:
    one = lift(*(np.array([[n]]) for n in (30, 100, 100, 1_000)))
    # (30·1000/1100 + ½) / (100·100/1100 + ½), and Greenland and Robins' variance of its log.
    assert one.ratio[0] == pytest.approx(27.7727 / 9.5909, rel=1e-4)
    spread = (130 * 100 * 1_000 / 1_100**2 - 30 * 100 / 1_100) / (27.7727 * 9.5909)
    assert log(one.upper[0] / one.ratio[0]) == pytest.approx(1.96 * spread**0.5, rel=1e-4)
    # The exact chance of 12 or more of 20 movers among 40 of 100 people.
    few = lift(*(np.array([[n]]) for n in (12, 40, 8, 60)))
    exact = sum(comb(40, n) * comb(60, 20 - n) for n in range(12, 21)) / comb(100, 20)
    assert few.p_value[0] == pytest.approx(exact, rel=0.1)


def test_two_groups_alike_within_are_not_mixed_up() -> None:
    # Busy people move ten times as often, and former searchers are mostly busy: no lift in that.
    moved, former = np.array([[10, 400]]), np.array([[200, 800]])
    others_moved, others = np.array([[400, 100]]), np.array([[8_000, 200]])
    assert lift(moved, former, others_moved, others).ratio[0] == pytest.approx(1, abs=0.01)
    assert moved.sum() / former.sum() > 5 * others_moved.sum() / others.sum()


@pytest.mark.parametrize("seed", range(10))
def test_chance_alone_makes_no_flow(seed: int) -> None:
    rng = np.random.default_rng(seed)
    pairs = 2_000
    rates = rng.choice([0.01, 0.05, 0.3], (pairs, 1)) * np.array([0.3, 0.5, 1.0, 1.5])
    former = rng.integers(5, 400, (pairs, 4))
    others = rng.integers(50, 4_000, (pairs, 4))
    moved, others_moved = rng.binomial(former, rates), rng.binomial(others, rates)
    chance = lift(moved, former, others_moved, others)
    assert not found(chance, tests=pairs).any()
    assert 0.03 < (chance.p_value < 0.05).mean() < 0.07
    within = (chance.lower < 1) & (chance.upper > 1)
    assert 0.93 < within.mean() < 0.98
    # The same market with a few pairs five times as likely: all of those, and hardly another.
    planted = np.arange(pairs) < 20
    rates = np.where(planted[:, None], np.minimum(5 * rates, 0.9), rates)
    moved = rng.binomial(former, rates)
    several = planted & (others_moved.sum(axis=1) * former.sum(axis=1) > 20 * others.sum(axis=1))
    holds = found(lift(moved, former, others_moved, others), tests=pairs)
    assert holds[several].mean() > 0.7
    assert not holds[~planted].any()


def test_more_must_go_than_come_back_by_more_than_luck() -> None:
    moved, back = np.array([10, 10, 40, 40, 10]), np.array([0, 4, 40, 24, 11])
    chances = [
        sum(comb(m + b, n) for n in range(m, m + b + 1)) / 2 ** (m + b)
        for m, b in zip(moved.tolist(), back.tolist(), strict=True)
    ]
    assert one_way(moved, back).tolist() == [chance < 0.05 for chance in chances]
    assert one_way(moved, back).tolist() == [True, False, False, True, False]


@pytest.mark.usefixtures("skills")
def test_the_import_says_which_skills_work_with_ai() -> None:
    def take(said: str | None) -> Status:
        row = {"name": "Python", "category": "Programming > Web", "aliases": ""}
        return import_skills([Row(1, row if said is None else row | {"ai": said})])[0].status

    assert [take(None), take(""), take("no")] == [Status.DUPLICATE] * 3
    assert take("Yes") == Status.OK
    assert Skill.objects.get(name="Python").is_ai
    assert [take("yes"), take(None)] == [Status.DUPLICATE] * 2
    assert Skill.objects.get(name="Python").is_ai
    assert take("perhaps") == Status.REJECTED
    assert take("no") == Status.OK
    assert not Skill.objects.get(name="Python").is_ai


def _compute_again() -> None:
    compute(TODAY)
    connection.close()


def _names(one: Replacement) -> tuple[str, str]:
    return one.left.name, one.found.name


def _skills_of(market: ReplacingMarket, half: int) -> dict[str, set[str]]:
    """What each person searched in a half-year."""
    found: dict[str, set[str]] = defaultdict(set)
    for (when, skill), people in market.searched.items():
        if when == half:
            for who in people:
                found[who].add(skill)
    return found


def _breadth(skills: set[str]) -> int:
    return sum(len(skills) >= least for least in (2, 4, 8))


def _stored() -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for model in (Replacement, CategoryFlow, AiShare):
        names = [one.name for one in model._meta.fields if one.name not in {"id", "snapshot"}]
        found += sorted(model._default_manager.values_list(*names), key=str)
    return found
