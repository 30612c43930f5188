"""What a search may be: every bound as a row meets it, and what is stored of a good one."""

from datetime import UTC, datetime, timedelta

import pytest

from marketplace.imports.rows import Invalid
from marketplace.searches.cleaning import Event, clean
from marketplace.searches.models import UNKNOWN_COUNTRY, Role
from marketplace.searches.pseudonyms import pseudonym

NOW = datetime(2024, 3, 11, 12, 34, 56, tzinfo=UTC)
SECOND = timedelta(seconds=1)
GOOD = {
    "event_id": "e1",
    "occurred_at": NOW.isoformat(),
    "query": "Logo  MAKER",
    "searcher": "jane",
    "country": "de",
    "role": "Seller",
    "results": "3",
}


def cleaned(
    fields: dict[str, str] | None = None,
    *,
    oldest: datetime | None = None,
    known: int | None = None,
) -> Event:
    return clean(GOOD | (fields or {}), now=NOW, oldest=oldest, searcher=known)


def refused(fields: dict[str, str], reason: str, *, oldest: datetime | None = None) -> None:
    """Refuse the one field that is not good, for this reason."""
    with pytest.raises(Invalid, match=reason) as problem:
        cleaned(fields, oldest=oldest)
    assert [problem.value.field] == list(fields)


def test_a_good_search_is_stored_by_its_day_its_second_its_term_and_a_pseudonym() -> None:
    assert cleaned() == Event(
        day=NOW.date(),
        event_id="e1",
        second=12 * 3600 + 34 * 60 + 56,
        term="logo maker",
        searcher=pseudonym("jane"),
        country="DE",
        role=Role.SELLER.value,
        results=3,
    )
    bare = cleaned({"country": "", "role": "", "results": ""})
    assert (bare.country, bare.role, bare.results) == (UNKNOWN_COUNTRY, Role.UNKNOWN.value, None)
    # A row that was kept has its pseudonym, and the id is gone.
    assert cleaned(known=42).searcher == 42
    assert cleaned(known=0).searcher == 0


def test_a_clock_may_be_ten_minutes_fast_and_a_search_as_old_as_is_asked_for() -> None:
    ahead, oldest = NOW + timedelta(minutes=10), NOW - timedelta(days=35)
    assert cleaned({"occurred_at": ahead.isoformat()}).second == 12 * 3600 + 44 * 60 + 56
    refused({"occurred_at": (ahead + SECOND).isoformat()}, "in the future")
    assert cleaned({"occurred_at": oldest.isoformat()}, oldest=oldest).day == oldest.date()
    late = {"occurred_at": (oldest - SECOND).isoformat()}
    refused(late, "older than 35 days", oldest=oldest)
    assert cleaned({"occurred_at": "1999-12-31T23:59:59Z"}).day.year == 1999


@pytest.mark.parametrize(
    ("field", "longest"), [("event_id", 64), ("query", 200), ("searcher", 200)]
)
def test_a_text_has_its_longest_and_no_more(field: str, longest: int) -> None:
    assert cleaned({field: "x" * longest})
    refused({field: "x" * (longest + 1)}, str(longest))


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("", "missing|empty|expected"),
        ("!!", "no letter or digit"),
        ("jo@example.org", "never stored"),
        ("=1+1", "formula"),
    ],
)
def test_a_query_is_words_of_nobody(query: str, reason: str) -> None:
    refused({"query": query}, reason)


def test_results_are_a_whole_number_from_0_that_fits_its_column() -> None:
    assert cleaned({"results": "0"}).results == 0
    assert cleaned({"results": str(2**31 - 1)}).results == 2**31 - 1
    assert cleaned({"results": "0000000001"}).results == 1
    for wrong in ("-1", "1.5", "many", str(2**31), "00000000001"):
        refused({"results": wrong}, "whole number from 0")


def test_a_country_or_role_there_is_not_is_refused_by_name() -> None:
    refused({"country": "XX"}, "XX")
    refused({"role": "admin"}, "expected buyer, seller, staff, bot")


def test_a_role_keeps_the_number_that_stored_searches_have() -> None:
    numbers = {role.name.lower(): role.value for role in Role}
    assert numbers == {"unknown": 0, "buyer": 1, "seller": 2, "staff": 3, "bot": 4}
