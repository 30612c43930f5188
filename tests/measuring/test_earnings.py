"""What a skill earned is what an order-by-order count says, and only what may be told is told."""

import itertools
import random
from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from marketplace.gigs.models import OrderStatus
from marketplace.skills.models import Category
from tests.conftest import TODAY
from tests.markets.paid_market import PaidMarket, moment, of
from trends.arithmetic.pay import median_ranks, shrunk_medians
from trends.measuring.money.paid_orders import orders_without_rate
from trends.models import EarningsTotal, EarningsTrend
from trends.published.pay_rows import earnings_row

START = TODAY - timedelta(days=182)


def random_market(seed: int) -> PaidMarket:
    """Forty orders of few people, in three currencies, within and around the half-year."""
    draws = random.Random(seed)
    market = PaidMarket()
    for name in "ABCDEFG":
        market.skill(name, f"Work > {draws.choice('XY')}")
    for day in (-300, -183, -100, -5):
        if draws.random() < 0.7:
            market.rate("EUR", TODAY + timedelta(days=day), f"{draws.uniform(0.5, 2):.4f}")
    for _ in range(40):
        amount = Decimal(draws.randrange(0, 50_000)) / 100
        market.sell(
            *sorted(draws.sample("ABCDEFG", draws.choice([1, 1, 2, 3, 7]))),
            seller=draws.randrange(6),
            buyer=draws.randrange(8),
            amount=amount,
            refunded=draws.choice([Decimal(0), amount, amount / 2]).quantize(Decimal("0.01")),
            currency=draws.choice(["USD", "EUR", "XAU"]),
            status=draws.choice([OrderStatus.COMPLETED] * 4 + [OrderStatus.CANCELLED]),
            done=moment(TODAY - timedelta(days=draws.choice([0, 1, 50, 181, 182, 183, 300])))
            - timedelta(hours=draws.choice([0, 12])),
        )
    return market


class TestAnyMarket(TestCase):
    @settings(max_examples=15, deadline=None)
    @given(seed=st.integers(0, 10**6))
    def test_earned_what_a_count_order_by_order_says(self, seed: int) -> None:
        market = random_market(seed)
        snapshot = market.store()
        stored = {one.skill.name: one for one in EarningsTrend.objects.filter(snapshot=snapshot)}
        for name in "ABCDEFG":
            for figure, expected in market.counted([name]).items():
                found = getattr(stored[name], figure) if name in stored else expected
                assert found == pytest.approx(expected, abs=0.01), (name, figure)

    @settings(max_examples=25, deadline=None)
    @given(seed=st.integers(0, 10**6))
    def test_tells_nothing_of_fewer_than_ten_by_any_sum_or_difference(self, seed: int) -> None:
        """An attacker who knows every published figure to the cent, of skills and of totals."""
        draws = random.Random(seed)
        market, names = PaidMarket(), "ABCDEFGH"
        for name in names:
            market.skill(name, f"{draws.choice('PQ')} > {draws.choice('RS')}")
        people = itertools.count(1)
        for name in names:
            crowd = [next(people) for _ in range(draws.choice([0, 1, 8, 11, 11, 14, 32]))]
            market.crowd(name, crowd, amount=10, buyers=draws.choice([4, 5_000, 5_000]))
            if crowd and draws.random() < 0.3:
                market.sell(name, seller=crowd[0], buyer=1, amount=draws.choice([60, 400]))
        snapshot = market.store()
        known = [{one.skill.name} for one in EarningsTrend.objects.filter(hidden="")]
        for total in EarningsTotal.objects.filter(snapshot=snapshot, hidden=""):
            of_total = EarningsTrend.objects.filter(snapshot=snapshot)
            if total.category:
                inside = Category.objects.filter(parent=total.category)
                of_total = of_total.filter(skill__category__in=[total.category, *inside])
            known.append({one.skill.name for one in of_total})
        learnt = np.array([[name in one for name in names] for one in known], dtype=np.float64)
        rank = np.linalg.matrix_rank(learnt) if known else 0
        sold = [name for name in names if market.counted([name])["sellers"]]
        for size in range(1, len(sold) + 1):
            for together in itertools.combinations(sold, size):
                asked = np.array([[name in together for name in names]], dtype=np.float64)
                found_out = known and np.linalg.matrix_rank(np.vstack([learnt, asked])) == rank
                assert not found_out or market.may_be_told(together), (together, known)


@pytest.fixture
def market(db: None) -> PaidMarket:
    made = PaidMarket()
    for name in ("Logos", "Icons", "Fonts", "Maps", "Plans", "Seals"):
        made.skill(name, "Work > Art")
    return made


def test_an_order_counts_on_the_day_of_its_completion_within_the_closed_half_year(
    market: PaidMarket,
) -> None:
    for number, (day, hour) in enumerate([(START, 0), (TODAY, 0), (START, -1), (TODAY, -1)]):
        done = moment(day, hour=0) + timedelta(hours=hour)
        market.sell("Logos", seller=number, buyer=50, amount=10**number, done=done)
    assert of(market.store(), "Logos").total == 1 + 1000


