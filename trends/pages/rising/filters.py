"""What a list of skills can be narrowed to: read from an address, written back, said in words."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marketplace.skills.models import Category
from trends.models import WORLD, Window
from trends.published.permalinks import Permalink, exactly
from trends.wording.figures import country, money
from trends.wording.numbers import LABELS, Words

COUNTRY = re.compile(r"[A-Z]{2}")
# Money is published in two digits, so that 1,950 reads as 2,000: a filter tells nothing finer.
_READS_AS = {1: 0.995, 2: 0.975, 5: 0.99}
# Round amounts, each at most two and a half times the one before, and the least that reads as each.
LEAST_SHOWN_AS = {
    step * 10**power: least * step * 10**power
    for power in range(1, 8)
    for step, least in _READS_AS.items()
}
LADDER = list(LEAST_SHOWN_AS)


class Tab(TextChoices):
    """The lists of equal rank, by what an address calls them."""

    RISING = "rising", _("Rising")
    FALLING = "falling", _("Falling")
    ALL = "all", _("All skills")


class Order(TextChoices):
    """The column a list goes by; with a minus sign before it the other way round."""

    RANK = "rank", _("Place")
    NAME = "name", _("Skill")
    GROWTH = "growth", _("Growth")
    SEARCHERS = "searchers", _("People searching")
    PAY = "pay", _("Median pay")
    COMPETITION = "competition", _("Searchers per seller")
    NEWCOMERS = "newcomers", _("A newcomer’s chance")


WINDOWS: dict[str, Words] = {
    Window.MONTH: _("4 weeks"),
    Window.QUARTER: _("3 months"),
    Window.HALF_YEAR: _("6 months"),
    Window.YEAR: _("12 months"),
}


@dataclass(frozen=True, slots=True)
class Filters(Permalink):
    """What is chosen; a parameter that an address leaves out has the value it has here."""

    PAGE = "rising"
    COLUMNS = Order
    SMALLEST_FIRST = frozenset({Order.RANK, Order.NAME})

    show: str = Tab.RISING.value
    category: Category | None = None
    country: str = WORLD
    window: str = Window.HALF_YEAR.value
    label: str = ""
    pay: int = 0
    order: str = Order.RANK.value

    @property
    def narrowed(self) -> bool:
        """Whether it is about some skills only, or about one country."""
        return bool(self.category or self.label or self.pay or self.country != WORLD)

    @property
    def place(self) -> str:
        """The country's name, or that it is all of them."""
        return gettext("Worldwide") if self.country == WORLD else country(self.country)

    def on(self, tab: Tab) -> Self:
        """Return the same on another tab."""
        return replace(self, show=tab.value)


def read_filters(
    query: Mapping[str, str], categories: Iterable[Category]
) -> tuple[Filters, dict[str, str]]:
    """Return what an address chooses, and by parameter what it asks for that there is not."""
    known = {category.slug: category for category in categories}
    asked = {name: text for name in Filters.names() if (text := query.get(name))}
    known_values: dict[str, Any] = {
        name: known.get(text) if name == "category" else _value(name, text)
        for name, text in asked.items()
    }
    unknown = {name: asked[name] for name, value in known_values.items() if value is None}
    return Filters(
        **{name: known_values[name] for name in known_values.keys() - unknown.keys()}
    ), unknown


def exact_filters(query: Mapping[str, str]) -> Filters:
    """Return what an address asks for, or 404 where there is no such: for programs."""
    return exactly(*read_filters(query, Category.objects.select_related("parent")))


def in_words(name: str, text: str, *, categories: Iterable[Category], currency: str) -> Words:
    """Return a parameter of an address as people read it."""
    if name == "category":
        return next(str(category) for category in categories if category.slug == text)
    if name == "country":
        return country(text)
    if name == "pay":
        return gettext("%(amount)s or more") % {"amount": money(int(text), currency)}
    return WINDOWS[text] if name == "window" else LABELS[text]


def _value(name: str, text: str) -> str | int | None:
    """Return the value of a parameter; None where there is no such."""
    if name == "pay":
        return next((amount for amount in LADDER if str(amount) == text), None)
    if name == "country":
        return text if text == WORLD or COUNTRY.fullmatch(text) else None
    return text if text in _VALUES[name] else None


_VALUES: dict[str, set[str]] = {
    "show": set(Tab.values),
    "window": set(WINDOWS),
    "label": set(LABELS),
    "order": {sign + column for column in Order.values for sign in ("", "-")},
}
