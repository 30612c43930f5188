"""What looks like a person's address or number is dropped at the door, never stored."""

import re

_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]{2,}|\S+\s*(\[|\()\s*at\s*(\]|\))\s*\S+", re.IGNORECASE)
_LINK = re.compile(
    r"\b(https?://|www\.)\S|\bt\.me/\S|\b\w+\.(com|net|org|info|ru)/\S", re.IGNORECASE
)
# Eight digits or more with the usual separators: a phone or account number, no version or year.
_NUMBER = re.compile(r"(?<![\w.])\+?\(?\d(?:[\s().-]{0,2}\d){7,}(?!\w)")


def personal(query: str) -> str | None:
    """Return what kind of personal data a query seems to hold, or None."""
    if ("@" in query or "at" in query.lower()) and _MAIL.search(query):
        return "an e-mail address"
    if ("." in query or "/" in query) and _LINK.search(query):
        return "a link"
    if _NUMBER.search(query):
        return "a phone number"
    return None
