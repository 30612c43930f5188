"""Who asks how often: counted for a minute or so in the cache, by a digest nobody can turn back.

Nothing is kept of whoever stays below. An address is never stored: what stands in the cache for a
minute is a keyed digest that is another in the next one.
"""

import hashlib
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from marketplace.error_pages import refusal
from marketplace.origin import origin
from marketplace.problems import CACHE_AWAY

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests of one kind in so many seconds, counted from the first of them on."""

    kind: str
    requests: int
    seconds: int = 60

    def seconds_to_wait(self, who: str, now: float) -> int:
        """Count a request; 0 while there may be more, else when to come again."""
        period, passed = divmod(int(now), self.seconds)
        digest = salted_hmac("marketplace.rate_limits", f"{period} {who}").hexdigest()
        key = f"limit:{self.kind}:{digest}"
        cache.add(key, 0, self.seconds)
        try:
            asked = cache.incr(key)
        except ValueError:
            # It ran out between the two.
            return 0
        return self.seconds - passed if asked > self.requests else 0


# A person who opens a tab for every skill of a list. Styles and scripts are not counted.
PAGES = Limit("pages", 240)
# Each is written down as an event; daily_rollup believes nobody more than 60 an hour anyhow.
SEARCHES = Limit("searches", 60)
# A letter is a request, and fast typists write eight a second.
SUGGESTIONS = Limit("suggestions", 300)
# Beside the six wrong passwords a name has: who tries one password with many names.
SIGN_INS = Limit("sign-ins", 20)
# A script that reads every list of a window in pages of 1,000, and every skill within minutes.
API = Limit("api", 120)
# Whoever has a key has been talked to: a thousand searches a request make 20,000 a second.
API_WITH_KEY = Limit("api-key", 1_200)
# A key is only looked up later: who makes up a new one each time is still one address.
API_OF_AN_ADDRESS = Limit("api-address", 6_000)

# What is sent here tries a password, or asks for a mail to somebody.
SIGN_IN_PATHS = ("/admin/login/", "/me/")
UNCOUNTED_PATHS = ("/static/", "/healthz", "/readyz", "/metrics")


def limits_of(request: HttpRequest) -> Iterator[tuple[Limit, str]]:
    """Yield every limit a request counts for, and who it counts for there."""
    path, address = request.path, "" if may_be_a_proxy(request) else origin(request)
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    with_key = path.startswith("/api/") and scheme.lower() == "bearer" and token
    if with_key:
        yield API_WITH_KEY, hashlib.sha256(token.strip().encode()).hexdigest()
    if not address or path.startswith(UNCOUNTED_PATHS):
        return
    if path.startswith("/api/"):
        yield API_OF_AN_ADDRESS if with_key else API, address
    elif path.startswith(SIGN_IN_PATHS) and request.method == "POST":
        yield SIGN_INS, address
    elif path == "/suggestions/":
        yield SUGGESTIONS, address
    elif path == "/search/":
        yield SEARCHES, address
    else:
        yield PAGES, address


def may_be_a_proxy(request: HttpRequest) -> bool:
    """Return whether everybody may seem to come from here: an unconfigured nearby proxy."""
    told_of_one = bool(settings.SECURE_PROXY_SSL_HEADER)
    try:
        return not told_of_one and ip_address(request.META.get("REMOTE_ADDR", "")).is_private
    except ValueError:
        # A local socket is asked.
        return True


class RateLimits:
    """Answers 429 with Retry-After to whoever asks too often; a cache that is down stops nobody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if seconds := seconds_to_wait(request, time.time()):
            return refusal(request, 429, wait=seconds)
        return self.get_response(request)


def seconds_to_wait(request: HttpRequest, now: float) -> int:
    """Count a request for each of its limits; the longest wait any of them asks for."""
    try:
        return max(
            (limit.seconds_to_wait(who, now) for limit, who in limits_of(request)), default=0
        )
    except CACHE_AWAY as problem:
        log.warning("requests are not counted: %s", type(problem).__name__)
        return 0
