"""The page of one skill: is it rising, is that real, does it pay, is there room for me?"""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from marketplace.gigs.search import active_gigs
from marketplace.skills.models import Skill, SkillAlias, SkillStatus
from marketplace.skills.normalise import normalise
from trends.backoffice.taxonomy.impact import edits_since
from trends.counting.windows import WEEK, WEEKS_SHOWN
from trends.models import (
    WORLD,
    CountrySupply,
    Outlook,
    SkillMarket,
    SkillNeighbours,
    SkillTrend,
    TrendSnapshot,
    Window,
)
from trends.pages.skill import sentences
from trends.pages.skill.badges import to_copy
from trends.pages.skill.countries import by_country, outrun, searchers_for_each, searchers_told
from trends.pages.skill.explain import explain_trend
from trends.pages.skill.notes import notes_of
from trends.pages.skill.surroundings import months_told, neighbours_told
from trends.published import rows
from trends.published.flow_rows import around
from trends.published.queries import MOST_SEARCHED

GIGS_SHOWN = 5
# Trends are of the half-year; supply is held against the searchers of a quarter.
WINDOWS = (Window.HALF_YEAR, Window.QUARTER)
# Tables with at most one row a skill and snapshot, and what of it is shown.
BESIDE: dict[str, tuple[Any, ...]] = {
    "outlook": (Outlook, "months", "present", "point", "lower", "upper", "arrow"),
    "market": (SkillMarket, "sellers", "buyers", "searchers"),
    "neighbours": (SkillNeighbours, "searches", "skills"),
}


@require_safe
def skill(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one skill: its trend in the world and each country, its pay, and its sellers."""
    snapshot = TrendSnapshot.objects.current()
    shown = get_object_or_404(_with_what_is_beside(snapshot), slug=slug)
    if shown.merged_into:
        return redirect(shown.merged_into, permanent=True)
    texts = shown.texts
    context: dict[str, Any] = {
        "as_of": snapshot and snapshot.as_of,
        "skill": shown,
        "category": shown.category,
        "retired": shown.status == SkillStatus.RETIRED,
        "aliases": [text for text in texts if text != normalise(shown.name)],
        "gigs": active_gigs().filter(tags__overlap=texts)[:GIGS_SHOWN],
    }
    if snapshot:
        context |= _measured(shown, snapshot)
        if row := context["row"]:
            context["share"] = to_copy(request, row)
    return render(request, "trends/skill/skill.html", context)


def _with_what_is_beside(snapshot: TrendSnapshot | None) -> Any:
    """Select skills with all that one row of theirs can hold, so that the page asks once."""
    same = Q(skill=OuterRef("pk")) | Q(skill__merged_into=OuterRef("pk"))
    return Skill.objects.select_related("category__parent", "merged_into").annotate(
        texts=ArraySubquery(SkillAlias.objects.filter(same).order_by("text").values("text")),
        sellers_of=ArraySubquery(
            CountrySupply.objects.filter(snapshot=snapshot, skill=OuterRef("pk")).values(
                row=JSONObject(country=F("country"), sellers=F("public_sellers"))
            )
        ),
        **{name: _row_of(model, snapshot, *columns) for name, (model, *columns) in BESIDE.items()},
    )


def _row_of(model: type[models.Model], snapshot: TrendSnapshot | None, *told: str) -> Subquery:
    """Select the columns of a skill's one row in a table of the snapshot; None without one."""
    of_skill = model._default_manager.filter(snapshot=snapshot, skill=OuterRef("pk"))
    return Subquery(of_skill.values(row=JSONObject(**{name: F(name) for name in told})))


def _measured(skill: Any, snapshot: TrendSnapshot) -> dict[str, Any]:
    """Return what the snapshot says of a skill."""
    reader = rows.Reader(snapshot)
    of_windows = SkillTrend.objects.filter(snapshot=snapshot, skill=skill, window__in=WINDOWS)
    every = of_windows.select_related("skill__category").order_by(MOST_SEARCHED, "country")
    trends, quarter = ([each for each in every if each.window == window] for window in WINDOWS)
    measured = rows.skill_rows(trends, reader)
    row = next((row for row in measured if row["country"] == WORLD), None)
    world = next((trend for trend in trends if trend.country == WORLD), None)
    explanation = explain_trend(
        world, snapshot, window=Window.HALF_YEAR, country=WORLD, exact=False
    )
    context = {"row": row, "explanation": explanation, **around(skill, reader)}
    if row is None:
        return context
    edits = edits_since(skill, snapshot.as_of - WEEKS_SHOWN * WEEK)
    return context | {
        "headline": {"demand": sentences.demand(row), "work": sentences.work(row)},
        "missing": sentences.missing(row, explanation["gates"]),
        "notes": notes_of(skill, row, snapshot, edits),
        "edits": edits,
        "outlook": skill.outlook,
        **months_told(skill.market, snapshot.as_of),
        **neighbours_told(skill.neighbours),
        "country_rows": by_country(row, measured),
        **_supplied(skill, quarter, snapshot),
    }


def _supplied(skill: Any, quarter: list[SkillTrend], snapshot: TrendSnapshot) -> dict[str, Any]:
    """Return searchers for each seller where both are published."""
    sellers = {row["country"]: row["sellers"] for row in skill.sellers_of}
    searchers = searchers_told(quarter, exact=False)
    every = searchers_for_each(searchers, sellers, snapshot.as_of)
    known = [row for row in every if row["ratio"] is not None]
    return {"supplied": known if len(known) > 1 else [], "outrun": outrun(known)}
