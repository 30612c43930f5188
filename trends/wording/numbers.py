"""How figures are worded wherever people read them: page, API, mail and edition alike.

In the language of the moment: the API and every file are English (marketplace/languages.py), and
so is whatever is stored.
"""

from datetime import date
from decimal import Decimal
from functools import cache, lru_cache

from django.utils.formats import date_format, get_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from trends.arithmetic.digits import floored, rounded
from trends.arithmetic.labels import Label
from trends.wording.kinds import Kind

MINUS = "\u2212"
# What a skill has instead of a percentage when hardly anybody searched before.
NEW = _("New")
# Not published because something else could be found from it by subtraction.
WITHHELD = _("withheld")
UNKNOWN_YET = _("not known yet")
TOO_FEW = _("too few to say")
# What stands in place of a growth, by its kind.
UNSAID: dict[Kind, str | Promise] = {
    Kind.UNKNOWN: UNKNOWN_YET,
    Kind.TOO_FEW: TOO_FEW,
    Kind.WITHHELD: WITHHELD,
}
# Below this base a percentage says more about chance than about the skill.
SMALLEST_BASE = 30
# Beyond +1,000 % nobody can picture a percentage; a multiple still means something.
LARGEST_PERCENT = 10.0


# From here on "3.2 times" is easier to picture than the percentage.
DOUBLED = 2.0

# The labels as people read them; stored, and in every file, they are English.
LABELS: dict[str, str | Promise] = {
    Label.NEW: _("new"),
    Label.BREAKOUT: _("breakout"),
    Label.SURGING: _("surging"),
    Label.RISING: _("rising"),
    Label.STEADY: _("steady"),
    Label.COOLING: _("cooling"),
    Label.DECLINING: _("declining"),
    Label.NOT_ENOUGH_DATA: _("not enough data"),
}

# What lists are narrowed by, by what an address calls it.
PARAMETERS: dict[str, str | Promise] = {
    "category": pgettext_lazy("parameter", "category"),
    "country": pgettext_lazy("parameter", "country"),
    "window": pgettext_lazy("parameter", "window"),
    "label": pgettext_lazy("parameter", "label"),
    "pay": pgettext_lazy("parameter", "pay"),
    "price": pgettext_lazy("parameter", "price"),
    "show": pgettext_lazy("parameter", "show"),
    "order": pgettext_lazy("parameter", "order"),
}
# Why searches are left out before counting, by their names in the snapshot.
REASONS: dict[str, str | Promise] = {
    "repeat": _("repeat"),
    "flood": _("flood"),
    "staff": _("staff"),
    "bot": _("bot"),
    "own skill": _("own skill"),
}
# The gates of the rising list, by their names in the snapshot and the API.
GATES: dict[str, str | Promise] = {
    "history": _("history"),
    "complete": _("complete"),
    "searchers": _("searchers"),
    "significant": _("significant"),
    "still elevated": _("still elevated"),
    "broad": _("broad"),
    "sure elsewhere": _("sure elsewhere"),
    "review": _("review"),
}


def figure(value: float | Decimal, spec: str = ",") -> str:
    """Return a number with the marks of the language, e.g. 1234.5 by ",.1f" as "1,234.5"."""
    return format(value, spec).translate(_marks(get_language()))


@cache
def _marks(language: str | None) -> dict[int, str]:
    marks = {",": "THOUSAND_SEPARATOR", ".": "DECIMAL_SEPARATOR"}
    return str.maketrans({mark: get_format(name, lang=language) for mark, name in marks.items()})


def day(moment: date) -> str:
    """Return a day, e.g. "20 Nov 2026"."""
    return _written(moment, pgettext("format of a date", "j M Y"), get_language())


def day_of_year(moment: date) -> str:
    """Write a day whose year stands beside it, e.g. "20 Nov"."""
    return _written(moment, pgettext("format of a date", "j M"), get_language())


@lru_cache(maxsize=1_000)
def _written(moment: date, form: str, language: str | None) -> str:
    """Write a day, kept for the next call: a list has the same few days in every row."""
    return date_format(moment, form)


def week(first: date) -> str:
    """Return a week by its first day, e.g. "Week of 20 Nov 2026"."""
    return gettext("Week of %(day)s") % {"day": day(first)}


def month(moment: date) -> str:
    """Return a month below a chart, e.g. "Apr"; a January says of which year."""
    if moment.month == 1:
        return date_format(moment, pgettext("format of a date", "M Y"))
    return date_format(moment, pgettext("format of a date", "M"))


def percent(ratio: float) -> str:
    """Write a ratio (1.0 = no change) as a percentage of two digits: "+47 %", "−8.3 %"."""
    change = rounded(100 * (ratio - 1))
    sign = "+" if change > 0 else MINUS if change < 0 else "±"
    return f"{sign}{_whole(abs(change), decimals=1 if 0 < abs(change) < 10 else 0)} %"


def multiple(ratio: float) -> str:
    """Return a ratio as a multiple, e.g. "×184", "×2.4"."""
    return f"×{figure(ratio, ',.0f') if ratio >= 10 else figure(rounded(ratio), 'g')}"


def times(ratio: float) -> str:
    """Return a ratio as a number of times, e.g. "184", "2.4"."""
    return multiple(ratio).removeprefix("×")


def growth(ratio: float) -> str:
    """Return a ratio as people read it: a percentage, or a multiple from ×11 on."""
    return multiple(ratio) if ratio > 1 + LARGEST_PERCENT else percent(ratio)


def at_least(bound: float | None) -> str:
    """Write the growth of a skill without a base, never more than is certain."""
    least = least_times(bound)
    return gettext("New, at least ×%(times)s") % {"times": least} if least else str(NEW)


def least_times(bound: float | None) -> str:
    """Write how many times as large at least, rounded down, e.g. "1.8"; empty below 1."""
    if bound is None or bound <= 1:
        return ""
    return _whole(floored(bound), decimals=1 if bound < 10 else 0)


def people(count: int | None, *, withheld: bool) -> str:
    """Write a count of people, or why there is none: too few, or withheld."""
    if count is None:
        return str(WITHHELD) if withheld else "< 10"
    return figure(count)


def _whole(value: float, *, decimals: int) -> str:
    """Write a number with so many decimals, without a decimal that is 0."""
    if format(value, f".{decimals}f").endswith(".0"):
        decimals = 0
    return figure(value, f",.{decimals}f")


Words = str | Promise
