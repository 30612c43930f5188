"""Errors of the API as RFC 9457 problems: what is wrong, where, and what to do next."""

import logging
from http import HTTPStatus
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import Http404, UnreadablePostError
from redis.exceptions import RedisError
from rest_framework.exceptions import APIException, PermissionDenied, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

log = logging.getLogger(__name__)

PROBLEM = "application/problem+json"
# What is raised when the database is away, restarts, or gives up waiting for a lock.
AWAY = (OperationalError, InterfaceError)
# And when the cache cannot be asked; what it only makes faster goes on without it.
CACHE_AWAY = (RedisError, OSError)
# A database that restarts is back within this.
SECONDS_TO_RESTART = 30
# What is said where nobody has said anything closer.
DETAILS = {
    400: "The request cannot be read: something in it is broken or cut off.",
    403: "This is not open to who asks.",
    404: "There is no such address; /api/v1/docs/ lists all.",
    405: "The address is not used this way; Allow says how it is.",
    408: "The body did not arrive whole; send it again, none of it was stored.",
    413: "More was sent than is taken at once; send less, none of it was stored.",
    429: "Too many requests; come again after the seconds in Retry-After.",
    500: "This is our fault and in our log under this id; trying again may help.",
    503: "The database is away for the moment; come again after the seconds in Retry-After.",
}


class Problem(APIException):
    """A failed request with its status, the sentence that explains it, and when to come again."""

    def __init__(self, status: int, detail: str, *, wait: int | None = None) -> None:
        self.status_code, self.wait = status, wait
        super().__init__(detail)


def problem(status: int, detail: str = "", **more: Any) -> dict[str, Any]:
    """Return a problem as RFC 9457 has it."""
    title = HTTPStatus(status).phrase
    said = detail or DETAILS.get(status, title)
    return {"type": "about:blank", "title": title, "status": status, "detail": said, **more}


def problem_response(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Handle exceptions for DRF: every refusal as {type, title, status, detail}."""
    exc = _for_now(exc)
    response = exception_handler(exc, context)
    if response is None:
        return None
    body = problem(response.status_code)
    if isinstance(exc, ValidationError):
        body["errors"] = response.data
        body["detail"] = "; ".join(
            f"{field}: {' '.join(map(str, reasons))}" for field, reasons in _errors(response.data)
        )
    elif isinstance(exc, Http404 | PermissionDenied | APIException):
        body["detail"] = str(getattr(exc, "detail", exc)) or body["title"]
    response.data = body
    response.content_type = PROBLEM
    return response


def _for_now(exc: Exception) -> Exception:
    """Turn what will pass by itself into an answer for the sender; leave anything else."""
    if isinstance(exc, AWAY):
        log.error("the database is away", exc_info=exc)
        return Problem(503, DETAILS[503], wait=SECONDS_TO_RESTART)
    if isinstance(exc, UnreadablePostError):
        return Problem(408, DETAILS[408])
    return exc


def _errors(data: Any) -> list[tuple[str, list[Any]]]:
    if isinstance(data, dict):
        return [(name, why if isinstance(why, list) else [why]) for name, why in data.items()]
    return [("request", list(data))]
