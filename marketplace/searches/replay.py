"""Refused rows are replayed once somebody supplies what was wrong with them."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from marketplace.imports.rows import Row, Status, Tally
from marketplace.searches.intake import take_in, without_values
from marketplace.searches.models import RejectedRow, RejectedRowQuerySet

# What a person at the page can wait for; the rest is a second click away.
MOST_AT_ONCE = 10_000
# Of one value for many rows there would be one person, or one event and many conflicts.
OF_ONE_ROW = {"event_id", "searcher"}


def replay(
    rows: RejectedRowQuerySet, supplied: Mapping[str, str], *, by: AbstractBaseUser, now: datetime
) -> Tally:
    """Send the waiting ones of `rows` through the intake again; what became of them.

    A row gets the value supplied for the field it was refused for. Old rows are taken as files are.
    Each batch's rows are a batch of their own, whole or not at all; a row that is taken in or known
    already waits no more, so that replaying it twice changes nothing.
    """
    tally = Tally()
    chosen = list(rows.waiting().order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
    mine = RejectedRow.objects.filter(pk__in=chosen)
    for batch in list(mine.order_by("batch").values_list("batch", flat=True).distinct()):
        with transaction.atomic():
            locked = mine.filter(batch=batch).waiting().select_for_update(of=["self"])
            together = list(locked.select_related("batch__source").order_by("pk"))
            tally += _replay_batch(together, supplied, by=by, now=now)
    return tally


def _replay_batch(
    rows: list[RejectedRow], supplied: Mapping[str, str], *, by: AbstractBaseUser, now: datetime
) -> Tally:
    if not rows:
        return Tally()
    batch = rows[0].batch
    receipt = take_in(
        [Row(row.row, row.mended(supplied)) for row in rows],
        source=batch.source,
        now=now,
        origin=f"replay of batch {batch.pk}",
        searchers={row.row: row.searcher for row in rows if row.searcher is not None},
    )
    for row, verdict in zip(rows, receipt.verdicts, strict=True):
        text = f"{verdict.status}: {verdict.field} {without_values(verdict.reason)}"
        row.outcome = (text if verdict.reason else verdict.status.value)[:300]
        if verdict.status in {Status.OK, Status.DUPLICATE}:
            row.replayed_at, row.replayed_by_id = now, by.pk
            row.kept = row.searcher = None
    fields = ["outcome", "replayed_at", "replayed_by", "kept", "searcher"]
    RejectedRow.objects.bulk_update(rows, fields, batch_size=1_000)
    return receipt.tally
