"""Opportunity, newcomers and the hype gap: what they say, and when they say nothing."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.gigs.models import GigStatus, Order, OrderStatus
from tests.conftest import TODAY
from tests.markets.paid_market import PaidMarket, of
from trends.arithmetic.digits import floored
from trends.arithmetic.hype_gap import hype_gap
from trends.arithmetic.opportunity import newcomers_won, opportunity, usual_searchers, win_rate
from trends.measuring.money.earnings import store_earnings
from trends.measuring.money.supply import Supply, new_gigs, supply, supply_growth
from trends.models import EarningsTrend, TrendSnapshot
from trends.published.pay_rows import earnings_row


@pytest.fixture
def market(db: None) -> PaidMarket:
    made = PaidMarket()
    made.skill("Logos", "Work > Art")
    made.skill("Icons", "Work > Art")
    return made


def row(*, exact: bool = False, **fields: Any) -> Any:
    """The row of a skill with these figures, and nothing else known of it."""
    figures: dict[str, Any] = {
        **dict.fromkeys(("gigs", "offering", "offering_before", "sellers", "buyers"), 0),
        **dict.fromkeys(("orders", "total", "provisional", "orders_before", "total_before"), 0.0),
        "searchers": 0,
        "searchers_told": True,
        "usual_searchers": 4.5,
    }
    snapshot = TrendSnapshot(as_of=TODAY, inputs={"currency": "USD"})
    return earnings_row(EarningsTrend(**figures | fields), snapshot=snapshot, exact=exact)


def test_opportunity_is_the_moderated_searchers_per_seller_over_those_of_the_category() -> None:
    assert opportunity(280, 20, usual=4.5) == pytest.approx((280 + 13.5) / 23 / 4.5)
    assert opportunity(45, 10, usual=4.5) == pytest.approx(1)
    found = row(searchers=280, offering=20)["opportunity"]
    assert found["display"] == "14 searchers per active seller, 2.8 × its category"


def test_under_thirty_searchers_or_withheld_ones_there_is_no_opportunity_to_speak_of() -> None:
    for searchers, told in ((29, True), (280, False)):
        found = row(offering=20, searchers=searchers, searchers_told=told)["opportunity"]
        assert (found["display"], found["ratio"], found["searchers"]) == (None, None, None)


@given(st.integers(0, 9), st.integers(30, 10_000))
def test_fewer_than_ten_sellers_cannot_be_solved_for(sellers: int, searchers: int) -> None:
    told = row(searchers=searchers, offering=sellers)
    assert told == row(searchers=searchers, offering=4)
    assert told["opportunity"]["display"].startswith("at least")
    exact = row(searchers=searchers, offering=sellers, exact=True)["opportunity"]
    assert exact["ratio"] >= told["opportunity"]["ratio"]


def test_at_least_so_many_searchers_per_seller_is_never_more_than_there_are() -> None:
    found = row(searchers=341, offering=9, usual_searchers=6.1)["opportunity"]
    assert 341 / 9 > found["searchers_per_seller"] == 37
    assert opportunity(341, 9, usual=6.1) > found["ratio"] == 4.9
    assert (
        found["display"] == "at least 37 searchers per active seller, at least 4.9 × its category"
    )
    assert row(searchers=379, offering=10)["opportunity"]["searchers_per_seller"] == 38


@given(st.integers(1, 99), st.integers(-6, 6), st.floats(0, 0.999))
def test_rounding_down_keeps_two_digits_and_drops_the_rest(
    digits: int, power: int, rest: float
) -> None:
    told = float(f"{digits}e{power}")
    assert floored(told) == told
    if digits >= 10:
        assert floored(float(f"{digits + rest:.6f}e{power}")) == told


def test_the_usual_number_of_a_category_stands_on_published_counts_alone() -> None:
    category = np.array([1, 1, 1, 2])
    told = np.array([True, True, False, False])
    found = usual_searchers(
        np.array([100, 3, 50, 40]), np.array([20, 15, 30, 10]), category, published=told
    )
    assert found[:3] == pytest.approx([109 / 35] * 3)
    assert np.isnan(found[3])


def test_supply_counts_active_gigs_of_the_day_and_sellers_once(market: PaidMarket) -> None:
    market.offer(1, "Logos", days_ago=400)
    market.offer(1, "Logos", "Icons", days_ago=10)
    market.offer(2, "Logos", days_ago=183)
    market.offer(3, "Logos", days_ago=182)
    market.offer(4, "Logos", days_ago=0)
    market.offer(5, "Logos", status=GigStatus.PAUSED)
    counts = supply(TODAY)
    assert sorted((one.gigs, one.sellers, one.sellers_before) for one in counts.values()) == [
        (1, 1, 0),
        (4, 3, 2),
    ]


@pytest.mark.parametrize(
    ("now", "before", "growth"), [(30, 20, 1.5), (30, 21, None), (30, 30, 1), (12, 9, None)]
)
def test_growth_of_supply_is_told_where_neither_side_nor_the_difference_is_of_few(
    now: int, before: int, growth: float | None
) -> None:
    assert supply_growth(Supply(40, now, before), exact=False) == growth
    assert supply_growth(Supply(40, now, before), exact=True) == now / before


def test_a_new_gig_wins_with_an_order_in_time_that_somebody_else_paid(market: PaidMarket) -> None:
    def publish(number: int, *, days_ago: int, **gig: Any) -> None:
        market.gigs[number, ("Logos",)] = market.offer(number, "Logos", days_ago=days_ago, **gig)

    def sell(number: int, *, days_after: int, buyer: int = 99, **order: Any) -> None:
        made = market.gigs[number, ("Logos",)].created_at
        sold = market.sell("Logos", seller=number, buyer=buyer, amount=10, **order)
        at = made + timedelta(days=days_after)
        Order.objects.filter(pk=sold.pk).update(ordered_at=at)

    publish(1, days_ago=31)
    sell(1, days_after=29)
    publish(2, days_ago=180, status=GigStatus.DELETED)
    sell(2, days_after=30)
    publish(3, days_ago=100)
    sell(3, days_after=5, status=OrderStatus.CANCELLED)
    publish(4, days_ago=100)
    sell(4, days_after=5, buyer=4)
    publish(5, days_ago=100)
    sell(5, days_after=5, refunded=10)
    publish(6, days_ago=91)
    sell(6, days_after=5, status=OrderStatus.IN_PROGRESS)
    publish(7, days_ago=30)
    sell(7, days_after=1)
    publish(8, days_ago=181)
    sell(8, days_after=1)
    (found,) = new_gigs(TODAY).values()
    month, quarter = found["30"], found["90"]
    assert month == {"gigs": 6, "sellers": 6, "won": 2, "winners": 2, "others": 4}
    assert quarter == {"gigs": 5, "sellers": 5, "won": 2, "winners": 2, "others": 3}


@pytest.mark.parametrize(
    ("gigs", "sellers", "won", "winners", "others", "expected"),
    [
        (40, 9, 20, 9, 9, None),
        (40, 40, 20, 20, 20, (0.5, "=")),
        (40, 40, 9, 9, 31, (0.25, "<")),
        (40, 40, 0, 0, 40, (0.25, "<")),
        (40, 40, 31, 31, 9, (0.75, ">")),
        (2000, 2000, 1995, 1995, 5, (0.99, ">")),
        (40, 12, 20, 8, 11, None),
        (18, 18, 10, 10, 8, None),
        (19, 19, 10, 10, 9, (0.47, ">")),
    ],
)
def test_a_win_rate_tells_neither_of_few_winners_nor_of_few_losers(
    gigs: int, sellers: int, won: int, winners: int, others: int, expected: Any
) -> None:
    found = {"gigs": gigs, "sellers": sellers, "won": won, "winners": winners, "others": others}
    rate = win_rate(found, exact=False)
    assert (rate and (rate.part, rate.compared)) == expected
    exact = win_rate(found, exact=True)
    assert exact
    assert exact.part == won / gigs


@given(st.integers(1, 200), st.data())
def test_lists_go_by_no_more_of_a_newcomers_chance_than_is_told(gigs: int, data: Any) -> None:
    won = data.draw(st.integers(0, gigs))
    people = {name: data.draw(st.integers(0, gigs)) for name in ("sellers", "winners", "others")}
    found = {"30": {"gigs": gigs, "won": won} | people}
    told = row(new_gigs=found)["opportunity"]["new_gigs"]
    if not told:
        assert newcomers_won(found) is None
    elif told[0]["compared"] == "<":
        assert newcomers_won(found) == 0
    else:
        assert newcomers_won(found) == told[0]["part"]
    assert newcomers_won({"90": found["30"]}) is None


@pytest.mark.parametrize(
    ("won", "told", "said"),
    [
        (26, 26, "about 26 of 60 (43 %)"),
        (9, None, "fewer than 10 of 60"),
        (51, None, "more than 50 of 60"),
    ],
)
def test_a_newcomers_chance_is_told_in_gigs(won: int, told: int | None, said: str) -> None:
    counts = {"gigs": 60, "sellers": 60, "won": won, "winners": won, "others": 60 - won}
    (found,) = row(new_gigs={"30": counts})["opportunity"]["new_gigs"]
    assert (found["won"], found["display"]) == (told, said)


def test_of_many_new_gigs_no_more_digits_are_told_than_of_their_part() -> None:
    counts = {"gigs": 2000, "sellers": 900, "won": 867, "winners": 500, "others": 700}
    (found,) = row(new_gigs={"30": counts})["opportunity"]["new_gigs"]
    assert (found["won"], found["display"]) == (860, "about 860 of 2,000 (43 %)")


def test_gigs_between_the_two_horizons_are_not_told_by_the_difference() -> None:
    all_won = {"sellers": 50, "winners": 25, "others": 25}
    for fewer, told in ((50, 2), (49, 1), (41, 1), (40, 2)):
        gigs = {"30": {"gigs": 50, "won": 25} | all_won, "90": {"gigs": fewer, "won": 20} | all_won}
        assert len(row(new_gigs=gigs)["opportunity"]["new_gigs"]) == told


def test_without_ten_buyers_a_skill_is_unproven() -> None:
    assert row(buyers=9)["opportunity"]["unproven"]
    assert not row(buyers=10)["opportunity"]["unproven"]


@pytest.mark.parametrize(
    ("searches", "orders", "buyers", "expected"),
    [
        ((1.5, 3.0), (1.2, 4.0), 10, "confirmed"),
        ((1.5, 3.0), (1.2, 4.0), 9, ""),
        ((1.5, 3.0), (0.5, 1.4), 50, "searched, not bought"),
        ((1.5, 3.0), (0.5, 1.4), 0, "searched, not bought"),
        ((1.5, 3.0), (0.5, 1.6), 0, ""),
        ((0.7, 1.1), (1.2, 4.0), 10, "bought without searching"),
        ((0.7, 1.3), (1.2, 4.0), 10, ""),
        ((0.7, 1.1), (0.9, 1.2), 99, ""),
        ((float("nan"), float("nan")), (1.2, 4.0), 10, ""),
    ],
)
def test_a_gap_is_only_called_one_where_the_two_growths_surely_differ(
    searches: tuple[float, float], orders: tuple[float, float], buyers: int, expected: str
) -> None:
    found = hype_gap(
        search_bound=np.array(searches[:1]),
        search_upper=np.array(searches[1:]),
        order_bound=np.array(orders[:1]),
        order_most=np.array(orders[1:]),
        buyers=np.array([buyers]),
    )
    assert found[0] == expected


def test_a_skill_searched_by_thirty_and_offered_by_nobody_has_a_row(market: PaidMarket) -> None:
    market.offer(1, "Icons")
    snapshot = market.store()
    assert of(snapshot, "Icons").offering == 1
    assert not EarningsTrend.objects.filter(skill__name="Logos").exists()
    skill = market.skill("Maps", "Work > Art")
    trend = dict.fromkeys(("current", "platform_current", "position"), 500)
    for window in ("3m", "6m"):
        skill.trends.create(
            snapshot=snapshot, window=window, measured="rising", label="rising", leader="", **trend
        )
    EarningsTrend.objects.all().delete()
    store_earnings(snapshot)
    assert of(snapshot, "Maps").searchers == 500
