"""Writes figures the way people read them, and places the charts, in the templates."""

import math
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from trends import charts, wording

register = template.Library()

DASH = "\u2013"

Row = Mapping[str, Any]
Window = Mapping[str, Any]

# Written before the amount; any other currency is written as its code.
CURRENCY_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "INR": "₹", "JPY": "¥"}

WINDOW_NAMES = {
    "season": "A year before",
    "previous": "Half-year before",
    "current": "Last half-year",
}


@register.filter
def day(value: date | str) -> str:
    """Return a date as "20 Nov 2026"."""
    moment = _date(value)
    return f"{moment.day} {moment:%b %Y}"


@register.filter
def days(window: Window | None) -> str:
    """Return a window as "22 May to 19 Nov 2026", both days counted; None is not covered yet."""
    if window is None:
        return "no earlier figures"
    first, last = _date(window["from"]), _date(window["to"])
    if first.year == last.year:
        return f"{first.day} {first:%b} to {day(last)}"
    return f"{day(first)} to {day(last)}"


@register.filter
def money(amount: Decimal | float | None, currency: str) -> str:
    """Return an amount of money, its cents only when it has some; a dash when it is unknown."""
    if amount is None:
        return DASH
    sign = CURRENCY_SIGNS.get(currency, f"{currency}\u00a0")
    return f"{sign}{amount:,.2f}".removesuffix(".00")


@register.filter
def people(searchers: str) -> str:
    """Return a displayed count of searchers in words: "18,447 people", "fewer than 10 people"."""
    if searchers.startswith("<"):
        return f"fewer than {searchers.lstrip('< ')} people"
    if not searchers[0].isdecimal():
        return f"a number of people that is {searchers}"
    return "1 person" if searchers == "1" else f"{searchers} people"


@register.filter
def raw_change(row: Row) -> str:
    """Return the plain change of the two counts, "+18,347 %"; empty where the base is too small."""
    ratio = row["growth"]["raw_ratio"]
    if ratio is None or row["previous"]["searchers"] < wording.SMALLEST_BASE:
        return ""
    percent = round(100 * (ratio - 1))
    sign = "+" if percent > 0 else wording.MINUS if percent < 0 else "±"
    return f"{sign}{abs(percent):,}\u00a0%"


@register.filter
def interval(row: Row) -> str:
    """Return the 95 % interval of the growth, "+30 % to +66 %"; empty where none is told."""
    lower, upper = row["growth"]["lower"], row["growth"]["upper"]
    if lower is None or upper is None or row["previous"]["searchers"] < wording.SMALLEST_BASE:
        return ""
    return f"{wording.growth(lower)} to {wording.growth(upper)}"


@register.filter
def share(part: float | None) -> str:
    """Return a share (0 to 1) as a percentage with two digits that count: "0.034 %"."""
    if part is None:
        return DASH
    digits = 0 if part <= 0 else max(1 - math.floor(math.log10(100 * part)), 0)
    return f"{100 * part:.{digits}f}\u00a0%"


@register.filter
def as_percent(part: float) -> str:
    """Return a constant (0.05) as it is spoken of: "5 %"."""
    return f"{100 * part:,.2f}".rstrip("0").rstrip(".") + "\u00a0%"


@register.filter
def multiple(ratio: float) -> str:
    """Return a ratio as a multiple, "×184"."""
    return wording.multiple(ratio)


@register.filter
def country(code: str) -> str:
    """Return the English name of an ISO 3166 alpha-2 code, or the code itself."""
    return _country_names().get(code, code)


@register.simple_tag
def sparkline(weekly: charts.Weekly) -> SafeString:
    """Place the small line of weekly searchers, oldest first."""
    return mark_safe(charts.sparkline(weekly))  # numbers and our own words only


@register.simple_tag
def trend_chart(row: Row, as_of: date | str) -> SafeString:
    """Place the large chart of a trend row with its comparison windows."""
    bands = [
        charts.Band(
            kind=kind,
            name=name,
            count=row[kind]["searchers_display"],
            first_day=_date(row[kind]["from"]),
            last_day=_date(row[kind]["to"]),
        )
        for kind, name in WINDOW_NAMES.items()
        if row[kind]
    ]
    title = f"{row['skill']['name']}: distinct searchers a week"
    # The chart escapes the two texts that come from people, the name and the counts.
    return mark_safe(
        charts.trend_chart(row["weekly"], as_of=_date(as_of), bands=bands, title=title)
    )


@register.simple_tag
def comparison_bar(current: float | None, previous: float | None, maximum: float) -> SafeString:
    """Place a bar of the current count over a thin one of the count before."""
    return mark_safe(charts.comparison_bar(current or 0, previous, maximum=maximum))


@register.simple_tag
def week_table(weekly: charts.Weekly, as_of: date | str) -> list[tuple[date, float | None]]:
    """Return the chart's weeks, newest first, each with its first day."""
    return [
        (_date(as_of) - timedelta(weeks=n), value)
        for n, value in enumerate(reversed(weekly), start=1)
    ]


@register.simple_tag
def first_seen(weekly: charts.Weekly, as_of: date | str) -> date | None:
    """Return the first day of the first week on the chart with a figure; None without any.

    A week of fewer than ten people has none, so nobody learns when one person came first.
    """
    weeks = week_table(weekly, as_of)
    return next((first_day for first_day, value in reversed(weeks) if value), None)


@register.simple_tag(takes_context=True)
def nav_link(context: template.Context, name: str, text: str) -> SafeString:
    """Place a link of the main navigation, marked when it leads to the page shown."""
    url = reverse(name)
    request = context.get("request")
    current = request is not None and request.path == url
    mark = mark_safe(' aria-current="page"') if current else ""
    return format_html('<li><a href="{}"{}>{}</a></li>', url, mark, text)


@cache
def _country_names() -> dict[str, str]:
    lines = Path(__file__).with_name("countries.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines)


def _date(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)
