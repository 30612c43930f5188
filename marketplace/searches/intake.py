"""The one way in: rows from the API, from files and from the site become events, or reasons.

One transaction writes the events, the refused rows and the batch that sums them up; whoever gets
an answer gets it after the commit. Sending the same row again is answered `duplicate`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

import msgspec
from django.db import IntegrityError, connection, transaction
from psycopg.errors import CheckViolation

from marketplace.imports.rows import (
    DUPLICATE,
    OK,
    Invalid,
    Row,
    Status,
    Tally,
    Verdict,
)
from marketplace.searches.cleaning import LONGEST_ID, Event, clean
from marketplace.searches.keeping import in_place, keep
from marketplace.searches.models import IngestBatch, RejectedRow, Source
from marketplace.searches.partitions import ensure_months

CONFLICT = Verdict(
    Status.CONFLICT, "event_id", "was used for another search of that day; expected a new id"
)

# A value that was refused may be a person's id in the wrong column: who sent it is told, it is not
# stored.
_VALUE = re.compile(r"""(['"]).*\1""", re.DOTALL)

# All events as one JSON text: nothing to fill before, nothing to empty after.
_SENT = """
WITH sent AS (
    SELECT * FROM ROWS FROM (
        json_to_recordset(%(events)s) AS (
            day date, event_id text, second int, term text, searcher bigint,
            country text, role smallint, results int
        )
    ) WITH ORDINALITY AS sent
        (day, event_id, second, term, searcher, country, role, results, place)
)
"""
# Terms and events in the order of their keys, so that two batches with the same ones cannot wait
# for each other. A term that somebody else has just made cannot be seen, only met.
_STORE = f"""
{_SENT}, known AS (
    SELECT id, text FROM skills_searchterm WHERE text = ANY(%(terms)s::text[])
), made AS (
    INSERT INTO skills_searchterm (text)
    SELECT unnest(%(terms)s::text[]) EXCEPT SELECT text FROM known ORDER BY 1
    ON CONFLICT (text) DO UPDATE SET text = EXCLUDED.text RETURNING id, text
), term AS (
    SELECT * FROM known UNION ALL SELECT * FROM made
)
INSERT INTO searches_searchevent
    (day, source_id, event_id, second, term_id, searcher, country, role, results)
SELECT DISTINCT ON (day, event_id)
    day, %(source)s, event_id, second, term.id, searcher, country, role, results
FROM sent JOIN term ON term.text = sent.term
ORDER BY day, event_id, place
ON CONFLICT (day, source_id, event_id) DO NOTHING
RETURNING day, event_id
"""
_DIFFERS = f"""
{_SENT}
SELECT place FROM sent s JOIN searches_searchevent e
    ON e.day = s.day AND e.source_id = %(source)s AND e.event_id = s.event_id
JOIN skills_searchterm t ON t.id = e.term_id
WHERE (e.second, t.text, e.searcher, e.country, e.role, e.results)
    IS DISTINCT FROM (s.second, s.term, s.searcher, s.country, s.role, s.results)
"""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The verdict on each row, in the order they came, and their sum."""

    verdicts: list[Verdict]
    tally: Tally


def take_in(
    rows: Sequence[Row],
    *,
    source: Source,
    now: datetime,
    oldest: datetime | None = None,
    origin: str = "",
    searchers: Mapping[int, int] | None = None,
) -> Receipt:
    """Store what is good in `rows`, explain what is not; committed when it returns.

    Rows before `oldest` are refused. `origin` names the file the rows are from. `searchers` has the
    pseudonyms that are known already, by row number.
    """
    known = searchers or {}
    verdicts: list[Verdict] = [OK] * len(rows)
    events: dict[int, Event] = {}
    for place, row in enumerate(rows):
        try:
            events[place] = clean(
                row.checked(), now=now, oldest=oldest, searcher=known.get(row.number)
            )
        except Invalid as problem:
            verdicts[place] = Verdict.refuse(problem)
    store = partial(_store, rows, events, verdicts, source=source, now=now, origin=origin[-200:])
    try:
        store()
    except IntegrityError as problem:
        if not isinstance(problem.__cause__, CheckViolation):
            raise
        # Months are made ahead: only data of old needs one that nobody has made.
        ensure_months({event.day for event in events.values()})
        store()
    return Receipt(verdicts, Tally.of(verdicts))


@transaction.atomic
def _store(
    rows: Sequence[Row],
    events: Mapping[int, Event],
    verdicts: list[Verdict],
    *,
    source: Source,
    now: datetime,
    origin: str,
) -> None:
    """Insert the events that are new, the refused rows and the batch, or nothing."""
    days = _insert(events, source=source, verdicts=verdicts)
    tally = Tally.of(verdicts)
    batch = IngestBatch.objects.create(
        source=source,
        origin=origin,
        received_at=now,
        received=tally.received,
        accepted=tally.accepted,
        duplicate=tally.duplicate,
        rejected=tally.rejected,
        days=sorted(days),
        # Nothing new, nothing for the rollups to do.
        processed_at=None if days else now,
    )
    RejectedRow.objects.bulk_create(_rejects(batch, rows, verdicts))


def _insert(events: Mapping[int, Event], *, source: Source, verdicts: list[Verdict]) -> set[date]:
    """Insert the new events, mark the others in `verdicts`; return the days of the new."""
    if not events:
        return set()
    sent: dict[str, Any] = {
        "events": msgspec.json.encode(list(events.values())).decode(),
        "terms": list({event.term for event in events.values()}),
        "source": source.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(_STORE, sent)
        fresh = set(cursor.fetchall())
        days = {day for day, _ in fresh}
        if len(fresh) < len(events):
            _mark_known(events, fresh, verdicts)
            cursor.execute(_DIFFERS, sent)
            places = list(events)
            for (number,) in cursor.fetchall():
                verdicts[places[number - 1]] = CONFLICT
    return days


def _mark_known(
    events: Mapping[int, Event], fresh: set[tuple[date, str]], verdicts: list[Verdict]
) -> None:
    """Mark all but the first row of each fresh event as duplicates, unless they differ."""
    for place, event in events.items():
        key = (event.day, event.event_id)
        if key in fresh:
            fresh.discard(key)
        else:
            verdicts[place] = DUPLICATE


def _known_terms(texts: set[str]) -> dict[str, int]:
    with connection.cursor() as cursor:
        # One array, not a parameter a term: that is ten times faster to send.
        cursor.execute("SELECT text, id FROM skills_searchterm WHERE text = ANY(%s)", [list(texts)])
        return dict(cursor.fetchall())


def _rejects(batch: IngestBatch, rows: Sequence[Row], verdicts: list[Verdict]) -> list[RejectedRow]:
    refused = [
        (row, verdict, keep(row, verdict))
        for row, verdict in zip(rows, verdicts, strict=True)
        if verdict.status in {Status.REJECTED, Status.CONFLICT}
    ]
    queries = {kept[0].get("query", "") for *_, kept in refused if kept}
    # What nobody has searched for yet may be anything: a name in the wrong column.
    known = {"", *_known_terms(queries)} if queries else set()
    return [
        RejectedRow(
            batch=batch,
            row=row.number,
            event_id=_printable(row),
            field=verdict.field,
            reason=without_values(verdict.reason),
            **_kept(kept if kept and kept[0].get("query", "") in known else None),
        )
        for row, verdict, kept in refused
    ]


def without_values(reason: str) -> str:
    """Return a reason as it may be stored."""
    return _VALUE.sub("…", reason)[:300]


def _kept(kept: tuple[dict[str, str], int] | None) -> dict[str, Any]:
    return {"kept": kept[0], "searcher": kept[1]} if kept else {}


def _printable(row: Row) -> str:
    """Return the row's event id where it can be stored, to find the row again."""
    if isinstance(row.fields, Invalid) or not in_place(row.fields):
        return ""
    event_id = row.fields.get("event_id") or ""
    return event_id if len(event_id) <= LONGEST_ID and event_id.isprintable() else ""
