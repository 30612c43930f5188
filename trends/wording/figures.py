"""Figures the way people read them: days, money, people, growth and its interval, names."""

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from babel import Locale
from django.utils.translation import get_language, gettext, ngettext, pgettext

from trends.arithmetic.disclosure import FEWEST_PEOPLE
from trends.wording import numbers
from trends.wording.kinds import Kind

DASH = "\u2013"

# Written before the amount; any other currency is written as its code.
CURRENCY_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "INR": "₹", "JPY": "¥"}

Row = Mapping[str, Any]

Window = Mapping[str, Any]

Weekly = Sequence[float | None]


def day(value: date | str) -> str:
    """Return a date as "20 Nov 2026"."""
    return numbers.day(to_date(value))


def days(window: Window | None) -> str:
    """Return a window as "22 May to 19 Nov 2026", both days counted; None is not covered yet."""
    if window is None:
        return gettext("no earlier figures")
    first, last = to_date(window["from"]), to_date(window["to"])
    start = numbers.day_of_year(first) if first.year == last.year else numbers.day(first)
    return pgettext("days", "%(first)s to %(last)s") % {"first": start, "last": numbers.day(last)}


def money(amount: Decimal | float | None, currency: str) -> str:
    """Return an amount of money, its cents only when it has some; a dash when it is unknown."""
    if amount is None:
        return DASH
    sign = CURRENCY_SIGNS.get(currency, f"{currency}\u00a0")
    whole = f"{amount:.2f}".endswith(".00")
    return f"{sign}{numbers.figure(amount, ',.0f' if whole else ',.2f')}"


def people(window: Window) -> str:
    """Return the searchers of a window in words: "18,447 people", "fewer than 10 people"."""
    kind, searchers = window["searchers_kind"], window["searchers"]
    if kind == Kind.TOO_FEW:
        return gettext("fewer than %(count)s people") % {"count": FEWEST_PEOPLE}
    if kind == Kind.WITHHELD:
        return gettext("a number of people that is withheld")
    said = {"count": numbers.figure(searchers)}
    return ngettext("%(count)s person", "%(count)s people", searchers) % said


def raw_change(row: Row) -> str:
    """Return the plain change of the two counts, "+18,347 %"; empty where the base is too small."""
    ratio = row["growth"]["raw_ratio"]
    if ratio is None or row["previous"]["searchers"] < numbers.SMALLEST_BASE:
        return ""
    percent = round(100 * (ratio - 1))
    sign = "+" if percent > 0 else numbers.MINUS if percent < 0 else "±"
    return f"{sign}{numbers.figure(abs(percent))}\u00a0%"


def pay_interval(earnings: Row) -> str:
    """Return the 95 % interval of the median, "surely $40–$60"; empty where it is not told."""
    if earnings["median_lower"] is None:
        return ""
    least, most = (
        money(earnings[end], earnings["currency"]) for end in ("median_lower", "median_upper")
    )
    return gettext("surely %(least)s–%(most)s") % {"least": least, "most": most}


def interval(row: Row) -> str:
    """Return the 95 % interval of the growth, "+30 % to +66 %"; empty where none is told."""
    lower, upper = row["growth"]["lower"], row["growth"]["upper"]
    if lower is None or upper is None or row["previous"]["searchers"] < numbers.SMALLEST_BASE:
        return ""
    ends = {"first": numbers.growth(lower), "last": numbers.growth(upper)}
    return _unbroken(gettext("%(first)s to %(last)s") % ends)


def range_in_words(row: Row) -> str:
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


def share(part: float | None) -> str:
    """Return a share (0 to 1) as a percentage with two digits that count: "0.034 %"."""
    if part is None:
        return DASH
    digits = 0 if part <= 0 else max(1 - math.floor(math.log10(100 * part)), 0)
    return f"{numbers.figure(100 * part, f'.{digits}f')}\u00a0%"


def as_percent(part: float) -> str:
    """Return a constant (0.05) as it is spoken of: "5 %"."""
    decimals = f"{100 * part:.2f}".rstrip("0").partition(".")[2]
    return f"{numbers.figure(100 * part, f',.{len(decimals)}f')}\u00a0%"


def number(value: float) -> str:
    """Return a number with its thousands apart, "1,200" or "0.36"."""
    return numbers.figure(value, ",g")


def counted(people: float | None, unknown: str = DASH) -> str:
    """Return a count with its thousands apart, or what stands for one that is not told."""
    return unknown if people is None else numbers.figure(people)


def multiple(ratio: float) -> str:
    """Return a ratio as a multiple, "×184"."""
    return numbers.multiple(ratio)


def country(code: str) -> str:
    """Return the name of an ISO 3166 alpha-2 code, or the code itself."""
    language = get_language() or "en"
    names = _country_names() if language == "en" else _names_in(language)
    return names.get(code, code)


def label(text: str) -> str:
    """Return a label, stored in English, in the language of the page."""
    return str(numbers.LABELS.get(text, text))


def gate(name: str) -> str:
    """Return a gate of the rising list, stored in English, in the language of the page."""
    return str(numbers.GATES.get(name, name))


def parameter(name: str) -> str:
    """Return what a list is narrowed by, as addresses call it, in the language of the page."""
    return str(numbers.PARAMETERS.get(name, name))


def reason(name: str) -> str:
    """Return why searches are left out, stored in English, in the language of the page."""
    return str(numbers.REASONS.get(name, name))


def week_table(weekly: Weekly, as_of: date | str) -> list[tuple[date, float | None]]:
    """Return the chart's weeks, newest first, each with its first day."""
    return [
        (to_date(as_of) - timedelta(weeks=n), value)
        for n, value in enumerate(reversed(weekly), start=1)
    ]


def first_seen(weekly: Weekly, as_of: date | str) -> date | None:
    """Return the first day of the first week on the chart with a figure; None without any.

    A week of fewer than ten people has none, so nobody learns when one person came first.
    """
    weeks = week_table(weekly, as_of)
    return next((first_day for first_day, value in reversed(weeks) if value), None)


def _country_names() -> dict[str, str]:
    lines = Path(__file__).with_name("countries.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines)


def _names_in(language: str) -> Mapping[str, str]:
    return dict(Locale.parse(language).territories)


def to_date(value: date | str) -> date:
    """Return the day of an ISO 8601 text; a date as it is."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def _unbroken(text: str) -> str:
    """Return the same text; no line ends between a number and its percent sign."""
    return text.replace(" %", "\u00a0%")
