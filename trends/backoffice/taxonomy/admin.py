"""The taxonomy's edits in the admin: look at what would change, do it, undo it."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views.decorators.http import require_POST, require_safe

from marketplace.celery import follow_soon
from marketplace.readonly import ensure, signed_in
from marketplace.skills import edits
from marketplace.skills.edits import AliasTaken, EditRefused
from marketplace.skills.models import Skill, SkillAlias, SkillStatus, TaxonomyEdit
from marketplace.skills.normalise import normalise
from trends.backoffice.taxonomy.files import TaxonomyFiles
from trends.backoffice.taxonomy.following import snapshot_behind
from trends.backoffice.taxonomy.forms import MergeForm, ReasonForm, SplitForm
from trends.backoffice.taxonomy.impact import impact
from trends.backoffice.taxonomy.overview import common_phrases, people_by_text
from trends.backoffice.taxonomy.preview import preview_merge, preview_split
from trends.models import PipelineRun, TrendSnapshot

# As many skills as a person compares when choosing one.
MOST_FOUND = 10
EDITS_SHOWN = 50
EDIT, UNDO = "skills.add_taxonomyedit", "skills.change_taxonomyedit"


@admin.register(TaxonomyEdit)
class TaxonomyEditAdmin(TaxonomyFiles):
    """Every edit, the last first; one is undone on the page of its skill or on its own."""

    list_display = ["made_at", "what", "reason", "made_by", "undone_at"]
    list_display_links = ["what"]
    list_filter = ["kind", "undone_at"]
    list_select_related = ["skill", "other", "made_by"]
    search_fields = ["skill__name", "other__name", "reason"]
    fields = [
        *("what", "reason", "made_at", "made_by", "undone_at", "undone_by", "before", "after"),
    ]
    own_pages = {
        "skill": "skill/<int:pk>/",
        "merge": "skill/<int:pk>/merge/",
        "split": "skill/<int:pk>/split/",
        "retire": "skill/<int:pk>/retire/",
        "restore": "skill/<int:pk>/restore/",
        "undo": "<int:pk>/undo/",
        "import": "import/",
        "export": "export/",
    }

    @admin.display(ordering="kind")
    def what(self, edit: TaxonomyEdit) -> str:
        return edit.in_words()

    @method_decorator(require_safe)
    def skill_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what a skill answers to, what was edited, and how much of its growth that made."""
        ensure(self.has_view_permission(request))
        skill = get_object_or_404(Skill.objects.select_related("merged_into", "category"), pk=pk)
        snapshot = TrendSnapshot.objects.current()
        by_text = people_by_text(skill, snapshot) if snapshot else {}
        aliases = SkillAlias.objects.answering_for(skill).select_related("skill").order_by("text")
        context = {
            "skill": skill,
            "texts": [(alias, by_text.get(alias.text, 0)) for alias in aliases],
            "edits": TaxonomyEdit.objects.about(skill)[:EDITS_SHOWN],
            "impact": impact(skill, snapshot) if snapshot else None,
            "snapshot": snapshot,
            "behind": snapshot_behind() is not None,
            "runs": PipelineRun.objects.filter(state=PipelineRun.State.RUNNING),
            "may_edit": request.user.has_perm(EDIT),
            "may_undo": request.user.has_perm(UNDO),
        }
        return self.own_page(request, "skill.html", {"title": skill.name, **context})

    def merge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Choose which skill answers for this one, look at what changes, say why, do it."""
        skill = self._editable(request, pk)
        if request.method == "POST":
            form = MergeForm(request.POST)
            if form.is_valid():
                into, reason = form.cleaned_data["into"], form.cleaned_data["reason"]
                return self._edited(
                    request,
                    into,
                    lambda by: edits.merge(skill, into=into, by=by, reason=reason),
                )
        asked = normalise(request.GET.get("q", ""))
        into = Skill.objects.active().exclude(pk=pk).filter(pk=_number(request, "into")).first()
        context = {
            "skill": skill,
            "asked": asked,
            "into": into,
            "found": Skill.objects.like(asked or skill.name).exclude(pk=pk)[:MOST_FOUND],
            "form": form if request.method == "POST" else MergeForm(initial={"into": into}),
        }
        if into:
            context["preview"] = preview_merge(skill, into, TrendSnapshot.objects.current())
            context["aliases"] = SkillAlias.objects.answering_for(skill).order_by("text")
        return self.own_page(request, "merge.html", {"title": f"Merge {skill.name}", **context})

    def split_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Choose what becomes a skill of its own, look at what changes, say why, do it."""
        skill = self._editable(request, pk)
        snapshot = TrendSnapshot.objects.current()
        data = request.POST if request.method == "POST" else request.GET
        choices = _divisible(skill, snapshot)
        form = SplitForm(
            data if "name" in data else None,
            choices=choices,
            initial={"category": skill.category_id},
        )
        why = ReasonForm(request.POST if request.method == "POST" else None)
        context: dict[str, Any] = {"skill": skill, "form": form, "why": why}
        if form.is_bound and form.is_valid():
            name, texts = form.cleaned_data["name"], form.chosen()
            if request.method == "POST" and why.is_valid():
                return self._edited(
                    request,
                    skill,
                    lambda by: edits.split(
                        skill,
                        name=name,
                        category=form.cleaned_data["category"],
                        texts=texts,
                        by=by,
                        reason=why.cleaned_data["reason"],
                    ),
                )
            spelled = {text for each in [name, *texts] if (text := normalise(each))}
            context["preview"] = preview_split(skill, name, spelled, snapshot)
            context["chosen"] = form.cleaned_data
        return self.own_page(request, "split.html", {"title": f"Split {skill.name}", **context})

    def retire_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let a skill's names name nothing any more."""
        return self._with_reason(request, self._editable(request, pk), edits.retire, "retire")

    def restore_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let a retired or merged skill stand by itself again."""
        skill = self._editable(request, pk, active=False)
        return self._with_reason(request, skill, edits.restore, "restore")

    @method_decorator(require_POST)
    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put everything back that an edit touched."""
        ensure(request.user.has_perm(UNDO))
        edit = get_object_or_404(TaxonomyEdit.objects.select_related("skill", "other"), pk=pk)
        return self._edited(request, edit.skill, lambda by: edits.undo(edit, by=by))

    def _with_reason(
        self, request: HttpRequest, skill: Skill, act: Callable[..., TaxonomyEdit], verb: str
    ) -> HttpResponse:
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            reason = form.cleaned_data["reason"]
            return self._edited(request, skill, lambda by: act(skill, by=by, reason=reason))
        context = {"skill": skill, "form": form, "verb": verb}
        return self.own_page(
            request, "reason.html", {"title": f"{verb.capitalize()} {skill.name}", **context}
        )

    def _editable(self, request: HttpRequest, pk: int, *, active: bool = True) -> Skill:
        """Return the skill to edit, for whoever may."""
        ensure(request.user.has_perm(EDIT))
        skills = Skill.objects.select_related("category", "merged_into")
        wanted = skills.active() if active else skills.exclude(status=SkillStatus.ACTIVE)
        return get_object_or_404(wanted, pk=pk)

    def _edited(
        self, request: HttpRequest, skill: Skill, act: Callable[[User], TaxonomyEdit]
    ) -> HttpResponseRedirect:
        """Make an edit, say what was done or what stands against it, and have figures follow."""
        try:
            edit = act(signed_in(request))
        except (AliasTaken, EditRefused) as problem:
            messages.error(request, str(problem))
        else:
            follow_soon()
            self.log_change(request, edit.skill, edit.in_words())
            messages.success(request, _said(edit))
        return redirect("admin:skills_taxonomyedit_skill", skill.pk)


