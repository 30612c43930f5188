"""API keys in the admin: issued, rotated and revoked; a token is shown once and kept nowhere."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from marketplace.readonly import GuardedAdmin, ensure
from marketplace.searches.models import ApiKey, Source

# How long the old key of a rotation goes on: for who deploys at once, by hand, or overnight.
GRACE = {"0": "now", "1": "in an hour", "24": "in 24 hours"}
REVOKED = "revoked"


class IssueForm(forms.Form):
    source = forms.CharField(
        max_length=80,
        help_text="The integration that gets the key; its searches are kept apart by this name.",
    )


class RotateForm(forms.Form):
    old_ends = forms.ChoiceField(
        label="The old key ends", choices=list(GRACE.items()), initial="1", widget=forms.RadioSelect
    )


@admin.register(ApiKey)
class ApiKeyAdmin(GuardedAdmin):
    """A key is issued for a source, followed by another, and ends; it is never edited."""

    list_display = ["source", "created_at", "last_used_at", "state"]
    list_select_related = ["source"]
    list_filter = ["source"]
    fields = ["source", "created_at", "last_used_at", "revoked_at", "state"]
    readonly_fields = ["source", "created_at", "last_used_at", "revoked_at", "state"]
    ordering = ["-id"]
    own_pages = {
        "rotate": "<int:object_id>/rotate/",
        "revoke": "<int:object_id>/revoke/",
    }

    def has_issue_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("searches.issue_apikey")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_issue_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display
    def state(self, key: ApiKey) -> str:
        if key.revoked_at is None:
            return "in use"
        return REVOKED if key.revoked_at <= timezone.now() else "ends soon"

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        key = self.get_object(request, object_id)
        context = {"ended": key is not None and self.state(key) == REVOKED}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        ensure(self.has_add_permission(request))
        form = IssueForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            source, _ = Source.objects.get_or_create(name=form.cleaned_data["source"].strip())
            key, token = ApiKey.objects.issue(source)
            self.log_addition(request, key, "Issued.")
            return self._shown_once(request, key, token)
        return self._asked(request, "Issue an API key", form, button="Issue the key")

    def rotate_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        old = self._key(request, object_id)
        form = RotateForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            ends = form.cleaned_data["old_ends"]
            key, token = old.rotate(old_ends=timezone.now() + timedelta(hours=int(ends)))
            self.log_change(request, old, f"Rotated: {key} follows, this one ends {GRACE[ends]}.")
            self.log_addition(request, key, f"Issued to follow {old}.")
            return self._shown_once(request, key, token)
        return self._asked(request, f"Rotate the key of {old.source}", form, button="Rotate")

    def revoke_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        key = self._key(request, object_id)
        if request.method == "POST":
            key.revoke(at=timezone.now())
            self.log_change(request, key, "Revoked.")
            self.message_user(request, f"The key {key} is revoked.", messages.SUCCESS)
            return redirect("admin:searches_apikey_changelist")
        title = f"Revoke the key {key}?"
        hint = "Whoever still sends with it is answered 401 from this moment on."
        return self._asked(request, title, forms.Form(), button="Revoke", hint=hint, danger=True)

    def _key(self, request: HttpRequest, pk: int) -> ApiKey:
        ensure(self.has_issue_permission(request))
        return get_object_or_404(ApiKey.objects.select_related("source"), pk=pk)

    def _asked(
        self, request: HttpRequest, title: str, form: forms.Form, **shown: object
    ) -> HttpResponse:
        back = reverse("admin:searches_apikey_changelist")
        context = {"title": title, "form": form, "sources": Source.objects.all(), "back": back}
        return self.own_page(request, "ask.html", {**context, **shown})

    def _shown_once(self, request: HttpRequest, key: ApiKey, token: str) -> HttpResponse:
        """Show the answer itself shows the token: no message, session or log ever has it."""
        context = {"title": f"The new key of {key.source}", "key": key, "token": token}
        return self.own_page(request, "token.html", context)
