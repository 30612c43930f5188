"""The page that shows what replaces what, and how far AI skills have come in each category."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from marketplace.skills.models import Category
from trends.flow_diagram import Flow, flow_diagram, share_line
from trends.models import AiShare, CategoryFlow, Replacement, TrendSnapshot
from trends.replacement_rows import ai_rows, flow_rows, half_years, replacement_rows
from trends.rows import Reader, Row
from trends.wording import multiple

# More bands than a picture can be read with; and as many rows as a person scans.
FLOWS_DRAWN = 12
ROWS_SHOWN = 50


@require_safe
def replacing(request: HttpRequest) -> HttpResponse:
    """What former searchers of fading skills search now, of all or of one category."""
    snapshot = TrendSnapshot.objects.current()
    if snapshot is None:
        return render(request, "trends/replacing.html", {"as_of": None})
    reader, found = Reader(snapshot), Replacement.objects.of(snapshot)
    shares = AiShare.objects.of(snapshot)
    categories = {one.slug: one for one in Category.objects.filter(parent=None)}
    if chosen := request.GET.get("category"):
        if chosen not in categories:
            raise Http404
        found, shares = found.from_category(chosen), shares.within(chosen)
    rows = replacement_rows(found[:ROWS_SHOWN], reader)
    context: dict[str, Any] = {
        "as_of": snapshot.as_of,
        **half_years(snapshot),
        "categories": list(categories.values()),
        "category": categories[chosen] if chosen else None,
        "rows": rows,
        "diagram": _diagram(rows[:FLOWS_DRAWN]) if rows else "",
        "drawn": min(len(rows), FLOWS_DRAWN),
        "most": max((row["moved"] for row in rows), default=0),
        "flows": [] if chosen else flow_rows(CategoryFlow.objects.of(snapshot), reader),
        "shares": _with_lines(ai_rows(shares if chosen else shares.of_top(), reader)),
    }
    return render(request, "trends/replacing.html", context)


def _diagram(rows: list[Row]) -> str:
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


def _with_lines(rows: list[Row]) -> list[Row]:
    """Each row with its line, all on one scale, so that they can be compared by eye."""
    told = [month["share"] for row in rows for month in row["months"] if month["share"]]
    highest = max(told, default=0.0)
    return [
        {
            **row,
            "line": share_line([month["share"] for month in row["months"]], highest=highest)
            if highest
            else "",
        }
        for row in rows
    ]