def _said(edit: TaxonomyEdit) -> str:
    """Return what was done, and where it can be undone."""
    if edit.undone_at:
        return f"Undone: {edit.in_words()}. The figures follow."
    address = reverse("admin:skills_taxonomyedit_change", args=[edit.pk])
    return format_html(
        '{}. The figures follow. <a href="{}">Undo it</a> if it was wrong.',
        edit.in_words(),
        address,
    )


def _number(request: HttpRequest, name: str) -> int:
    """Return the id a request names, 0 for none."""
    value = request.GET.get(name) or request.POST.get(name) or ""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 18 else 0


def _divisible(skill: Skill, snapshot: TrendSnapshot | None) -> list[tuple[str, str]]:
    """Return what can be split off a skill: its aliases, and its most common phrases."""
    by_text = people_by_text(skill, snapshot) if snapshot else {}
    aliases = SkillAlias.objects.answering_for(skill).select_related("skill").order_by("text")
    texts = {
        alias.text: by_text.get(alias.text, 0)
        for alias in aliases
        if alias.text != normalise(alias.skill.name)
    }
    phrases, names = common_phrases(skill, snapshot) if snapshot else [], _names(skill)
    texts |= {text: people for text, people in phrases if text not in names}
    return [(text, f"{text} ({people:,})") for text, people in texts.items()]


def _names(skill: Skill) -> set[str]:
    return {normalise(named.name) for named in (skill, *skill.merged.all())}
