"""Who is asking: `Authorization: Bearer KEY` names an integration by its API key."""

from contextlib import suppress
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from marketplace.searches.models import ApiKey


class ApiKeyAuthentication(BaseAuthentication):
    """Puts the ApiKey into `request.auth`; the user stays anonymous, a key is no person."""

    def authenticate(self, request: Request) -> tuple[Any, ApiKey] | None:
        scheme, _, token = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        now = timezone.now()
        keys = ApiKey.objects.select_related("source").valid(now)
        if key := keys.filter(digest=ApiKey.digest_of(token.strip())).first():
            # What is only noted must never fail a request.
            with suppress(DatabaseError):
                key.touch(now)
            return AnonymousUser(), key
        raise AuthenticationFailed(
            "This API key is unknown or revoked; an operator can create one in the admin."
        )

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class HasApiKey(BasePermission):
    """Only with an API key."""

    message = "An API key is needed: send the header Authorization: Bearer KEY."

    def has_permission(self, request: Request, view: object) -> bool:
        if request.successful_authenticator is None:
            # Left alone, the framework would not say which credentials.
            raise NotAuthenticated(self.message)
        return isinstance(request.auth, ApiKey)


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the OpenAPI description names it."""

    target_class = ApiKeyAuthentication
    name = "apiKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
