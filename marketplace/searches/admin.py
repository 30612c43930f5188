"""The intake in the admin: what came, what was refused, who may send."""

from django.contrib import admin
from django.http import HttpRequest

from marketplace.readonly import ReadOnlyAdmin
from marketplace.searches.models import ApiKey, IngestBatch, RejectedRow, SearchEvent, Source


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin[Source]):
    list_display = ["name"]


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin[ApiKey]):
    """Keys are made with manage.py create_api_key, which shows the token once; here they end."""

    list_display = ["source", "created_at", "revoked_at"]
    readonly_fields = ["source", "created_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


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
        "rejected",
        "processed_at",
    ]
    list_filter = ["source", ("processed_at", admin.EmptyFieldListFilter)]
    ordering = ["-id"]


@admin.register(RejectedRow)
class RejectedRowAdmin(ReadOnlyAdmin):
    list_display = ["batch_id", "row", "event_id", "field", "reason"]
    list_filter = ["field"]
    search_fields = ["=event_id"]
    ordering = ["-id"]
