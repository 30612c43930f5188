"""Who left which skill and searches which one now, counted from the events by PostgreSQL.

A person left a skill who searched it in the half-year before, not in the last one, and is seen
there with others; new to them is a skill they search in the last one only.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from trends.arithmetic.disclosure import FEWEST_PEOPLE
from trends.arithmetic.share_ratio import Counts
from trends.counting import sql
from trends.counting.sql import read_integers
from trends.counting.window_counts import SKILLS
from trends.counting.windows import periods
from trends.models import Window

# Who searches for many skills takes up more new ones: people are compared with those who searched
# for 1, 2 to 3, 4 to 7, or more skills.
BREADTHS = (2, 4, 8)
# Of people seen in both half-years: the skills they left and those new to them, the fields (top
# categories) that have a fading skill with who left any skill of it, and who of these knew the
# fading one. A stratum is a breadth.
_TABLES = (
    """
    CREATE TEMP TABLE flow_field AS
        SELECT s.id AS skill, coalesce(c.parent_id, c.id) AS field
        FROM skills_skill s JOIN skills_category c ON c.id = s.category_id
    """,
    """
    CREATE TEMP TABLE flow_seen AS
        SELECT searcher, subject AS skill,
            bool_or(day < %(turn)s) AS before, bool_or(day >= %(turn)s) AS since
        FROM {events} WHERE day >= %(first)s AND day < %(as_of)s AND counted
        GROUP BY searcher, subject
    """,
    """
    CREATE TEMP TABLE flow_person AS
        SELECT searcher, width_bucket(count(*) FILTER (WHERE before), %(breadths)s) AS stratum
        FROM flow_seen GROUP BY searcher HAVING bool_or(before) AND bool_or(since)
    """,
    """
    CREATE TEMP TABLE flow_left AS
        SELECT searcher, skill, field, stratum FROM flow_seen
        JOIN flow_person USING (searcher) JOIN flow_field USING (skill) WHERE NOT since
    """,
    """
    CREATE TEMP TABLE flow_new AS
        SELECT searcher, skill FROM flow_seen JOIN flow_person USING (searcher) WHERE NOT before
    """,
    """
    CREATE TEMP TABLE flow_leaver AS
        SELECT DISTINCT searcher, field, stratum FROM flow_left
        WHERE field IN (SELECT field FROM flow_field WHERE skill = ANY(%(fading)s))
    """,
    """
    CREATE TEMP TABLE flow_known AS
        SELECT searcher, skill, stratum FROM flow_seen JOIN flow_field USING (skill)
        JOIN flow_leaver USING (searcher, field) WHERE before AND skill = ANY(%(fading)s)
    """,
)
_ANALYZE = "ANALYZE flow_left, flow_new, flow_leaver, flow_known, flow_leaver_new"
_DROP = (
    "DROP TABLE flow_field, flow_seen, flow_person, flow_left, flow_new, flow_leaver, flow_known,"
    " flow_leaver_new"
)
# What leavers of each field newly search; those who knew a fading skill are no comparison for it.
_LEAVERS_NEW = """
CREATE TEMP TABLE flow_leaver_new AS
    SELECT field, n.skill AS found, stratum, count(*) AS people
    FROM flow_leaver JOIN flow_new n USING (searcher) GROUP BY field, n.skill, stratum
