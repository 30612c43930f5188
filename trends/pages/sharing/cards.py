"""What a card says: the first rows of a list, or one skill, from what is published of them."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from marketplace.skills.models import Category
from trends.counting.windows import HalfYears
from trends.drawing.social_cards import Card
from trends.pages.rising.filters import Tab
from trends.published.flow_schema import Replacement
from trends.published.schema import SkillTrend
from trends.wording.figures import day, days
from trends.wording.kinds import Kind
from trends.wording.numbers import figure, least_times, multiple, times

# As many as fit under a headline in letters that are read on a phone.
SKILLS_ON_A_CARD = 5
# A year of the weekly line: what the two windows compare.
WEEKS_DRAWN = 52
# Two names before, and after it the longest figures there are, "128,450 of 391,070, ×5.8".
FLOW_COLUMN = 700


def tab_card(tab: str, listed: Sequence[SkillTrend], as_of: date, *, simulated: bool) -> Card:
    """Return the first of the skills that rise or that fall."""
    falling = tab == Tab.FALLING
    headline = _("Falling freelance skills") if falling else _("Rising freelance skills")
    return list_card(headline, listed, as_of, simulated=simulated, falling=falling)


def list_card(
    headline: str,
    listed: Sequence[SkillTrend],
    as_of: date,
    *,
    simulated: bool,
    falling: bool = False,
) -> Card:
    """Return the first of the listed skills, each with its growth and both counts."""
    shown = listed[:SKILLS_ON_A_CARD]
    lines = [(row["skill"]["name"], f"{row['growth']['display']}: {_counts(row)}") for row in shown]
    none = _("No skill is surely falling.") if falling else _("No skill is surely rising.")
    lines = lines or [("", none)]
    return Card(_over(simulated=simulated), headline, "", lines, _dates(shown, as_of))


def skill_card(name: str, row: SkillTrend | None, as_of: date, *, simulated: bool) -> Card:
    """Return one skill: its growth, both counts and their dates, the line of its weeks."""
    over = _over(simulated=simulated)
    if row is None:
        said = _("Nobody searched for it in the last half-year.")
        return Card(over, name, "", [("", said)], _dates([], as_of))
    return Card(
        over,
        name,
        row["growth"]["display"],
        _of_a_skill(row),
        _dates([row], as_of),
        row["weekly"][-WEEKS_DRAWN:],
    )


def replacing_card(
    category: Category | None, listed: Sequence[Replacement], halves: HalfYears, *, simulated: bool
) -> Card:
    """Draw up the largest flows from fading skills: people, of how many, against chance."""
    headline, shown = _("What is replacing what"), listed[:SKILLS_ON_A_CARD]
    return Card(
        _over(simulated=simulated),
        f"{headline}: {category}" if category else headline,
        "",
        [_flow(row) for row in shown] or [("", _("No fading skill is surely being replaced."))],
        _of_flows(shown, halves),
        column=FLOW_COLUMN,
    )


def _flow(row: Replacement) -> tuple[str, str]:
    counts = {"moved": figure(row["moved"]), "former": figure(row["former"])}
    counted = _("%(moved)s of %(former)s") % counts
    return f"{row['left']['name']} → {row['found']['name']}", f"{counted}, {multiple(row['lift'])}"


def _of_flows(shown: Sequence[Replacement], halves: HalfYears) -> str:
    """Return both half-years, and what a multiple is of, by the first there is."""
    when = {"then": days(halves["previous"]), "now": days(halves["current"])}
    said = [_("People who left after %(then)s, moved in %(now)s") % when]
    if shown:
        read = _("×%(times)s: %(times)s times as many as among comparable people")
        said.insert(0, read % {"times": times(shown[0]["lift"])})
    return "\n".join(said)


def _over(*, simulated: bool) -> str:
    """Return whose card it is, and that invented figures are invented."""
    return _("Upcurrent · simulated data, every figure is invented") if simulated else "Upcurrent"


def _of_a_skill(row: SkillTrend) -> list[tuple[str, str]]:
    counts = _("People who searched for it: %(counts)s") % {"counts": _counts(row)}
    # Of the two counts alone another percentage would follow.
    share = _("The growth is that of its share of all who searched.")
    growth = row["growth"]
    measured = growth["kind"] == Kind.KNOWN or (
        growth["kind"] == Kind.NEW and bool(least_times(growth["bound"]))
    )
    return [("", counts), ("", share)] if measured else [("", counts)]


def _counts(row: SkillTrend) -> str:
    now = row["current"]["searchers_display"]
    if row["previous"] is None:
        return str(now)
    return _("%(now)s after %(before)s") % {
        "now": now,
        "before": row["previous"]["searchers_display"],
    }


def _dates(listed: Sequence[SkillTrend], as_of: date) -> str:
    """Return both windows of the figures on the card; without figures, their day."""
    if not listed or listed[0]["previous"] is None:
        return _("As of %(day)s") % {"day": day(as_of)}
    now, before = days(listed[0]["current"]), days(listed[0]["previous"])
    return _("People who searched %(now)s, after %(before)s") % {"now": now, "before": before}
