"""The pages freelancers read: each shows the published snapshot and computes nothing."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from marketplace.gigs.search import active_gigs
from marketplace.searches.models import Source
from marketplace.simulation.sending import SOURCE as SIMULATED
from marketplace.skills.models import Category, Skill
from marketplace.skills.normalise import normalise
from trends import rows
from trends.earnings_rows import total_row
from trends.explain import explain
from trends.method import constants, loudest, noise
from trends.models import (
    WORLD,
    CategoryTrend,
    EarningsTotal,
    EarningsTrend,
    SkillTrend,
    TrendSnapshot,
    Window,
)
from trends.queries import EARNER_ORDERS, MOST_SEARCHED

Chosen = TypeVar("Chosen")

# As many as a person scans; with their sparklines they stay well below 60 KB compressed.
SKILLS_A_PAGE = 50
EARNERS_SHOWN = 100
# The lists by the name of their order: what people call them, and the place of a skill in them.
EARNER_RANKS = {"best": "best_paid", "total": "most_money", "rising": "rising"}
EARNER_LISTS = {"best": "Best paid", "total": "Most money", "rising": "Rising earners"}
GIGS_SHOWN = 5


def chrome(request: HttpRequest) -> dict[str, object]:
    """What the frame of every page needs; `as_of` is only asked for where a view gives none."""
    return {
        "simulated": Source.objects.filter(name=SIMULATED).exists(),
        "as_of": lambda: (snapshot := TrendSnapshot.objects.current()) and snapshot.as_of,
    }


@require_safe
def rising(request: HttpRequest) -> HttpResponse:
    """The rising list, or with show=all every skill, in one category and country if chosen."""
    snapshot = TrendSnapshot.objects.current()
    if snapshot is None:
        return render(request, "trends/rising.html", {"as_of": None})
    filters = _filters(request, snapshot)
    trends = SkillTrend.objects.of(
        snapshot, window=Window.HALF_YEAR, country=filters["country"] or WORLD
    )
    if category := filters["category"]:
        trends = trends.in_category(category.slug)
    if not filters["everything"]:
        # Who narrows the list down asks for more than the headlines.
        trends = trends.listed() if category or filters["country"] else trends.top()
    pages = Paginator(trends.select_related("skill__category"), SKILLS_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        **filters,
        "as_of": snapshot.as_of,
        "rows": rows.skill_rows(page.object_list, rows.Reader(snapshot)),
        "page": page,
    }
    return render(request, "trends/rising.html", context)


@require_safe
def skill(request: HttpRequest, slug: str) -> HttpResponse:
    """One skill: its trend in the world and in each country, what it pays, who offers it."""
    found = get_object_or_404(
        Skill.objects.select_related("category__parent", "merged_into").prefetch_related("aliases"),
        slug=slug,
    )
    if found.merged_into:
        return redirect(found.merged_into, permanent=True)
    snapshot = TrendSnapshot.objects.current()
    texts = [alias.text for alias in found.aliases.all()]
    context: dict[str, Any] = {
        "as_of": snapshot and snapshot.as_of,
        "skill": found,
        "category": found.category,
        "aliases": [text for text in texts if text != normalise(found.name)],
        "gigs": active_gigs().filter(tags__overlap=texts)[:GIGS_SHOWN],
    }
    if snapshot:
        trends = SkillTrend.objects.filter(
            snapshot=snapshot, skill=found, window=Window.HALF_YEAR
        ).select_related("skill__category")
        measured = rows.skill_rows(trends.order_by(MOST_SEARCHED, "country"), rows.Reader(snapshot))
        context["row"] = next((row for row in measured if row["country"] == WORLD), None)
        context["country_rows"] = [row for row in measured if row["country"] != WORLD]
        context["outlook"] = rows.outlook_row(found, rows.Reader(snapshot))
        context["explanation"] = explain(
            found, snapshot, window=Window.HALF_YEAR, country=WORLD, exact=False
        )
    return render(request, "trends/skill.html", context)


@require_safe
def categories(request: HttpRequest) -> HttpResponse:
    """Every category with its children, the fastest rising first."""
    snapshot = TrendSnapshot.objects.current()
    if snapshot is None:
        return render(request, "trends/categories.html", {"as_of": None})
    trends = CategoryTrend.objects.of(snapshot, window=Window.HALF_YEAR)
    measured = rows.category_rows(trends.select_related("category__parent"), rows.Reader(snapshot))
    counts = [row["current"]["searchers"] or 0 for row in measured]
    context = {
        "as_of": snapshot.as_of,
        "rows": _as_tree(measured),
        "maximum": max(counts, default=0),
    }
    return render(request, "trends/categories.html", context)


@require_safe
def earners(request: HttpRequest) -> HttpResponse:
    """Three lists of skills: the best paid, those with most money, and those that earn more."""
    snapshot = TrendSnapshot.objects.current()
    if snapshot is None:
        return render(request, "trends/earners.html", {"as_of": None})
    order = request.GET.get("order", "best")
    order = order if order in EARNER_LISTS else "best"
    reader = rows.Reader(snapshot)
    found = EarningsTrend.objects.filter(snapshot=snapshot).select_related("skill__category")
    told = found.filter(hidden="")
    told = told.filter(rising_rank__isnull=False) if order == "rising" else told
    told = told.order_by(*EARNER_ORDERS[order])[:EARNERS_SHOWN]
    world = EarningsTotal.objects.filter(snapshot=snapshot, category=None).first()
    context = {
        "as_of": snapshot.as_of,
        "order": order,
        "lists": EARNER_LISTS,
        "caption": EARNER_LISTS[order],
        "rows": [
            {**row, "rank": row["earnings"][f"{EARNER_RANKS[order]}_rank"]}
            for row in rows.earner_rows(told, reader)
        ],
        "world": total_row(world, snapshot=snapshot, exact=False),
        "hidden_count": found.exclude(hidden="").exclude(sellers=0).count(),
    }
    return render(request, "trends/earners.html", context)


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """How everything is measured, with the constants themselves and what the last run found."""
    snapshot = TrendSnapshot.objects.current()
    context: dict[str, Any] = {**constants(), "snapshot": snapshot}
    if snapshot:
        found = [one] if (one := loudest(snapshot)) else []
        examples = rows.skill_rows(found, rows.Reader(snapshot))
        context |= {"as_of": snapshot.as_of, "noise": noise(snapshot)}
        context["example"] = examples[0] if examples else None
    return render(request, "trends/method.html", context)


def _filters(request: HttpRequest, snapshot: TrendSnapshot) -> dict[str, Any]:
    """What the list can be narrowed to, and what is chosen of it."""
    categories = {one.slug: one for one in Category.objects.select_related("parent")}
    countries = _countries(snapshot)
    return {
        "categories": sorted(categories.values(), key=str),
        "countries": countries,
        "category": _chosen(request, "category", categories),
        "country": _chosen(request, "country", {code: code for code in countries}),
        "everything": request.GET.get("show") == "all",
    }


def _countries(snapshot: TrendSnapshot) -> list[str]:
    """The countries a snapshot has figures for; the few rows of the categories tell."""
    trends = CategoryTrend.objects.filter(snapshot=snapshot, window=Window.HALF_YEAR)
    codes = trends.exclude(country=WORLD).values_list("country", flat=True)
    return list(codes.distinct().order_by("country"))


def _chosen(request: HttpRequest, name: str, known: Mapping[str, Chosen]) -> Chosen | None:
    """What a filter asks for: None without it, 404 for what there is not."""
    value = request.GET.get(name)
    if not value:
        return None
    if value not in known:
        raise Http404
    return known[value]


def _as_tree(measured: list[rows.Row]) -> list[rows.Row]:
    """The rows of the first level in their order, each with its children's in theirs."""
    return [
        {**row, "children": [one for one in measured if one["category"]["parent"] == slug]}
        for row in measured
        if not row["category"]["parent"] and (slug := row["category"]["slug"])
    ]
