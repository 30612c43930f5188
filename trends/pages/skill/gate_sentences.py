"""What each gate of the rising list asked and found, in a sentence."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

import numpy as np
from django.utils.translation import gettext, ngettext

from trends.arithmetic import digits
from trends.arithmetic.disclosure import FEWEST_PEOPLE
from trends.arithmetic.gates import RECENT_WEEKS
from trends.arithmetic.two_windows import ORDINARY_GROWTH
from trends.counting.windows import WEEKS
from trends.measuring.demand.public_growth import rounded
from trends.models import WORLD, SkillTrend, Window
from trends.wording import numbers
from trends.wording.figures import country as country_name

# A value, if it may be told, and the sentence about it.
Said = tuple[float | None, str]

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
    def published(self) -> bool:
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
            return gettext("Within this country")
        leader = self.trend.leader if self.trend else ""
        if not leader:
            return gettext("Without the small countries that lead it,")
        return gettext("Without its leading country, %(name)s,") % {"name": country_name(leader)}


def _complete(case: Case, value: float, threshold: float, passed: bool) -> Said:
    weeks = WEEKS[case.window]
    seen, needed = round(value * weeks), ceil(threshold * weeks)
    text = gettext("%(seen)s of the %(weeks)s weeks of a window have data; %(needed)s are needed.")
    return value, text % {"seen": seen, "weeks": weeks, "needed": needed}


def _searchers(case: Case, value: float, threshold: float, passed: bool) -> Said:
    said = {
        "count": numbers.figure(value, ",.0f"),
        "needed": f"{threshold:.0f}",
        "fewest": FEWEST_PEOPLE,
    }
    if case.exact or (case.trend and not case.trend.current_hidden):
        text = ngettext(
            "%(count)s person searched for it; %(needed)s are needed.",
            "%(count)s people searched for it; %(needed)s are needed.",
            round(value),
        )
        return value, text % said
    if value < FEWEST_PEOPLE:
        text = gettext("Fewer than %(fewest)s people searched for it; %(needed)s are needed.")
    else:
        text = gettext(
            "How many people searched for it is withheld, it would tell of others;"
            " %(needed)s are needed."
        )
    return None, text % said


def _significant(case: Case, value: float, threshold: float, passed: bool) -> Said:
    bound = case.trend.public_bound if case.trend else None
    said = {"ordinary": f"×{numbers.figure(ORDINARY_GROWTH, 'g')}", "odds": _odds(value)}
    if passed:
        text = gettext(
            "It is sure enough that it grew more than skills ordinarily do, %(ordinary)s."
        )
    else:
        text = gettext(
            "It is not sure enough that it grew more than skills ordinarily do, %(ordinary)s."
        )
    parts = [_least(bound)] if bound else []
    parts.append(text % said)
    if case.published:
        parts.append(gettext("A chance of %(odds)s is left.") % said)
    if threshold > 0:
        parts.append(gettext("This time %(odds)s is allowed.") % {"odds": _odds(threshold)})
    else:
        parts.append(gettext("This time no skill was sure enough."))
    return _shown(case, value) if case.published else None, " ".join(parts)


def _least(bound: float) -> str:
    return gettext("Its share is surely %(times)s or more.") % {"times": numbers.multiple(bound)}


def _elevated(case: Case, value: float, threshold: float, passed: bool) -> Said:
    weeks = min(RECENT_WEEKS, WEEKS[case.window])
    needed = f"×{numbers.figure(threshold, 'g')}"
    said = {"weeks": weeks, "needed": needed, "times": numbers.multiple(value)}
    if case.weeks_told:
        text = gettext(
            "In the last %(weeks)s weeks its usual week had %(times)s the share of the window"
            " before; %(needed)s is needed."
        )
        return _shown(case, value), text % said
    if passed:
        text = gettext(
            "In the last %(weeks)s weeks it is still above %(needed)s of the window before."
        )
    else:
        text = gettext(
            "In the last %(weeks)s weeks it is not above %(needed)s of the window before."
        )
    return None, text % said


def _broad(case: Case, value: float, threshold: float, passed: bool) -> Said:
    said = {
        "where": case.elsewhere,
        "times": numbers.multiple(value),
        "needed": f"×{numbers.figure(threshold, 'g')}",
    }
    if case.published:
        text = gettext("%(where)s it grew %(times)s; %(needed)s is needed.")
        return _shown(case, value), text % said
    if passed:
        text = gettext("%(where)s it grew by %(needed)s or more.")
    else:
        text = gettext("%(where)s it did not grow by %(needed)s or more.")
    return None, text % said


def _sure_elsewhere(case: Case, value: float, threshold: float, passed: bool) -> Said:
    said = {"where": case.elsewhere, "odds": _odds(value), "needed": _odds(threshold)}
    if case.published:
        text = gettext(
            "%(where)s it grew at all with a certainty of %(odds)s; %(needed)s is needed."
        )
        return _shown(case, value), text % said
    if passed:
        text = gettext("%(where)s it is sure enough that it grew at all.")
    else:
        text = gettext("%(where)s it is not sure enough that it grew at all.")
    return None, text % said


# The gates in the order they are asked, by their names in the snapshot.
SAYINGS: dict[str, Callable[[Case, float, float, bool], Said]] = {
    "complete": _complete,
    "searchers": _searchers,
    "significant": _significant,
    "still elevated": _elevated,
    "broad": _broad,
    "sure elsewhere": _sure_elsewhere,
}


def _shown(case: Case, value: float) -> float:
    """Return a value as it is published: readers get the two digits the words have."""
    return value if case.exact else digits.rounded(value)


def _odds(chance: float) -> str:
    """Return a chance in whole words: "12 in 100", "1 in 4,300"."""
    if chance > 1 - LARGEST_DOUBT:
        return gettext("more than 999 in 1,000")
    if chance < SMALLEST_CHANCE:
        return gettext("less than 1 in a million")
    if chance < 0.01:
        return gettext("1 in %(number)s") % {
            "number": numbers.figure(digits.rounded(1 / chance), ",.0f")
        }
    return gettext("%(number)s in 100") % {"number": numbers.figure(100 * chance, ".3g")}
