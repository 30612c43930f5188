"""The thresholds of discovery in the admin, with a preview of the queue they would make."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from marketplace.readonly import GuardedAdmin, ensure
from trends.arithmetic.disclosure import FEWEST_PEOPLE
from trends.backoffice.candidates.discovery import NothingSearched
from trends.backoffice.candidates.preview import preview
from trends.models import DiscoveryThresholds

# What a reviewer sees of a queue at once.
SHOWN = 20


@admin.register(DiscoveryThresholds)
class DiscoveryThresholdsAdmin(GuardedAdmin):
    """One row: there is nothing to add, and nothing to delete."""

    list_display = ["__str__", "false_discovery_rate", "one_country", "a_week", "snooze_days"]
    change_form_template = "admin/trends/discoverythresholds/change.html"
    actions = None
    own_pages = {"preview": "<int:pk>/preview/"}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the queue with the values entered; with values that cannot be, the form again."""
        ensure(self.has_change_permission(request))
        address = reverse("admin:trends_discoverythresholds_change", args=[pk])
        saved = DiscoveryThresholds.objects.filter(pk=pk).first()
        if request.method != "POST" or saved is None:
            return HttpResponseRedirect(address)
        form = self.get_form(request, saved, change=True)(request.POST, instance=saved)
        if not form.is_valid():
            # Saving refuses them, too, and says why beside each field.
            return self.changeform_view(request, str(pk))
        context = {
            "title": "Preview of the review queue",
            "form": form,
            "address": address,
            "shown": SHOWN,
            "shown_first": f":{SHOWN}",
            "fewest": FEWEST_PEOPLE,
        }
        try:
            context["preview"] = preview(form.save(commit=False), today=timezone.now().date())
        except NothingSearched as problem:
            context["problem"] = str(problem)
        return self.own_page(request, "preview.html", context)
