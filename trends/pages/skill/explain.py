"""Why a skill is on the rising list, or why not: every gate, its value and threshold, in words.

A value that would give away fewer than ten people, or from which such a count could be solved, is
given in words alone.
"""

from datetime import date

from django.utils.translation import gettext, ngettext

from marketplace.skills.models import Skill
from trends.arithmetic.growth import FEWEST_SEARCHERS
from trends.counting.windows import WEEK, WEEKS, WEEKS_NEEDED
from trends.models import SkillTrend, TrendSnapshot, Window
from trends.models.trends import AskedGate
from trends.pages.skill.gate_sentences import SAYINGS, Case
from trends.pages.skill.schema import Explained, ExplainedGate
from trends.wording import numbers


def explain(
    skill: Skill, snapshot: TrendSnapshot, *, window: Window, country: str, exact: bool
) -> Explained:
    """Say why a skill is (not) on the rising list of a window and country (001 for the world).

    Gives `listed`, `rank`, `label`, a `verdict` and the `gates` in the order they are asked, each
    with `name`, `value` (None where it is not told), `threshold`, `passed` (None where it was not
    asked) and `text`. `exact`: for the marketplace's own people. Source: the method page, The
    rising list.
    """
    trends = SkillTrend.objects.filter(snapshot=snapshot, skill=skill)
    trend = trends.filter(window=window, country=country).first()
    return explain_trend(trend, snapshot, window=window, country=country, exact=exact)


def explain_trend(
    trend: SkillTrend | None,
    snapshot: TrendSnapshot,
    *,
    window: Window,
    country: str,
    exact: bool,
) -> Explained:
    """Explain a trend at hand; None where nobody searched."""
    case = Case(window=window, country=country, exact=exact, trend=trend)
    gates = [_history(snapshot, window), *(_gate(case, name) for name in SAYINGS)]
    if trend and trend.flags:
        gates.append(_review(trend, exact=exact))
    asked = [gate for gate in gates if gate["passed"] is not None]
    return {
        "window": window.value,
        "country": country,
        "listed": bool(trend and trend.rank),
        "rank": trend.rank if trend else None,
        "label": trend.label if trend else "not enough data",
        "verdict": _verdict(trend, [gate for gate in asked if not gate["passed"]]),
        "gates": gates,
    }


def _history(snapshot: TrendSnapshot, window: Window) -> ExplainedGate:
    first_day = date.fromisoformat(snapshot.inputs["first_day"])
    weeks, needed = (snapshot.as_of - first_day) // WEEK, max(WEEKS_NEEDED, 2 * WEEKS[window])
    text = gettext("There are %(weeks)s weeks of searches; %(needed)s are needed.")
    said = {"weeks": weeks, "needed": needed}
    return _row("history", weeks, needed, weeks >= needed, text % said)


def _gate(case: Case, name: str) -> ExplainedGate:
    """Return what a gate asked and found; one that was not asked says so."""
    asked = case.trend.gate(name) if case.trend else None
    if asked is None and name == "searchers":
        count = case.trend.current if case.trend else 0
        asked = AskedGate(count, FEWEST_SEARCHERS, count >= FEWEST_SEARCHERS)
    if asked is None:
        text = gettext("Not asked: there is too little to compare.")
        return _row(name, None, None, None, text)
    value, threshold, passed = asked
    if name == "significant" and case.trend and not _eligible(case.trend):
        text = gettext("It is only asked of skills with enough searchers.")
        return _row(name, None, threshold, None, text)
    shown, text = SAYINGS[name](case, value, threshold, passed)
    return _row(name, shown, threshold, passed, text)


def _eligible(trend: SkillTrend) -> bool:
    """Return whether it passes the gates before, so that it is compared with others of the run."""
    asked = [trend.gate(name) for name in ("complete", "searchers")]
    return all(gate and gate.passed for gate in asked)


def _row(
    name: str, value: float | None, threshold: float | None, passed: bool | None, text: str
) -> ExplainedGate:
    return {"name": name, "value": value, "threshold": threshold, "passed": passed, "text": text}


def _review(trend: SkillTrend, *, exact: bool) -> ExplainedGate:
    if exact:
        text = gettext(
            "It is under review (%(reasons)s): a person looks at it before it is listed."
        ) % {"reasons": ", ".join(trend.flags)}
    else:
        text = gettext("It is under review: a person looks at it before it is listed.")
    return _row("review", None, None, False, text)


def _verdict(trend: SkillTrend | None, failed: list[ExplainedGate]) -> str:
    if trend and trend.rank:
        text = gettext("It is number %(rank)s on the rising list: it passes every gate.")
        said = [text % {"rank": numbers.figure(trend.rank)}]
        if trend.label != trend.measured:
            said.append(gettext("Its label follows when two weekly runs agree."))
        return " ".join(said)
    if [gate["name"] for gate in failed] == ["review"]:
        return gettext(
            "It is not on the rising list while it is under review; it passes every gate."
        )
    if not failed:
        return gettext("It is not on the rising list: there is too little to compare.")
    return ngettext(
        "It is not on the rising list: it does not pass one gate.",
        "It is not on the rising list: it does not pass %(gates)s gates.",
        len(failed),
    ) % {"gates": len(failed)}
