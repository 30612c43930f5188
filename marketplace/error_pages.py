"""What is answered when something is missing, too much, broken or away: a page, or a problem.

The pages look like the site and lead back into it. All but the 404 ask neither database nor
session: what has just failed must not be needed to say so.
"""

import re
import sys

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from marketplace.error_ids import error_id
from marketplace.problems import AWAY, PROBLEM, SECONDS_TO_RESTART, problem
from marketplace.skills.models import Skill

# What a person takes in as "did you mean".
NEAR_SKILLS = 5
# The last part of an address that may be meant as the name of a skill.
_NAME = re.compile(r"[^/]+(?=/?$)")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 with the skills whose name is like what the address says."""
    if _is_api(request):
        return refusal(request, 404)
    context = {"near": near_skills(request.path)}
    return render(request, "404.html", context, status=404)


def near_skills(path: str) -> list[Skill]:
    """The skills that resemble the last part of a path, the most alike first."""
    name = _NAME.search(path.replace("\0", ""))
    return list(Skill.objects.like(name[0].replace("-", " "))[:NEAR_SKILLS]) if name else []


def broken(request: HttpRequest) -> HttpResponse:
    """500 with the id under which the log has what happened; 503 while the database is away."""
    if isinstance(sys.exc_info()[1], AWAY):
        return refusal(request, 503, wait=SECONDS_TO_RESTART)
    return refusal(request, 500)


def refusal(request: HttpRequest, status: int, *, wait: int | None = None) -> HttpResponse:
    """What is the matter and, where it passes by itself, in how many seconds."""
    said = {"id": error_id(request)} if status >= 500 else {}
    answer: HttpResponse
    if _is_api(request):
        answer = JsonResponse(problem(status, **said), content_type=PROBLEM)
    else:
        answer = HttpResponse(render_to_string(f"{status}.html", {**said, "wait": wait}))
    answer.status_code = status
    answer["Cache-Control"] = "no-store"
    if wait is not None:
        answer["Retry-After"] = str(wait)
    return answer


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
