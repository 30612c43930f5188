"""Next skills: what sellers of a skill took up within a year, more than others did, and sold.

A seller offers a skill from their first gig of it on. Who took one up first offered it in the last
year, and something else before. They are held against sellers who offered as many skills then, but
not the one (or none of the category) in question.
"""

from datetime import date, timedelta
from typing import Any

import numpy as np

from trends.arithmetic.disclosure import FEWEST_PEOPLE, in_tens
from trends.arithmetic.lift import found, lift
from trends.counting import sql
from trends.counting.sql import read_integers
from trends.counting.window_counts import Counts
from trends.measuring.flows.flow_counts import BREADTHS
from trends.models import NextSkill, TrendSnapshot

# A year: supply follows demand with a lag, and a gig more is a decision of months.
DAYS = 364
# New gigs that sell at all have usually sold by then.
SOLD_WITHIN = 90
# Of sellers who offered anything before the year: what each began to offer and when, what they had
# (kind 0: a skill, 1: one of a category or of its children), and what they took up since.
_TABLES = (
    """
    CREATE TEMP TABLE next_first AS
        SELECT seller_id AS seller, skill_id AS skill, min(created_on) AS since
        FROM trends_offer WHERE created_on < %(as_of)s GROUP BY 1, 2
    """,
    """
    CREATE TEMP TABLE next_seller AS
        SELECT seller, width_bucket(count(*), %(breadths)s) AS stratum
        FROM next_first WHERE since < %(turn)s GROUP BY seller
    """,
    """
    CREATE TEMP TABLE next_had AS
        SELECT DISTINCT seller, stratum, kind, subject
        FROM next_first JOIN next_seller USING (seller) JOIN skills_skill s ON s.id = skill
        JOIN skills_category c ON c.id = s.category_id
        CROSS JOIN LATERAL (VALUES (0, skill), (1, c.id), (1, c.parent_id)) AS own (kind, subject)
        WHERE since < %(turn)s AND subject IS NOT NULL
    """,
    """
    CREATE TEMP TABLE next_took AS
        SELECT seller, stratum, skill, first.since < %(as_of)s - %(within)s AS tried,
            coalesce(sold.since < first.since + %(within)s, false) AS sold
        FROM next_first AS first JOIN next_seller USING (seller)
        LEFT JOIN (
            SELECT o.seller_id AS seller, o.skill_id AS skill, min(p.ordered_at) AS since
            FROM trends_offer o JOIN gigs_order p ON p.gig_id = o.gig_id
            JOIN gigs_seller s ON s.id = o.seller_id
            WHERE p.buyer <> s.pseudonym AND p.status <> 'cancelled' AND p.amount > p.refunded
            GROUP BY 1, 2
        ) AS sold USING (seller, skill)
        WHERE first.since >= %(turn)s
    """,
)
_ANALYZE = "ANALYZE next_first, next_seller, next_had, next_took"
_DROP = "DROP TABLE next_first, next_seller, next_had, next_took"
_PAIRS = """
WITH pair AS (
    SELECT kind, subject, t.skill, count(*) FILTER (WHERE tried) AS tried,
        count(*) FILTER (WHERE tried AND sold) AS sold
    FROM next_took t JOIN next_had USING (seller)
    GROUP BY kind, subject, t.skill HAVING count(*) >= %(fewest)s
), took AS (
    SELECT kind, subject, t.skill, t.stratum, count(*) AS people
    FROM next_took t JOIN next_had USING (seller) GROUP BY kind, subject, t.skill, t.stratum
), had AS (
    SELECT kind, subject, stratum, count(*) AS people FROM next_had GROUP BY kind, subject, stratum
), known AS (
    SELECT subject AS skill, stratum, people FROM had WHERE kind = 0
), both_had AS (
    SELECT h.kind, h.subject, pair.skill, h.stratum, count(*) AS people
    FROM pair JOIN next_had h USING (kind, subject)
    JOIN next_had other ON other.seller = h.seller AND other.kind = 0 AND other.subject = pair.skill
    GROUP BY h.kind, h.subject, pair.skill, h.stratum
), everybody AS (
    SELECT stratum, count(*) AS people FROM next_seller GROUP BY stratum
), all_took AS (
    SELECT skill, stratum, count(*) AS people FROM next_took GROUP BY skill, stratum
), sizes AS (
    SELECT pair.*, stratum, coalesce(took.people, 0) AS took,
        coalesce(had.people, 0) - coalesce(both_had.people, 0) AS had,
        coalesce(all_took.people, 0) AS all_took,
        coalesce(everybody.people, 0) - coalesce(known.people, 0) AS everybody
    FROM pair CROSS JOIN generate_series(0, %(strata)s - 1) AS stratum
    LEFT JOIN took USING (kind, subject, skill, stratum)
    LEFT JOIN had USING (kind, subject, stratum)
    LEFT JOIN both_had USING (kind, subject, skill, stratum)
    LEFT JOIN all_took USING (skill, stratum)
    LEFT JOIN everybody USING (stratum)
    LEFT JOIN known USING (skill, stratum)
)
SELECT kind, subject, skill, tried, sold, took, had, all_took - took, everybody - had
FROM sizes ORDER BY kind, subject, skill, stratum
"""
# Everything that could have been found: each subject with each skill that ten people took up.
_TESTS = """
SELECT (SELECT count(*) FROM (SELECT DISTINCT kind, subject FROM next_had) AS one) * count(*)
FROM (SELECT skill FROM next_took GROUP BY skill HAVING count(*) >= %(fewest)s) AS other
"""


def store_next_skills(snapshot: TrendSnapshot) -> None:
    """Store what sellers took up next by a snapshot. Within a transaction."""
    pairs, tests = _count(snapshot.as_of)
    kind, subject, added, tried, sold, took, had, others_took, others = pairs
    measured = lift(took, had, others_took, others)
    holds = found(measured, tests=tests)
    NextSkill.objects.bulk_create(
        NextSkill(
            snapshot=snapshot,
            having_id=int(subject[pair, 0]) if kind[pair, 0] == 0 else None,
            category_id=int(subject[pair, 0]) if kind[pair, 0] else None,
            added_id=int(added[pair, 0]),
            had=int(had[pair].sum()),
            comparable=int(others[pair].sum()),
            tried=int(tried[pair, 0]),
            sold=int(sold[pair, 0]),
            took=int(took[pair].sum()),
            told=in_tens(int(took[pair].sum())),
            lift=measured.ratio[pair],
            lower=measured.lower[pair],
            upper=measured.upper[pair],
            p_value=measured.p_value[pair],
        )
        for pair in np.flatnonzero(holds).tolist()
    )


def _count(as_of: date) -> tuple[Counts, int]:
    """Return columns (of _PAIRS) by pair and stratum, and how many pairs were looked at."""
    known: dict[str, Any] = {
        "as_of": as_of,
        "turn": as_of - timedelta(days=DAYS),
        "within": SOLD_WITHIN,
        "breadths": list(BREADTHS),
        "strata": len(BREADTHS) + 1,
        "fewest": FEWEST_PEOPLE,
    }
    for statement in (*_TABLES, _ANALYZE):
        sql.run(statement, known)
    pairs = read_integers(_PAIRS, known).reshape(-1, len(BREADTHS) + 1, 9)
    tests = int(sql.value(_TESTS, known))
    sql.run(_DROP)
    return pairs.transpose(2, 0, 1), tests