def test_only_completed_orders_between_two_people_are_money_and_refunds_are_not(
    market: PaidMarket,
) -> None:
    market.sell("Logos", seller=1, buyer=2, amount=100, refunded=30)
    market.sell("Logos", seller=1, buyer=1, amount=500)
    market.sell("Logos", seller=1, buyer=3, amount=500, status=OrderStatus.CANCELLED)
    market.sell("Logos", seller=1, buyer=4, amount=500, status=OrderStatus.IN_PROGRESS)
    found = of(market.store(), "Logos")
    assert (found.total, found.orders, found.sellers, found.buyers) == (70, 1, 1, 1)


def test_an_order_of_many_skills_is_shared_out_and_beyond_five_by_five(market: PaidMarket) -> None:
    market.sell("Logos", "Icons", "Fonts", seller=1, buyer=2, amount=90)
    market.sell("Logos", "Icons", "Fonts", "Maps", "Plans", "Seals", seller=1, buyer=3, amount=50)
    found = of(market.store(), "Logos")
    assert found.total == pytest.approx(30 + 10)
    assert found.orders == pytest.approx(1 / 3 + 1 / 5)


def test_money_is_at_the_rate_of_its_day_and_growth_at_one_rate(market: PaidMarket) -> None:
    for day, rate in ((-360, "1"), (-182, "2")):
        market.rate("EUR", TODAY + timedelta(days=day), rate)
    for days_ago in (*range(1, 364, 7), 400):
        market.crowd("Logos", range(1, 3), currency="EUR", days_ago=days_ago)
        market.crowd("Icons", range(1, 3), days_ago=days_ago)
    market.sell("Maps", seller=1, buyer=2, amount=100, currency="XAU")
    snapshot = market.store()
    logos = of(snapshot, "Logos")
    assert logos.total == 52 * 100 * 2
    assert logos.total_constant == logos.total_before == 52 * 100 * 1.5
    assert logos.money_ratio == pytest.approx(1, abs=0.01)
    assert of(snapshot, "Maps").total == 0
    assert orders_without_rate(TODAY) == 1


def test_the_last_fourteen_days_are_provisional(market: PaidMarket) -> None:
    for days_ago in (1, 14, 15):
        market.sell("Logos", seller=1, buyer=2, amount=10**days_ago % 97, days_ago=days_ago)
    expected = sum(10**days_ago % 97 for days_ago in (1, 14))
    assert of(market.store(), "Logos").provisional == expected


@pytest.mark.parametrize(
    ("sellers", "buyers", "largest", "hidden"),
    [
        (9, 10, 10, "few sellers"),
        (10, 9, 10, "few buyers"),
        (10, 10, 10, ""),
        (10, 10, 90, ""),
        (10, 10, 91, "one or two sellers"),
    ],
)
def test_money_is_published_from_ten_sellers_and_buyers_where_none_has_most_of_it(
    market: PaidMarket, sellers: int, buyers: int, largest: int, hidden: str
) -> None:
    for number in range(max(sellers, buyers)):
        seller, buyer = number % sellers, 100 + number % buyers
        amount = largest if number == 0 else 10
        market.sell("Logos", seller=seller, buyer=buyer, amount=amount)
    snapshot = market.store()
    found = of(snapshot, "Logos")
    assert found.hidden == hidden
    told = earnings_row(found, snapshot=snapshot, exact=False)["earnings"]
    assert (told["total"] is None) == bool(hidden)
    assert earnings_row(found, snapshot=snapshot, exact=True)["earnings"]["total"] == found.total


def test_a_second_skill_is_hidden_beside_a_single_one_but_never_a_ranked_one(
    market: PaidMarket,
) -> None:
    market.crowd("Logos", range(9), amount=10)
    market.crowd("Icons", range(100, 112), amount=10)
    market.crowd("Fonts", range(200, 220), amount=10)
    market.crowd("Maps", range(300, 335), amount=1)
    snapshot = market.store()
    reasons = {one.skill.name: one.hidden for one in EarningsTrend.objects.all()}
    beside = "would tell another"
    assert reasons == {"Logos": "few sellers", "Icons": beside, "Fonts": "", "Maps": ""}
    totals = EarningsTotal.objects.filter(snapshot=snapshot, hidden="")
    assert {one.category and one.category.name for one in totals} == {"Art", "Work", None}
    assert totals.get(category=None).total == 9 * 10 + 12 * 10 + 20 * 10 + 35


def test_without_a_second_skill_to_hide_the_total_is(market: PaidMarket) -> None:
    market.crowd("Logos", range(9))
    market.crowd("Maps", range(300, 335))
    assert set(EarningsTotal.objects.values_list("hidden", flat=True)) == set()
    snapshot = market.store()
    assert not EarningsTotal.objects.filter(snapshot=snapshot, hidden="").exists()
    assert of(snapshot, "Maps").hidden == ""


