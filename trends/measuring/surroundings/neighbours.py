"""What else people look for: searches that name a skill, and skills the same people search for."""

from collections import defaultdict
from datetime import date
from typing import Any

import numpy as np

from trends.arithmetic.digits import rounded
from trends.arithmetic.disclosure import FEWEST_PEOPLE, TENS, in_tens
from trends.counting import sql
from trends.counting.sql import read_integers
from trends.counting.window_counts import SKILLS
from trends.counting.windows import Period, periods
from trends.models import SkillNeighbours, TrendSnapshot, Window

# As many as a person reads.
SHOWN = 8
# Who searches for more skills than this looks around: that two are among them says nothing.
MOST_SKILLS = 30
# Half the width of a 95 % interval in standard errors.
SURE = 1.96

# A search that is nothing but a name of the skill is the skill.
_SEARCHES = f"""
SELECT subject, text, people FROM (
    SELECT subject, text, people,
        row_number() OVER (PARTITION BY subject ORDER BY people DESC, text) AS place
    FROM (
        SELECT subject, term_id, count(DISTINCT searcher) AS people FROM {SKILLS}
        WHERE counted AND day >= %(start)s AND day < %(end)s GROUP BY subject, term_id
        HAVING count(DISTINCT searcher) >= %(fewest)s
    ) AS counted JOIN skills_searchterm t ON t.id = term_id
    WHERE NOT EXISTS (SELECT FROM skills_skillalias a WHERE a.text = t.text)
) AS placed WHERE place <= %(shown)s
"""
# Of people who searched for two skills or more: others could not have searched for both.
_PAIRS = f"""
WITH seen AS MATERIALIZED (
    SELECT searcher, subject AS skill FROM {SKILLS}
    WHERE counted AND day >= %(start)s AND day < %(end)s GROUP BY searcher, subject
), person AS (
    SELECT searcher FROM seen GROUP BY searcher HAVING count(*) BETWEEN 2 AND %(most)s
), known AS MATERIALIZED (
    SELECT searcher, skill FROM seen JOIN person USING (searcher)
), size AS (
    SELECT skill, count(*) AS people FROM known GROUP BY skill
)
SELECT pair.skill, other, both_of_them, one.people, two.people, (SELECT count(*) FROM person)
FROM (
    SELECT a.skill, b.skill AS other, count(*) AS both_of_them
    FROM known a JOIN known b USING (searcher) WHERE a.skill <> b.skill
    GROUP BY a.skill, b.skill HAVING count(*) >= %(fewest)s
) AS pair JOIN size one ON one.skill = pair.skill JOIN size two ON two.skill = other
"""


def store_neighbours(snapshot: TrendSnapshot) -> None:
    """Store what is beside every skill with people enough; of the current half-year."""
    window = periods(Window.HALF_YEAR, snapshot.as_of)["c"]
    searches, skills = _searches(window), _skills(window)
    SkillNeighbours.objects.bulk_create(
        (
            SkillNeighbours(
                snapshot=snapshot, skill_id=skill, searches=searches[skill], skills=skills[skill]
            )
            for skill in sorted(searches.keys() | skills.keys())
        ),
        batch_size=1_000,
    )


def _searches(window: Period) -> dict[int, list[Any]]:
    searches: dict[int, list[Any]] = defaultdict(list)
    for skill, text, people in sql.rows(_SEARCHES, _known(window.start, window.end)):
        searches[skill].append([text, in_tens(people)])
    for nearest in searches.values():
        # By what is told: a place would tell more.
        nearest.sort(key=lambda one: (-one[1], one[0]))
    return searches


def _skills(window: Period) -> dict[int, list[Any]]:
    """Return the surest neighbours first: those whose lift is certainly the highest."""
    pairs = read_integers(_PAIRS, _known(window.start, window.end))
    skill, other, both, first, second, everybody = pairs.T
    people = (both + TENS // 2) // TENS * TENS
    # From tens alone, or the ratio would tell the exact count.
    lift = people * everybody / np.maximum(first * second, 1)
    sure = lift * np.exp(-SURE / np.sqrt(np.maximum(people, 1)))
    order = np.lexsort((other, -sure, skill))
    skills: dict[int, list[Any]] = defaultdict(list)
    for at in order[sure[order] > 1].tolist():
        near = skills[int(skill[at])]
        if len(near) < SHOWN:
            near.append([int(other[at]), int(people[at]), rounded(float(lift[at]))])
    return skills


def _known(start: date, end: date) -> dict[str, Any]:
    return {
        "start": start,
        "end": end,
        "fewest": FEWEST_PEOPLE,
        "most": MOST_SKILLS,
        "shown": SHOWN,
    }
