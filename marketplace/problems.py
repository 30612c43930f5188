"""Errors of the API as RFC 9457 problems: what is wrong, where, and what to do next."""

from http import HTTPStatus
from typing import Any

from django.http import Http404
from rest_framework.exceptions import APIException, PermissionDenied, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

PROBLEM = "application/problem+json"


class Problem(APIException):
    """A failed request with its status and the sentence that explains it."""

    def __init__(self, status: int, detail: str) -> None:
        self.status_code = status
        super().__init__(detail)


def problem_response(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every refusal in one shape, {type, title, status, detail}."""
    response = exception_handler(exc, context)
    if response is None:
        return None
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(response.status_code).phrase,
        "status": response.status_code,
    }
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


def _errors(data: Any) -> list[tuple[str, list[Any]]]:
    if isinstance(data, dict):
        return [(name, why if isinstance(why, list) else [why]) for name, why in data.items()]
    return [("request", list(data))]
