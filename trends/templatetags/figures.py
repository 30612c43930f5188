"""Writes figures the way people read them, and places the charts, in the templates."""

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from trends.drawing import charts
from trends.measuring.money.supply import HORIZONS, first_published
from trends.wording import numbers

register = template.Library()

DASH = "\u2013"

Row = Mapping[str, Any]
Window = Mapping[str, Any]

# Written before the amount; any other currency is written as its code.
CURRENCY_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "INR": "₹", "JPY": "¥"}

WINDOW_NAMES = {
    "season": _("A year before"),
    "previous": _("Half-year before"),
    "current": _("Last half-year"),
}


@register.filter
def day(value: date | str) -> str:
    """Return a date as "20 Nov 2026"."""
    return numbers.day(_date(value))


@register.filter
def days(window: Window | None) -> str:
    """Return a window as "22 May to 19 Nov 2026", both days counted; None is not covered yet."""
    if window is None:
        return gettext("no earlier figures")
    first, last = _date(window["from"]), _date(window["to"])
    start = numbers.day_of_year(first) if first.year == last.year else numbers.day(first)
    return pgettext("days", "%(first)s to %(last)s") % {"first": start, "last": numbers.day(last)}


@register.filter
def money(amount: Decimal | float | None, currency: str) -> str:
    """Return an amount of money, its cents only when it has some; a dash when it is unknown."""
    if amount is None:
        return DASH
    sign = CURRENCY_SIGNS.get(currency, f"{currency}\u00a0")
    whole = f"{amount:.2f}".endswith(".00")
    return f"{sign}{numbers.figure(amount, ',.0f' if whole else ',.2f')}"


@register.filter
def people(searchers: str) -> str:
    """Return a displayed count of searchers in words: "18,447 people", "fewer than 10 people"."""
    if searchers.startswith("<"):
        return gettext("fewer than %(count)s people") % {"count": searchers.lstrip("< ")}
    if not searchers[0].isdecimal():
        return gettext("a number of people that is withheld")
    one = 1 if searchers == "1" else 2
    return ngettext("%(count)s person", "%(count)s people", one) % {"count": searchers}


@register.filter
def raw_change(row: Row) -> str:
    """Return the plain change of the two counts, "+18,347 %"; empty where the base is too small."""
    ratio = row["growth"]["raw_ratio"]
    if ratio is None or row["previous"]["searchers"] < numbers.SMALLEST_BASE:
        return ""
    percent = round(100 * (ratio - 1))
    sign = "+" if percent > 0 else numbers.MINUS if percent < 0 else "±"
    return f"{sign}{numbers.figure(abs(percent))}\u00a0%"


@register.filter
def interval(row: Row) -> str:
    """Return the 95 % interval of the growth, "+30 % to +66 %"; empty where none is told."""
    lower, upper = row["growth"]["lower"], row["growth"]["upper"]
    if lower is None or upper is None or row["previous"]["searchers"] < numbers.SMALLEST_BASE:
        return ""
    ends = {"first": numbers.growth(lower), "last": numbers.growth(upper)}
    return _unbroken(gettext("%(first)s to %(last)s") % ends)


@register.filter
def surely(row: Row) -> str:
    """Return the 95 % interval of the growth in words; empty where none is told.

    "surely between +30 % and +66 %", "3.2 times, surely between 2.4 and 4.3".
    """
    if not interval(row):
        return ""
    growth = row["growth"]
    ratio, ends = growth["ratio"] or growth["lower"], (growth["lower"], growth["upper"])
    if ratio < numbers.DOUBLED:
        least, most = map(numbers.growth, ends)
        ends_said = {"least": least, "most": most}
        return _unbroken(gettext("surely between %(least)s and %(most)s") % ends_said)
    times, least, most = map(numbers.times, (ratio, *ends))
    said = {"times": times, "least": least, "most": most}
    if numbers.growth(ratio) == numbers.multiple(ratio):
        return gettext("surely between %(least)s and %(most)s times") % said
    return gettext("%(times)s times, surely between %(least)s and %(most)s") % said


