"""Who may try passwords, how often, and what is answered to those who may not."""

from datetime import timedelta

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from redis.exceptions import RedisError

WAIT: timedelta = settings.AXES_COOLOFF_TIME


def login(request: HttpRequest) -> HttpResponse:
    """Show the login of the admin; closed while wrong passwords cannot be counted.

    Open it would let anybody guess without end, and who is signed in does not need it.
    """
    try:
        return admin.site.login(request)
    except RedisError:
        return _refusal(request, 503, "Nobody can sign in for the moment", timedelta(minutes=1))


def locked_out(
    request: HttpRequest, _answer: HttpResponse | None, _credentials: dict[str, str] | None
) -> HttpResponse:
    """Answer after too many wrong passwords, on the sign-in page they were tried at."""
    if request.path.startswith("/admin/"):
        return _refusal(request, 429, "Too many wrong passwords", WAIT)
    context = {"locked_out": True, "minutes": int(WAIT.total_seconds()) // 60}
    answer = render(request, "trends/me/account_form.html", context, status=429)
    answer["Retry-After"] = str(int(WAIT.total_seconds()))
    return answer


def _refusal(request: HttpRequest, status: int, title: str, wait: timedelta) -> HttpResponse:
    seconds = int(wait.total_seconds())
    context = {
        **admin.site.each_context(request),
        "title": title,
        "locked_out": status == 429,
        "minutes": seconds // 60,
    }
    answer = render(request, "admin/no_login.html", context, status=status)
    answer["Retry-After"] = str(seconds)
    return answer