"""
_TESTS = """
SELECT count(*) FROM flow_field JOIN (
    SELECT field, found FROM flow_leaver_new GROUP BY field, found HAVING sum(people) >= %(fewest)s
) AS other USING (field) WHERE skill = ANY(%(fading)s) AND skill <> found
"""
_PAIRS = """
WITH moved AS (
    SELECT l.skill, n.skill AS found, stratum, count(*) AS people
    FROM flow_left l JOIN flow_new n USING (searcher)
    WHERE l.skill = ANY(%(fading)s) GROUP BY l.skill, n.skill, stratum
), back AS (
    SELECT n.skill, l.skill AS found, count(*) AS people
    FROM flow_left l JOIN flow_new n USING (searcher)
    WHERE n.skill = ANY(%(fading)s) GROUP BY n.skill, l.skill
), former AS (
    SELECT skill, stratum, count(*) AS people FROM flow_left GROUP BY skill, stratum
), leaver AS (
    SELECT field, stratum, count(*) AS people FROM flow_leaver GROUP BY field, stratum
), known AS (
    SELECT skill, stratum, count(*) AS people FROM flow_known GROUP BY skill, stratum
), known_new AS (
    SELECT k.skill, n.skill AS found, stratum, count(*) AS people
    FROM flow_known k JOIN flow_new n USING (searcher) GROUP BY k.skill, n.skill, stratum
), pair AS (
    SELECT skill, found, field FROM moved JOIN flow_field USING (skill)
    GROUP BY skill, found, field HAVING sum(people) >= %(fewest)s
)
SELECT pair.skill, pair.found, coalesce(moved.people, 0), coalesce(former.people, 0),
    coalesce(leaver_new.people, 0) - coalesce(known_new.people, 0),
    coalesce(leaver.people, 0) - coalesce(known.people, 0), coalesce(back.people, 0)
FROM pair CROSS JOIN generate_series(0, %(strata)s - 1) AS stratum
LEFT JOIN moved USING (skill, found, stratum)
LEFT JOIN former USING (skill, stratum)
LEFT JOIN flow_leaver_new AS leaver_new USING (field, found, stratum)
LEFT JOIN known_new USING (skill, found, stratum)
LEFT JOIN leaver USING (field, stratum)
LEFT JOIN known USING (skill, stratum)
LEFT JOIN back USING (skill, found)
ORDER BY pair.skill, pair.found, stratum
"""
_BETWEEN = """
SELECT l.field, f.field, count(DISTINCT l.searcher) FROM flow_left l
JOIN flow_new n USING (searcher) JOIN flow_field f ON f.skill = n.skill
JOIN unnest(%(left)s::bigint[], %(found)s::bigint[]) AS pair (a, b)
    ON pair.a = l.skill AND pair.b = n.skill
GROUP BY l.field, f.field
"""


@dataclass(frozen=True, slots=True)
class Flows:
    """Pairs of a fading skill and another along which enough people moved to be told.

    `left`, `found` (ids) and `back` are (pairs,), the others (pairs, strata). `tests` are all pairs
    that were looked at.
    """

    left: Counts
    found: Counts
    moved: Counts
    former: Counts
    others_moved: Counts
    others: Counts
    back: Counts
    tests: int


def count_flows(as_of: date, fading: list[int]) -> Flows:
    """Count all flows from the `fading` skills; `count_between` may follow, then `forget`."""
    halves = periods(Window.HALF_YEAR, as_of)
    known: dict[str, Any] = {
        "first": halves["b"].start,
        "turn": halves["c"].start,
        "as_of": as_of,
        "breadths": list(BREADTHS),
        "strata": len(BREADTHS) + 1,
        "fading": fading,
        "fewest": FEWEST_PEOPLE,
    }
    for statement in (*_TABLES, _LEAVERS_NEW, _ANALYZE):
        sql.run(statement.format(events=SKILLS), known)
    pairs = read_integers(_PAIRS, known).reshape(-1, len(BREADTHS) + 1, 7).transpose(2, 0, 1)
    left, to, moved, former, others_moved, others, back = pairs
    return Flows(
        left=left[:, 0],
        found=to[:, 0],
        moved=moved,
        former=former,
        others_moved=others_moved,
        others=others,
        back=back[:, 0],
        tests=int(read_integers(_TESTS, known)[0, 0]),
    )


def count_between(left: list[int], found: list[int]) -> list[list[int]]:
    """Count the people who went along any of these pairs, by top category: (from, to, people).

    A person counts once a pair of categories.
    """
    return read_integers(_BETWEEN, {"left": left, "found": found}).tolist()  # type: ignore[no-any-return]


def forget() -> None:
    """Drop what was noted of people."""
    sql.run(_DROP)
