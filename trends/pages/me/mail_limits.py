"""How many mails strangers may cause: counted in the cache, by digests that tell no address."""

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from marketplace.origin import origin

DAY = 24 * 3600
# Who mistyped tries again; who wants to fill somebody's mailbox does not get far.
MAILS_AN_ADDRESS = 3
# A household, an office: more asks of one place are a script's.
MAILS_AN_ORIGIN = 20


def may_mail(request: HttpRequest, email: str) -> bool:
    """Return whether one more mail may go to this address for this asker; count it.

    Raises RedisError where mails cannot be counted: then none may go.
    """
    to = salted_hmac("trends.mail_limits", email).hexdigest()
    # Both are counted, whatever the first says.
    counts = [_count(f"mail-to-{to}") <= MAILS_AN_ADDRESS]
    counts += [_count(f"mail-from-{origin(request)}") <= MAILS_AN_ORIGIN]
    return all(counts)


def _count(key: str) -> int:
    """Return one more within a day of the first."""
    cache.add(key, 0, timeout=DAY)
    return int(cache.incr(key))
