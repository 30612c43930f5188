"""Rising skills that look pushed are held until a person has looked; nothing is dropped.

Every measured skill's searchers are looked at, whichever list it is on; only those that would be
shown as rising somewhere are asked about. A flag that nobody cleared holds on, evidence or not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from trends.arithmetic.growth import FEWEST_SEARCHERS
from trends.arithmetic.labels import UPWARD
from trends.arithmetic.manipulation import Evidence, Reason, Signs, effective_at_volume, held, signs
from trends.counting import sql
from trends.counting.sql import read_integers
from trends.counting.window_counts import Counts, WindowCounts
from trends.counting.windows import periods
from trends.measuring.demand.measurement import Bools, Measured
from trends.models import WORLD, ReviewFlag, TrendSnapshot, Window

# By skill: searches, their squares and the most by one person, how many searchers are established,
# and how many searched once somebody offered it. The established were seen on a day before they
# first searched for the skill in this window, searching for anything, or searched in this window
# for another skill with a term that does not name this one too: a query that names two skills makes
# nobody known for either. Offered is what any gig ever named, ended or not: else the only seller of
# a skill could push it unasked with a paused gig.
_SEARCHERS = """
WITH theirs AS (
    SELECT subject, searcher, min(day) AS since, max(day) AS last,
        count(DISTINCT term_id) AS terms,
        count(DISTINCT (day, second / 1800, term_id)) AS searches
    FROM trends_skill_search WHERE counted AND day >= %(start)s AND day < %(as_of)s
    GROUP BY subject, searcher
), anybody AS (
    SELECT p.searcher, min(p.day) AS since,
        count(DISTINCT t.term_id) FILTER (WHERE p.day >= %(start)s) AS terms
    FROM trends_platform_search p
    LEFT JOIN (SELECT DISTINCT term_id FROM skills_termskill) t USING (term_id)
    WHERE p.counted AND p.day >= %(history)s AND p.day < %(as_of)s GROUP BY p.searcher
), offered AS (
    SELECT skill_id AS subject, min(created_on) AS since FROM trends_offer GROUP BY skill_id
)
SELECT subject, sum(searches), sum(searches * searches), max(searches),
    count(*) FILTER (WHERE anybody.since < theirs.since OR anybody.terms > theirs.terms),
    count(*) FILTER (WHERE theirs.last >= offered.since)
FROM theirs JOIN anybody USING (searcher) LEFT JOIN offered USING (subject) GROUP BY subject
"""
# An order of k skills is 1/k of one for each, k at most 5: whole sixtieths, all of them.
PARTS_OF_AN_ORDER = 60
# By the day of ordering, finished or not: by the day of completion, up to a month later, the
# orders of whatever grows now would still be missing.
_ORDERS = """
SELECT f.skill_id,
    coalesce(sum(round(f.share * %(parts)s)) FILTER (WHERE o.ordered_at >= %(start)s), 0),
    coalesce(sum(round(f.share * %(parts)s)) FILTER (WHERE o.ordered_at < %(start)s), 0)
FROM gigs_order o
JOIN gigs_gig g ON g.id = o.gig_id JOIN gigs_seller s ON s.id = g.seller_id
JOIN trends_offer f ON f.gig_id = o.gig_id
WHERE o.ordered_at >= %(before)s AND o.ordered_at < %(as_of)s
  AND o.status <> 'cancelled' AND o.buyer <> s.pseudonym
