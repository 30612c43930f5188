"""The pages of categories: where demand moves, and what rises, falls and pays in each of them."""

import math
from collections.abc import Sequence
from itertools import chain
from typing import Any

from django.db.models import Value
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from marketplace.skills.models import Category
from trends.models import (
    AiShare,
    CategoryTrend,
    EarningsTrend,
    Replacement,
    SkillTrend,
    TrendSnapshot,
    Window,
)
from trends.pages.categories.file import COLUMNS
from trends.published import rows, schema
from trends.published.csv_files import csv_response
from trends.published.flow_rows import ai_rows, replacement_rows
from trends.published.queries import EARNER_ORDERS

# Of each list; the whole list is one step away.
SKILLS_SHOWN = 5
FLOWS_SHOWN = 3
# Near names offered for a category that there is not.
NEAR = 3


class Branch(schema.CategoryTrend):
    """A category of the first level with its children."""

    children: list[schema.CategoryTrend]


@require_safe
def categories(request: HttpRequest) -> HttpResponse:
    """Show every category with its children, the fastest rising first, and all on a map."""
    snapshot = TrendSnapshot.objects.current()
    if snapshot is None:
        return render(request, "trends/categories/categories.html", {"as_of": None})
    tree = _as_tree(_measured(snapshot))
    return render(
        request,
        "trends/categories/categories.html",
        {"as_of": snapshot.as_of, "rows": tree} | _drawn(tree),
    )


@require_safe
def categories_csv(request: HttpRequest) -> HttpResponseBase:
    """Show the list of that page, children after their parents."""
    snapshot = TrendSnapshot.objects.current()
    tree = _as_tree(_measured(snapshot)) if snapshot else []
    every = chain.from_iterable([row, *row["children"]] for row in tree)
    return csv_response("upcurrent-categories", COLUMNS, every)


@require_safe
def category(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one category: its weeks, children, skills that rise, fall and pay, and flows."""
    chosen = Category.objects.select_related("parent").filter(slug=slug).first()
    if chosen is None:
        near = Category.objects.like(slug.replace("-", " "))[:NEAR]
        return render(
            request, "trends/categories/category_missing.html", {"near": near}, status=404
        )
    snapshot = TrendSnapshot.objects.current()
    context: dict[str, Any] = {"as_of": snapshot and snapshot.as_of, "category": chosen}
    if snapshot:
        measured = _measured(snapshot, within=chosen)
        children = [row for row in measured if row["category"]["slug"] != slug]
        context |= {"row": next((each for each in measured if each not in children), None)}
        context |= {"children": children} | _drawn(children)
        context |= _skills(snapshot, slug) | _moves(snapshot, chosen)
    return render(request, "trends/categories/category.html", context)


def _measured(
    snapshot: TrendSnapshot, within: Category | None = None
) -> list[schema.CategoryTrend]:
    """Return the rows of all categories, or of one and its children, the best placed first."""
    reader = rows.Reader(snapshot)
    trends = CategoryTrend.objects.of(snapshot, window=Window.HALF_YEAR)
    if within:
        trends = trends.filter(reader.categories_in(within.slug))
    return rows.category_rows(trends.select_related("category__parent"), reader)


def _drawn(shown: Sequence[schema.CategoryTrend]) -> dict[str, Any]:
    """Return what the map and bars draw; a row without a figure has no place on the map."""
    counts = [row["current"]["searchers"] or 0 for row in shown]
    placed = [row for row in shown if row["growth"]["ratio"] and row["current"]["searchers"]]
    return {
        "maximum": max(counts, default=0),
        "placed": placed,
        "unplaced": [row for row in shown if row not in placed],
    }


def _skills(snapshot: TrendSnapshot, slug: str) -> dict[str, Any]:
    """Return the surest rises and falls of a category, and its best paid skills."""
    reader = rows.Reader(snapshot)
    trends = SkillTrend.objects.of(snapshot, window=Window.HALF_YEAR).in_category(slug)
    trends = trends.select_related("skill__category")
    rising, falling = (
        measured.annotate(rises=Value(rises))[:SKILLS_SHOWN]
        for measured, rises in ((trends.listed(), True), (trends.falling(), False))
    )
    both = sorted(rising.union(falling, all=True), key=_surest_first)
    measured = list(zip(both, rows.skill_rows(both, reader), strict=True))
    published = EarningsTrend.objects.filter(reader.skills_in(slug), snapshot=snapshot, hidden="")
    paid = published.select_related("skill__category").order_by(*EARNER_ORDERS["best"])
    return {
        "rising": [row for trend, row in measured if trend.rises],
        "falling": [row for trend, row in measured if not trend.rises],
        "paid": rows.earner_rows(paid[:SKILLS_SHOWN], reader),
    }


def _surest_first(trend: Any) -> tuple[float, int]:
    """Sort a union, which has no order, as the list again; falls by the upper end."""
    upper = trend.public_upper
    return (0.0 if trend.rises else math.inf if upper is None else upper), trend.position


def _moves(snapshot: TrendSnapshot, category: Category) -> dict[str, Any]:
    """Return where people went who left its skills, and how many of its people look for AI."""
    reader = rows.Reader(snapshot)
    flows = Replacement.objects.of(snapshot).from_category(category.slug)[:FLOWS_SHOWN]
    shares = AiShare.objects.of(snapshot).filter(category=category)
    return {
        "flows": replacement_rows(flows, reader),
        "ai": next(iter(ai_rows(shares, reader)), None),
    }


def _as_tree(measured: list[schema.CategoryTrend]) -> list[Branch]:
    """Return the rows of the first level in order, each with its children's in order."""
    return [
        {**row, "children": [child for child in measured if child["category"]["parent"] == slug]}
        for row in measured
        if not row["category"]["parent"] and (slug := row["category"]["slug"])
    ]
