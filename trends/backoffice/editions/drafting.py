"""Editions: a snapshot is frozen as a draft, looked at, published once, and never changes."""

import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction

from marketplace.searches.models import IngestBatch
from marketplace.skills.matching import current_taxonomy, version_read
from trends.backoffice.editions.file import file_of
from trends.backoffice.editions.past_inputs import basis, figures, names
from trends.counting.locks import Lock, alone
from trends.counting.progress import Progress
from trends.counting.windows import WEEK, WEEKS_NEEDED
from trends.measuring.money.paid_orders import PROVISIONAL_DAYS
from trends.measuring.snapshot import DAYS_STILL_OPEN, measure, one_state_of_the_database
from trends.models import (
    DailyDemand,
    DirtyDay,
    Edition,
    ReviewFlag,
    SkillTrend,
    TrendSnapshot,
    Window,
)
from trends.published.rows import Reader, skill_rows

# Days after a month's end on which its edition is drafted: late events are in, refunds mostly.
DRAFTED_ON = 5
# A market silent for a week has lost its feed, or is an archive: there is no edition of the month.
SILENT = timedelta(days=7)


class EditionRefused(ValueError):
    """There can be no edition of that day now; the message says why."""


def newest_closed(today: date) -> date:
    """Return the latest day an edition can be of: no late events are to come before it."""
    return today - timedelta(days=DAYS_STILL_OPEN)


def due(today: date) -> date | None:
    """Return the day of the month's edition, where it is time for one and there is none."""
    as_of = today.replace(day=1)
    late_enough = today.day >= DRAFTED_ON
    lately = DailyDemand.objects.of_all().between(as_of - SILENT, as_of)
    missing = not Edition.objects.filter(snapshot__as_of=as_of).exists()
    return as_of if late_enough and missing and lately.exists() else None


def draft(
    as_of: date,
    *,
    now: datetime,
    headline: str = "",
    by: User | None = None,
    progress: Progress = lambda done, total, rows: None,
) -> Edition:
    """Measure a day from all that is known now, and freeze it as a draft.

    The day's searches are rolled up already. One transaction: a failure leaves nothing behind, and
    no reader sees the snapshot. Raises EditionRefused.
    """
    with alone(Lock.EDITION), alone(Lock.SNAPSHOT), transaction.atomic():
        one_state_of_the_database()
        refuse(as_of, today=now.date())
        _refuse_uncounted(as_of)
        taxonomy, version = current_taxonomy(), version_read()
        if version.digest != taxonomy.digest():
            raise EditionRefused("The skills were just edited and are being counted; try again.")
        before = TrendSnapshot.objects.a_week_before(as_of)
        kept = basis(as_of)
        snapshot = measure(as_of, taxonomy=version, before=before, progress=progress)
        edition = Edition(
            slug=as_of.isoformat(),
            snapshot=snapshot,
            before=before,
            headline=headline,
            taxonomy=names(taxonomy),
            basis=kept,
            created_at=now,
            created_by=by,
            exact_checksum=exact_checksum(snapshot),
        )
        file = b"".join(file_of(Reader(snapshot, edition=edition)))
        edition.file, edition.checksum = zlib.compress(file), hashlib.sha256(file).hexdigest()
        edition.save()
    return edition


def refuse(as_of: date, *, today: date) -> None:
    """Raise EditionRefused where there can be no edition of a day today."""
    if as_of > (newest := newest_closed(today)):
        raise EditionRefused(
            f"Searches of the days before {as_of} may still come in: the newest edition there can"
            f" be today is of {newest}."
        )
    if Edition.objects.filter(snapshot__as_of=as_of).exists():
        raise EditionRefused(f"There is an edition of {as_of} already.")


def _refuse_uncounted(as_of: date) -> None:
    waiting = IngestBatch.objects.waiting().values_list("days", flat=True)
    late = any(day < as_of for days in waiting for day in days)
    if late or DirtyDay.objects.filter(day__lt=as_of).exists():
        raise EditionRefused("Days it covers are just being counted; try again in a minute.")


