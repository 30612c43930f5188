"""What is answered when something is missing, too much, broken or away: a page, or a problem.

The pages look like the site and lead back into it. All but the 404 ask neither database nor
session: what has just failed must not be needed to say so.
"""

import re
import sys
from collections.abc import Callable
from urllib.parse import unquote

from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string

from marketplace.error_ids import error_id, has_id
from marketplace.problems import AWAY, PROBLEM, SECONDS_TO_RESTART, problem
from marketplace.skills.models import Skill

# What a person takes in as "did you mean".
NEAR_SKILLS = 5
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
# The last part of an address that may be meant as the name of a skill.
_NAME = re.compile(r"[^/]+(?=/?$)")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404 with the skills whose name is like the address."""
    if _is_api(request):
        return refusal(request, 404)
    context = {"near": near_skills(request.path)}
    return render(request, "404.html", context, status=404)


def near_skills(path: str) -> list[Skill]:
    """Return the skills that resemble the last part of a path, the most alike first."""
    name = _NAME.search(path.replace("\0", ""))
    return list(Skill.objects.like(name[0].replace("-", " "))[:NEAR_SKILLS]) if name else []


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400, or 413 where more was sent than is read."""
    return refusal(request, 413 if isinstance(exception, TOO_MUCH) else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403 to anybody who may not."""
    return refusal(request, 403)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 to a form that cannot be shown to come from a page of ours."""
    return refusal(request, 403, page="403_csrf.html")


def broken(request: HttpRequest) -> HttpResponse:
    """Answer 500 with the id of the log's entry; 503 while the database is away."""
    if isinstance(sys.exc_info()[1], AWAY):
        return refusal(request, 503, wait=SECONDS_TO_RESTART)
    return refusal(request, 500)


def refusal(
    request: HttpRequest, status: int, *, wait: int | None = None, page: str = ""
) -> HttpResponse:
    """Show what is the matter and, where it passes by itself, in how many seconds."""
    said = {"id": error_id(request)} if has_id(status) else {}
    answer: HttpResponse
    if _is_api(request):
        answer = JsonResponse(problem(status, **said), content_type=PROBLEM)
    else:
        words = render_to_string(page or f"{status}.html", {**said, "wait": wait})
        answer = HttpResponse(words)
    answer.status_code = status
    answer["Cache-Control"] = "no-store"
    if wait is not None:
        answer["Retry-After"] = str(wait)
    return answer


class ReadableAddresses:
    """Refuses an address that asks for a NUL: no name, text or number of the database has one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\0" in unquote(request.META.get("QUERY_STRING", "")):
            raise BadRequest("a NUL in the query")
        return self.get_response(request)


class NotAllowedInWords:
    """Says on a page what Django answers with nothing: that an address is not used this way."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        if not isinstance(answer, HttpResponseNotAllowed) or answer.content:
            return answer
        said = refusal(request, 405)
        said["Allow"] = answer["Allow"]
        return said


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
