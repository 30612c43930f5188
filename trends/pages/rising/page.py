"""The front page: what is rising, what is falling, and everything, narrowed down by filters."""

from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from trends.counting.windows import WEEK, WEEKS, WEEKS_NEEDED, periods
from trends.models import TrendSnapshot, Window
from trends.models.headlines import FEWEST_FOR_A_HEADLINE
from trends.models.trends import week_before
from trends.pages.rising import choices
from trends.pages.rising.cache import categories_now
from trends.pages.rising.counts import ListCounts
from trends.pages.rising.file import COLUMNS
from trends.pages.rising.filters import Filters, exact_filters, read_filters
from trends.pages.rising.listing import all_rows, shown_rows, shown_trends
from trends.published.choices import columns
from trends.published.csv_files import csv_response

# As many as a person scans; with their sparklines they stay well below 60 KB compressed.
SKILLS_A_PAGE = 50
# A weekly run that failed and was not mended within days: the figures are of another time.
STALE_AFTER = timedelta(days=10)


@require_safe
def rising(request: HttpRequest) -> HttpResponse:
    """Show the chosen list, page by page, with everything it can be narrowed to."""
    snapshot = TrendSnapshot.objects.current()
    if snapshot is None:
        return render(request, "trends/rising/rising.html", {"as_of": None, "filters": Filters()})
    categories, taxonomy = categories_now()
    filters, unknown = read_filters(request.GET, categories)
    if not unknown and _is_roundabout(request, filters):
        return redirect(filters.address)
    counts = ListCounts(snapshot, filters, categories, taxonomy=taxonomy)
    # How many there are has been counted: it is the places that are cut into pages.
    page = Paginator(range(counts.of(filters)), SKILLS_A_PAGE).get_page(request.GET.get("page"))
    skipped = SKILLS_A_PAGE * (page.number - 1)
    trends = shown_trends(snapshot, filters)[skipped : skipped + SKILLS_A_PAGE]
    before = week_before(snapshot)
    context = {
        **_narrowing(counts),
        **_dates(snapshot, filters),
        "filters": filters,
        "unknown": unknown,
        "page": page,
        "before": before,
        "fewest": FEWEST_FOR_A_HEADLINE,
        "rows": shown_rows(trends, snapshot, filters, before=before),
    }
    return render(request, "trends/rising/rising.html", context)


@require_safe
def rising_csv(request: HttpRequest) -> HttpResponseBase:
    """Send the whole list that the page with this query shows, in the same order."""
    filters, snapshot = exact_filters(request.GET), TrendSnapshot.objects.current()
    every = all_rows(snapshot, filters) if snapshot else iter(())
    name = "-".join(["upcurrent", *filters.parameters().values()])
    return csv_response(name, COLUMNS, every)


def _is_roundabout(request: HttpRequest, filters: Filters) -> bool:
    """Return whether a shorter address has the same list."""
    asked = {name for name in Filters.names() if name in request.GET}
    return bool(asked - filters.parameters().keys())


def _narrowing(counts: ListCounts) -> dict[str, Any]:
    """Return what the list can be narrowed to; if it is empty, what to drop to get the most."""
    chips = choices.chips(counts)
    return {
        "tabs": choices.tabs(counts),
        "choices": choices.choices(counts),
        "chips": chips,
        "columns": columns(counts.filters),
        "instead": sorted((chip for chip in chips if chip.skills), key=lambda chip: -chip.skills),
    }


def _dates(snapshot: TrendSnapshot, filters: Filters) -> dict[str, Any]:
    """Return as of when the figures are, whether that is long ago, and the days they compare."""
    spans = periods(Window(filters.window), snapshot.as_of)
    first_day = date.fromisoformat(snapshot.inputs["first_day"])
    needed = max(WEEKS_NEEDED, 2 * WEEKS[Window(filters.window)])
    return {
        "as_of": snapshot.as_of,
        "stale": timezone.now().date() - snapshot.as_of > STALE_AFTER,
        "current": spans["c"].days,
        "previous": spans["b"].days,
        "weeks": (snapshot.as_of - first_day) // WEEK,
        "weeks_needed": needed,
        "enough_from": first_day + needed * WEEK,
    }
