"""Links in mails: signed, so that they prove who got them and need no table."""

from typing import Any

from django.core import signing
from django.urls import reverse

from trends.models import Follower

CONFIRM, MANAGE = "trends.confirm", "trends.manage"
# Long enough for a mail that is read after a weekend.
CONFIRM_SECONDS = 3 * 24 * 3600


def confirm_token(what: dict[str, Any]) -> str:
    """Return what somebody asked for, until the owner of the address says so."""
    return signing.dumps(what, salt=CONFIRM, compress=True)


def confirmed(token: str) -> dict[str, Any] | None:
    """Return what was asked for; None where the link is old or made up."""
    try:
        asked: dict[str, Any] = signing.loads(token, salt=CONFIRM, max_age=CONFIRM_SECONDS)
    except signing.BadSignature:
        return None
    return asked


def manage_token(follower: Follower) -> str:
    """Return the token of this person in every mail; it works as long as they are known."""
    return signing.dumps(follower.pk, salt=MANAGE)


def manager(token: str) -> Follower | None:
    """Return the person whose mail a link was in."""
    try:
        number = signing.loads(token, salt=MANAGE)
    except signing.BadSignature:
        return None
    return Follower.objects.filter(pk=number).first()


def manage_address(follower: Follower) -> str:
    return follower.site + reverse("watches", args=[manage_token(follower)])


def unsubscribe_address(follower: Follower) -> str:
    return follower.site + reverse("unsubscribe", args=[manage_token(follower)])
