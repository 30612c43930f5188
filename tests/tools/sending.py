"""Rows sent as a marketplace sends them, every one of which is accepted."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from marketplace.gigs.importing import import_gigs, import_orders
from marketplace.imports.rows import Row, Status, Verdict
from marketplace.searches.intake import take_in
from marketplace.searches.models import Source
from tests.conftest import NOON, Fields

# Rows of one request.
CHUNK = 5_000


def send_searches(rows: Iterable[Fields], *, now: datetime = NOON) -> None:
    """All from one shop, at noon unless told."""
    source, _ = Source.objects.get_or_create(name="shop")
    numbered = _numbered(rows)
    for start in range(0, len(numbered), CHUNK):
        _accepted(take_in(numbered[start : start + CHUNK], source=source, now=now).verdicts)


def send_gigs(rows: Iterable[Fields]) -> None:
    _accepted(import_gigs(_numbered(rows)))


def send_orders(rows: Iterable[Fields]) -> None:
    _accepted(import_orders(_numbered(rows)))


def _numbered(rows: Iterable[Fields]) -> list[Row]:
    return [Row(place, row) for place, row in enumerate(rows, 1)]


def _accepted(verdicts: Sequence[Verdict]) -> None:
    assert {verdict.status for verdict in verdicts} <= {Status.OK}, verdicts
