"""Search events are kept by month; months are made ahead, and on demand for old data."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection, transaction

TABLE = "searches_searchevent"
# Enough to outlive a long holiday of the beat that makes them.
MONTHS_AHEAD = 3
# One lock for all who make partitions, so that two never make the same.
LOCK = 7_201


@dataclass(frozen=True, slots=True)
class Partition:
    """A month of search events: its rows as the database estimates them, and its size on disk."""

    month: date
    rows: int
    bytes: int


def sizes() -> list[Partition]:
    """Return every month there is, the latest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT right(c.relname, 7), greatest(c.reltuples, 0), pg_total_relation_size(c.oid)"
            " FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid"
            " WHERE inhparent = %s::regclass ORDER BY c.relname DESC",
            [TABLE],
        )
        return [
            Partition(date(int(name[:4]), int(name[5:]), 1), int(rows), size)
            for name, rows, size in cursor.fetchall()
        ]


def first_of_next(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def existing() -> set[str]:
    """Return names of the partitions there are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass",
            [TABLE],
        )
        return {name for (name,) in cursor.fetchall()}


def ensure_months(days: Iterable[date]) -> int:
    """Make the partitions these days need; how many were missing. Safe to run twice at once."""
    months = {day.replace(day=1) for day in days}
    have = existing()
    missing = sorted(month for month in months if _name(month) not in have)
    if not missing:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        for month in missing:
            cursor.execute(
                f"CREATE TABLE IF NOT EXISTS {_name(month)} PARTITION OF {TABLE}"
                f" FOR VALUES FROM ('{month}') TO ('{first_of_next(month)}')"
            )
    return len(missing)


def ensure_ahead(today: date) -> int:
    """Make this month and the MONTHS_AHEAD that follow."""
    return ensure_months(needed(today))


def needed(today: date) -> list[date]:
    """Return this month and the MONTHS_AHEAD that follow."""
    months = [today.replace(day=1)]
    for _ in range(MONTHS_AHEAD):
        months.append(first_of_next(months[-1]))
    return months


def _name(month: date) -> str:
    return f"{TABLE}_{month:%Y_%m}"
