"""The id of a failed request, on its page and in the log, so that one finds the other."""

import logging
import secrets

from django.http import HttpRequest


def error_id(request: HttpRequest) -> str:
    """The id of this request, made when it is first asked for."""
    found: str = request.META.setdefault("upcurrent.error_id", secrets.token_hex(4))
    return found


class WithErrorId(logging.Filter):
    """Writes the id of a failed request behind its line in the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and getattr(record, "status_code", 0) >= 500:
            record.msg = f"{record.msg} (error {error_id(request)})"
        return True
