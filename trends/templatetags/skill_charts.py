"""Places the charts of a skill's page, and their tables, in the templates."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from trends.arithmetic.pay import QUANTILES
from trends.drawing.charts import CURRENT_WEEKS, in_words
from trends.drawing.lines import Line, comparison_chart
from trends.drawing.pay_chart import Strip, pay_strip
from trends.measuring.surroundings.months import MONTH
from trends.pages.skill.surroundings import Month
from trends.wording.figures import Weekly, money
from trends.wording.numbers import figure

register = template.Library()


def halves(weekly: Weekly) -> list[Weekly]:
    """Split the weeks into the last half-year and the two before, the last first.

    Each half has all its weeks: where there is less history, those are unknown.
    """
    padded = [*[None] * (3 * CURRENT_WEEKS - len(weekly)), *weekly]
    last = len(padded)
    return [
        padded[last - back * CURRENT_WEEKS : last - (back - 1) * CURRENT_WEEKS]
        for back in (1, 2, 3)
    ]


@register.simple_tag
def halves_chart(row: Mapping[str, Any], as_of: date) -> SafeString:
    """Place the last half-year with the one before and the same season dashed over it."""
    names = (
        gettext("Last half-year"),
        gettext("Half-year before"),
        gettext("A year before"),
    )
    lines = [
        Line(name, weekly, [in_words(value) for value in weekly])
        for name, weekly in zip(names, halves(row["weekly"]), strict=True)
    ]
    known = [line for line in lines if any(line.weekly)]
    title = gettext("%(skill)s: searchers a week, the last half-year over the ones before")
    # The chart escapes what it is given.
    return mark_safe(
        comparison_chart(
            known or lines[:1], as_of=as_of, title=title % {"skill": row["skill"]["name"]}
        )
    )


@register.simple_tag
def halves_table(row: Mapping[str, Any], as_of: date) -> list[tuple[date, list[float | None]]]:
    """Return the last half-year's weeks, newest first: the first day, searchers then and before."""
    weeks = zip(*halves(row["weekly"]), strict=True)
    dated = [
        (as_of - timedelta(weeks=CURRENT_WEEKS - place), list(values))
        for place, values in enumerate(weeks)
    ]
    return dated[::-1]


@register.simple_tag
def pay_chart(earnings: Mapping[str, Any]) -> SafeString:
    """Place the strip of what sellers earned; nothing where hardly more than a median is told."""
    amounts = {name: earnings[name] for name in QUANTILES if earnings[name] is not None}
    if not {"p25", "median", "p75"} <= amounts.keys():
        return SafeString("")
    said = {name: money(amount, earnings["currency"]) for name, amount in amounts.items()}
    lower, upper = earnings["median_lower"], earnings["median_upper"]
    interval = None if lower is None or upper is None else (lower, upper)
    title = gettext(
        "The middle half of the sellers earned %(p25)s to %(p75)s, the median is %(median)s"
    )
    # The strip escapes what it is given.
    return mark_safe(pay_strip(Strip(amounts, said, interval), title=title % said))


@register.simple_tag
def market_chart(months: Sequence[Month], as_of: date) -> SafeString:
    """Place the lines of active sellers and of buyers, month by month."""
    lines = [
        Line(name, people, [_of_month(count) for count in people])
        for name, people in (
            (gettext("Active sellers"), [month.sellers for month in months]),
            (gettext("Buyers"), [month.buyers for month in months]),
        )
    ]
    # The chart escapes what it is given.
    return mark_safe(
        comparison_chart(
            lines,
            as_of=as_of,
            title=gettext("Active sellers and buyers in each four weeks"),
            step=MONTH,
            period=gettext("Four weeks from"),
        )
    )


def _of_month(people: int | None) -> str:
    return gettext("fewer than 10") if people is None else figure(people)
