"""Where a request comes from, for whoever counts requests or people; no address is ever kept."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

# A provider gives a household 2**64 addresses of the new kind: they are one.
HOUSEHOLD = 64


def origin(request: HttpRequest) -> str:
    """Return a keyed digest of the household a request comes from, never the address.

    Behind a proxy that is the last entry of X-Forwarded-For, written by the proxy. What stands
    before it was sent by the client, who may have made it up.
    """
    # Empty where a local socket is asked.
    address = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        last = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        address = last if _is_address(last) else address
    return salted_hmac("marketplace.origin", _household(address)).hexdigest()


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _household(address: str) -> str:
    parsed = ip_address(address) if _is_address(address) else None
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(IPv6Network((parsed, HOUSEHOLD), strict=False))