GROUP BY f.skill_id
"""
_SHOW = """
UPDATE trends_skilltrend t SET flags = held.reasons
FROM (
    SELECT skill_id, array_agg(DISTINCT reason ORDER BY reason) AS reasons
    FROM trends_reviewflag WHERE id = ANY(%(flags)s) GROUP BY skill_id
) AS held
WHERE t.snapshot_id = %(snapshot)s AND t.skill_id = held.skill_id
"""


@dataclass(frozen=True, slots=True)
class Review:
    """What one run holds back; arrays are (skills,), in the order of `skills`.

    `signs` are raised where a person would have to be asked, `held` says what stays off the lists,
    and `missed` fills up with what thereby was kept off one.
    """

    as_of: date
    skills: list[int]
    signs: Signs
    held: Bools
    missed: Bools

    def hold_back(self, measured: Measured) -> Measured:
        """Return the same window and country without the held skills on its list."""
        rising = measured.listed | np.isin(measured.label, UPWARD)
        np.logical_or(self.missed, self.held & rising, out=self.missed)
        return measured.held_back(self.held)

    def record(self, snapshot: TrendSnapshot) -> None:
        """Ask about what was kept off a list, and mark the rows of every held skill."""
        asked = [
            _ask(self, reason, int(at)).pk
            for reason, sign in self.signs.items()
            for at in np.flatnonzero(sign.raised & self.missed)
        ]
        upheld = ReviewFlag.objects.upheld(self.as_of).values_list("pk", flat=True)
        sql.run(_SHOW, {"flags": [*asked, *upheld], "snapshot": snapshot.pk})


def review(as_of: date, subjects: WindowCounts) -> Review:
    """Look at the searchers of all skills of the half-year before `as_of`, the world over.

    Skills with too few searchers to be listed are left alone, and so are questions somebody
    answered less than half a year ago. Source: the method page, Manipulation.
    """
    n_c = _world(subjects, "c")
    enough = n_c >= FEWEST_SEARCHERS
    signs = _signs(evidence(as_of, subjects), enough)
    answered = set(ReviewFlag.objects.silent(as_of).values_list("skill", "reason"))
    for reason, sign in signs.items():
        answers = [skill for skill, about in answered if about == reason]
        asked = sign.raised & enough & ~np.isin(subjects.subjects, answers)
        signs[reason] = replace(sign, raised=asked)
    upheld = list(ReviewFlag.objects.upheld(as_of).values_list("skill", flat=True))
    return Review(
        as_of=as_of,
        skills=subjects.subjects,
        signs=signs,
        held=held(signs) | np.isin(subjects.subjects, upheld),
        missed=np.zeros(len(n_c), dtype=bool),
    )


def evidence(as_of: date, subjects: WindowCounts) -> Evidence:
    """Read what is known of the searchers and orders of every skill, in the order of `subjects`.

    A skill nobody searched for in the current window has zeros.
    """
    spans = periods(Window.HALF_YEAR, as_of)
    known = {
        "as_of": as_of,
        "start": spans["c"].start,
        "before": spans["b"].start,
        "history": spans["y"].start,
        "parts": PARTS_OF_AN_ORDER,
    }
    searches, squares, most, established, offered = _by_skill(_SEARCHERS, known, subjects)
    orders_c, orders_b = _by_skill(_ORDERS, known, subjects)
    n_c = _world(subjects, "c")
    return Evidence(
        top_share=most / np.maximum(searches, 1),
        effective=searches**2 / np.maximum(squares, 1),
        established_share=established / np.maximum(n_c, 1),
        n_c=n_c,
        n_offered=offered,
        n_b=_world(subjects, "b"),
        orders_c=orders_c / PARTS_OF_AN_ORDER,
        orders_b=orders_b / PARTS_OF_AN_ORDER,
    )


def _signs(seen: Evidence, enough: Bools) -> Signs:
    """Compare every skill with what is usual among those with `enough` searchers, (skills,)."""
    return signs(
        seen,
        usual_spread=effective_at_volume(
            seen.n_c, of_searchers=seen.n_c[enough], effective=seen.effective[enough]
        ),
        platform_established=float(np.median(seen.established_share[enough]))
        if enough.any()
        else 0.0,
        # Of the skills' searchers, not the platform's: one person looks for several skills.
        orders_per_searcher=float(seen.orders_c.sum() / max(seen.n_c.sum(), 1)),
    )


def _by_skill(query: str, known: Mapping[str, Any], subjects: WindowCounts) -> Counts:
    """Return the columns of a query by skill, (columns, skills), 0 where it has no row."""
    rows = read_integers(query, known)
    rows = rows[np.isin(rows[:, 0], subjects.subjects)]
    table = np.zeros((rows.shape[1] - 1, len(subjects.subjects)), dtype=np.int64)
    table[:, np.searchsorted(subjects.subjects, rows[:, 0])] = rows[:, 1:].T
    return table


def _world(subjects: WindowCounts, letter: str) -> Counts:
    column = subjects.countries.index(WORLD)
    return subjects.distinct[Window.HALF_YEAR, letter][:, column]


def _ask(review: Review, reason: Reason, at: int) -> ReviewFlag:
    """Raise a flag, or bring the one that stands up to date; in whatever order days are asked."""
    as_of, skill = review.as_of, review.skills[at]
    flag = ReviewFlag.objects.standing(as_of).filter(skill=skill, reason=reason).first()
    if flag is None:
        flag = ReviewFlag(
            skill_id=skill, reason=reason.value, first_raised=as_of, last_raised=as_of
        )
    flag.first_raised = min(flag.first_raised, as_of)
    if as_of >= flag.last_raised:
        flag.last_raised = as_of
        flag.value = float(review.signs[reason].value[at])
        flag.threshold = float(review.signs[reason].threshold[at])
    flag.save()
    return flag
