"""Who searched for phrases: the terms they stand in, and their people by window, week and country.

The phrases counted are held in a table of the transaction; one is known by a number, its subject.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import chain
from typing import Any

from django.db import connection
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from marketplace.skills.models import SearchTerm
from trends.arithmetic.disclosure import FEWEST_PEOPLE
from trends.counting import sql
from trends.counting.windows import periods
from trends.models import DailyTermDemand, Window

# Terms fetched at once: the whole list is never held twice.
CHUNK = 10_000
# A query tells what people mean by a phrase; five tell it to whoever reads them.
SAMPLES = 5
# Skills named alike that are worth a look, and the least likeness of trigrams that is any.
NEAREST, LEAST_ALIKE = 3, 0.2
# Who found something worth it orders within the month; later orders are of something else.
DAYS_TO_ORDER = 30

# In the shape of the views that windows are counted from.
SEARCHES = """(
    SELECT p.day, f.subject, p.searcher, p.country, p.counted
    FROM trends_platform_search p JOIN phrase_term f USING (term_id)
) AS phrase_search"""

_TABLE = """
DROP TABLE IF EXISTS phrase_term;
CREATE TEMP TABLE phrase_term (subject int, spelling int, term_id bigint) ON COMMIT DROP
"""
_OF_THESE = "FROM phrase_term f WHERE f.subject = ANY(%(subjects)s)"
_FIRST_SEEN = f"""
SELECT f.subject, min(d.day)
FROM (SELECT DISTINCT subject, term_id {_OF_THESE}) AS f
JOIN trends_dailytermdemand d USING (term_id)
WHERE d.day < %(as_of)s AND d.searchers > 0 GROUP BY f.subject
"""
_DEMAND = f"""
SELECT f.subject, {{by}}, sum(d.searchers)
FROM (SELECT DISTINCT subject, term_id {_OF_THESE}) AS f
JOIN skills_searchterm t ON t.id = f.term_id
JOIN trends_dailytermdemand d USING (term_id)
WHERE d.day >= %(start)s AND d.day < %(as_of)s AND d.searchers > 0
GROUP BY f.subject, {{by}}
"""
# By query, and by spelling: whatever the phrases are divided by.
_PEOPLE = f"""
SELECT f.subject, f.part, count(DISTINCT p.searcher) AS people
FROM (SELECT DISTINCT subject, {{by}} AS part, term_id {_OF_THESE}) AS f
JOIN trends_platform_search p USING (term_id)
WHERE p.day >= %(start)s AND p.day < %(as_of)s AND p.counted
GROUP BY f.subject, f.part HAVING count(DISTINCT p.searcher) >= {FEWEST_PEOPLE}
ORDER BY f.subject, people DESC, f.part
"""
# Of each person: whether all their searches showed nothing, where that was told, and whether a
# buyer ordered nothing in the days after, where these have passed.
_UNMET = f"""
SELECT subject, count(*) FILTER (WHERE nothing OR ordered = false),
    count(*) FILTER (WHERE nothing IS NOT NULL OR ordered IS NOT NULL)
FROM (
    SELECT f.subject, e.searcher, bool_and(e.results = 0) AS nothing,
        bool_or(o.buyer IS NOT NULL) FILTER (WHERE b.buyer IS NOT NULL AND e.day <= %(judged)s)
            AS ordered
    FROM (SELECT DISTINCT subject, term_id {_OF_THESE}) AS f
    JOIN searches_searchevent e USING (term_id)
    LEFT JOIN trends_excludedsearcher x ON x.day = e.day AND x.searcher = e.searcher
    LEFT JOIN (
        SELECT DISTINCT buyer FROM gigs_order WHERE ordered_at < %(as_of)s
    ) AS b ON b.buyer = e.searcher
    LEFT JOIN gigs_order o ON o.buyer = e.searcher AND o.ordered_at >= e.day
        AND o.ordered_at < e.day + %(days)s AND o.ordered_at < %(as_of)s
    WHERE e.day >= %(start)s AND e.day < %(as_of)s AND e.role NOT IN (3, 4) AND x.day IS NULL
    GROUP BY f.subject, e.searcher
) AS people GROUP BY subject
"""
_NEAREST = f"""
SELECT q.place, named.slug, named.name, named.likeness
FROM unnest(%(texts)s::text[]) WITH ORDINALITY AS q (text, place)
CROSS JOIN LATERAL (
    SELECT s.slug, s.name, max(similarity(a.text, q.text)) AS likeness
    FROM skills_skillalias a JOIN skills_skill own ON own.id = a.skill_id
    JOIN skills_skill s ON s.id = coalesce(own.merged_into_id, own.id) AND s.status <> 'retired'
    GROUP BY s.id HAVING max(similarity(a.text, q.text)) >= {LEAST_ALIKE}
    ORDER BY likeness DESC, s.slug LIMIT {NEAREST}
) AS named
ORDER BY q.place, named.likeness DESC, named.slug
"""


def searched_terms(as_of: date) -> Iterator[tuple[int, str, int]]:
    """Yield every term that anybody counted searched for before a day.

    Its id, its text, and the person-days it was searched on in the half-year.
    """
    half_year = periods(Window.HALF_YEAR, as_of)["c"]
    demand = DailyTermDemand.objects.filter(day__lt=as_of, searchers__gt=0).order_by()
    lately = Coalesce(Sum("searchers", filter=Q(day__gte=half_year.start)), 0)
    terms = demand.values_list("term_id", "term__text").annotate(current=lately)
    return terms.iterator(chunk_size=CHUNK)


def hold(spelled: Iterable[tuple[int, int, int]]) -> None:
    """Keep these (subject, spelling, term) till the end of the transaction, in place of others."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        with cursor.copy("COPY phrase_term (subject, spelling, term_id) FROM STDIN") as copy:
            # Sent in one piece: row by row takes longer than all the counting.
            copy.write(
                "".join(f"{number}\t{spelling}\t{term}\n" for number, spelling, term in spelled)
            )
        cursor.execute("ANALYZE phrase_term")


