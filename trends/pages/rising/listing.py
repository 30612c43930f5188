"""The list of skills that rise, fall, or all of them, as somebody narrowed and ordered it."""

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from django.db.models import Case, F, FloatField, Q, QuerySet, When
from django.db.models.expressions import OrderBy
from django.db.models.functions import Cast, Greatest

from trends.arithmetic.disclosure import FEWEST_PEOPLE
from trends.arithmetic.opportunity import FEWEST_TO_DIVIDE, HORIZONS
from trends.models import WORLD, SkillTrend, TrendSnapshot
from trends.models.headlines import ONCE_SEARCHED_BY_MANY, SEARCHED_BY_MANY
from trends.models.trends import (
    CURRENT_HIDDEN,
    TrendQuerySet,
    week_before,
)
from trends.pages.rising.filters import LEAST_SHOWN_AS, Filters, Order, Tab
from trends.published import rows, schema
from trends.published.competition import EACH_HERE, with_competition_in
from trends.wording.in_database import as_least, as_told

# Rows read at once where all of them are wanted: few queries, little memory.
CHUNK = 500

# A place between two published figures would tell one that is not: what is not published comes
# last, whichever way round.
PAY = Case(When(earned__hidden="", then=F("earned__median")), output_field=FloatField())
_SEARCHERS = Case(When(CURRENT_HIDDEN, then=None), default=F("current"))
_EACH = Cast("earned__searchers", FloatField()) / Greatest("earned__offering", FEWEST_PEOPLE - 1)
_COMPETITION = Case(
    When(
        earned__searchers_told=True,
        earned__searchers__gte=FEWEST_TO_DIVIDE,
        earned__usual_searchers__isnull=False,
        then=Case(
            When(earned__offering__lt=FEWEST_PEOPLE, then=as_least(_EACH)),
            default=as_told(_EACH),
        ),
    )
)


class RisingRow(schema.SkillTrend):
    """A skill on the list: its place now and a week before, and how its new gigs sold."""

    newcomers: schema.NewGigs | None
    place: int | None
    place_before: int | None
    move: int | Literal["new"] | None


HEADLINES: dict[str, Q] = {
    Tab.RISING: SEARCHED_BY_MANY,
    Tab.FALLING: ONCE_SEARCHED_BY_MANY,
    Tab.ALL: Q(),
}
_COLUMNS: dict[Order, Any] = {
    Order.RANK: F("position"),
    Order.NAME: F("skill__name"),
    Order.GROWTH: F("public_ratio"),
    Order.SEARCHERS: _SEARCHERS,
    Order.PAY: as_told(PAY),
    Order.COMPETITION: _COMPETITION,
    Order.NEWCOMERS: F("earned__newcomers_won"),
}


def shown_trends(snapshot: TrendSnapshot, filters: Filters) -> QuerySet[SkillTrend]:
    """Return every trend that passes the filters, in their order."""
    trends = SkillTrend.objects.of(snapshot, window=filters.window, country=filters.country)
    shown = narrowed(on_tab(trends, filters), snapshot, filters)
    if filters.country != WORLD:
        shown = with_competition_in(shown, snapshot, country=filters.country)
    order = [
        OrderBy(column, descending=filters.descending, nulls_last=True)
        for column in _columns(filters)
    ]
    return shown.order_by(*order, "position").select_related("skill__category")


def _columns(filters: Filters) -> list[Any]:
    """Return the columns to order by; figures of the chosen country come before others."""
    column = _COLUMNS[filters.column]
    if filters.column == Order.RANK and filters.show == Tab.FALLING:
        column = F("public_upper")
    if filters.column == Order.COMPETITION and filters.country != WORLD:
        return [EACH_HERE, column]
    return [column]


def on_tab(trends: TrendQuerySet, filters: Filters) -> TrendQuerySet:
    """Keep those on the chosen tab; headlines alone where the list is not narrowed."""
    members = members_of(trends, filters.show)
    return members if filters.narrowed else members.filter(HEADLINES[filters.show])


