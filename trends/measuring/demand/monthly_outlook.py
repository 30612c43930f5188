"""An arrow and a band for the next three months, for skills with the history to tell."""

from datetime import date
from typing import Any

import numpy as np

from trends.arithmetic.disclosure import FEWEST_PEOPLE
from trends.arithmetic.labels import Label
from trends.arithmetic.outlook import (
    MONTHS_AHEAD,
    MONTHS_NEEDED,
    WEEKS_OF_A_MONTH,
    lasting,
    outlook,
)
from trends.counting.sql import read_integers
from trends.counting.window_counts import PLATFORM, SKILLS, Counts
from trends.counting.windows import WEEK
from trends.models import WORLD, Outlook, SkillTrend, TrendSnapshot, Window
from trends.models.trends import CURRENT_HIDDEN

MONTH = WEEKS_OF_A_MONTH * WEEK

# A launch has no past to continue, and one that may be pushed is not to be continued.
WITHOUT_OUTLOOK = (Label.NEW, Label.BREAKOUT)

_MONTHLY = """
SELECT subject, (day - %(first)s) / %(days)s AS month, count(DISTINCT searcher)
FROM {events} WHERE day >= %(first)s AND day < %(as_of)s AND counted GROUP BY subject, month
"""


def store_outlooks(snapshot: TrendSnapshot) -> dict[str, Any]:
    """Store the outlooks of a snapshot whose trends are stored; how well earlier ones held.

    Nothing is stored where history is too short or the bands did not hold. Gives `shown`,
    `coverage` (0..1, None where nothing could be tested), `tested` and the number of `skills`.
    """
    record: dict[str, Any] = {"shown": False, "coverage": None, "tested": 0, "skills": 0}
    first = snapshot.as_of - MONTHS_NEEDED * MONTH
    if first < date.fromisoformat(snapshot.inputs["first_day"]):
        return record
    _, of_everybody = _monthly(PLATFORM, first, snapshot.as_of)
    platform = of_everybody.sum(axis=0)
    skills, monthly = _monthly(SKILLS, first, snapshot.as_of)
    asked = lasting(monthly) & np.isin(skills, _askable(snapshot))
    if not asked.any() or not platform.all():
        return record
    outlooks = outlook(monthly[asked], platform)
    # So exactly that the number of bands that held follows from it.
    record |= {"coverage": round(outlooks.coverage, 10), "tested": outlooks.tested}
    if not outlooks.kept:
        return record
    figures = zip(outlooks.present, outlooks.point, outlooks.lower, outlooks.upper, strict=True)
    rows = [
        _row(snapshot, skill, *(_people(figure) for figure in of_skill))
        for skill, of_skill in zip(skills[asked].tolist(), figures, strict=True)
    ]
    shown = [row for row in rows if row.lower >= FEWEST_PEOPLE]
    Outlook.objects.bulk_create(shown)
    return record | {"shown": True, "skills": len(shown)}


def _monthly(events: str, first: date, as_of: date) -> tuple[Counts, Counts]:
    """Return the subjects, and each one's distinct searchers a month, (subjects, months)."""
    known = {"first": first, "as_of": as_of, "days": MONTH.days}
    rows = read_integers(_MONTHLY.format(events=events), known)
    subjects, row = np.unique(rows[:, 0], return_inverse=True)
    monthly = np.zeros((len(subjects), MONTHS_NEEDED), dtype=np.int64)
    monthly[row, rows[:, 1]] = rows[:, 2]
    return subjects, monthly


def _askable(snapshot: TrendSnapshot) -> list[int]:
    """Return the skills that are no launch, not under review, with a published last month."""
    trends = SkillTrend.objects.filter(snapshot=snapshot, country=WORLD)
    usual = trends.filter(window=Window.HALF_YEAR, flags=[]).exclude(label__in=WITHOUT_OUTLOOK)
    published = trends.filter(window=Window.MONTH).exclude(CURRENT_HIDDEN)
    return list(
        published.filter(skill__in=usual.values("skill")).values_list("skill_id", flat=True)
    )


def _people(searchers: float) -> int:
    """Return searchers to two digits: more would promise what the band takes back."""
    return int(float(f"{searchers:.2g}"))


def _row(
    snapshot: TrendSnapshot, skill: int, present: int, point: int, lower: int, upper: int
) -> Outlook:
    # Only a band wholly on one side of the present is a direction; the rest is no call at all.
    arrow = Outlook.Arrow.FLAT
    if lower > present:
        arrow = Outlook.Arrow.UP
    elif upper < present:
        arrow = Outlook.Arrow.DOWN
    return Outlook(
        snapshot=snapshot,
        skill_id=skill,
        months=MONTHS_AHEAD,
        present=present,
        point=point,
        lower=lower,
        upper=upper,
        arrow=arrow,
    )
