"""The pipeline in the admin: what runs, what waits, what broke, and a way to start it again."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST, require_safe

from marketplace.readonly import ReadOnlyAdmin, ensure, signed_in
from trends.backoffice.pipeline import status
from trends.backoffice.pipeline.page import charts, run_row, tiles
from trends.backoffice.pipeline.runs import TASKS, ask_a_worker
from trends.models import PipelineRun, TrendSnapshot

# As many as a screen holds twice.
RUNS_SHOWN = 30
LONGEST_PK = 19
PAGE = "admin:trends_pipelinerun_changelist"


@admin.register(PipelineRun)
class PipelineRunAdmin(ReadOnlyAdmin):
    fields = ["stage", "condition", "started_at", "heartbeat_at", "finished_at", "done", "total"]
    fields += ["unit", "rows", "result", "error", "retry_of", "asked_by"]
    own_pages = {
        "runs": "runs/",
        "start": "start/",
        "retry": "<int:object_id>/retry/",
    }

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("trends.retry_pipelinerun")

    @admin.display
    def condition(self, run: PipelineRun) -> str:
        return run.condition(timezone.now())

    @method_decorator(require_safe)
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show everything at a glance; only the runs ask again by themselves."""
        now = timezone.now()
        snapshot = TrendSnapshot.objects.current()
        matched = status.matched(status.last_days(now.date(), status.MATCHED_DAYS))
        months, missing = status.months(now.date())
        context = {
            **self._runs(request),
            "title": "Pipeline",
            "tiles": tiles(status.waiting(), snapshot, matched, person=request.user, now=now),
            "charts": charts(now.date(), matched),
            "months": months,
            "missing": missing,
            "snapshot": snapshot,
        }
        return self.own_page(request, "change_list.html", context)

    @method_decorator(require_safe)
    def runs_view(self, request: HttpRequest) -> HttpResponse:
        """Show the runs alone, as the page asks for them every few seconds."""
        return self.own_page(request, "_runs.html", self._runs(request))

    @method_decorator(require_POST)
    def start_view(self, request: HttpRequest) -> HttpResponse:
        """Have a worker run a stage now."""
        stage = request.POST.get("stage", "")
        person = self._who_may_start(request)
        if stage not in TASKS:
            return HttpResponseBadRequest("There is no such stage.")
        self._ask(request, PipelineRun.Stage(stage), person)
        return redirect(PAGE)

    @method_decorator(require_POST)
    def retry_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Have a worker do again what a failed or lost run did not."""
        person = self._who_may_start(request)
        run = get_object_or_404(PipelineRun, pk=object_id)
        if run.stage not in TASKS:
            return HttpResponseBadRequest("A proof is asked for on the page of its edition.")
        if not run.is_broken(timezone.now()):
            self.message_user(request, "This run did not fail.", messages.WARNING)
        else:
            self._ask(request, PipelineRun.Stage(run.stage), person, retry_of=run)
        return redirect(PAGE)

    def _who_may_start(self, request: HttpRequest) -> User:
        ensure(self.has_retry_permission(request))
        return signed_in(request)

    def _ask(
        self,
        request: HttpRequest,
        stage: PipelineRun.Stage,
        person: User,
        retry_of: PipelineRun | None = None,
    ) -> None:
        if ask_a_worker(stage, asked_by=person, retry_of=retry_of):
            text, level = f"A worker was asked to {stage.label}.", messages.SUCCESS
        else:
            text = f"The broker does not answer, so no worker was asked to {stage.label}."
            text, level = f"{text} The clock asks again once it is back.", messages.ERROR
        if retry_of:
            self.log_change(request, retry_of, "Retried.")
        self.message_user(request, text, level)

    def _runs(self, request: HttpRequest) -> dict[str, Any]:
        ensure(self.has_view_permission(request))
        now = timezone.now()
        before = request.GET.get("before", "")
        runs = PipelineRun.objects.select_related("asked_by")
        if before.isdecimal() and len(before) < LONGEST_PK:
            runs = runs.filter(pk__lt=int(before))
        shown = list(runs[: RUNS_SHOWN + 1])
        return {
            "now": now,
            "runs": [run_row(run, now=now) for run in shown[:RUNS_SHOWN]],
            "older": shown[RUNS_SHOWN - 1].pk if len(shown) > RUNS_SHOWN else None,
            "before": before,
            "may_start": self.has_retry_permission(request),
            "stages": [stage for stage in PipelineRun.Stage if stage in TASKS],
        }
