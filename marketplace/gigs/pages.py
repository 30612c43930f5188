"""/search/: gigs for a query; what people search for here is demand like any other."""

import uuid

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from marketplace.gigs.models import Gig
from marketplace.gigs.search import find_gigs
from marketplace.imports.rows import Row
from marketplace.searches.cleaning import LONGEST_QUERY
from marketplace.searches.intake import take_in
from marketplace.searches.models import Source
from marketplace.searches.visitors import Visitor
from marketplace.skills.models import SkillAlias

GIGS_A_PAGE = 20


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Search gigs; the first page of a result is a search event, further pages are not."""
    query = " ".join(request.GET.get("q", "").replace("\0", " ").split())[:LONGEST_QUERY]
    page = Paginator(find_gigs(query), GIGS_A_PAGE).get_page(request.GET.get("page"))
    visitor = Visitor.of(request)
    if query and page.number == 1:
        record(query, visitor, results=page.paginator.count)
    gigs = list(page.object_list)
    name_skills(gigs)
    following = request.GET.copy()
    if page.has_next():
        following["page"] = str(page.next_page_number())
    context = {
        "query": query,
        "gigs": gigs,
        "total": page.paginator.count,
        "next_query": following.urlencode() if page.has_next() else "",
    }
    response = render(request, "gigs/search.html", context)
    visitor.remember(response)
    return response


def record(query: str, visitor: Visitor, *, results: int) -> None:
    """Take the search in as an event of the site itself; the intake refuses what it must."""
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
    take_in([Row(1, event)], source=source, now=now)


def name_skills(gigs: list[Gig]) -> None:
    """Give each gig the skills its tags name, as `skills`, in one query."""
    tags = {tag for gig in gigs for tag in gig.tags}
    named = SkillAlias.objects.filter(text__in=tags).select_related("skill__merged_into")
    skill_of = {alias.text: alias.skill.merged_into or alias.skill for alias in named}
    for gig in gigs:
        found = (skill_of[tag] for tag in gig.tags if tag in skill_of)
        gig.skills = list(dict.fromkeys(found))  # type: ignore[attr-defined]