def test_quantiles_of_few_sellers_are_not_told(market: PaidMarket) -> None:
    for number in range(20):
        market.sell("Logos", seller=number, buyer=100 + number, amount=10 + number)
    snapshot = market.store()
    told = earnings_row(of(snapshot, "Logos"), snapshot=snapshot, exact=False)["earnings"]
    assert (told["p25"], told["p75"], told["p90"]) == (15, 24, None)
    assert (told["median_lower"], told["median_upper"]) == (14, 25)
    lower, upper = median_ranks(np.array([20, 3]))
    assert (lower[0], upper[0], lower[1]) == (5, 16, -1)


def test_growth_is_listed_where_orders_and_money_both_rose_and_a_flat_skill_is_not(
    market: PaidMarket,
) -> None:
    for week in range(79):
        market.crowd("Logos", range(40) if week < 26 else range(4), days_ago=7 * week + 1)
        market.crowd("Icons", range(40), days_ago=7 * week + 1)
        # Ten times the orders at a tenth of the price are no more money.
        amount, sellers = (10, range(40)) if week < 26 else (100, range(4))
        market.crowd("Fonts", sellers, days_ago=7 * week + 1, amount=amount)
    snapshot = market.store()
    logos, icons, fonts = (of(snapshot, name) for name in ("Logos", "Icons", "Fonts"))
    assert (logos.rising_rank, icons.rising_rank, fonts.rising_rank) == (1, None, None)
    assert (logos.orders_before, logos.orders) == (4 * 26, 40 * 26)
    platform = (40 * 3 * 26) / ((4 + 40 + 4) * 26)
    assert logos.orders_ratio == pytest.approx(10 / platform, rel=0.01)
    assert (fonts.orders_bound or 0) > 1
    assert (fonts.money_bound or 9) < 1
    growth = earnings_row(logos, snapshot=snapshot, exact=False)["orders"]["growth"]
    assert growth["ratio"] is None, "the half-year before is of four sellers"


def test_shrunk_medians_are_those_of_a_plain_transcription() -> None:
    draws = np.random.default_rng(5)
    count = np.array([12, 40, 11, 30, 25, 15, 90])
    category = np.array([1, 1, 1, 7, 7, 7, 9])
    centre = draws.normal(6, 0.8, len(count))
    each = [np.sort(draws.lognormal(m, 1, n)) for m, n in zip(centre, count, strict=True)]
    logs = [np.log(one) for one in each]
    ml = np.array([np.median(one) for one in logs])
    se = np.empty(len(count))
    for one in set(category):
        group = np.flatnonzero(category == one)
        squares = sum(((logs[i] - logs[i].mean()) ** 2).sum() for i in group)
        sigma = np.sqrt(squares / sum(count[i] - 1 for i in group))
        se[group] = 1.2533 * sigma / np.sqrt(count[group])
    q = freedom = scale = 0.0
    for one in set(category):
        group = category == one
        w = 1 / se[group] ** 2
        q += (w * (ml[group] - np.average(ml[group], weights=w)) ** 2).sum()
        freedom += group.sum() - 1
        scale += w.sum() - (w**2).sum() / w.sum()
    tau2 = max(q - freedom, 0) / scale
    expected = np.empty(len(count))
    for one in set(category):
        group = category == one
        m = np.average(ml[group], weights=1 / (tau2 + se[group] ** 2))
        expected[group] = m + tau2 / (tau2 + se[group] ** 2) * (ml[group] - m)
    found = shrunk_medians(np.concatenate(each), count, category)
    assert found == pytest.approx(np.exp(expected), rel=1e-9)
    assert abs(np.log(found) - ml)[2] > abs(np.log(found) - ml)[1], "the fewer, the further"


def test_a_lucky_handful_does_not_lead_the_best_paid(market: PaidMarket) -> None:
    for name, first in (("Logos", 0), ("Icons", 200), ("Fonts", 400), ("Maps", 600)):
        for number in range(35 if name != "Icons" else 150):
            amount = {"Logos": 130, "Icons": 125, "Fonts": 60, "Maps": 55}[name]
            market.sell(
                name,
                seller=first + number,
                buyer=5000 + number,
                amount=Decimal(amount * (1 + number % 7)) / 4,
            )
    snapshot = market.store()
    ranked = EarningsTrend.objects.filter(best_rank__isnull=False).order_by("best_rank")
    assert {one.skill.name for one in ranked} == {"Logos", "Icons", "Fonts", "Maps"}
    logos = of(snapshot, "Logos")
    assert (logos.shrunk_median or 0) < (logos.median or 0)


def test_the_list_of_earners_does_not_order_what_is_hidden(
    market: PaidMarket, client: Client
) -> None:
    market.crowd("Seals", range(9), amount=1000)
    market.crowd("Maps", range(20, 29), amount=1)
    market.crowd("Icons", range(40, 60))
    market.store()
    for order in ("best", "total", "rising", "orders"):
        found = client.get(f"/api/v1/trends/earners/?order={order}").json()["results"]
        assert [one["skill"]["name"] for one in found] == ["Icons", "Maps", "Seals"], order
    for order in ("best", "total", "rising"):
        assert client.get(f"/earners/?show={order}").status_code == 200
    assert client.get("/api/v1/trends/earners/?order=median").status_code == 400
