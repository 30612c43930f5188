"""The taxonomy in the admin: edit a name or an alias, and its history follows."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from marketplace.readonly import ReadOnlyAdmin
from marketplace.skills.models import (
    AliasTaken,
    Category,
    SearchTerm,
    Skill,
    SkillAlias,
    TaxonomyVersion,
    TermCategory,
    TermSkill,
)
from marketplace.skills.normalise import normalise


class SkillForm(forms.ModelForm[Skill]):
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


class AliasInline(admin.TabularInline[SkillAlias, Skill]):
    model = SkillAlias
    form = AliasForm
    extra = 1


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin[Category]):
    list_display = ["name", "parent", "slug"]
    list_select_related = ["parent"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Skill)
class SkillAdmin(admin.ModelAdmin[Skill]):
    form = SkillForm
    inlines = [AliasInline]
    list_display = ["name", "category", "status", "tracked_since"]
    list_filter = ["status", "category"]
    list_select_related = ["category__parent"]
    search_fields = ["name", "aliases__text"]
    prepopulated_fields = {"slug": ["name"]}
    raw_id_fields = ["merged_into"]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        form.instance.claim(form.instance.name)


@admin.register(SkillAlias)
class SkillAliasAdmin(admin.ModelAdmin[SkillAlias]):
    form = AliasForm
    list_display = ["text", "skill"]
    list_select_related = ["skill"]
    search_fields = ["text", "skill__name"]
    autocomplete_fields = ["skill"]


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
