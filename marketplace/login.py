"""Who may try passwords, how often, and what is answered to those who may not."""

from datetime import timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

WAIT: timedelta = settings.AXES_COOLOFF_TIME
# A provider gives a household 2**64 addresses of the new kind: they are one.
HOUSEHOLD = 64


def login(request: HttpRequest) -> HttpResponse:
    """The login of the admin; closed while wrong passwords cannot be counted.

    Open it would let anybody guess without end, and who is signed in does not need it.
    """
    try:
        return admin.site.login(request)
    except RedisError:
        return _refusal(request, 503, "Nobody can sign in for the moment", timedelta(minutes=1))


def locked_out(
    request: HttpRequest, _answer: HttpResponse | None, _credentials: dict[str, str] | None
) -> HttpResponse:
    """What is answered after too many wrong passwords, at the sign-in they were tried at."""
    if request.path.startswith("/admin/"):
        return _refusal(request, 429, "Too many wrong passwords", WAIT)
    context = {"locked_out": True, "minutes": int(WAIT.total_seconds()) // 60}
    answer = render(request, "trends/account_form.html", context, status=429)
    answer["Retry-After"] = str(int(WAIT.total_seconds()))
    return answer


def origin(request: HttpRequest) -> str:
    """What tells where a password comes from: a keyed digest, never the address.

    Behind a proxy that is the last entry of X-Forwarded-For, written by the proxy. What stands
    before it was sent by the client, who may have made it up.
    """
    # Empty where a local socket is asked.
    address = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        last = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        address = last if _is_address(last) else address
    return salted_hmac("marketplace.login", _household(address)).hexdigest()


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _household(address: str) -> str:
    found = ip_address(address) if _is_address(address) else None
    if not isinstance(found, IPv6Address):
        return address
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(IPv6Network((found, HOUSEHOLD), strict=False))


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
