"""Refused rows in the admin: read, and replayed once somebody supplies what was wrong."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from marketplace.imports.rows import Tally
from marketplace.readonly import ReadOnlyAdmin
from marketplace.searches.models import IngestBatch, RejectedRow, RejectedRowQuerySet
from marketplace.searches.replay import MOST_AT_ONCE, OF_ONE_ROW, replay

# What a filter can list and a person read.
REASONS_LISTED = 12


class StateFilter(admin.SimpleListFilter):
    title = "replay"
    parameter_name = "replay"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "can be replayed"), ("done", "replayed"), ("none", "nothing was kept")]

    def queryset(self, request: HttpRequest, rows: QuerySet[RejectedRow]) -> QuerySet[RejectedRow]:
        match self.value():
            case "waiting":
                return rows & RejectedRow.objects.waiting()
            case "done":
                return rows.filter(replayed_at__isnull=False)
            case "none":
                return rows.filter(replayed_at=None, kept=None)
        return rows


class ReasonFilter(admin.SimpleListFilter):
    """The commonest reasons among the rows that can be replayed."""

    title = "reason"
    parameter_name = "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        waiting = RejectedRow.objects.waiting().values("field", "reason")
        common = waiting.annotate(rows=Count("pk")).order_by("-rows")[:REASONS_LISTED]
        return [(group["reason"], f"{group['field']} {group['reason']}") for group in common]

    def queryset(self, request: HttpRequest, rows: QuerySet[RejectedRow]) -> QuerySet[RejectedRow]:
        return rows.filter(reason=self.value()) if self.value() else rows


@admin.register(RejectedRow)
class RejectedRowAdmin(ReadOnlyAdmin):
    """Read only: what was kept of a row is for the intake, its searcher for nobody."""

    list_display = ["__str__", "field", "batch_id", "event_id", "state"]
    list_filter = [StateFilter, "field", ReasonFilter]
    fields = ["batch", "row", "event_id", "field", "reason", "state", "outcome"]
    fields += ["replayed_at", "replayed_by"]
    search_fields = ["=event_id"]
    ordering = ["-id"]
    actions = ["replay"]

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("searches.replay_rejectedrow")

    @admin.display
    def state(self, row: RejectedRow) -> str:
        if row.replayed_at:
            return f"replayed: {row.outcome}"
        return "can be replayed" if row.kept is not None else "nothing was kept, send it again"

    @admin.action(permissions=["replay"], description="Replay: supply what was wrong")
    def replay(self, request: HttpRequest, rows: RejectedRowQuerySet) -> HttpResponse | None:
        form = supply_form(rows, request.POST if "supplied" in request.POST else None)
        if not form.is_valid():
            return self._ask(request, rows, form)
        assert request.user.is_authenticated, "the admin lets nobody else in"
        batches = list(IngestBatch.objects.filter(rejects__in=rows.waiting().order_by()).distinct())
        supplied = {field: value for field, value in form.cleaned_data.items() if value}
        tally = replay(rows, supplied, by=request.user, now=timezone.now())
        for batch in batches:
            # Who searched is nobody's to read, not even in the log.
            supplied_texts = [
                f"{f} = {v}" for f, v in supplied.items() if f not in OF_ONE_ROW | {"query"}
            ]
            self.log_change(
                request, batch, f"Replayed refused rows. {', '.join(supplied_texts)}".strip()
            )
        self._tell(request, tally)
        return None

    def _ask(
        self, request: HttpRequest, rows: RejectedRowQuerySet, form: forms.Form
    ) -> HttpResponse:
        context = {
            "title": "Replay refused rows",
            "form": form,
            "waiting": rows.waiting().count(),
            "left": rows.count() - rows.waiting().count(),
            "most": MOST_AT_ONCE,
            "selected": request.POST.getlist("_selected_action"),
            "select_across": request.POST.get("select_across", "0"),
        }
        return self.own_page(request, "replay.html", context)

    def _tell(self, request: HttpRequest, tally: Tally) -> None:
        level = messages.WARNING if tally.rejected else messages.SUCCESS
        text = f"{tally.received:,} rows replayed: {tally.accepted:,} accepted,"
        text += f" {tally.duplicate:,} known already, {tally.rejected:,} refused again."
        self.message_user(request, text, level)


def supply_form(rows: RejectedRowQuerySet, data: Any) -> forms.Form:
    """Make a form with a field for each reason of the waiting rows; empty supplies nothing."""
    faults = rows.waiting().order_by("field").values("field")
    counted = faults.annotate(rows=Count("pk"), example=Max("reason"))
    form = forms.Form(data)
    for fault in counted:
        name, count = fault["field"], fault["rows"]
        if name not in OF_ONE_ROW or count == 1:
            label = f"{name.replace('_', ' ').capitalize()} of {count:,} row{'s' * (count > 1)}"
            form.fields[name] = forms.CharField(
                label=label, required=False, max_length=200, help_text=f"It {fault['example']}"
            )
    return form
