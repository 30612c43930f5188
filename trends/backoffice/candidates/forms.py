"""What a person fills in to decide about candidates, one form a kind of decision."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.models import User

from marketplace.skills.models import Category, Skill
from marketplace.skills.normalise import normalise
from trends.backoffice.candidates import queue
from trends.backoffice.candidates.queue import Decided
from trends.models import CandidateDecision, CandidateTerm

Kind = CandidateDecision.Kind
Decide = Callable[[int], Decided]

# What most rejections come down to; a note says the rest.
REASONS = ["Not a skill", "Too broad", "A name or a brand", "A passing event", "Spam", "Other"]


class DecisionForm(forms.Form):
    """A decision to be made alike for each of the chosen candidates."""

    title: str
    button: str

    def decision(self, *, by: User, now: datetime, alone: bool) -> Decide:
        """Return what to do with each candidate; `alone` if there is but one."""
        raise NotImplementedError


def _note() -> forms.CharField:
    return forms.CharField(max_length=200, required=False, label="Note")


def _named(label: str, *, suggested: str) -> forms.CharField:
    """Return a name to be typed, with those in the list of this id suggested."""
    typed = forms.TextInput(attrs={"list": suggested, "autocomplete": "off"})
    return forms.CharField(max_length=200, required=False, label=label, widget=typed)


class AcceptForm(DecisionForm):
    prefix, title, button = Kind.ACCEPT.value, "Accept as a new skill", "Accept"

    name = forms.CharField(max_length=120, required=False)
    category = forms.ModelChoiceField(
        Category.objects.select_related("parent"),
        required=False,
        empty_label="That of the skill named most alike",
    )
    note = _note()

    def decision(self, *, by: User, now: datetime, alone: bool) -> Decide:
        chosen = self.cleaned_data | ({} if alone else {"name": ""})
        return lambda pk: queue.accept(pk, **chosen, by=by, now=now)


class AliasForm(DecisionForm):
    prefix, title, button = Kind.ALIAS.value, "Make it an alias of a skill", "Make it an alias"

    near = forms.SlugField(required=False, max_length=120, widget=forms.HiddenInput)
    skill = _named("Skill, by name or alias", suggested="skills-named")
    note = _note()

    def clean(self) -> dict[str, Any]:
        name, near = self.cleaned_data.get("skill", ""), self.cleaned_data.get("near", "")
        skill = Skill.objects.named(name) if name else Skill.objects.filter(slug=near).first()
        if skill is None:
            said = f"No skill is called “{name}”." if name else "Choose a skill."
            raise forms.ValidationError(said)
        return {"skill": skill.merged_into or skill, "note": self.cleaned_data.get("note", "")}

    def decision(self, *, by: User, now: datetime, alone: bool) -> Decide:
        return lambda pk: queue.alias(pk, **self.cleaned_data, by=by, now=now)


class MergeForm(DecisionForm):
    prefix, title, button = Kind.MERGE.value, "Merge with another candidate", "Merge"

    into = _named("Candidate that stays", suggested="candidates-named")
    note = _note()

    def clean_into(self) -> int:
        text = self.cleaned_data["into"]
        candidate = CandidateTerm.objects.found_last().filter(text=normalise(text)).first()
        if candidate:
            return candidate.pk
        raise forms.ValidationError(
            f"No candidate is called “{text}”." if text else "Choose a candidate."
        )

    def decision(self, *, by: User, now: datetime, alone: bool) -> Decide:
        return lambda pk: queue.merge(pk, **self.cleaned_data, by=by, now=now)


class RejectForm(DecisionForm):
    prefix, title, button = Kind.REJECT.value, "Reject for good", "Reject"

    reason = forms.ChoiceField(
        choices=[(one, one) for one in REASONS], initial=REASONS[0], widget=forms.RadioSelect
    )
    note = _note()

    def decision(self, *, by: User, now: datetime, alone: bool) -> Decide:
        reason = ": ".join(filter(None, [self.cleaned_data["reason"], self.cleaned_data["note"]]))
        return lambda pk: queue.reject(pk, reason=reason, by=by, now=now)


class SnoozeForm(DecisionForm):
    prefix, title, button = Kind.SNOOZE.value, "Let it rest", "Snooze"

    def decision(self, *, by: User, now: datetime, alone: bool) -> Decide:
        return lambda pk: queue.snooze(pk, by=by, now=now)


FORMS: dict[str | None, type[DecisionForm]] = {
    one.prefix: one for one in (AcceptForm, AliasForm, MergeForm, RejectForm, SnoozeForm)
}
