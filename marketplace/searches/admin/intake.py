"""What came in: sources, batches, searches."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from marketplace.readonly import GuardedAdmin, ReadOnlyAdmin
from marketplace.searches.models import IngestBatch, SearchEvent, Source


@admin.register(Source)
class SourceAdmin(GuardedAdmin):
    list_display = ["name"]


@admin.register(SearchEvent)
class SearchEventAdmin(ReadOnlyAdmin):
    list_display = ["day", "source", "term", "country", "role", "results"]
    list_display_links = None
    list_filter = ["source", "role"]
    list_select_related = ["source", "term"]
    date_hierarchy = "day"
    ordering = ["-day", "source_id", "event_id"]


@admin.register(IngestBatch)
class IngestBatchAdmin(ReadOnlyAdmin):
    list_display = [
        "id",
        "source",
        "origin",
        "received_at",
        "received",
        "accepted",
        "duplicate",
        "refused",
        "processed_at",
    ]
    list_filter = ["source", ("processed_at", admin.EmptyFieldListFilter)]
    ordering = ["-id"]

    @admin.display(description="rejected", ordering="rejected")
    def refused(self, batch: IngestBatch) -> str | int:
        if not batch.rejected:
            return 0
        rows = reverse("admin:searches_rejectedrow_changelist")
        return format_html('<a href="{}?batch={}">{}</a>', rows, batch.pk, batch.rejected)
