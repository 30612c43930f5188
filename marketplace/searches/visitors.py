"""Who searches on the site itself: one person, one name, no account needed and no address kept."""

import hashlib
import hmac
import re
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from marketplace.origin import origin

COOKIE = "visitor"
# The longest browsers keep one; it must outlive two windows for people to stay the same people.
COOKIE_SECONDS = 400 * 24 * 3600
_NAME = re.compile(r"^[0-9a-f]{32}$")
_ROBOT = re.compile(r"bot|crawl|spider|slurp", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Visitor:
    """A visitor of the site: a name only we understand, and the role their searches get."""

    name: str
    role: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Visitor":
        """Identify the visitor of a request: by account, else by cookie, else by origin.

        Somebody without a cookie is one person as long as household and browser stay the same,
        so a script that forgets its cookies is not a crowd. Neither is stored, nor can be found
        from the name without our key.
        """
        agent = request.headers.get("User-Agent", "")
        if request.user.is_authenticated:
            role = "staff" if request.user.is_staff else ""
            return cls(f"account {request.user.pk}", role)
        name = request.COOKIES.get(COOKIE, "")
        if not _NAME.match(name):
            seen = f"{origin(request)} {agent}".encode()
            name = hmac.new(settings.SECRET_KEY.encode(), seen, hashlib.sha256).hexdigest()[:32]
        return cls(name, "bot" if _ROBOT.search(agent) else "")

    @property
    def is_counted(self) -> bool:
        """Whether what they search is demand; that of staff and of robots is not."""
        return not self.role

    def remember(self, response: HttpResponse) -> None:
        """Give a visitor without an account the cookie they are known by next time."""
        if _NAME.match(self.name):
            response.set_cookie(
                COOKIE, self.name, max_age=COOKIE_SECONDS, httponly=True, samesite="Lax"
            )
