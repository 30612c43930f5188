"""What is left out before counting is published as shares of the searches, by reason."""

from datetime import timedelta

import pytest

from tests.conftest import TODAY, Fields
from tests.markets.reference import Market, event, flood
from trends.counting.daily_rollup import roll_up
from trends.measuring.left_out import shares_left_out


@pytest.mark.django_db
def test_every_search_left_out_has_its_one_reason() -> None:
    market = Market()
    market.offer("g1", "seller", "python", 10)
    plain: Fields = {"day": TODAY, "role": "", "query": "react"}
    people = [("u", 20, {}), ("staff", 7, {"role": "staff"}), ("bot", 1, {"role": "bot"})]
    market.send(
        event(0, **plain | {"event_id": f"{who} {n}", "searcher": f"{who} {n}"} | more)
        for who, number, more in people
        for n in range(number)
    )
    again = plain | {"searcher": "u 0", "second": 5}
    market.send(event(0, **again, event_id=f"again {n}") for n in range(5))
    own = plain | {"query": "python logo design", "searcher": "seller"}
    market.send(
        event(0, **own | {"event_id": f"own {ago}", "day": TODAY - timedelta(days=ago)})
        for ago in (0, 1, 2, 11)
    )
    # Who floods while searching for what they offer floods.
    market.send(flood("seller of more", queries=61))
    market.offer("g2", "seller of more", "python", 10)
    market.send(flood("before", queries=61, day=TODAY - timedelta(days=182)))
    roll_up()
    # 98 in all; the last day of the half-year is TODAY, its first 181 days before.
    assert shares_left_out(TODAY + timedelta(days=1)) == {
        "repeat": round(5 / 98, 2),
        "flood": round(61 / 98, 2),
        "staff": round(7 / 98, 2),
        "bot": round(1 / 98, 2),
        "own skill": round(3 / 98, 2),
    }


@pytest.mark.django_db
def test_without_a_search_nothing_is_left_out() -> None:
    assert set(shares_left_out(TODAY).values()) == {0.0}
