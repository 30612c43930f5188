"""A published edition of a small market, and how a change that no test is to meet is undone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import transaction

from tests.conftest import NOON, TODAY
from tests.markets.small_market import small_market
from tests.tools.copies import filled
from trends.backoffice.editions.drafting import draft
from trends.models import Edition

NOW = NOON + timedelta(days=30)
SLUG = TODAY.isoformat()
PAGE = f"/editions/{SLUG}/"


def published(emptied: Callable[[], None]) -> Edition:
    """A published edition of a small market; what the tests do to it is committed."""
    return filled(edited)


def edited() -> Edition:
    small_market()
    made = draft(TODAY, now=NOW, headline="What rose")
    made.publish(by=None, now=NOW)
    return made


@contextmanager
def rolled_back() -> Iterator[None]:
    """For changes that no other test is to meet."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
