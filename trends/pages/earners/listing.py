"""The lists of what pays, as somebody narrowed and ordered them, and how many each has."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, TypedDict

from django.db.models import Case, Count, F, QuerySet, When
from django.db.models.expressions import OrderBy

from marketplace.skills.models import Category
from trends.arithmetic.digits import rounded
from trends.counting.windows import HalfYears, half_years
from trends.models import EarningsTrend, TrendSnapshot
from trends.pages.earners.filters import EarnerFilters, EarnerList, EarnerOrder
from trends.published import rows, schema
from trends.published.pay_rows import DIGITS, Pay
from trends.published.queries import EARNER_ORDERS
from trends.wording.in_database import as_told, to_whole

# The place of a skill on each list.
_RANKS = {
    EarnerList.BEST.value: "best_rank",
    EarnerList.TOTAL.value: "total_rank",
    EarnerList.RISING.value: "rising_rank",
}


class Money(TypedDict):
    """What was earned in both half-years, at one rate, to two digits."""

    before: float
    now: float


class EarnerOnPage(schema.Earner, HalfYears):
    """A skill on the list: its place, and the money of both half-years where that is told."""

    place: int | None
    money: Money | None


def _growth_told(figure: str) -> Case:
    """Return growth where both half-years are published; a place must not give away more."""
    return Case(When(hidden_before="", then=as_told(F(figure), DIGITS)))


_COLUMNS: dict[EarnerOrder, Any] = {
    EarnerOrder.NAME: F("skill__name"),
    EarnerOrder.ORDERS_GROWTH: _growth_told("orders_ratio"),
    EarnerOrder.MONEY_GROWTH: _growth_told("money_ratio"),
    EarnerOrder.MEDIAN: as_told(F("median")),
    EarnerOrder.TOTAL: as_told(F("total")),
    EarnerOrder.SELLERS: F("sellers"),
    EarnerOrder.BUYERS: F("buyers"),
    EarnerOrder.ORDERS: to_whole(F("orders")),
}


def shown_earners(snapshot: TrendSnapshot, filters: EarnerFilters) -> QuerySet[EarningsTrend]:
    """Return the earnings that are published and pass the filters, in their order."""
    members = _members(snapshot, filters.show)
    if filters.category:
        members = members.filter(rows.Reader(snapshot).skills_in(filters.category.slug))
    column = _COLUMNS.get(filters.column, F(_RANKS[filters.show]))
    order = OrderBy(column, descending=filters.descending, nulls_last=True)
    ordered = members.order_by(order, *EARNER_ORDERS[filters.show])
    return ordered.select_related("skill__category")


def earner_rows(
    trends: Iterable[EarningsTrend], snapshot: TrendSnapshot, filters: EarnerFilters
) -> list[EarnerOnPage]:
    """Return rows of earnings, each with its place and the money of both half-years."""
    earned, dates = list(trends), half_years(snapshot)
    place = _RANKS[filters.show]
    return [
        {**row, **dates, "place": getattr(trend, place), "money": _money(trend, snapshot)}
        for trend, row in zip(earned, rows.earner_rows(earned, rows.Reader(snapshot)), strict=True)
    ]


def counted(snapshot: TrendSnapshot, categories: Iterable[Category]) -> dict[str, Counter[str]]:
    """Return how many skills each list has, by the slug of a category; "" is all of them."""
    parents = {each.pk: {each.slug, each.top.slug} for each in categories}
    counts: dict[str, Counter[str]] = {}
    for show in EarnerList.values:
        counts[show] = Counter()
    for category, skills, rising in (
        _members(snapshot, EarnerList.BEST)
        .order_by()
        .values_list("skill__category")
        .annotate(skills=Count("pk"), rising=Count("rising_rank"))
    ):
        for slug in {"", *parents.get(category, ())}:
            for show in EarnerList.values:
                counts[show][slug] += rising if show == EarnerList.RISING else skills
    return counts


def members_of(earned: QuerySet[EarningsTrend], show: str) -> QuerySet[EarningsTrend]:
    """Return those that belong on a list."""
    published = earned.filter(hidden="")
    return published.filter(rising_rank__isnull=False) if show == EarnerList.RISING else published


def _members(snapshot: TrendSnapshot, show: str) -> QuerySet[EarningsTrend]:
    return members_of(EarningsTrend.objects.filter(snapshot=snapshot), show)


def _money(trend: EarningsTrend, snapshot: TrendSnapshot) -> Money | None:
    """Return the money of both half-years at one rate, to two digits; None if not published."""
    if not Pay(trend, snapshot, exact=False).growth_published:
        return None
    return {
        "before": rounded(trend.total_before),
        "now": rounded(trend.total_constant),
    }
