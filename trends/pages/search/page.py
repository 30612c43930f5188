"""/search/: gigs for a query; what people search for here is demand like any other."""

import uuid
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from marketplace.gigs.models import Gig
from marketplace.gigs.narrowing import GigCounts, GigFilters, narrowed, read_filters, read_query
from marketplace.gigs.search import find_gigs, gigs_with, named_skills
from marketplace.imports.rows import Row, Status
from marketplace.searches.intake import take_in
from marketplace.searches.models import Source
from marketplace.searches.visitors import Visitor
from marketplace.skills.models import Skill, SkillAlias

GIGS_A_PAGE = 20
# What a person takes in as "did you mean".
NEAR_SKILLS = 5


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Search gigs; the first page of a result is a search event, further pages are not."""
    query = read_query(request.GET)
    skills = named_skills(query)
    matching = find_gigs(query, skills)
    counts = GigCounts(matching)
    filters, unknown = read_filters(request.GET, counts)
    if not unknown and filters.said_at_length(request.GET):
        return redirect(filters.address)
    page = Paginator(range(counts.of(filters)), GIGS_A_PAGE).get_page(request.GET.get("page"))
    skipped = GIGS_A_PAGE * (page.number - 1)
    gigs = list(narrowed(matching, filters)[skipped : skipped + GIGS_A_PAGE]) if page else []
    visitor = Visitor.of(request)
    # What narrows a search is no part of what is wanted: demand is unmet where nobody offers it.
    everywhere = counts.of(GigFilters(filters.query))
    counted = bool(filters.query) and page.number == 1
    counted = counted and record(filters.query, visitor, results=everywhere)
    name_skills(gigs)
    context = {
        "filters": filters,
        "unknown": unknown,
        "currency": settings.REPORTING_CURRENCY,
        "categories": counts.by_category(filters),
        "prices": counts.by_price(filters),
        "page": page,
        "gigs": gigs,
        "skills": skills,
        **({} if gigs else ways_on(filters, counts, skills)),
        "unmet": counted and not everywhere and visitor.is_counted,
    }
    response = render(request, "trends/search/search.html", context)
    visitor.remember(response)
    return response


def ways_on(filters: GigFilters, counts: GigCounts, skills: list[Skill]) -> dict[str, Any]:
    """Return what to try where nothing matches: fewer filters, another name, fewer words."""
    instead = counts.instead(filters)
    if instead or not filters.query:
        return {"instead": instead}
    near = [
        skill for skill in Skill.objects.like(filters.query)[:NEAR_SKILLS] if skill not in skills
    ]
    words, offered = gigs_with(filters.query, near)
    return {"near": list(zip(near, offered, strict=True)), "words": words}


def record(query: str, visitor: Visitor, *, results: int) -> bool:
    """Take the search in as an event of the site itself; False where the intake refuses it."""
    now = timezone.now()
    source, _ = Source.objects.get_or_create(name="site")
    event = {
        "event_id": uuid.uuid4().hex,
        "occurred_at": now.isoformat(),
        "query": query,
        "searcher": visitor.name,
        "role": visitor.role,
        "results": str(results),
    }
    receipt = take_in([Row(1, event)], source=source, now=now)
    return receipt.verdicts[0].status == Status.OK


def name_skills(gigs: list[Gig]) -> None:
    """Give each gig the skills its tags name, as `skills`, in one query."""
    tags = {tag for gig in gigs for tag in gig.tags}
    named = SkillAlias.objects.filter(text__in=tags).select_related("skill__merged_into")
    skill_of = {alias.text: alias.skill.merged_into or alias.skill for alias in named}
    for gig in gigs:
        tagged = (skill_of[tag] for tag in gig.tags if tag in skill_of)
        gig.skills = list(dict.fromkeys(tagged))  # type: ignore[attr-defined]
