"""The lists of what pays: which of them, of which category, by which column."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from marketplace.skills.models import Category
from trends.published.permalinks import Permalink, exactly


class EarnerList(TextChoices):
    """The three lists, by what an address calls them."""

    BEST = "best", _("Best paid")
    TOTAL = "total", _("Most money")
    RISING = "rising", _("Rising earners")


class EarnerOrder(TextChoices):
    """The columns of the lists; growth is a column of the rising earners alone."""

    RANK = "rank", _("Place")
    NAME = "name", _("Skill")
    ORDERS_GROWTH = "orders-growth", _("Share of all orders")
    MONEY_GROWTH = "money-growth", _("Share of all money")
    MEDIAN = "median", _("Median pay")
    TOTAL = "total", _("Total")
    SELLERS = "sellers", _("Sellers")
    BUYERS = "buyers", _("Buyers")
    ORDERS = "orders", _("Orders")


OF_RISING = {EarnerOrder.ORDERS_GROWTH, EarnerOrder.MONEY_GROWTH}


@dataclass(frozen=True, slots=True)
class EarnerFilters(Permalink):
    """What is chosen; a parameter that an address leaves out has the value it has here."""

    PAGE = "earners"
    COLUMNS = EarnerOrder
    SMALLEST_FIRST = frozenset({EarnerOrder.RANK, EarnerOrder.NAME})

    show: str = EarnerList.BEST.value
    category: Category | None = None
    order: str = EarnerOrder.RANK.value


def read_filters(
    query: Mapping[str, str], categories: Iterable[Category]
) -> tuple[EarnerFilters, dict[str, str]]:
    """Return what an address chooses, and by parameter what it asks for that there is not."""
    asked = {name: text for name in EarnerFilters.names() if (text := query.get(name))}
    show = asked.get("show", "")
    known: dict[str, Mapping[str, Any]] = {
        "show": {value: value for value in EarnerList.values},
        "category": {category.slug: category for category in categories},
        "order": {
            sign + column: sign + column
            for column in EarnerOrder
            for sign in ("", "-")
            if show == EarnerList.RISING or column not in OF_RISING
        },
    }
    chosen = {name: known[name][text] for name, text in asked.items() if text in known[name]}
    unknown = {name: text for name, text in asked.items() if name not in chosen}
    return EarnerFilters(**chosen), unknown


def exact_filters(query: Mapping[str, str]) -> EarnerFilters:
    """Return what an address asks for, or 404 where there is no such: for programs."""
    return exactly(*read_filters(query, Category.objects.select_related("parent")))
