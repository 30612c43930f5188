"""Why a skill is on the rising list, or why not: every gate, its value and threshold, in words.

A value that would tell of fewer than ten people, or from which such a count could be solved, is
given in words alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

import numpy as np

from marketplace.skills.models import Skill
from trends import wording
from trends.comparison import ORDINARY_GROWTH
from trends.disclosure import FEWEST_PEOPLE
from trends.gates import RECENT_WEEKS
from trends.growth import FEWEST_SEARCHERS
from trends.models import WORLD, SkillTrend, TrendSnapshot, Window
from trends.public_growth import rounded
from trends.templatetags.figures import country as country_name
from trends.trend_measurement import WEEKS_NEEDED
from trends.window_counts import WEEK, WEEKS

Row = dict[str, Any]
# A value, if it may be told, and the sentence about it.
Said = tuple[float | None, str]

ORDINARY = f"×{ORDINARY_GROWTH:g}"
# Below one in a million nobody is helped by the number, nor above 999 in a thousand.
SMALLEST_CHANCE = 1e-6
LARGEST_DOUBT = 0.001


@dataclass(frozen=True, slots=True)
class Case:
    """What is explained, and to whom; `trend` is None where nobody searched."""

    window: Window
    country: str
    exact: bool
    trend: SkillTrend | None

    @property
    def told(self) -> bool:
        """Whether everything the gates were computed from is published.

        Only then the published figures are the exact ones: otherwise they are worked out from
        less, and a gate's value could be solved for what they leave out.
        """
        if self.exact or self.trend is None or self.trend.bound is None:
            return self.exact
        figures = ("ratio", "lower", "bound")
        exact = np.array([getattr(self.trend, each) for each in figures], dtype=float)
        public = [getattr(self.trend, f"public_{each}") for each in figures]
        as_published = np.array(public, dtype=float)
        return not self.trend.hidden and bool(
            np.allclose(rounded(exact), rounded(as_published), rtol=1e-9, atol=0)
        )

    @property
    def weeks_told(self) -> bool:
        """Whether every week of both windows is published; only half-years have their weeks."""
        weekly = self.trend.public_weekly if self.trend else None
        asked = (weekly or [])[-2 * WEEKS[self.window] :]
        return self.exact or (bool(asked) and None not in asked)

    @property
    def elsewhere(self) -> str:
        """Where the leading country is left out."""
        if self.country != WORLD:
            return "Within this country"
        leader = self.trend.leader if self.trend else ""
        if not leader:
            return "Without the small countries that lead it,"
        return f"Without its leading country, {country_name(leader)},"


def explain(
    skill: Skill, snapshot: TrendSnapshot, *, window: Window, country: str, exact: bool
) -> Row:
    """Say why a skill is (not) on the rising list of a window and country (001 for the world).

    Gives `listed`, `rank`, `label`, a `verdict` and the `gates` in the order they are asked, each
    with `name`, `value` (None where it is not told), `threshold`, `passed` (None where it was not
    asked) and `text`. `exact`: for the marketplace's own people. Source: the method page, The
    rising list.
    """
    trends = SkillTrend.objects.filter(snapshot=snapshot, skill=skill)
    case = Case(
        window=window,
        country=country,
        exact=exact,
        trend=trends.filter(window=window, country=country).first(),
    )
    trend = case.trend
    gates = [_history(snapshot, window), *(_gate(case, name) for name in _SAYINGS)]
    if trend and trend.flags:
        gates.append(_review(trend, exact=exact))
    asked = [gate for gate in gates if gate["passed"] is not None]
    return {
        "window": window.value,
        "country": country,
        "listed": bool(trend and trend.rank),
        "rank": trend and trend.rank,
        "label": trend.label if trend else "not enough data",
        "verdict": _verdict(trend, [gate for gate in asked if not gate["passed"]]),
        "gates": gates,
    }


def _history(snapshot: TrendSnapshot, window: Window) -> Row:
    first_day = date.fromisoformat(snapshot.inputs["first_day"])
    weeks, needed = (snapshot.as_of - first_day) // WEEK, max(WEEKS_NEEDED, 2 * WEEKS[window])
    text = f"There are {weeks} weeks of searches; {needed} are needed."
    return _row("history", weeks, needed, weeks >= needed, text)


def _gate(case: Case, name: str) -> Row:
    """What a gate asked and found; one that was not asked says so."""
    stored = case.trend.gates.get(name) if case.trend else None
    if stored is None and name == "searchers":
        count = case.trend.current if case.trend else 0
        stored = [count, FEWEST_SEARCHERS, count >= FEWEST_SEARCHERS]
    if stored is None:
        return _row(name, None, None, None, "Not asked: there is too little to compare.")
    value, threshold, passed = stored
    if name == "significant" and case.trend and not _eligible(case.trend):
        return _row(
            name, None, threshold, None, "It is only asked of skills with enough searchers."
        )
    told, text = _SAYINGS[name](case, value, threshold, passed)
    return _row(name, told, threshold, passed, text)


def _eligible(trend: SkillTrend) -> bool:
    """Whether it passes the gates before: only then it is compared with the others of the run."""
    return all(trend.gates[each][2] for each in ("complete", "searchers"))


def _row(
    name: str, value: float | None, threshold: float | None, passed: bool | None, text: str
) -> Row:
    return {"name": name, "value": value, "threshold": threshold, "passed": passed, "text": text}


def _complete(case: Case, value: float, threshold: float, passed: bool) -> Said:
    weeks = WEEKS[case.window]
    seen, needed = round(value * weeks), ceil(threshold * weeks)
    return value, f"{seen} of the {weeks} weeks of a window have data; {needed} are needed."


def _searchers(case: Case, value: float, threshold: float, passed: bool) -> Said:
    needed = f"{threshold:.0f} are needed"
    if case.exact or (case.trend and "c" not in case.trend.hidden):
        people = "1 person" if value == 1 else f"{value:,.0f} people"
        return value, f"{people} searched for it; {needed}."
    if value < FEWEST_PEOPLE:
        return None, f"Fewer than {FEWEST_PEOPLE} people searched for it; {needed}."
    return None, f"How many people searched for it is withheld, it would tell of others; {needed}."


def _significant(case: Case, value: float, threshold: float, passed: bool) -> Said:
    bound = case.trend.public_bound if case.trend else None
    least = f"Its share is surely {wording.multiple(bound)} or more. " if bound else ""
    sure = "It is sure enough" if passed else "It is not sure enough"
    told = f", a chance of {_odds(value)} is left" if case.told else ""
    allowed = f"{_odds(threshold)} is allowed" if threshold > 0 else "no skill was sure enough"
    return _shown(case, value) if case.told else None, (
        f"{least}{sure} that it grew more than skills ordinarily do, {ORDINARY}{told}; "
        f"this time {allowed}."
    )


def _elevated(case: Case, value: float, threshold: float, passed: bool) -> Said:
    weeks = min(RECENT_WEEKS, WEEKS[case.window])
    when = f"In the last {weeks} weeks"
    if not case.weeks_told:
        state = "it is still above" if passed else "it is not above"
        return None, f"{when} {state} ×{threshold:g} of the window before."
    return _shown(case, value), (
        f"{when} its usual week had {wording.multiple(value)} the share of the window before; "
        f"×{threshold:g} is needed."
    )


def _broad(case: Case, value: float, threshold: float, passed: bool) -> Said:
    if not case.told:
        grew = "it grew" if passed else "it did not grow"
        return None, f"{case.elsewhere} {grew} by ×{threshold:g} or more."
    return _shown(case, value), (
        f"{case.elsewhere} it grew {wording.multiple(value)}; ×{threshold:g} is needed."
    )


def _sure_elsewhere(case: Case, value: float, threshold: float, passed: bool) -> Said:
    if not case.told:
        sure = "it is sure" if passed else "it is not sure"
        return None, f"{case.elsewhere} {sure} enough that it grew at all."
    return _shown(case, value), (
        f"{case.elsewhere} it grew at all with a certainty of {_odds(value)}; "
        f"{_odds(threshold)} is needed."
    )


# The gates in the order they are asked, by their names in the snapshot.
_SAYINGS: dict[str, Callable[[Case, float, float, bool], Said]] = {
    "complete": _complete,
    "searchers": _searchers,
    "significant": _significant,
    "still elevated": _elevated,
    "broad": _broad,
    "sure elsewhere": _sure_elsewhere,
}


def _review(trend: SkillTrend, *, exact: bool) -> Row:
    reasons = f" ({', '.join(trend.flags)})" if exact else ""
    text = f"It is under review{reasons}: a person looks at it before it is listed."
    return _row("review", None, None, False, text)


def _verdict(trend: SkillTrend | None, failed: list[Row]) -> str:
    if trend and trend.rank:
        late = " Its label follows when two weekly runs agree." * (trend.label != trend.measured)
        return f"It is number {trend.rank} on the rising list: it passes every gate.{late}"
    if [gate["name"] for gate in failed] == ["review"]:
        return "It is not on the rising list while it is under review; it passes every gate."
    if not failed:
        return "It is not on the rising list: there is too little to compare."
    gates = "one gate" if len(failed) == 1 else f"{len(failed)} gates"
    return f"It is not on the rising list: it does not pass {gates}."


def _shown(case: Case, value: float) -> float:
    """A value as it is published: readers get the two digits the words have."""
    return value if case.exact else wording.rounded(value)


def _odds(chance: float) -> str:
    """A chance in whole words: "12 in 100", "1 in 4,300"."""
    if chance > 1 - LARGEST_DOUBT:
        return "more than 999 in 1,000"
    if chance < SMALLEST_CHANCE:
        return "less than 1 in a million"
    if chance < 0.01:
        return f"1 in {wording.rounded(1 / chance):,.0f}"
    return f"{100 * chance:.3g} in 100"
