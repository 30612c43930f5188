"""What the pages that edit the taxonomy ask for."""

from typing import Any

from django import forms

from marketplace.skills.edits import LONGEST_NAME
from marketplace.skills.models import Category, Skill

# As large as a taxonomy of ten thousand skills; what is looked at before it is applied travels
# with the page, and Django takes no larger form.
LARGEST_FILE = 1 << 20


class ReasonForm(forms.Form):
    """Asks why: who finds the edit in a year will want to know."""

    reason = forms.CharField(max_length=300, help_text="Why; it is kept with the edit.")


class MergeForm(ReasonForm):
    into = forms.ModelChoiceField(Skill.objects.active(), widget=forms.HiddenInput)


class SplitForm(forms.Form):
    """A name, a category, and which texts go: some of those there are, or new ones."""

    name = forms.CharField(max_length=LONGEST_NAME, label="Name of the new skill")
    category = forms.ModelChoiceField(Category.objects.select_related("parent"))
    texts = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label="What goes with it"
    )
    more = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="Other phrases, one a line",
        help_text="Searches with one of these count for the new skill, as the longer name wins.",
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["texts"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices

    def chosen(self) -> list[str]:
        """Return every text that goes, the name left aside."""
        more = self.cleaned_data["more"].splitlines()
        return [*self.cleaned_data["texts"], *(line for line in more if line.strip())]


class UploadForm(forms.Form):
    file = forms.FileField(
        label="CSV file", help_text="Columns name, category, aliases (separated by |), ai."
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError("It is larger than 1 MB; use manage.py import_skills.")
        return file


class ApplyForm(ReasonForm):
    signed = forms.CharField(widget=forms.HiddenInput)
