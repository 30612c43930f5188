"""A skill on other people's pages: a badge to link with, and a small page to embed."""

from typing import Any

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from marketplace.skills.models import Skill, SkillStatus
from trends.models import WORLD, SkillTrend, TrendSnapshot, Window
from trends.published import rows
from trends.published.schema import SkillTrend as SkillTrendRow
from trends.wording.figures import DASH, days, label

# Pixels, as the drawing is laid out and as the snippets reserve.
BADGE_SIZE = {"width": 340, "height": 92}
EMBED_SIZE = {"width": 360, "height": 300}
# Of the largest letters, as many as leave room for a label.
LONGEST_NAME = 24
# A snapshot a night: an hour later than others is soon enough for somebody else's page.
KEPT_SECONDS = 3600


@require_safe
@cache_control(public=True, max_age=KEPT_SECONDS)
def badge(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a picture of a skill's label and counts, for a link to its page."""
    named = _skill(slug)
    if named.merged_into:
        return redirect("skill-badge", named.merged_into.slug, permanent=True)
    context = _shown(named) | {"name": Truncator(named.name).chars(LONGEST_NAME)}
    return render(
        request, "trends/skill/badge.svg", context | BADGE_SIZE, content_type="image/svg+xml"
    )


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type]  # says: no slug
@cache_control(public=True, max_age=KEPT_SECONDS)
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a skill's figures and line small enough for a frame, which other sites may use."""
    named = _skill(slug)
    if named.merged_into:
        return redirect("skill-embed", named.merged_into.slug, permanent=True)
    return render(request, "trends/skill/embed.html", _shown(named))


def to_copy(request: HttpRequest, row: SkillTrendRow) -> dict[str, Any]:
    """Return what somebody copies to show a skill: a badge and a frame as HTML."""
    slug, name = row["skill"]["slug"], row["skill"]["name"]
    page, picture, frame = (
        request.build_absolute_uri(reverse(address, args=[slug]))
        for address in ("skill", "skill-badge", "skill-embed")
    )
    before = row["previous"]["searchers_display"] if row["previous"] else DASH
    says = (
        f"{name}: {label(row['label'])}, {before} → {row['current']['searchers_display']}"
        f" {gettext('people')}"
    )
    dates = f"{days(row['previous'])} → {days(row['current'])}"
    return {
        "badge_size": BADGE_SIZE,
        "badge_says": says,
        "badge_html": format_html(
            '<a href="{}"><img src="{}" width="{}" height="{}" alt="{}, {}"></a>',
            *(page, picture, BADGE_SIZE["width"], BADGE_SIZE["height"], says, dates),
        ),
        "embed_html": format_html(
            '<iframe src="{}" width="{}" height="{}" loading="lazy" title="{}"></iframe>',
            *(frame, EMBED_SIZE["width"], EMBED_SIZE["height"], name),
        ),
    }


def _skill(slug: str) -> Skill:
    return get_object_or_404(Skill.objects.select_related("merged_into"), slug=slug)


def _shown(skill: Skill) -> dict[str, Any]:
    """Return the skill and its published row; a retired one has none to show to others."""
    snapshot = TrendSnapshot.objects.current()
    context: dict[str, Any] = {"skill": skill, "as_of": snapshot and snapshot.as_of, "row": None}
    if snapshot and skill.status == SkillStatus.ACTIVE:
        trends = SkillTrend.objects.of(snapshot, window=Window.HALF_YEAR, country=WORLD)
        of_skill = trends.filter(skill=skill).select_related("skill__category")
        measured = rows.skill_rows(of_skill, rows.Reader(snapshot))
        context["row"] = measured[0] if measured else None
    return context
