"""What readers may ask of a list, checked once for the API, and lists cut into pages."""

from typing import Any, Generic, TypeVar

from django.db.models import Case, F, Model, QuerySet, When
from django.db.models.expressions import OrderBy
from rest_framework import serializers
from rest_framework.request import Request

from trends.models import LABELS, WORLD, Window
from trends.models.trends import CURRENT_HIDDEN
from trends.wording.in_database import as_told, to_whole

MOST_A_PAGE = 1_000
USUAL_A_PAGE = 100

M = TypeVar("M", bound=Model)
Chosen = dict[str, Any]

# A place between two published figures would tell one that is not: lists go by what is published.
MOST_SEARCHED = Case(When(CURRENT_HIDDEN, then=0), default=F("current")).desc()
TREND_ORDERS: dict[str, list[Any]] = {
    "rank": ["position"],
    "growth": [F("public_ratio").desc(nulls_last=True), "position"],
    "searchers": [MOST_SEARCHED, "position"],
}
# Of skills alone: `earned` is what TrendQuerySet.with_earnings names so.
SKILL_ORDERS: dict[str, list[Any]] = TREND_ORDERS | {
    "newcomers": [F("earned__newcomers_won").desc(nulls_last=True), "position"],
}


def _published(figure: Any) -> OrderBy:
    """Order the largest first and the hidden ones last: their place would give them away."""
    return Case(When(hidden="", then=figure)).desc(nulls_last=True)


_ORDERS = _published(to_whole(F("orders")))
EARNER_ORDERS: dict[str, list[Any]] = {
    "best": [
        F("best_rank").asc(nulls_last=True),
        _published(as_told(F("shrunk_median"))),
        "skill__name",
    ],
    "total": [F("total_rank").asc(nulls_last=True), _published(as_told(F("total"))), "skill__name"],
    "rising": [F("rising_rank").asc(nulls_last=True), _ORDERS, "skill__name"],
    "orders": [_ORDERS, "skill__name"],
}


def earner_order(query: Chosen) -> list[Any]:
    """Return the order that a list of earnings is asked for in; editions never by later names."""
    order = EARNER_ORDERS[query["order"]]
    return [*order[:-1], "skill_id"] if query.get("edition") else order


class ListQuery(serializers.Serializer[Any]):
    """Parameters of every list."""

    limit = serializers.IntegerField(
        default=USUAL_A_PAGE, min_value=1, max_value=MOST_A_PAGE, help_text="rows a page"
    )
    cursor = serializers.RegexField(
        r"^\d{1,18}-\d{1,9}$", required=False, help_text="where `next` goes on"
    )
    category = serializers.SlugField(required=False, help_text="slug, children included")
    edition = serializers.SlugField(
        required=False, help_text="figures and names of a published edition, e.g. 2026-01-01"
    )


class WindowQuery(serializers.Serializer[Any]):
    """Which trend is asked for."""

    window = serializers.ChoiceField(Window.choices, default=Window.HALF_YEAR.value)
    country = serializers.RegexField(
        r"^([A-Z]{2}|001)$", default=WORLD, help_text="ISO 3166-1 alpha-2; without it worldwide"
    )


class TrendQuery(WindowQuery, ListQuery):
    """Parameters of the lists of trends."""

    label = serializers.ChoiceField(LABELS, required=False)  # type: ignore[assignment]
    listed = serializers.BooleanField(default=False, help_text="only the rising list")
    order = serializers.ChoiceField(list(TREND_ORDERS), default="rank")


class SkillTrendQuery(TrendQuery):
    """Parameters of the list of skills."""

    order = serializers.ChoiceField(
        list(SKILL_ORDERS),
        default="rank",
        help_text="newcomers: the part of new gigs that is sure to have sold in 30 days",
    )


class SkillQuery(serializers.Serializer[Any]):
    """Which skills are looked up."""

    q = serializers.CharField(required=False, help_text="part of a name or an alias")


class CompareQuery(WindowQuery):
    """Which skills are compared."""

    skills = serializers.CharField(max_length=1_000, help_text="up to five slugs, comma between")


class EarnerQuery(ListQuery):
    """Parameters of the list of earnings."""

    order = serializers.ChoiceField(list(EARNER_ORDERS), default="best")


def chosen(kind: type[serializers.Serializer[Any]], request: Request) -> Chosen:
    """Return the checked parameters of a request; ValidationError names each that is wrong."""
    query = kind(data=request.query_params)
    query.is_valid(raise_exception=True)
    return dict(query.validated_data)


class Page(Generic[M]):
    """The rows of a list a request asks for, and the address of those that follow.

    The cursor names the snapshot it began with: a list read to its end is of one snapshot.
    """

    def __init__(self, queryset: QuerySet[M], query: Chosen) -> None:
        self.limit: int = query["limit"]
        self.start = cursor_parts(query)[1]
        rows = list(queryset[self.start : self.start + self.limit + 1])
        self.items, self.more = rows[: self.limit], len(rows) > self.limit

    def next_address(self, request: Request, snapshot: int) -> str | None:
        """Return the absolute address of the next page, or None at the end."""
        if not self.more:
            return None
        query = request.query_params.copy()
        query["cursor"] = f"{snapshot}-{self.start + self.limit}"
        return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def cursor_parts(query: Chosen) -> tuple[int | None, int]:
    """Return the snapshot (None for the current one) and the place a list goes on from."""
    if not (cursor := query.get("cursor")):
        return None, 0
    snapshot, start = cursor.split("-")
    return int(snapshot), int(start)
