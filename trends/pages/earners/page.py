"""The page of what pays: the best paid skills, those with most money, and those that earn more."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from marketplace.skills.models import Category
from trends.counting.windows import half_years
from trends.drawing.pay_strip import Scale
from trends.models import EarningsTotal, EarningsTrend, TrendSnapshot
from trends.pages.earners.file import COLUMNS, RISING_COLUMNS
from trends.pages.earners.filters import EarnerFilters, EarnerList, exact_filters, read_filters
from trends.pages.earners.listing import (
    EarnerOnPage,
    counted,
    earner_rows,
    shown_earners,
)
from trends.published.choices import Link, Option, columns
from trends.published.csv_files import csv_response
from trends.published.pay_rows import total_row

# As many as a person scans.
SKILLS_A_PAGE = 50


@require_safe
def earners(request: HttpRequest) -> HttpResponse:
    """Show the chosen list, page by page, on one scale of money."""
    snapshot = TrendSnapshot.objects.current()
    if snapshot is None:
        return render(request, "trends/earners/earners.html", {"as_of": None})
    categories = list(Category.objects.select_related("parent"))
    filters, unknown = read_filters(request.GET, categories)
    if "category" in request.GET and not request.GET["category"]:
        return redirect(filters.address)
    counts = counted(snapshot, categories)
    # How many there are has been counted: it is the places that are cut into pages.
    total = counts[filters.show][filters.category.slug if filters.category else ""]
    page = Paginator(range(total), SKILLS_A_PAGE).get_page(request.GET.get("page"))
    skipped = SKILLS_A_PAGE * (page.number - 1)
    trends = shown_earners(snapshot, filters)[skipped : skipped + SKILLS_A_PAGE]
    shown = earner_rows(trends, snapshot, filters)
    context = {
        "as_of": snapshot.as_of,
        "currency": snapshot.inputs["currency"],
        **half_years(snapshot),
        "filters": filters,
        "unknown": unknown,
        "page": page,
        "rows": shown,
        "scale": _scale(shown),
        "columns": columns(filters),
        "tabs": _tabs(filters, counts),
        "options": _options(filters, counts, categories),
        **_beside(snapshot),
    }
    return render(request, "trends/earners/earners.html", context)


@require_safe
def earners_csv(request: HttpRequest) -> HttpResponseBase:
    """Send the whole list that the page with this query shows, in the same order."""
    filters, snapshot = exact_filters(request.GET), TrendSnapshot.objects.current()
    shown = earner_rows(shown_earners(snapshot, filters), snapshot, filters) if snapshot else []
    name = "-".join(["upcurrent-earners", *filters.parameters().values()])
    columns_of = RISING_COLUMNS if filters.show == EarnerList.RISING else COLUMNS
    return csv_response(name, columns_of, shown)


def _tabs(filters: EarnerFilters, counts: dict[str, Any]) -> list[Link]:
    """Return the three lists of the same category, each in its own order."""
    slug = filters.category.slug if filters.category else ""
    return [
        Link(
            show.label,
            EarnerFilters(show=show.value, category=filters.category).address,
            counts[show.value][slug],
            chosen=show == filters.show,
        )
        for show in EarnerList
    ]


def _options(
    filters: EarnerFilters, counts: dict[str, Any], categories: list[Category]
) -> list[Option]:
    """Return the categories that leave something, and the one that is chosen."""
    return [
        Option(category.slug, str(category), skills, chosen=category == filters.category)
        for category in sorted(categories, key=str)
        if (skills := counts[filters.show][category.slug]) or category == filters.category
    ]


def _scale(shown: list[EarnerOnPage]) -> Scale:
    """Return one scale for all strips of a page."""
    return Scale.around(
        amount
        for earned in (row["earnings"] for row in shown)
        for amount in (earned["median_lower"], earned["median"], earned["median_upper"])
    )


def _beside(snapshot: TrendSnapshot) -> dict[str, Any]:
    """Return what all sellers earned, and how many skills are not shown."""
    world = EarningsTotal.objects.filter(snapshot=snapshot, category=None).first()
    hidden = EarningsTrend.objects.filter(snapshot=snapshot).exclude(hidden="")
    return {
        "world": total_row(world, snapshot=snapshot, exact=False),
        "hidden_count": hidden.exclude(sellers=0).count(),
    }