def discard(edition: Edition) -> None:
    """Throw a draft away, with the snapshot computed for it."""
    with transaction.atomic():
        snapshot = TrendSnapshot.objects.get(pk=edition.snapshot_id)
        edition.delete()
        snapshot.delete()


def exact_checksum(snapshot: TrendSnapshot) -> str:
    """Return the SHA-256 of all its stored rows, by table in their order, without ids."""
    digest = hashlib.sha256()
    for model in figures():
        columns = [
            f'"{field.column}"'
            for field in model._meta.concrete_fields
            if not field.primary_key and field.column != "snapshot_id"
        ]
        order = ", ".join(f"{column}::text" for column in columns)
        query = (
            f"COPY (SELECT {', '.join(columns)} FROM {model._meta.db_table}"
            f" WHERE snapshot_id = {snapshot.pk} ORDER BY {order}) TO STDOUT"
        )
        digest.update(f"{model._meta.db_table}\n".encode())
        with connection.cursor() as cursor, cursor.copy(query) as copy:
            for piece in copy:
                digest.update(piece)
    return digest.hexdigest()


def shown(edition: Edition, *, skills: int) -> dict[str, Any]:
    """Return what a page shows of an edition or draft, with the first skills of its list."""
    trends = SkillTrend.objects.of(edition.snapshot, window=Window.HALF_YEAR).listed()
    reader = Reader(edition.snapshot, edition=edition)
    return {
        "edition": edition,
        "as_of": edition.snapshot.as_of,
        "rows": skill_rows(trends.select_related("skill__category")[:skills], reader),
        "listed": trends.count(),
        "inputs": edition.snapshot.inputs,
        "proof": edition.proofs.finished().first(),
    }


def warnings(edition: Edition) -> list[str]:
    """Return what somebody who signs a draft should know, in sentences."""
    inputs, as_of = edition.snapshot.inputs, edition.snapshot.as_of
    texts = []
    pending = ReviewFlag.objects.standing(as_of).filter(
        decision=ReviewFlag.Decision.PENDING, first_raised__lte=as_of
    )
    if flags := pending.count():
        texts.append(
            f"{flags} reason{'s' * (flags > 1)} to doubt a skill's searches"
            f" wait{'s' * (flags == 1)} for a decision; those skills are held off the list."
        )
    if days := inputs["days_without_data"]:
        texts.append(f"{days} day{'s' * (days > 1)} of its windows have no data.")
    weeks = (as_of - date.fromisoformat(inputs["first_day"])) // WEEK
    if weeks < WEEKS_NEEDED:
        texts.append(f"There are {weeks} weeks of history: under a year there are only counts.")
    elif weeks < WEEKS_NEEDED * 3 // 2:
        texts.append(f"There are {weeks} weeks of history: too few to check for a season.")
    if (edition.created_at.date() - as_of).days < PROVISIONAL_DAYS:
        texts.append(
            f"It was computed less than {PROVISIONAL_DAYS} days after its last day: refunds may"
            " still change the money."
        )
    return texts


@dataclass(frozen=True, slots=True)
class Moves:
    """How the list of an edition differs from that of an earlier one, by names of skills."""

    earlier: Edition
    entered: list[str]
    left: list[str]
    stayed: int


def moves(edition: Edition) -> Moves | None:
    """Return what changed on the rising list since the last published edition; None without."""
    earlier = Edition.objects.published().filter(slug__lt=edition.slug).first()
    if earlier is None:
        return None
    now, then = (_listed(each) for each in (edition, earlier))
    return Moves(
        earlier,
        entered=_named(edition, [skill for skill in now if skill not in then]),
        left=_named(earlier, [skill for skill in then if skill not in now]),
        stayed=len(set(now) & set(then)),
    )


def _listed(edition: Edition) -> list[int]:
    trends = SkillTrend.objects.of(edition.snapshot, window=Window.HALF_YEAR).listed()
    return list(trends.values_list("skill_id", flat=True))


def _named(edition: Edition, skills: Iterable[int]) -> list[str]:
    return [edition.skills[skill].name for skill in skills]
