"""The review queue in the admin: candidates with their evidence, decided by hand or by key."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.db.models import Max, Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from marketplace.readonly import ReadOnlyAdmin, ensure, signed_in
from marketplace.skills.normalise import normalise
from trends.backoffice.candidates import queue
from trends.backoffice.candidates.forms import FORMS
from trends.backoffice.candidates.queue import Decided, Refused
from trends.models import CandidateDecision, CandidateTerm

TABS = {
    "waiting": "To review",
    "noise": "Marked as noise",
    "asleep": "Snoozed",
    "decided": "Decided",
}
# As many rows as a person scrolls through.
A_PAGE = 50
# Nobody scrolls that far; a larger number would be none of the database's.
LAST_PAGE = 10_000
QUEUE = "admin:trends_candidateterm_changelist"
POST_ONLY = method_decorator(require_POST)


@admin.register(CandidateTerm)
class CandidateTermAdmin(ReadOnlyAdmin):
    search_fields = ["text"]
    own_pages = {
        "hold": "<int:pk>/hold/",
        "release": "release/",
        "decide": "decide/<str:kind>/",
    }

    @method_decorator(require_safe)
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the queue, the best first, or what was kept out of it, put off or decided."""
        ensure(self.has_view_permission(request))
        tab = request.GET.get("tab", "waiting")
        if tab not in TABS:
            raise Http404
        page = min(max(_number(request.GET.get("p")) or 1, 1), LAST_PAGE)
        query = normalise(request.GET.get("q", ""))
        shown = _listed(tab, query)[(page - 1) * A_PAGE : page * A_PAGE + 1]
        tally = CandidateTerm.objects.tally(timezone.now().date())
        context = {
            "title": "Candidates",
            "tab": tab,
            "label": TABS[tab],
            "tabs": [(name, label, tally[name]) for name, label in TABS.items()],
            "query": query,
            "page": page,
            "more": len(shown) > A_PAGE,
            "best": tally["a_week"] if tab == "waiting" and page == 1 and not query else None,
            "last": CandidateDecision.objects.last_of(signed_in(request)),
            **_decidable(request, shown[:A_PAGE]),
        }
        return self.own_page(request, "queue.html", context)

    @method_decorator(require_safe)
    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show one candidate: its evidence, every way to decide it, and what was decided."""
        ensure(self.has_view_permission(request))
        candidates = CandidateTerm.objects.with_proposals().select_related("held_by")
        candidate = get_object_or_404(candidates, pk=_number(object_id))
        others = list(_listed("waiting", "").exclude(pk=candidate.pk)[:A_PAGE])
        worse = (other for other in others if other.priority <= candidate.priority)
        proposed = {"name": candidate.proposed_name, "category": candidate.proposed_category()}
        context = {
            "title": candidate.text,
            "original": candidate,
            "only": candidate,
            "decisions": candidate.decisions.select_related("made_by", "undone_by"),
            "others": others,
            "next": next(worse, None),
            **_decidable(request, [candidate], proposed=proposed),
            "back": reverse(QUEUE),
        }
        return self.own_page(request, "candidate.html", context)

    @POST_ONLY
    def hold_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep a row for the person who looks at it, or say who was first."""
        ensure(request.user.has_perm("trends.decide_candidateterm"))
        person, now = signed_in(request), timezone.now()
        held = CandidateTerm.objects.hold(pk, by=person, now=now)
        candidate = get_object_or_404(CandidateTerm.objects.select_related("held_by"), pk=pk)
        holder = candidate.held_from(person, now)
        said = "" if held else f"{holder} is looking at it" if holder else "It is decided already"
        if request.headers.get("Accept") == "application/json":
            return JsonResponse({"said": said})
        if held:
            address = reverse("admin:trends_candidateterm_change", args=[pk])
            return HttpResponseRedirect(f"{address}#{request.POST.get('open', '')}")
        messages.error(request, f"“{candidate}”: {said}.")
        return _back(request, focus=pk)

    @POST_ONLY
    def release_view(self, request: HttpRequest) -> HttpResponse:
        """Let go of whatever the person was looking at."""
        ensure(request.user.has_perm("trends.decide_candidateterm"))
        CandidateTerm.objects.release(signed_in(request))
        return HttpResponse(status=204)

    @POST_ONLY
    def decide_view(self, request: HttpRequest, kind: str) -> HttpResponse:
        """Decide the chosen candidates; those that cannot be decided are named with the reason."""
        ensure(request.user.has_perm("trends.decide_candidateterm"))
        if kind not in FORMS:
            raise Http404
        form = FORMS[kind](request.POST)
        chosen = _chosen(request)
        if not chosen:
            messages.warning(request, "Choose at least one candidate.")
        elif not form.is_valid():
            for problems in form.errors.values():
                messages.error(request, " ".join(map(str, problems)))
            return _back(request, focus=chosen[0])
        else:
            decide = form.decision(
                by=signed_in(request), now=timezone.now(), alone=len(chosen) == 1
            )
            _tell(request, *queue.decide_each(chosen, decide))
        return _back(request, focus=_number(request.POST.get("next")))


