"""The lists of what pays, as somebody narrowed and ordered them, and how many each has."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Case, Count, F, QuerySet, When
from django.db.models.expressions import OrderBy

from marketplace.skills.models import Category
from trends.arithmetic.digits import rounded
from trends.counting.windows import half_years
from trends.models import EarningsTrend, TrendSnapshot
from trends.pages.earners.filters import EarnerFilters, EarnerList, EarnerOrder
from trends.published import rows
from trends.published.pay_rows import DIGITS, Pay
from trends.published.queries import EARNER_ORDERS
from trends.wording.in_database import as_told, to_whole

# The place of a skill on each list: in the database, and in a row.
_RANKS = {
    EarnerList.BEST.value: ("best_rank", "best_paid_rank"),
    EarnerList.TOTAL.value: ("total_rank", "most_money_rank"),
    EarnerList.RISING.value: ("rising_rank", "rising_rank"),
}


def _growth_told(figure: str) -> Case:
    """Growth is published where both half-years are; a place must not tell more than that."""
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
    """The earnings that are published and pass the filters, in their order."""
    found = _members(snapshot, filters.show)
    if filters.category:
        found = found.filter(rows.Reader(snapshot).skills_in(filters.category.slug))
    column = _COLUMNS.get(filters.column, F(_RANKS[filters.show][0]))
    order = OrderBy(column, descending=filters.descending, nulls_last=True)
    ordered = found.order_by(order, *EARNER_ORDERS[filters.show])
    return ordered.select_related("skill__category")


def earner_rows(
    found: Iterable[EarningsTrend], snapshot: TrendSnapshot, filters: EarnerFilters
) -> list[rows.Row]:
    """Rows of earnings, each with its place on the list and the money of both half-years."""
    earned, dates = list(found), half_years(snapshot)
    place = _RANKS[filters.show][1]
    return [
        {**row, **dates, "place": row["earnings"][place], "money": _money(one, snapshot)}
        for one, row in zip(earned, rows.earner_rows(earned, rows.Reader(snapshot)), strict=True)
    ]


def counted(snapshot: TrendSnapshot, categories: Iterable[Category]) -> dict[str, Counter[str]]:
    """How many skills each list has, by the slug of a category; "" is all of them."""
    parents = {one.pk: {one.slug, one.top.slug} for one in categories}
    found: dict[str, Counter[str]] = {}
    for show in EarnerList.values:
        found[show] = Counter()
    for category, skills, rising in (
        _members(snapshot, EarnerList.BEST)
        .order_by()
        .values_list("skill__category")
        .annotate(skills=Count("pk"), rising=Count("rising_rank"))
    ):
        for slug in {"", *parents.get(category, ())}:
            for show in EarnerList.values:
                found[show][slug] += rising if show == EarnerList.RISING else skills
    return found


def as_columns(row: rows.Row, filters: EarnerFilters) -> dict[str, Any]:
    """The columns of one row under the names people script against, as the page has them."""
    earnings = row["earnings"]
    found = {
        "rank": row["place"],
        "skill": row["skill"]["name"],
        "slug": row["skill"]["slug"],
        "category": row["category_name"],
        "from": row["current"]["from"],
        "to": row["current"]["to"],
        "currency": earnings["currency"],
        **{name: earnings[name] for name in ("median", "median_lower", "median_upper", "total")},
        **{name: earnings[name] for name in ("sellers", "buyers", "orders")},
    }
    return found | dict(_growth(row)) if filters.show == EarnerList.RISING else found


def _growth(row: rows.Row) -> Iterator[tuple[str, Any]]:
    """The growth of both shares, with the counts and the days it is made of."""
    yield from (("from_before", row["previous"]["from"]), ("to_before", row["previous"]["to"]))
    yield "orders_before", row["orders"]["previous"]
    for kind, growth in (
        ("orders", row["orders"]["growth"]),
        ("money", row["earnings"]["growth"]),
    ):
        for name in ("ratio", "lower", "upper", "bound"):
            yield f"{kind}_growth_{name}", growth[name]
    yield "money_before_at_same_rate", row["money"] and row["money"]["before"]
    yield "money_at_same_rate", row["money"] and row["money"]["now"]


def members_of(earned: QuerySet[EarningsTrend], show: str) -> QuerySet[EarningsTrend]:
    """Those that belong on a list."""
    told = earned.filter(hidden="")
    return told.filter(rising_rank__isnull=False) if show == EarnerList.RISING else told


def _members(snapshot: TrendSnapshot, show: str) -> QuerySet[EarningsTrend]:
    return members_of(EarningsTrend.objects.filter(snapshot=snapshot), show)


def _money(one: EarningsTrend, snapshot: TrendSnapshot) -> dict[str, float] | None:
    """The money of both half-years at one rate, to two digits, where its growth is told."""
    if not Pay(one, snapshot, exact=False).growth_told:
        return None
    return {
        "before": rounded(one.total_before),
        "now": rounded(one.total_constant),
    }
