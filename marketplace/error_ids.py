"""The id of a failed request, on its page and in the log, so that one finds the other."""

import logging
import secrets

from django.http import HttpRequest

# Refusals that may be a mistake of ours; every failure of the server has an id as well.
REFUSED_WITH_ID = frozenset({400, 403, 413})


def error_id(request: HttpRequest) -> str:
    """Return the id of this request, made when it is first asked for."""
    number: str = request.META.setdefault("upcurrent.error_id", secrets.token_hex(4))
    return number


def has_id(status: int) -> bool:
    """Return whether the reader and the log get an id for this answer."""
    return status >= 500 or status in REFUSED_WITH_ID


class WithErrorId(logging.Filter):
    """Writes the id of a failed request behind its line in the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and has_id(getattr(record, "status_code", 0)):
            record.msg = f"{record.msg} (error {error_id(request)})"
        return True