def members_of(trends: TrendQuerySet, tab: str) -> TrendQuerySet:
    """Return those that belong on a tab."""
    if tab == Tab.RISING:
        return trends.listed()
    return trends.falling() if tab == Tab.FALLING else trends


def narrowed(trends: TrendQuerySet, snapshot: TrendSnapshot, filters: Filters) -> TrendQuerySet:
    """Return those of the chosen category, label and pay, with what their skills earned."""
    with_pay = trends.with_earnings(snapshot)
    if filters.category:
        with_pay = with_pay.in_category(filters.category.slug)
    if filters.label:
        with_pay = with_pay.filter(label=filters.label)
    if filters.pay:
        with_pay = with_pay.filter(
            earned__hidden="", earned__median__gte=LEAST_SHOWN_AS[filters.pay]
        )
    return with_pay


def shown_rows(
    trends: Iterable[SkillTrend],
    snapshot: TrendSnapshot,
    filters: Filters,
    *,
    before: TrendSnapshot | None,
) -> list[RisingRow]:
    """Return the rows of some trends, each with its place and its move since `before`."""
    measured = rows.skill_rows(trends, rows.Reader(snapshot))
    slugs = [row["skill"]["slug"] for row in measured]
    now, then = _places(snapshot, before, filters, slugs)
    return [
        {
            **row,
            "newcomers": _newcomers(row),
            "place": now.get(slug),
            "place_before": then.get(slug) if then else None,
            "move": _move(now.get(slug), then, slug),
        }
        for row, slug in zip(measured, slugs, strict=True)
    ]


def all_rows(snapshot: TrendSnapshot, filters: Filters) -> Iterator[RisingRow]:
    """Yield the row of every trend shown, read little by little."""
    trends, before = shown_trends(snapshot, filters), week_before(snapshot)
    # Put in order once: each part by itself would put all of them in order again.
    ordered = list(trends.values_list("pk", flat=True))
    for start in range(0, len(ordered), CHUNK):
        places = {pk: at for at, pk in enumerate(ordered[start : start + CHUNK])}
        part = trends.order_by().filter(pk__in=places)
        ordered_part = sorted(part, key=lambda trend: places[trend.pk])
        yield from shown_rows(ordered_part, snapshot, filters, before=before)


def _newcomers(row: schema.SkillTrend) -> schema.NewGigs | None:
    """Return how many of the skill's new gigs sold within a month, where it is published."""
    new_gigs = row["opportunity"]["new_gigs"]
    return next((horizon for horizon in new_gigs if horizon["days"] == min(HORIZONS)), None)


def _move(place: int | None, then: dict[str, int] | None, slug: str) -> int | Literal["new"] | None:
    """Return places won since the week before, "new" without one; None where not known."""
    if place is None or then is None:
        return None
    return then[slug] - place if slug in then else "new"


def _places(
    now: TrendSnapshot, then: TrendSnapshot | None, filters: Filters, slugs: list[str]
) -> tuple[dict[str, int], dict[str, int] | None]:
    """Return the places on the whole list by skill: today, and the week before."""
    both = [each for each in (now, then) if each]
    by_snapshot: dict[int, dict[str, int]] = {each.pk: {} for each in both}
    trends = SkillTrend.objects.filter(
        snapshot__in=both, window=filters.window, country=filters.country
    )
    if filters.show == Tab.FALLING:
        fallen = trends.falling().values_list("snapshot", "skill__slug")
        for snapshot, slug in fallen:
            by_snapshot[snapshot][slug] = len(by_snapshot[snapshot]) + 1
    else:
        listed = trends.listed().filter(skill__slug__in=slugs)
        for snapshot, slug, rank in listed.values_list("snapshot", "skill__slug", "rank"):
            by_snapshot[snapshot][slug] = rank
    return by_snapshot[now.pk], by_snapshot[then.pk] if then else None
