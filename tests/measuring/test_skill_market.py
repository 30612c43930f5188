"""What surrounds a skill: sellers, buyers, searchers by month, and what is searched beside it."""

from datetime import date, timedelta

import pytest

from marketplace.gigs.importing import import_orders
from marketplace.gigs.models import Gig, GigStatus
from marketplace.imports.rows import Row
from marketplace.skills.matching import version_read
from marketplace.skills.models import Skill
from tests.conftest import TODAY, at
from tests.markets.reference import Market, event
from trends.counting.daily_rollup import roll_up
from trends.measuring.surroundings.months import MONTH, MONTHS, first_days, store_markets
from trends.measuring.surroundings.neighbours import store_neighbours
from trends.models import SkillMarket, SkillNeighbours, TrendSnapshot
from trends.pages.skill.surroundings import Month, months_told, overtaken

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    return Market()


@pytest.fixture
def snapshot(market: Market) -> TrendSnapshot:
    return TrendSnapshot.objects.create(
        as_of=TODAY, taxonomy=version_read(), parameters={}, inputs={}
    )


def order(number: int, gig: str, buyer: str, days_ago: int, **fields: str) -> Row:
    day = at(TODAY - timedelta(days=days_ago))
    row = {
        "order_id": f"o{number}",
        "gig_id": gig,
        "buyer_id": buyer,
        "amount": "5",
        "currency": "USD",
        "ordered_at": day,
        "completed_at": day,
        "status": "completed",
    }
    return Row(number, row | fields)


def months_of(snapshot: TrendSnapshot, skill: str = "Python") -> SkillMarket:
    store_markets(snapshot)
    return SkillMarket.objects.get(snapshot=snapshot, skill__name=skill)


def test_sellers_count_from_their_first_gig_to_today_or_to_the_last_order_of_one_taken_off(
    market: Market, snapshot: TrendSnapshot
) -> None:
    market.offer("g1", "s1", "python", 60)
    market.offer("g2", "s1", "python", 10)
    market.offer("g3", "s2", "python", 140)
    market.offer("g4", "s3", "python", 30)
    import_orders([order(1, "g3", "b1", 100)])
    Gig.objects.filter(gig_id__in=["g3", "g4"]).update(status=GigStatus.DELETED)
    # Months back from the last: s1 in 0 to 2, s2 from 140 to 100 days ago in 3 to 4 (112 is one
    # month's last day), s3 on the day of its gig alone, 30 days ago, in 1.
    assert months_of(snapshot).sellers[-6:] == [0, 1, 1, 1, 2, 1]


def test_a_buyer_counts_once_a_month_and_never_for_what_was_cancelled_or_their_own(
    market: Market, snapshot: TrendSnapshot
) -> None:
    market.offer("g1", "s1", "python", 300)
    rows = [
        order(1, "g1", "b1", 28),
        order(2, "g1", "b1", 1),
        order(3, "g1", "b1", 2),
        order(4, "g1", "b2", 3),
        order(5, "g1", "b3", 4, status="cancelled"),
        order(6, "g1", "b4", 5, refunded="5"),
        order(7, "g1", "s1", 6),
        order(8, "g1", "b5", 29),
        order(9, "g1", "b6", 0),
    ]
    import_orders(rows)
    assert months_of(snapshot).buyers[-3:] == [0, 1, 2]


def test_searchers_are_distinct_in_a_month(market: Market, snapshot: TrendSnapshot) -> None:
    days = (1, 2, 28, 29, MONTHS * 28, MONTHS * 28 + 1)
    market.send(
        event(3 * n, day=TODAY - timedelta(days=back), query="python", searcher="u1", role="")
        for n, back in enumerate(days)
    )
    roll_up()
    searchers = months_of(snapshot).searchers
    assert (len(searchers), searchers[-2:], searchers[0]) == (MONTHS, [1, 1], 1)
    assert sum(searchers) == 3


def test_months_end_the_day_before_the_snapshot() -> None:
    days = first_days(TODAY)
    assert (len(days), days[-1] + MONTH) == (MONTHS, TODAY)


def test_the_public_is_told_people_in_tens_and_never_fewer_than_ten() -> None:
    counts = [0] * (MONTHS - 4) + [9, 10, 14, 15]
    told = months_told({"sellers": counts, "buyers": counts, "searchers": counts}, TODAY)
    assert [month.sellers for month in told["months"][-4:]] == [None, 10, 10, 20]
    few = [9] * MONTHS
    assert months_told({"sellers": counts, "buyers": few, "searchers": few}, TODAY)["months"] == []
    assert months_told(None, TODAY)["months"] == []


def month(place: int, sellers: int | None, buyers: int | None) -> Month:
    return Month(date(2024, 1, 1) + place * MONTH, sellers, buyers, None)


@pytest.mark.parametrize(
    ("sellers", "month_of_it"),
    [
        ([20, 20, 30, 40, 50], 2),
        # As many is no more.
        ([20, 20, 20, 40, 50], None),
        # It was never otherwise, or is no longer so.
        ([30, 30, 30, 40, 50], None),
        ([20, 30, 30, 30, 20], None),
        # The last turn is told, not an earlier one.
        ([30, 20, 30, 40, 50], 2),
        ([20, None, 30, 40, 50], None),
    ],
)
def test_supply_overtook_demand_in_the_first_month_since_which_it_is_ahead(
    sellers: list[int | None], month_of_it: int | None
) -> None:
    months = [month(place, count, 20) for place, count in enumerate(sellers)]
    assert overtaken(months) == (None if month_of_it is None else months[month_of_it])


def test_beside_a_skill_stand_what_ten_people_search_with_it_and_what_else_they_look_for(
    market: Market, snapshot: TrendSnapshot
) -> None:
    # Nine people search for these two and nobody else does: a surer pair there is none.
    for rare in ("Cane Work", "Reed Work"):
        Skill.objects.add(name=rare, category=market.category("Art"))
    asked = [
        *((f"f{n}", query) for n in range(9) for query in ("cane work", "reed work")),
        *((f"a{n}", query) for n in range(40) for query in ("python", "react")),
        *((f"b{n}", query) for n in range(40) for query in ("logo design", "react native")),
        *((f"c{n}", query) for n in range(9) for query in ("python", "logo design")),
        *((f"d{n}", "python tutor") for n in range(12)),
        *((f"e{n}", "python helper") for n in range(9)),
    ]
    market.send(
        event(n, day=TODAY - timedelta(days=1 + n % 90), query=query, searcher=who, role="")
        for n, (who, query) in enumerate(asked)
    )
    roll_up()
    store_neighbours(snapshot)
    found = SkillNeighbours.objects.get(snapshot=snapshot, skill__name="Python")
    assert found.searches == [["python tutor", 10]]
    # 98 people searched for two skills or more, 49 of them for Python, 40 for React.
    react = Skill.objects.get(name="React")
    assert found.skills == [[react.pk, 40, 2.0]]
    logo = SkillNeighbours.objects.get(snapshot=snapshot, skill__name="Logo Design")
    assert [people for _, people, _ in logo.skills] == [40]
    assert not SkillNeighbours.objects.filter(skill__name="Cane Work").exists()
