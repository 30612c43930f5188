"""Searches become daily demand: a day that changed is counted again, whole.

Four steps, each safe to run twice and by many workers at once: waiting batches turn their days
dirty, so do terms that name other skills than before and offers that changed; dirty days are
recounted and swapped.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from marketplace.searches.models import IngestBatch
from marketplace.skills.matching import Matcher, current_taxonomy, current_version, match_chunk
from trends.counting import sql
from trends.counting.known_offers import notice_offers
from trends.counting.locks import Lock, alone, hold, hold_day
from trends.counting.progress import Progress
from trends.models import WORLD, DailyDemand, DailyTermDemand, DirtyDay, ExcludedSearcher

# Days recounted in one transaction: long enough to be quick over years, short enough that a lock
# is never held for long.
DAYS_AT_ONCE = 64
# Batches claimed at once.
BATCHES_AT_ONCE = 500


# Nobody types that much: more than 60 queries in an hour or 200 in a day is a machine, or two.
MOST_AN_HOUR, MOST_A_DAY = 60, 200

_EXCLUDE_FLOODS = """
INSERT INTO trends_excludedsearcher (day, searcher, reason, searches)
SELECT day, searcher, 'flood', sum(n) FROM (
    SELECT day, searcher, count(*) AS n FROM searches_searchevent
    WHERE day = ANY(%(days)s) GROUP BY day, searcher, second / 3600
) AS hours
GROUP BY day, searcher HAVING max(n) > %(an_hour)s OR sum(n) > %(a_day)s
"""
# Terms of uncounted searches too, with 0: a new alias must find the days of every search it names.
_COUNT_TERMS = """
INSERT INTO trends_dailytermdemand (day, term_id, searches, searchers)
SELECT day, term_id,
    count(DISTINCT (searcher, second / 1800)) FILTER (WHERE counted),
    count(DISTINCT searcher) FILTER (WHERE counted)
FROM trends_platform_search WHERE day = ANY(%(days)s) GROUP BY day, term_id
"""
_COUNT = """
INSERT INTO trends_dailydemand ({columns}day, country, searches, searchers, excluded)
SELECT {subject}day, coalesce(country, %(world)s),
    count(DISTINCT (searcher, term_id, second / 1800)) FILTER (WHERE counted),
    count(DISTINCT searcher) FILTER (WHERE counted),
    count(DISTINCT (searcher, term_id, second / 1800)) FILTER (WHERE NOT counted)
FROM {searches} WHERE day = ANY(%(days)s)
GROUP BY GROUPING SETS (({subject}day, country), ({subject}day))
"""
_COUNT_SKILLS = _COUNT.format(
    columns="skill_id, ", subject="subject, ", searches="trends_skill_search"
)
_COUNT_CATEGORIES = _COUNT.format(
    columns="category_id, ", subject="subject, ", searches="trends_category_search"
)
_COUNT_ALL = _COUNT.format(columns="", subject="", searches="trends_platform_search")


def roll_up(progress: Progress = lambda done, total, rows: None) -> int:
    """Do all that waits: match terms, pass on batches, recount days; how many days were recounted.

    `progress` is called with (days done, days known to be dirty, rows written).
    """
    while claim_batches():
        pass
    match_terms()
    notice_offers()
    done = rows = 0
    while days := dirty_days():
        total = done + len(days)
        for start in range(0, len(days), DAYS_AT_ONCE):
            rows += recount(days[start : start + DAYS_AT_ONCE])
            done += len(days[start : start + DAYS_AT_ONCE])
            progress(done, total, rows)
    return done


def match_terms() -> int:
    """Match terms that are new, or all where the taxonomy changed; how many changed their skills.

    Every day on which a changed term was searched becomes dirty, so a new alias has its history
    with the next count.
    """
    changed_terms = 0
    with alone(Lock.TAXONOMY):
        taxonomy = current_taxonomy()
        version = current_version(taxonomy)
        matcher = Matcher(taxonomy.phrases)
        read = 1
        while read:
            with transaction.atomic():
                # No day is being counted while terms change under it: a count either ends before
                # and its days turn dirty here, or starts after and sees the change.
                hold(Lock.DAY)
                read, changed = match_chunk(matcher, taxonomy, version)
                mark_terms_dirty(changed)
            changed_terms += len(changed)
    return changed_terms


def claim_batches() -> int:
    """Turn the days of waiting batches dirty and the batches done; how many there were."""
    with transaction.atomic():
        waiting = IngestBatch.objects.waiting().order_by("pk")
        batches = list(waiting.select_for_update(skip_locked=True)[:BATCHES_AT_ONCE])
        mark_dirty({day for batch in batches for day in batch.days})
        IngestBatch.objects.filter(pk__in=[batch.pk for batch in batches]).update(
            processed_at=timezone.now()
        )
    return len(batches)


def mark_dirty(days: Iterable[date]) -> None:
    """Have these days counted again."""
    DirtyDay.objects.bulk_create([DirtyDay(day=day) for day in sorted(days)])


def mark_terms_dirty(terms: Sequence[int]) -> None:
    """Have the days counted again on which one of these terms was searched."""
    days = DailyTermDemand.objects.filter(term__in=terms).values_list("day", flat=True)
    mark_dirty(set(days.distinct()))


def dirty_days() -> list[date]:
    """Return the days to count again, oldest first."""
    return list(DirtyDay.objects.order_by("day").values_list("day", flat=True).distinct())


@transaction.atomic
def recount(days: Sequence[date]) -> int:
    """Count these days from the events and swap the result in; twice is the same as once.

    How many rows were written.
    """
    hold(Lock.DAY, shared=True)
    for day in sorted(days):
        hold_day(day)
    # Only the marks visible here: one that arrives during the count stays, and counts again.
    for model in (DirtyDay, ExcludedSearcher, DailyTermDemand, DailyDemand):
        model._default_manager.filter(day__in=days).delete()
    return _count(days, _EXCLUDE_FLOODS, _COUNT_TERMS, _COUNT_SKILLS, _COUNT_CATEGORIES, _COUNT_ALL)


def count_platform(days: Sequence[date]) -> int:
    """Count floods, and demand for anything at all, of days nobody has counted; the rows written.

    Within a transaction that has tables of its own for them: no day is held.
    """
    return _count(days, _EXCLUDE_FLOODS, _COUNT_ALL)


def _count(days: Sequence[date], *statements: str) -> int:
    parameters: dict[str, Any] = {
        "days": list(days),
        "world": WORLD,
        "an_hour": MOST_AN_HOUR,
        "a_day": MOST_A_DAY,
    }
    return sum(sql.run(statement, parameters) for statement in statements)
