"""The taxonomy in the admin: edit a name or an alias, and its history follows."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from marketplace.celery import FOLLOW_TAXONOMY, send_soon
from marketplace.readonly import GuardedAdmin, ReadOnlyAdmin
from marketplace.skills import changes, edits
from marketplace.skills.changes import EditRefused
from marketplace.skills.models import (
    AliasTaken,
    Category,
    SearchTerm,
    Skill,
    SkillAlias,
    SkillStatus,
    TaxonomyVersion,
    TermCategory,
    TermSkill,
)
from marketplace.skills.normalise import normalise


class ReasonedForm(forms.ModelForm[Any]):
    """Asks why: who finds the edit in a year will want to know."""

    reason = forms.CharField(
        max_length=300,
        help_text="Why; it is kept with the edit.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


class SkillForm(ReasonedForm):
    """Refuses a name that names another skill, and says whose it is."""

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if not normalise(name):
            raise forms.ValidationError("A name needs a letter or a digit.")
        try:
            SkillAlias.objects.ensure_free(name, owner=self.instance if self.instance.pk else None)
        except AliasTaken as problem:
            raise forms.ValidationError(str(problem)) from None
        return name


class AliasForm(forms.ModelForm[SkillAlias]):
    """Stores the alias as terms are stored, and refuses one that names another skill."""

    def clean_text(self) -> str:
        text = normalise(self.cleaned_data["text"])
        if not text:
            raise forms.ValidationError("An alias needs a letter or a digit.")
        other = SkillAlias.objects.select_related("skill").filter(text=text)
        if taken := other.exclude(pk=self.instance.pk).first():
            raise forms.ValidationError(str(AliasTaken(alias=text, owner=taken.skill)))
        return text


class LoneAliasForm(AliasForm, ReasonedForm):
    """An alias by itself."""


class AliasInline(admin.TabularInline[SkillAlias, Skill]):
    """Aliases are added and taken away; one that is wrong is both."""

    model = SkillAlias
    form = AliasForm
    extra = 1

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj)


class EditingAdmin(GuardedAdmin):
    """Saves through the edits of the taxonomy, and says what stands against one."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: a skill is retired, an alias taken away with its skill, so history stays."""
        return False

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except (AliasTaken, EditRefused) as problem:
            self.message_user(request, str(problem), messages.ERROR)
            return redirect(request.get_full_path())

    def signed(self, request: HttpRequest, form: Any) -> dict[str, Any]:
        """Return who edits and why; figures follow what is edited."""
        send_soon(FOLLOW_TAXONOMY)
        return {"by": request.user, "reason": form.cleaned_data["reason"]}


@admin.register(Category)
class CategoryAdmin(GuardedAdmin):
    list_display = ["name", "parent", "slug"]
    list_select_related = ["parent"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Skill)
class SkillAdmin(EditingAdmin):
    form = SkillForm
    inlines = [AliasInline]
    fields = ["name", "category", "is_ai", "slug", "status", "tracked_since", "reason"]
    readonly_fields = ["slug", "status", "tracked_since"]
    list_display = ["name", "category", "status", "is_ai", "tracked_since"]
    list_filter = ["status", "is_ai", "category"]
    list_select_related = ["category__parent"]
    search_fields = ["name", "aliases__text"]

    def has_change_permission(self, request: HttpRequest, obj: Skill | None = None) -> bool:
        answers = obj is None or obj.status == SkillStatus.ACTIVE
        return answers and super().has_change_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Skill | None = None) -> list[Any]:
        shown = [*super().get_fields(request, obj)]
        return shown if self.has_change_permission(request, obj) else shown[:-1]

    def save_model(self, request: HttpRequest, obj: Skill, form: Any, change: bool) -> None:
        signed = self.signed(request, form)
        if change:
            skill = Skill.objects.get(pk=obj.pk)
            if "name" in form.changed_data:
                edits.rename(skill, obj.name, **signed)
            if "category" in form.changed_data:
                edits.move(skill, obj.category, **signed)
        else:
            skill = edits.add_skill(obj.name, obj.category, **signed).skill
        if skill.is_ai != obj.is_ai:
            skill.is_ai = obj.is_ai
            changes.signed(skill, **signed).save(update_fields=["is_ai"])
        obj.pk = skill.pk
        obj.refresh_from_db()

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        signed = self.signed(request, form)
        skill = form.instance
        formset.save(commit=False)
        for alias in formset.deleted_objects:
            edits.remove_alias(skill, alias.text, **signed)
        known = {alias.text for alias in skill.aliases.all()}
        for alias in formset.new_objects:
            if alias.text not in known:
                edits.add_alias(skill, alias.text, **signed)


@admin.register(SkillAlias)
class SkillAliasAdmin(EditingAdmin):
    form = LoneAliasForm
    fields = ["text", "skill", "reason"]
    list_display = ["text", "skill"]
    list_select_related = ["skill"]
    search_fields = ["text", "skill__name"]
    raw_id_fields = ["skill"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: SkillAlias | None = None) -> list[Any]:
        return ["text", "skill"] if obj else ["text", "skill", "reason"]

    def save_model(self, request: HttpRequest, obj: SkillAlias, form: Any, change: bool) -> None:
        edits.add_alias(obj.skill, obj.text, **self.signed(request, form))
        obj.pk = SkillAlias.objects.get(text=obj.text).pk


@admin.register(SearchTerm)
class SearchTermAdmin(ReadOnlyAdmin):
    list_display = ["text", "matched"]
    search_fields = ["text"]
    list_select_related = ["matched"]


@admin.register(TermSkill)
class TermSkillAdmin(ReadOnlyAdmin):
    list_display = ["term", "skill"]
    search_fields = ["term__text", "skill__name"]
    list_select_related = ["term", "skill"]


@admin.register(TermCategory)
class TermCategoryAdmin(ReadOnlyAdmin):
    list_display = ["term", "category"]
    search_fields = ["term__text", "category__name"]
    list_select_related = ["term", "category__parent"]


@admin.register(TaxonomyVersion)
class TaxonomyVersionAdmin(ReadOnlyAdmin):
    list_display = ["id", "digest", "created_at"]
