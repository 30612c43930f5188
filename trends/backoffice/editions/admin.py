"""Editions in the admin: a draft is looked at and published; what is published is only read."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_POST

from marketplace.celery import send_soon
from marketplace.readonly import ReadOnlyAdmin, ensure, signed_in
from trends.backoffice.editions.drafting import discard, moves, shown, warnings
from trends.backoffice.pipeline.runs import ask_a_worker
from trends.models import AlreadyPublished, Edition, EditionCorrection, PipelineRun

PROVE = "trends.tasks.prove_editions"
# As many as somebody reads before signing; the file has the rest.
ROWS_SHOWN = 20
PROOFS_SHOWN = 5
POST_ONLY = method_decorator(require_POST)


@admin.register(Edition)
class EditionAdmin(ReadOnlyAdmin):
    change_list_template = "admin/trends/edition/list.html"
    list_display = ["slug", "headline", "state", "created_at", "published_at", "published_by"]
    list_select_related = ["published_by"]
    search_fields = ["slug", "headline"]
    own_pages = {
        "draft": "draft/",
        "publish": "<int:pk>/publish/",
        "discard": "<int:pk>/discard/",
        "prove": "<int:pk>/prove/",
        "correct": "<int:pk>/correct/",
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Edition]:
        return Edition.objects.light()

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show all editions, and what is being done."""
        context = {"title": "Editions", "running": _running()}
        return super().changelist_view(request, context | (extra_context or {}))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show one edition: what it says, what to know before signing, what was done with it."""
        ensure(self.has_view_permission(request))
        pk = object_id if object_id.isdecimal() else None
        edition = get_object_or_404(Edition.objects.select_related("snapshot"), pk=pk)
        if request.method == "POST":
            return self._reword(request, edition)
        context = {
            "title": str(edition),
            "warnings": warnings(edition) if edition.is_draft else [],
            "moves": moves(edition),
            "proofs": edition.proofs.select_related("asked_by")[:PROOFS_SHOWN],
            "running": _running(),
            "original": edition,
            **shown(edition, skills=ROWS_SHOWN),
        }
        return self.own_page(request, "edition.html", context)

    @POST_ONLY
    def draft_view(self, request: HttpRequest) -> HttpResponse:
        """Ask a worker for a draft of the month, or else of the newest day there can be."""
        ensure(request.user.has_perm("trends.add_edition"))
        if ask_a_worker(PipelineRun.Stage.EDITION, asked_by=signed_in(request)):
            self.message_user(request, "A worker measures it now; the draft will stand here.")
        else:
            self.message_user(request, "No worker can be reached just now.", messages.ERROR)
        return HttpResponseRedirect(reverse("admin:trends_edition_changelist"))

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask once more, then make it final."""
        ensure(request.user.has_perm("trends.publish_edition"))
        edition = get_object_or_404(Edition.objects.select_related("snapshot"), pk=pk)
        if request.method != "POST":
            context = {
                "title": f"Publish {edition.slug}?",
                "edition": edition,
                "warnings": warnings(edition),
                "as_of": edition.snapshot.as_of,
            }
            return self.own_page(request, "publish.html", context)
        try:
            edition.publish(by=signed_in(request), now=timezone.now())
        except AlreadyPublished as problem:
            self.message_user(request, str(problem), messages.ERROR)
        else:
            self.log_change(request, edition, "Published.")
            self.message_user(request, f"{edition} is published.", messages.SUCCESS)
        return _to(edition)

    @POST_ONLY
    def discard_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Throw a draft away; another can be drafted in its place."""
        ensure(request.user.has_perm("trends.add_edition"))
        edition = get_object_or_404(Edition, pk=pk)
        if not edition.is_draft:
            self.message_user(request, f"{edition} is published and stays.", messages.ERROR)
            return _to(edition)
        self.log_deletions(request, Edition.objects.filter(pk=pk))
        discard(edition)
        self.message_user(request, f"The draft {edition.slug} is gone.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:trends_edition_changelist"))

    @POST_ONLY
    def prove_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have a worker compute it again."""
        ensure(request.user.has_perm("trends.change_edition"))
        edition = get_object_or_404(Edition, pk=pk)
        if not edition.proofs.filter(finished_at=None).exists():
            edition.proofs.create(asked_by=signed_in(request))
        send_soon(PROVE)
        self.message_user(request, "A worker computes it again; what comes of it stands below.")
        return _to(edition)

    @POST_ONLY
    def correct_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say beside a published edition what is wrong in it."""
        ensure(request.user.has_perm("trends.change_edition"))
        edition = get_object_or_404(Edition, pk=pk)
        text = request.POST.get("text", "").strip()
        if edition.is_draft or not text:
            problem = "A draft is reworded." if edition.is_draft else "A correction needs a text."
            self.message_user(request, problem, messages.ERROR)
            return _to(edition)
        EditionCorrection.objects.create(edition=edition, text=text, made_by=signed_in(request))
        self.log_change(request, edition, f"Corrected: {text}")
        self.message_user(request, "The correction stands on its page.", messages.SUCCESS)
        return _to(edition)

    def _reword(self, request: HttpRequest, edition: Edition) -> HttpResponse:
        ensure(request.user.has_perm("trends.change_edition"))
        headline = request.POST.get("headline", "").strip()[:200]
        try:
            edition.reword(headline=headline, notes=request.POST.get("notes", "").strip())
        except AlreadyPublished as problem:
            self.message_user(request, str(problem), messages.ERROR)
        else:
            self.log_change(request, edition, f"Headline: {headline}")
            self.message_user(request, "Saved.", messages.SUCCESS)
        return _to(edition)


def _to(edition: Edition) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:trends_edition_change", args=[edition.pk]))


def _running() -> PipelineRun | None:
    """Return what a worker does for an edition now."""
    running = PipelineRun.objects.filter(state=PipelineRun.State.RUNNING)
    stages = [PipelineRun.Stage.EDITION, PipelineRun.Stage.PROOF]
    return running.filter(stage__in=stages).first()
