"""What share of the searches is left out before counting, by reason."""

from datetime import date
from typing import Any

from marketplace.searches.models import Role
from trends.counting import sql
from trends.counting.windows import periods
from trends.models import Window

# Two digits behind the point tell the quality of the data and nothing about a single person.
DIGITS = 2

# Every search has one reason at most, the first that applies; what the platform leaves out comes
# before what only a skill does. A repeat is the same term, person and half-hour once more.
_LEFT_OUT = """
WITH searches AS MATERIALIZED (
    SELECT e.day, e.term_id, e.searcher, e.second / 1800 AS half_hour, CASE
        WHEN e.role = %(staff)s THEN 'staff' WHEN e.role = %(bot)s THEN 'bot'
        WHEN x.day IS NOT NULL THEN 'flood'
        WHEN EXISTS (
            SELECT FROM trends_knownoffer o JOIN skills_termskill t USING (skill_id)
            WHERE o.seller = e.searcher AND t.term_id = e.term_id AND o.since <= e.day
        ) THEN 'own skill'
    END AS reason
    FROM searches_searchevent e
    LEFT JOIN trends_excludedsearcher x ON x.day = e.day AND x.searcher = e.searcher
    WHERE e.day >= %(start)s AND e.day < %(as_of)s
)
SELECT count(*), count(*) FILTER (WHERE reason IS NULL)
      - count(DISTINCT (day, term_id, searcher, half_hour)) FILTER (WHERE reason IS NULL),
    {reasons}
FROM searches
"""
REASONS = ("flood", "staff", "bot", "own skill")


def shares_left_out(as_of: date) -> dict[str, float]:
    """Return the share of the half-year's searches left out for each reason, 0..1, two digits.

    "own skill": by sellers of a skill named, for that skill. Source: the method page, What is
    counted.
    """
    reasons = ", ".join(f"count(*) FILTER (WHERE reason = '{reason}')" for reason in REASONS)
    known: dict[str, Any] = {
        "start": periods(Window.HALF_YEAR, as_of)["c"].start,
        "as_of": as_of,
        "staff": Role.STAFF,
        "bot": Role.BOT,
    }
    searches, *left_out = sql.row(_LEFT_OUT.format(reasons=reasons), known)
    shares = (round(each / max(searches, 1), DIGITS) for each in left_out)
    return dict(zip(("repeat", *REASONS), shares, strict=True))