@admin.register(CandidateDecision)
class CandidateDecisionAdmin(ReadOnlyAdmin):
    """Everything that was decided, and the way back."""

    list_display = ["candidate", "kind", "reason", "made_by", "made_at", "way_back"]
    list_select_related = ["candidate", "made_by", "undone_by"]
    list_filter = ["kind"]
    search_fields = ["candidate__text", "made_by__username"]
    own_pages = {"undo": "<int:pk>/undo/"}

    def get_list_display(self, request: HttpRequest) -> Any:
        may = request.user.has_perm("trends.decide_candidateterm")
        return self.list_display if may else self.list_display[:-1]

    @admin.display(description="undo")
    def way_back(self, decision: CandidateDecision) -> str:
        if decision.undone_at:
            return f"undone by {decision.undone_by}"
        here = reverse("admin:trends_candidatedecision_changelist")
        address = reverse("admin:trends_candidatedecision_undo", args=[decision.pk])
        return format_html(
            '<button class="button" formaction="{}?back={}" aria-label="Undo {}">Undo</button>',
            address,
            here,
            decision,
        )

    @POST_ONLY
    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take a decision back, or say what stands on it."""
        ensure(request.user.has_perm("trends.decide_candidateterm"))
        decision = get_object_or_404(CandidateDecision, pk=pk)
        try:
            queue.undo(pk, by=signed_in(request), now=timezone.now())
        except Refused as problem:
            messages.error(request, f"{problem}.")
        else:
            messages.success(request, f"Undone: {decision}.")
        return _back(request, focus=decision.candidate_id)


def _listed(tab: str, query: str) -> Any:
    """Return the candidates of a tab that a query finds, in the order to look at them."""
    today = timezone.now().date()
    every = CandidateTerm.objects.with_proposals().select_related("held_by", "skill", "merged_into")
    if query:
        every = every.filter(text__contains=query)
    if tab == "decided":
        made = CandidateDecision.objects.standing().select_related("made_by")
        decided = every.decided().annotate(last=Max("decisions"))
        return decided.prefetch_related(Prefetch("decisions", made)).order_by("-last")
    if tab == "asleep":
        return every.asleep(today).order_by("snoozed_until", "text")
    return (every.waiting(today) if tab == "waiting" else every.marked_as_noise(today)).best_first()


def _decidable(
    request: HttpRequest,
    candidates: Sequence[CandidateTerm],
    *,
    proposed: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the rows with who else looks at each, and the forms for who may decide."""
    person, now = signed_in(request), timezone.now()
    may = person.has_perm("trends.decide_candidateterm")
    rows = [
        {
            "candidate": candidate,
            "holder": candidate.held_from(person, now),
            "open": may and candidate.state in CandidateTerm.UNDECIDED,
        }
        for candidate in candidates
    ]
    forms = [form(initial=proposed) for form in FORMS.values()]
    return {
        "rows": rows,
        "may_decide": may,
        "forms": forms if any(row["open"] for row in rows) else [],
        "back": request.get_full_path(),
    }


def _chosen(request: HttpRequest) -> list[int]:
    """Return the one candidate whose own button was pressed, or those that are ticked."""
    texts = [only] if (only := request.POST.get("only")) else request.POST.getlist("candidate")
    return [number for text in texts if (number := _number(text)) is not None]


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None


def _back(request: HttpRequest, *, focus: int | None) -> HttpResponse:
    """Redirect to where the person came from, at one of its rows; never to another site."""
    address = request.POST.get("back") or request.GET.get("back") or ""
    if not url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}):
        address = reverse(QUEUE)
    return HttpResponseRedirect(address + (f"#candidate-{focus}" if focus else ""))


def _tell(request: HttpRequest, decided: list[Decided], refused: list[str]) -> None:
    for decision in decided[:1] if len(decided) == 1 else []:
        messages.success(request, f"{decision.decision}.")
    if len(decided) > 1:
        texts = ", ".join(f"“{decision.candidate}”" for decision in decided)
        messages.success(request, f"{decided[0].decision.get_kind_display()}: {texts}.")
    for kept in (text for decision in decided for text in decision.kept):
        messages.warning(request, f"{kept} and stays with it.")
    for problem in refused:
        messages.error(request, f"{problem}.")
