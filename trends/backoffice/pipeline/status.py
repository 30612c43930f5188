"""The state of the pipeline in figures: what waits, how fast it flows, what is left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from marketplace.searches.partitions import Partition, needed, sizes
from trends.counting import sql
from trends.models import DailyDemand

# Eight weeks show a change and a habit; the terms of a day are many, so their share has four.
INTAKE_DAYS, MATCHED_DAYS, LEFT_OUT_DAYS = 56, 28, 14

# One question for all that waits: the page is asked again every few seconds.
_WAITING = """
SELECT
    (SELECT count(*) FROM searches_ingestbatch WHERE processed_at IS NULL),
    (SELECT min(received_at) FROM searches_ingestbatch WHERE processed_at IS NULL),
    (SELECT count(DISTINCT day) FROM trends_dirtyday),
    (SELECT count(*) FROM searches_rejectedrow WHERE kept IS NOT NULL AND replayed_at IS NULL),
    (SELECT count(*) FROM trends_reviewflag WHERE decision = 'pending')
"""
_INTAKE = """
SELECT day, name, rows FROM (
    SELECT received_at::date AS day, source_id, sum(received) AS rows
    FROM searches_ingestbatch WHERE received_at >= %s GROUP BY day, source_id
) AS daily JOIN searches_source s ON s.id = source_id
"""
# A batch that brought nothing new had nothing to wait for.
_QUEUE_AGE = """
SELECT received_at::date AS day,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM processed_at - received_at)),
    max(extract(epoch FROM processed_at - received_at))::float
FROM searches_ingestbatch
WHERE received_at >= %s AND processed_at IS NOT NULL AND days <> '{}' GROUP BY day
"""
_MATCHED = """
SELECT day, sum(searches), sum(searches) FILTER (WHERE named.term_id IS NOT NULL)
FROM trends_dailytermdemand
LEFT JOIN (SELECT DISTINCT term_id FROM skills_termskill) AS named USING (term_id)
WHERE day >= %s GROUP BY day
"""


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much waits, and since when the oldest batch does."""

    batches: int
    oldest: datetime | None
    dirty_days: int
    rejected_rows: int
    flags: int


@dataclass(frozen=True, slots=True)
class Daily:
    """A series of days, the present one last; unknown is None."""

    name: str
    values: list[float | None]


def waiting() -> Backlog:
    counts = sql.row(_WAITING)
    return Backlog(*counts)


def last_days(today: date, days: int) -> list[date]:
    return [today - timedelta(days=back) for back in range(days - 1, -1, -1)]


def intake(days: Sequence[date]) -> list[Daily]:
    """Return rows received a day, by source, the largest first; 0 on days without any."""
    by_source: dict[str, dict[date, int]] = {}
    for day, source, rows in sql.rows(_INTAKE, [days[0]]):
        by_source.setdefault(source, {})[day] = rows
    largest = sorted(by_source.items(), key=lambda one: -sum(one[1].values()))
    return [Daily(source, [by_day.get(day, 0) for day in days]) for source, by_day in largest]


def queue_age(days: Sequence[date]) -> list[Daily]:
    """Return the seconds from a batch's arrival until its matching: the worst and the median."""
    ages = {day: (median, worst) for day, median, worst in sql.rows(_QUEUE_AGE, [days[0]])}
    return [
        Daily(name, [ages[day][at] if day in ages else None for day in days])
        for name, at in [("worst", 1), ("median", 0)]
    ]


def matched(days: Sequence[date]) -> Daily:
    """Return the share of the searches counted that named a skill."""
    parts = {day: (named or 0) / all_ for day, all_, named in sql.rows(_MATCHED, [days[0]]) if all_}
    return Daily("named a skill", [parts.get(day) for day in days])


def left_out(days: Sequence[date]) -> Daily:
    """Return the share of the searches that was left out before counting."""
    demand = DailyDemand.objects.of_all().worldwide().filter(day__gte=days[0])
    parts = {
        day: excluded / (searches + excluded)
        for day, searches, excluded in demand.values_list("day", "searches", "excluded")
        if searches + excluded
    }
    return Daily("left out", [parts.get(day) for day in days])


def months(today: date) -> tuple[list[Partition], list[date]]:
    """Return the months of search events, the latest first, and those that are missing."""
    there = sizes()
    return there, sorted(set(needed(today)) - {partition.month for partition in there})
