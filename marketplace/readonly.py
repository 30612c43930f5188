"""Admin pages that refuse what they do not offer, and those to look at and not to touch."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.text import capfirst


def ensure(allowed: bool) -> None:
    """Answer 403 where somebody asks for what they may not do."""
    if not allowed:
        raise PermissionDenied


def signed_in(request: HttpRequest) -> User:
    """Return who is signed in at the admin."""
    assert isinstance(request.user, User), "the admin lets nobody else in"
    return request.user


class GuardedAdmin(admin.ModelAdmin[Any]):
    """Answers 403 to an action somebody may not take, where Django shows the list as if nothing."""

    # Pages beside Django's, name to route: NAME_view answers what is reversed as APP_MODEL_NAME.
    own_pages: Mapping[str, str] = {}

    def get_urls(self) -> list[URLPattern]:
        inside, model = self.admin_site.admin_view, f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path(route, inside(getattr(self, f"{page}_view")), name=f"{model}_{page}")
            for page, route in self.own_pages.items()
        ]
        return [*own, *super().get_urls()]

    def own_page(
        self, request: HttpRequest, template: str, context: Mapping[str, Any]
    ) -> TemplateResponse:
        """Answer with admin/APP/MODEL/TEMPLATE in the frame of the admin."""
        folder = f"admin/{self.opts.app_label}/{self.opts.model_name}"
        frame = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, f"{folder}/{template}", frame | {**context})

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method == "POST":
            offered = self.get_actions(request)
            if request.POST.get("action", "") not in {"", *offered} or not offered:
                raise PermissionDenied
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method == "POST":
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)


class ReadOnlyAdmin(GuardedAdmin):
    """Shows rows; adding, changing and deleting is not for hands."""

    # Counting millions of rows to show a page number is not worth the wait.
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
