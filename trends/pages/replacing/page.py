"""The page that shows what replaces what, and how far AI skills have come in each category."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from marketplace.skills.models import Category
from trends.counting.windows import half_years
from trends.drawing.flow_diagram import Flow, flow_diagram, share_line
from trends.models import AiShare, CategoryFlow, Replacement, TrendSnapshot
from trends.pages.replacing.file import AI_COLUMNS, COLUMNS, FLOW_COLUMNS
from trends.published.csv_files import csv_response
from trends.published.flow_rows import (
    ai_rows,
    asked_category,
    flow_rows,
    query_of,
    replacement_rows,
)
from trends.published.flow_schema import AiShare as AiShareRow
from trends.published.flow_schema import Replacement as ReplacementRow
from trends.published.rows import Reader
from trends.wording.numbers import multiple

# More bands than a picture can be read with; and as many rows as a person scans.
FLOWS_DRAWN = 12
ROWS_SHOWN = 50


class AiShareOnPage(AiShareRow):
    """An AI share with the line of its months, as SVG."""

    line: str


@require_safe
def replacing(request: HttpRequest) -> HttpResponse:
    """Show what former searchers of fading skills search now, of all or of one category."""
    snapshot = TrendSnapshot.objects.current()
    if snapshot is None:
        return render(request, "trends/replacing/replacing.html", {"as_of": None})
    category, reader = asked_category(request.GET), Reader(snapshot)
    rows = replacement_rows(Replacement.objects.of(snapshot).out_of(category)[:ROWS_SHOWN], reader)
    context: dict[str, Any] = {
        "as_of": snapshot.as_of,
        **half_years(snapshot),
        "categories": Category.objects.filter(parent=None),
        "category": category,
        "query": query_of(category),
        "canonical": reverse("replacing") + query_of(category),
        "rows": rows,
        "diagram": _diagram(rows[:FLOWS_DRAWN]) if rows else "",
        "drawn": min(len(rows), FLOWS_DRAWN),
        "most": max((row["moved"] for row in rows), default=0),
        "flows": [] if category else flow_rows(CategoryFlow.objects.of(snapshot), reader),
        "shares": _with_lines(_ai_shares(category, reader)),
    }
    return render(request, "trends/replacing/replacing.html", context)


@require_safe
def replacing_csv(request: HttpRequest) -> HttpResponseBase:
    """Show every flow of all categories or of one, where the page shows the largest."""
    category, snapshot = asked_category(request.GET), TrendSnapshot.objects.current()
    rows: list[ReplacementRow] = []
    if snapshot:
        rows = replacement_rows(Replacement.objects.of(snapshot).out_of(category), Reader(snapshot))
    return csv_response(_file_name("replacing", category), COLUMNS, rows)


@require_safe
def category_flows_csv(request: HttpRequest) -> HttpResponseBase:
    """Send every flow between or within categories, with the days of both half-years."""
    snapshot = TrendSnapshot.objects.current()
    rows: list[dict[str, Any]] = []
    if snapshot:
        halves = half_years(snapshot)
        flows = flow_rows(CategoryFlow.objects.of(snapshot), Reader(snapshot))
        rows = [{**flow, **halves} for flow in flows]
    return csv_response("upcurrent-category-flows", FLOW_COLUMNS, rows)


@require_safe
def ai_shares_csv(request: HttpRequest) -> HttpResponseBase:
    """Send AI shares by four weeks and half-year: of the first level, or of one category."""
    category, snapshot = asked_category(request.GET), TrendSnapshot.objects.current()
    shares_by_category = _ai_shares(category, Reader(snapshot)) if snapshot else []
    rows = (
        {"category": row["category"], "period": period, **share}
        for row in shares_by_category
        for period, shares in (
            ("four weeks", row["months"]),
            ("half-year", [row["previous"], row["current"]]),
        )
        for share in shares
        if share
    )
    return csv_response(_file_name("ai-share", category), AI_COLUMNS, rows)


def _ai_shares(category: Category | None, reader: Reader) -> list[AiShareRow]:
    """Return the platform and the first level, or a category and its children."""
    shares = AiShare.objects.of(reader.snapshot)
    return ai_rows(shares.within(category.slug) if category else shares.of_top(), reader)


def _file_name(of: str, category: Category | None) -> str:
    return "-".join(["upcurrent", of, *([category.slug] if category else [])])


def _diagram(rows: list[ReplacementRow]) -> str:
    flows = [
        Flow(
            left=row["left"]["name"],
            found=row["found"]["name"],
            people=row["moved"],
            former=row["former"],
            times=multiple(row["lift"]),
            accent=row["found"]["is_ai"],
        )
        for row in rows
    ]
    title = gettext("Where people who left fading skills went; a table follows")
    return flow_diagram(flows, title=title)


def _with_lines(rows: list[AiShareRow]) -> list[AiShareOnPage]:
    """Return each row with its line, all on one scale, so that the eye can compare them."""
    shares = [month["share"] for row in rows for month in row["months"] if month["share"]]
    highest = max(shares, default=0.0)
    return [
        {
            **row,
            "line": share_line([month["share"] for month in row["months"]], highest=highest)
            if highest
            else "",
        }
        for row in rows
    ]
