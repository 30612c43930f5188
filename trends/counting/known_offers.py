"""Who offers what, as the daily figures know it; what changed has its days counted again.

A seller searching for what they offer is no demand, so an offer changes past counts: when it is
made, moved or withdrawn, and when an alias or a merger makes another skill of its tags. Comparing
what is offered with what was known, rather than watching for edits, misses none.
"""

from datetime import date

from django.db import transaction

from trends.counting import sql
from trends.counting.locks import Lock, hold

OFFERED = """
SELECT s.pseudonym AS seller, o.skill_id, min(o.created_on) AS since
FROM trends_offer o JOIN gigs_seller s ON s.id = o.seller_id GROUP BY s.pseudonym, o.skill_id
"""
# Offers that differ from what is known: from which day on they matter, and since when they stand
# now (null where they ended).
_CHANGED = f"""
SELECT seller, skill_id, now.since, least(now.since, known.since) AS first
FROM ({OFFERED}) AS now
FULL JOIN trends_knownoffer known USING (seller, skill_id)
WHERE now.since IS DISTINCT FROM known.since
"""
_FIRST = f"SELECT min(first) FROM ({_CHANGED}) AS changed"
_NOTICE = f"""
WITH changed AS MATERIALIZED ({_CHANGED}), dirty AS (
    INSERT INTO trends_dirtyday (day, since)
    SELECT DISTINCT e.day, now() FROM changed c
    JOIN searches_searchevent e ON e.searcher = c.seller AND e.day >= c.first
    JOIN skills_termskill t ON t.term_id = e.term_id AND t.skill_id = c.skill_id
    WHERE e.day >= %(first)s
), ended AS (
    DELETE FROM trends_knownoffer known USING changed c
    WHERE c.since IS NULL AND known.seller = c.seller AND known.skill_id = c.skill_id
), standing AS (
    INSERT INTO trends_knownoffer (seller, skill_id, since)
    SELECT seller, skill_id, since FROM changed WHERE since IS NOT NULL
    ON CONFLICT (seller, skill_id) DO UPDATE SET since = excluded.since
)
SELECT count(*) FROM changed
"""


def notice_offers() -> int:
    """Turn the days dirty on which a seller searched for a skill they began or ceased to offer.

    Returns how many offers changed.
    """
    with transaction.atomic():
        # Looked at twice: the usual answer is "none", and nobody has to wait for that.
        if _first_changed() is None:
            return 0
        # No day is being counted while offers change under it.
        hold(Lock.DAY)
        first = _first_changed()
        if first is None:
            return 0
        # By itself, so that older months need not be looked at.
        return int(sql.value(_NOTICE, {"first": first}))


def _first_changed() -> date | None:
    first: date | None = sql.value(_FIRST)
    return first
