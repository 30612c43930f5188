"""The page that puts up to five skills into one chart and one table."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from marketplace.skills.models.taxonomy import near
from trends.drawing.lines import Line
from trends.models import WORLD, CategoryTrend, SkillTrend, TrendSnapshot, Window
from trends.pages.compare.chosen import MOST_COMPARED, Asked, Scale, asked_for, in_words, on_scale
from trends.published import rows, schema
from trends.wording.figures import Weekly

# Offered where nobody has chosen yet.
EXAMPLES = 3


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Show the skills of `skills=a,b`; `add` adds one by name and redirects to its address."""
    asked = asked_for([part for text in request.GET.getlist("skills") for part in text.split(",")])
    added = request.GET.get("add", "").strip()
    if added and (more := _with(asked, added)) is not None:
        return redirect(_address(more, **_beside(request)))
    unknown = [*asked.unknown[:2], *([added] if added else [])]
    snapshot = TrendSnapshot.objects.current()
    context: dict[str, Any] = {
        "as_of": snapshot and snapshot.as_of,
        "asked": asked,
        "full": len(asked.skills) == MOST_COMPARED,
        "most": MOST_COMPARED,
        "unknown": [(text, near(text)) for text in unknown],
        "chips": [
            (skill, _address(_without(asked, skill.pk), **_beside(request)))
            for skill in asked.skills
        ],
    }
    if snapshot:
        context |= _compared(request, snapshot, asked)
    return render(request, "trends/compare/compare.html", context)


def _with(asked: Asked, text: str) -> str | None:
    """Return the slugs with the typed skill added; None where no skill has that name."""
    wanted = asked_for([text])
    if not wanted.skills:
        return None
    slugs = [skill.slug for skill in (*asked.skills, *wanted.skills)]
    return ",".join(dict.fromkeys(slugs))


def _without(asked: Asked, pk: int) -> str:
    return ",".join(skill.slug for skill in asked.skills if skill.pk != pk)


def _beside(request: HttpRequest) -> dict[str, str]:
    """Return what is chosen beside the skills."""
    return {name: request.GET.get(name, "") for name in ("scale", "country")}


def _address(skills: str, *, scale: str, country: str) -> str:
    """Return this page's address with some skills, and what else is chosen."""
    asked = {"skills": skills, "scale": scale, "country": country}
    chosen = {name: value for name, value in asked.items() if value}
    return f"{reverse('compare')}?{urlencode(chosen, safe=',')}" if chosen else reverse("compare")


def _compared(request: HttpRequest, snapshot: TrendSnapshot, asked: Asked) -> dict[str, Any]:
    """Return the figures of the skills asked for, or examples of what to ask for."""
    half_year = SkillTrend.objects.of(snapshot, window=Window.HALF_YEAR)
    if not asked.skills:
        top = half_year.top().select_related("skill")[: MOST_COMPARED + EXAMPLES]
        examples = [trend.skill for trend in top]
        asked_first = ",".join(skill.slug for skill in examples[:MOST_COMPARED])
        return {"examples": examples, "examples_asked": asked_first}
    countries = _countries(snapshot)
    country = request.GET.get("country", "")
    country = country if country in countries else WORLD
    scale = request.GET.get("scale", "")
    scale = scale if scale in Scale.values else Scale.SHARE.value
    trends = SkillTrend.objects.of(snapshot, window=Window.HALF_YEAR, country=country)
    compared = trends.filter(skill__in=[skill.pk for skill in asked.skills])
    measured = {
        row["skill"]["slug"]: row
        for row in rows.skill_rows(
            compared.select_related("skill__category"), rows.Reader(snapshot)
        )
    }
    platform = snapshot.platform_weekly.get(country, [])
    shown = [measured[skill.slug] for skill in asked.skills if skill.slug in measured]
    lines = [_line(row, scale, platform) for row in shown if len(row["weekly"]) == len(platform)]
    return {
        "canonical": _address(
            asked.slugs,
            scale="" if scale == Scale.SHARE else scale,
            country="" if country == WORLD else country,
        ),
        "countries": countries,
        "country": country,
        "world": WORLD,
        "scales": Scale.choices,
        "scale": scale,
        "platform": platform,
        "lines": [line for line in lines if any(line.weekly)],
        "without_line": [line.name for line in lines if not any(line.weekly)],
        "rows": shown,
        "unmeasured": [skill for skill in asked.skills if skill.slug not in measured],
    }


def _line(row: schema.SkillTrend, scale: str, platform: Weekly) -> Line:
    figures = on_scale(scale, row["weekly"], platform)
    weeks = zip(figures, row["weekly"], platform, strict=True)
    said = [in_words(scale, figure, people, everybody) for figure, people, everybody in weeks]
    return Line(row["skill"]["name"], figures, said)


def _countries(snapshot: TrendSnapshot) -> list[str]:
    """Return the countries a snapshot has figures for, read from the few category rows."""
    trends = CategoryTrend.objects.filter(snapshot=snapshot, window=Window.HALF_YEAR)
    codes = trends.exclude(country=WORLD).values_list("country", flat=True)
    return list(codes.distinct().order_by("country"))
