"""A skill in a few sentences: how many people, how sure, does it pay, can a newcomer win."""

from django.utils.translation import gettext as _

from trends.arithmetic.growth import FEWEST_SEARCHERS
from trends.arithmetic.hype_gap import HypeGap
from trends.pages.skill.schema import ExplainedGate
from trends.published.schema import SkillTrend
from trends.wording import numbers
from trends.wording.figures import days, money, people, range_in_words
from trends.wording.kinds import Kind


def demand(row: SkillTrend) -> str:
    """Say how many people search for it, against the half-year before, and how certain that is."""
    said = {
        "people": people(row["current"]),
        "days": days(row["current"]),
    }
    before = row["previous"]
    if before is None:
        return _("%(people)s searched for it from %(days)s. There is no half-year before.") % said
    said |= {"before": people(before), "days_before": days(before)}
    counted = _(
        "%(people)s searched for it from %(days)s, after %(before)s in the half-year before,"
        " %(days_before)s."
    )
    return _unbroken(f"{counted % said} {_growth(row)}".strip())


def _growth(row: SkillTrend) -> str:
    growth, sure = row["growth"], range_in_words(row)
    if sure:
        said = {"growth": growth["display"], "sure": sure}
        return _("As a share of all searchers that is %(growth)s, %(sure)s.") % said
    if growth["kind"] == Kind.NEW:
        return _newness(growth["bound"])
    return {
        Kind.TOO_FEW: _("Too few to say whether it grew."),
        Kind.WITHHELD: _("How it grew is withheld: it would tell of fewer than 10 people."),
    }.get(growth["kind"], "")


def _newness(bound: float | None) -> str:
    least = numbers.least_times(bound)
    if not least:
        return _("It is new.")
    return _("It is new: its share is sure to be at least %(least)s times what it was.") % {
        "least": least
    }


def work(row: SkillTrend) -> str:
    """Say what it pays, whether orders confirm the searches, the room there is, who gets in."""
    said = (_pay(row), _hype(row), _room(row), _newcomers(row))
    return _unbroken(" ".join(filter(None, said)))


def _unbroken(said: str) -> str:
    """Keep a number and its percent sign on one line."""
    return said.replace(" %", "\u00a0%")


def _pay(row: SkillTrend) -> str:
    earnings = row["earnings"]
    if earnings["hidden"] or earnings["median"] is None or earnings["sellers"] is None:
        return _("What it pays is not published: too few sellers or buyers.")
    return _(
        "Half of the %(sellers)s sellers who completed orders in that half-year earned %(median)s"
        " or more with it."
    ) % {
        "sellers": numbers.figure(earnings["sellers"]),
        "median": money(earnings["median"], earnings["currency"]),
    }


def _hype(row: SkillTrend) -> str:
    said: dict[str | None, str] = {
        HypeGap.CONFIRMED: _("Orders confirm the searches."),
        HypeGap.SEARCHED_NOT_BOUGHT: _("It is searched more, but not bought more."),
        HypeGap.BOUGHT_WITHOUT_SEARCHING: _("It is bought more, though hardly searched more."),
    }
    return said.get(row["orders"]["hype_gap"], "")


def _room(row: SkillTrend) -> str:
    opportunity = row["opportunity"]
    each, ratio = opportunity["searchers_per_seller"], opportunity["ratio"]
    searchers = opportunity["searchers"]
    if each is None or ratio is None or searchers is None:
        return ""
    said = {
        "each": numbers.figure(each, ",g"),
        "searchers": numbers.figure(searchers),
        "sellers": row["supply"]["active_sellers_display"],
        "ratio": numbers.figure(ratio, "g"),
    }
    if opportunity["at_least"]:
        return (
            _(
                "There are at least %(each)s searchers per active seller: %(searchers)s people"
                " in 91 days, fewer than 10 sellers."
            )
            % said
        )
    return (
        _(
            "There are %(each)s searchers per active seller, %(ratio)s × its category:"
            " %(searchers)s people in 91 days, %(sellers)s sellers."
        )
        % said
    )


def _newcomers(row: SkillTrend) -> str:
    # "Fewer than 10 of 14" is a limit of what may be told, no story; it stands with the others.
    won = [horizon for horizon in row["opportunity"]["new_gigs"] if horizon["compared"] == "="]
    if not won:
        return ""
    first = won[0]
    return _(
        "A newcomer’s chance: %(part)s gigs first published %(days)s won an order within"
        " %(within)s days."
    ) % {
        "days": days(first),
        "part": first["display"],
        "within": first["days"],
    }


def missing(row: SkillTrend, gates: list[ExplainedGate]) -> str:
    """Say how much there is of what a label needs; empty where there is enough."""
    if row["label"] != "not enough data":
        return ""
    history = next(gate for gate in gates if gate["name"] == "history")
    if not history["passed"]:
        said = {"weeks": f"{history['value']:.0f}", "needed": f"{history['threshold']:.0f}"}
        return _("There are %(weeks)s of the %(needed)s weeks of searches it takes.") % said
    said = {"people": people(row["current"]), "needed": str(FEWEST_SEARCHERS)}
    if row["current"]["searchers"] is None:
        return _("It takes %(needed)s searchers in a half-year; it had %(people)s.") % said
    return _("%(people)s searched for it in a half-year, of the %(needed)s it takes.") % said
