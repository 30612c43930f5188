"""The one way in: whatever comes, in whatever order, however often, each event is stored once."""

import random
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.db import connection, connections
from django.db.backends.utils import CursorWrapper
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from marketplace.imports.rows import Row, Status, Tally
from marketplace.searches.intake import Receipt, take_in
from marketplace.searches.models import IngestBatch, RejectedRow, SearchEvent, Source
from marketplace.skills.models import SearchTerm
from tests.conftest import NOON, Fields, eventually, search_row

WRITERS = 6


def take(rows: Sequence[Fields], *, source: Source, now: datetime = NOON) -> Receipt:
    numbered = [Row(number, dict(fields)) for number, fields in enumerate(rows, 1)]
    return take_in(numbered, source=source, now=now)


def stored() -> set[tuple[object, ...]]:
    names = ("day", "source", "event_id", "second", "term__text", "searcher", "country")
    return set(SearchEvent.objects.values_list(*names))


def numbered(number: int, *, query: str = "python") -> Fields:
    """The search of this number: over three days, by five people, the same each time."""
    when = NOON - timedelta(hours=number * 7 % 72)
    return search_row(
        query, event_id=f"n{number}", occurred_at=when.isoformat(), searcher=f"u{number % 5}"
    )


BROKEN = search_row(query="jo@example.org", event_id="broken")
batches_of_numbers = st.lists(st.lists(st.integers(-1, 30), max_size=12), max_size=8)


class TestAnySequenceOfBatches(TestCase):
    @settings(max_examples=40, deadline=None)
    @given(batches=batches_of_numbers, order=st.randoms(use_true_random=False))
    def test_the_stored_events_are_those_sent_and_every_row_is_accounted_for(
        self, batches: list[list[int]], order: random.Random
    ) -> None:
        source = Source.objects.create(name="shop")
        sent = {number for batch in batches for number in batch if number >= 0}
        total = Tally()
        for batch in batches:
            receipt = take([numbered(n) if n >= 0 else BROKEN for n in batch], source=source)
            tally = receipt.tally
            assert tally.received == len(batch)
            assert tally.received == tally.accepted + tally.duplicate + tally.rejected
            assert tally.rejected == batch.count(-1)
            total += tally
        assert total.accepted == len(sent) == SearchEvent.objects.count()
        assert set(SearchEvent.objects.values_list("event_id", flat=True)) == {
            f"n{number}" for number in sent
        }
        before = stored()
        again = [n for batch in batches for n in batch]
        order.shuffle(again)
        receipt = take([numbered(n) if n >= 0 else BROKEN for n in again], source=source)
        assert receipt.tally.accepted == 0
        assert stored() == before
        rejected = sum(IngestBatch.objects.values_list("rejected", flat=True))
        assert RejectedRow.objects.count() == rejected


@pytest.fixture
def shop(db: None) -> Source:
    return Source.objects.create(name="shop")


def test_the_first_of_an_id_counts_and_a_different_one_is_a_conflict(shop: Source) -> None:
    first, other = numbered(1), numbered(1, query="react")
    verdicts = take([first, other, first], source=shop).verdicts
    assert [one.status for one in verdicts] == [Status.OK, Status.CONFLICT, Status.DUPLICATE]
    assert take([other, first], source=shop).tally == Tally(2, 0, 1, 1)
    assert SearchEvent.objects.get().term.text == "python"


def test_every_difference_of_content_is_a_conflict(shop: Source) -> None:
    row = numbered(1) | {"role": "buyer", "results": "3"}
    take([row], source=shop)
    changes = {"searcher": "u9", "country": "FR", "role": "", "results": "", "query": "x"}
    later = {"occurred_at": NOON.replace(minute=1).isoformat()}
    changed = [row | {name: value} for name, value in changes.items()]
    same_day = [numbered(0) | {"role": "buyer"}, numbered(0) | later]
    verdicts = take([*changed, *same_day], source=shop).verdicts
    assert [one.status for one in verdicts] == [
        *[Status.CONFLICT] * len(changes),
        Status.OK,
        Status.CONFLICT,
    ]


def test_an_id_may_come_back_on_another_day(shop: Source) -> None:
    row = numbered(0)
    other = row | {"occurred_at": (NOON - timedelta(days=1)).isoformat()}
    assert take([row, other], source=shop).tally.accepted == 2


def test_a_failure_leaves_nothing_behind(shop: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("marketplace.searches.intake._rejects", fail)
    with pytest.raises(RuntimeError, match="disk"):
        take([numbered(1)], source=shop)
    assert not SearchEvent.objects.exists()
    assert not IngestBatch.objects.exists()
    assert not SearchTerm.objects.exists()
    monkeypatch.undo()
    assert take([numbered(1)], source=shop).tally.accepted == 1


def test_a_batch_with_nothing_new_is_no_work_for_the_rollups(shop: Source) -> None:
    take([numbered(1)], source=shop)
    take([numbered(1), BROKEN], source=shop)
    assert [batch.days for batch in IngestBatch.objects.waiting()] == [[NOON.date()]]


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_store_every_event_once_and_none_waits_for_ever() -> None:
    """Six writers send overlapping events, new terms, and days of months nobody prepared."""
    source = Source.objects.create(name="shop")
    events = [
        search_row(
            f"term {number}",
            event_id=f"n{number}",
            occurred_at=(NOON - timedelta(days=31 * (number % 5))).isoformat(),
        )
        for number in range(600)
    ]
    tallies: list[Tally] = []
    problems: list[BaseException] = []
    barrier = threading.Barrier(WRITERS)

    def write(seed: int) -> None:
        mine = events * 2
        random.Random(seed).shuffle(mine)
        try:
            barrier.wait()
            for start in range(0, len(mine), 50):
                tallies.append(take(mine[start : start + 50], source=source).tally)
        except BaseException as problem:
            problems.append(problem)
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=[seed]) for seed in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=120)
    assert not any(writer.is_alive() for writer in writers)
    assert problems == []
    assert sum(tally.received for tally in tallies) == WRITERS * 2 * len(events)
    assert sum(tally.accepted for tally in tallies) == len(events) == SearchEvent.objects.count()
    assert sum(tally.rejected for tally in tallies) == 0
    assert SearchTerm.objects.count() == len(events)
    waiting = IngestBatch.objects.waiting()
    assert sum(waiting.values_list("accepted", flat=True)) == len(events)


@pytest.mark.django_db(transaction=True)
def test_a_term_that_somebody_else_is_just_making_loses_no_event() -> None:
    source = Source.objects.create(name="shop")
    tallies: list[Tally] = []

    def write() -> None:
        try:
            tallies.append(take([numbered(1), numbered(2)], source=source).tally)
        finally:
            connection.close()

    writer = threading.Thread(target=write)
    with other_connection() as other:
        # Not committed: nobody sees it, yet nobody else can make it.
        other.execute("INSERT INTO skills_searchterm (text) VALUES ('python')")
        writer.start()
        eventually(waiting_for_a_row)
        other.execute("COMMIT")
        writer.join(timeout=60)
    assert tallies == [Tally(2, 2, 0, 0)]
    assert set(SearchEvent.objects.values_list("term__text", flat=True)) == {"python"}
    assert SearchTerm.objects.count() == 1


@contextmanager
def other_connection() -> Iterator[CursorWrapper]:
    """A connection of somebody else, within a transaction."""
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        yield cursor
    other.close()


def waiting_for_a_row() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid)"
            " WHERE datname = current_database() AND locktype = 'transactionid' AND NOT granted"
        )
        return cursor.fetchone() is not None
