"""Advisory locks: who counts, matches and publishes never does it twice at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from enum import IntEnum, unique

from trends.counting import sql


@unique
class Lock(IntEnum):
    """The first key of each advisory lock; the second tells days apart."""

    DAY = 7_101
    TAXONOMY = 7_102
    SNAPSHOT = 7_103
    FOLLOWING = 7_104
    EDITION = 7_105
    DISCOVERY = 7_106


def hold_day(day: date) -> None:
    """Wait until nobody else counts this day, till the end of the transaction.

    Its own statement, so that at READ COMMITTED the next one sees what others committed meanwhile.
    """
    sql.run("SELECT pg_advisory_xact_lock(%s, %s)", [Lock.DAY, day.toordinal()])


def hold(lock: Lock, *, shared: bool = False) -> None:
    """Wait for a lock till the end of the transaction, alone or beside other sharers."""
    kind = "_shared" if shared else ""
    sql.run(f"SELECT pg_advisory_xact_lock{kind}(%s, 0)", [lock])


@contextmanager
def alone(lock: Lock) -> Iterator[None]:
    """Wait for a lock and hold it over several transactions, until the block ends."""
    sql.run("SELECT pg_advisory_lock(%s, 0)", [lock])
    try:
        yield
    finally:
        sql.run("SELECT pg_advisory_unlock(%s, 0)", [lock])


@contextmanager
def alone_or_not_at_all(lock: Lock) -> Iterator[bool]:
    """Hold a lock until the block ends where it is free; False, at once, where it is not."""
    mine = sql.value("SELECT pg_try_advisory_lock(%s, 0)", [lock])
    try:
        yield mine
    finally:
        if mine:
            sql.run("SELECT pg_advisory_unlock(%s, 0)", [lock])