def first_seen(subjects: Sequence[int], as_of: date) -> dict[int, date]:
    """Return the day of the first search for each."""
    return dict(_read(_FIRST_SEEN, subjects, as_of))


def by_day(subjects: Sequence[int], as_of: date) -> dict[int, dict[date, int]]:
    """Return the person-days of each on every day of the half-year."""
    days: dict[int, dict[date, int]] = {subject: {} for subject in subjects}
    for subject, day, people in _read(_DEMAND.format(by="d.day"), subjects, as_of):
        days[subject][day] = people
    return days


def by_query(subjects: Sequence[int], as_of: date) -> dict[int, dict[str, int]]:
    """Return the person-days of each in every query of the half-year that it stands in."""
    queries: dict[int, dict[str, int]] = {subject: {} for subject in subjects}
    for subject, text, people in _read(_DEMAND.format(by="t.text"), subjects, as_of):
        queries[subject][text] = people
    return queries


def samples(subjects: Sequence[int], as_of: date) -> dict[int, list[str]]:
    """Return the queries that most people used each in, of those that ten did."""
    by_subject: dict[int, list[int]] = {subject: [] for subject in subjects}
    for subject, term, _ in _read(_PEOPLE.format(by="term_id"), subjects, as_of):
        by_subject[subject] += [term] if len(by_subject[subject]) < SAMPLES else []
    text = dict(
        SearchTerm.objects.filter(pk__in=chain(*by_subject.values())).values_list("pk", "text")
    )
    return {subject: [text[term] for term in terms] for subject, terms in by_subject.items()}


def spellings(subjects: Sequence[int], as_of: date) -> dict[int, list[int]]:
    """Return the spellings of each that ten people used, the usual first."""
    numbers: dict[int, list[int]] = {subject: [] for subject in subjects}
    for subject, spelling, _ in _read(_PEOPLE.format(by="spelling"), subjects, as_of):
        numbers[subject].append(spelling)
    return numbers


def unmet(subjects: Sequence[int], as_of: date) -> dict[int, float]:
    """Return the part of each one's searchers who had no result or order, if ten are known."""
    return {
        subject: without / known
        for subject, without, known in _read(_UNMET, subjects, as_of)
        if known >= FEWEST_PEOPLE
    }


def nearest(texts: Sequence[str]) -> list[list[tuple[str, str, float]]]:
    """Return the skills whose names are most like each text: slug, name, likeness 0 to 1."""
    alike: list[list[tuple[str, str, float]]] = [[] for _ in texts]
    for place, slug, name, likeness in sql.rows(_NEAREST, {"texts": list(texts)}):
        alike[place - 1].append((slug, name, round(likeness, 2)))
    return alike


def _read(statement: str, subjects: Sequence[int], as_of: date) -> list[tuple[Any, ...]]:
    known: dict[str, Any] = {
        "subjects": list(subjects),
        "start": periods(Window.HALF_YEAR, as_of)["c"].start,
        "as_of": as_of,
        "judged": as_of - timedelta(days=DAYS_TO_ORDER),
        "days": DAYS_TO_ORDER,
    }
    return sql.rows(statement, known)
