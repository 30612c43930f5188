"""A snapshot of any market can be published: a day old, a year old, or older than its windows."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from marketplace.gigs.models import Seller
from tests.conftest import TODAY, at, search_row
from tests.tools.at_once import at_once
from tests.tools.sending import send_searches
from trends.backoffice.editions.drafting import exact_checksum
from trends.counting.daily_rollup import roll_up
from trends.measuring.snapshot import NothingToMeasure, compute, refresh
from trends.models import SkillTrend, TrendSnapshot, Window

pytestmark = pytest.mark.django_db(transaction=True)

# 1 day; short of and past a year, a year and a half, two years.
AGES = (1, 363, 364, 545, 546, 727, 728, 800)


def searched(days: int) -> None:
    """Twelve people search on the first day of a history of so many days, twelve on the last."""
    send_searches(
        search_row(searcher=f"{day} {person}", occurred_at=at(TODAY - timedelta(days=day)))
        for day in {days, 1}
        for person in range(12)
    )


@pytest.mark.parametrize("days", AGES)
def test_a_market_of_any_age_is_published_and_read(skills: Any, client: Client, days: int) -> None:
    searched(days)
    snapshot = refresh(TODAY)
    trend = SkillTrend.objects.get(
        snapshot=snapshot, window=Window.HALF_YEAR, country="001", skill=skills["Python"]
    )
    assert trend.current == (24 if 1 < days <= 182 else 12)
    assert (trend.previous is None) == (days < 364)
    assert (trend.season is None) == (days < 546)
    assert trend.label == "not enough data"
    for page in ("/", "/?show=all", "/categories/", "/earners/", "/method/"):
        assert client.get(page).status_code == 200
    slug = skills["Python"].slug
    for page in (f"/skills/{slug}/", f"/api/v1/skills/{slug}/", f"/api/v1/skills/{slug}/explain/"):
        assert client.get(page).status_code == 200
    for window in Window:
        answer = client.get(f"/api/v1/trends/skills/?window={window.value}")
        assert [row["label"] for row in answer.json()["results"]] == ["not enough data"]


def test_a_market_is_measured_where_queries_are_recorded(skills: Any) -> None:
    searched(1)
    with CaptureQueriesContext(connection):
        assert exact_checksum(refresh(TODAY))


def test_of_two_computed_at_once_one_is_left(skills: Any) -> None:
    searched(1)
    roll_up()
    at_once(lambda: compute(TODAY), lambda: compute(TODAY))
    assert TrendSnapshot.objects.count() == 1


def test_what_is_committed_while_it_is_computed_is_not_in_it(skills: Any) -> None:
    searched(1)
    roll_up()
    counted: list[int] = []

    def meanwhile_a_seller_comes(done: int, total: int, rows: int) -> None:
        at_once(lambda: Seller.objects.create(pseudonym=len(counted)))
        counted.append(Seller.objects.count())

    compute(TODAY, progress=meanwhile_a_seller_comes)
    assert len(counted) > 1
    assert set(counted) == {0}
    assert Seller.objects.count() == len(counted)


def test_its_progress_ends_at_the_last_part_with_the_rows_written(skills: Any) -> None:
    searched(1)
    roll_up()
    told: list[tuple[int, int, int]] = []
    snapshot = compute(TODAY, progress=lambda *parts: told.append(parts))
    done, total, rows = told[-1]
    # The record of past calls is the last part, and no more is said after it.
    assert done + 1 == total
    assert {of for _, of, _ in told} == {total}
    assert rows >= SkillTrend.objects.filter(snapshot=snapshot).count() > 0


def test_a_market_nobody_searched_has_no_snapshot(skills: Any) -> None:
    with pytest.raises(NothingToMeasure):
        compute(TODAY)
