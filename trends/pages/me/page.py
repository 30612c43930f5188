"""My skills: where they are going and what would come next, for a choice that its address keeps."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from marketplace.skills.models import Skill
from marketplace.skills.models.taxonomy import near
from marketplace.skills.normalise import normalise
from trends.counting.windows import half_years
from trends.models import Follower, TrendSnapshot
from trends.pages.me.my_skills import MOST_SKILLS, By, Mine, constants, mine, my_skills

# What somebody types is a name, not an essay.
LONGEST_NAME = 80


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """Show the skills of `skills=a,b`, or those kept; `add` adds one and redirects."""
    follower = follower_of(request)
    if follower and follower.skills and not request.GET:
        return redirect(address(follower.skills))
    kept = ",".join(follower.skills) if follower else ""
    chosen = mine(request.GET.get("skills", kept))
    added = request.GET.get("add", "").strip()[:LONGEST_NAME]
    if added and (skill := _by_name(added)) and not chosen.full:
        return redirect(address(chosen.adding(skill)))
    by = request.GET.get("by", "")
    by = by if by in By.values else By.ALL.value
    snapshot = TrendSnapshot.objects.current()
    context: dict[str, Any] = {
        "as_of": snapshot and snapshot.as_of,
        "chosen": chosen,
        "slugs": ",".join(chosen.slugs),
        "chips": [(skill, address(chosen.dropping(skill))) for skill in chosen.skills],
        "most": MOST_SKILLS,
        "unknown": [(text, _instead(chosen, text)) for text in _unknown(chosen, added)],
        "follower": follower,
        "is_kept": follower and follower.skills == chosen.slugs,
        "by": by,
        "orders": By.choices,
    }
    if snapshot and chosen.skills:
        context |= {
            "found": my_skills(chosen.skills, snapshot, by),
            **half_years(snapshot),
            **constants(),
        }
    return render(request, "trends/me/me.html", context)


def address(slugs: Sequence[str]) -> str:
    """Return the page of a choice; an empty one is written out, or the browser's would return."""
    return f"{reverse('me')}?{urlencode({'skills': ','.join(slugs)}, safe=',')}"


def follower_of(request: HttpRequest) -> Follower | None:
    """Return who is signed in, except staff without an account of this kind."""
    if not request.user.is_authenticated:
        return None
    return Follower.objects.filter(user=request.user).first()


def _by_name(text: str) -> Skill | None:
    """Return the skill that a name, an alias or, where there is none, a slug names."""
    named = Skill.objects.filter(aliases__text=normalise(text)).annotate(place=Value(0))
    called = Skill.objects.filter(slug=text).annotate(place=Value(1))
    nearest = named.union(called).order_by("place").first()
    return nearest and (nearest.merged_into or nearest)


def _unknown(chosen: Mine, added: str) -> list[str]:
    """Return what was asked for that there is not; of many the first will do."""
    return [*([added] if added and not chosen.full else []), *chosen.unknown][:2]


def _instead(chosen: Mine, text: str) -> list[tuple[Skill, str]]:
    """Return skills somebody may have meant, each with the page that has it."""
    return [(skill, address(chosen.adding(skill))) for skill in near(text)]