@register.filter
def share(part: float | None) -> str:
    """Return a share (0 to 1) as a percentage with two digits that count: "0.034 %"."""
    if part is None:
        return DASH
    digits = 0 if part <= 0 else max(1 - math.floor(math.log10(100 * part)), 0)
    return f"{numbers.figure(100 * part, f'.{digits}f')}\u00a0%"


@register.filter
def as_percent(part: float) -> str:
    """Return a constant (0.05) as it is spoken of: "5 %"."""
    decimals = f"{100 * part:.2f}".rstrip("0").partition(".")[2]
    return f"{numbers.figure(100 * part, f',.{len(decimals)}f')}\u00a0%"


@register.filter
def number(value: float) -> str:
    """Return a number with its thousands apart, "1,200" or "0.36"."""
    return numbers.figure(value, ",g")


@register.filter
def counted(people: float | None, unknown: str = DASH) -> str:
    """Return a count with its thousands apart, or what stands for one that is not told."""
    return unknown if people is None else numbers.figure(people)


@register.filter
def multiple(ratio: float) -> str:
    """Return a ratio as a multiple, "×184"."""
    return numbers.multiple(ratio)


@register.filter
def country(code: str) -> str:
    """Return the name of an ISO 3166 alpha-2 code, or the code itself."""
    language = get_language() or "en"
    names = _country_names() if language == "en" else _names_in(language)
    return names.get(code, code)


@register.filter
def label(text: str) -> str:
    """Return a label, stored in English, in the language of the page."""
    return str(numbers.LABELS.get(text, text))


@register.filter
def gate(name: str) -> str:
    """Return a gate of the rising list, stored in English, in the language of the page."""
    return str(numbers.GATES.get(name, name))


@register.filter
def parameter(name: str) -> str:
    """Return what a list is narrowed by, as addresses call it, in the language of the page."""
    return str(numbers.PARAMETERS.get(name, name))


@register.filter
def reason(name: str) -> str:
    """Return why searches are left out, stored in English, in the language of the page."""
    return str(numbers.REASONS.get(name, name))


@register.filter
def told_here(rows: Sequence[Row]) -> bool:
    """Return whether a list tells the searchers per seller of its country of any skill."""
    return any(row["here"] for row in rows)


@register.filter
def is_new(row: Row) -> bool:
    """Return whether a skill has no percentage because hardly anybody searched before."""
    return bool(str(row["growth"]["display"]).startswith(str(numbers.NEW)))


@register.simple_tag
def sparkline(weekly: charts.Weekly) -> SafeString:
    """Place the small line of weekly searchers, oldest first."""
    return mark_safe(charts.sparkline(weekly))  # numbers and our own words only


@register.simple_tag
def trend_chart(row: Row, as_of: date | str, notes: Sequence[charts.Note] = ()) -> SafeString:
    """Place the large chart of a trend row with its comparison windows and its notes."""
    bands = [
        charts.Band(
            kind=kind,
            name=str(name),
            count=row[kind]["searchers_display"],
            first_day=_date(row[kind]["from"]),
            last_day=_date(row[kind]["to"]),
        )
        for kind, name in WINDOW_NAMES.items()
        if row[kind]
    ]
    subject = row.get("skill") or row["category"]
    title = gettext("%(name)s: distinct searchers a week") % {"name": subject["name"]}
    # The chart escapes the texts that come from people: the name, the counts and the notes.
    return mark_safe(
        charts.trend_chart(row["weekly"], as_of=_date(as_of), bands=bands, title=title, notes=notes)
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


@register.simple_tag
def new_gig_days(as_of: date) -> Window:
    """Return when the gigs were first published of which lists say how many sold in a month."""
    first, last = first_published(as_of, within=min(HORIZONS))
    return {"from": first, "to": last}


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


@cache
def _names_in(language: str) -> Mapping[str, str]:
    return dict(Locale.parse(language).territories)


def _date(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _unbroken(text: str) -> str:
    """The same text; no line ends between a number and its percent sign."""
    return text.replace(" %", "\u00a0%")
