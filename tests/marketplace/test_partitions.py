"""Months of search events are made ahead, once, by whoever is first."""

from contextlib import closing
from datetime import date

import pytest
from django.db import connections
from pytest_django import DjangoAssertNumQueries

from marketplace.searches import partitions
from tests.conftest import eventually, waiting
from tests.tools.at_once import meanwhile

OLD = date(1999, 12, 31)


@pytest.mark.django_db(transaction=True)
def test_who_needs_a_month_waits_for_whoever_is_making_months() -> None:
    with closing(connections.create_connection("default")) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [partitions.LOCK])
        with meanwhile(lambda: partitions.ensure_months([OLD])) as problems:
            eventually(waiting)
            cursor.execute("SELECT pg_advisory_unlock(%s)", [partitions.LOCK])
    assert problems == []
    assert date(1999, 12, 1) in {partition.month for partition in partitions.sizes()}


@pytest.mark.django_db
def test_this_month_and_three_ahead_are_made_and_only_what_is_missing_is_counted() -> None:
    today = date(2031, 11, 30)
    months = [date(2031, 11, 1), date(2031, 12, 1), date(2032, 1, 1), date(2032, 2, 1)]
    assert partitions.needed(today) == months
    assert partitions.ensure_months(months[:1]) == 1
    assert partitions.ensure_ahead(today) == 3
    assert partitions.ensure_ahead(today) == 0
    there = [partition.month for partition in partitions.sizes()]
    assert there == sorted(there, reverse=True)
    assert set(months) <= set(there)


@pytest.mark.django_db
def test_a_month_that_exists_is_looked_up_and_no_lock_is_taken(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    partitions.ensure_months([OLD])
    with django_assert_num_queries(1):
        assert partitions.ensure_months([OLD]) == 0
