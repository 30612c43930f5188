"""The taxonomy as a file in the admin: out at any time, in after a look at every difference."""

import csv
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from marketplace.celery import follow_soon
from marketplace.imports.reading import Rows, Unusable
from marketplace.imports.rows import Row
from marketplace.readonly import ReadOnlyAdmin, ensure, signed_in
from marketplace.skills.exporting import COLUMNS as EXPORTED
from marketplace.skills.exporting import exported_skills
from marketplace.skills.importing import COLUMNS, Difference, differences
from trends.backoffice.taxonomy.forms import ApplyForm, UploadForm

# What was looked at is what is applied: the file goes with the page, signed, for an hour.
SALT = "taxonomy file"
GOOD_FOR = 3_600
# Differences a person reads; the rest is counted.
MOST_SHOWN = 500


class TaxonomyFiles(ReadOnlyAdmin):
    """The views of the files, for the admin of the edits."""

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Take a file and show what it would change; then apply that very file."""
        ensure(request.user.has_perm("skills.add_taxonomyedit"))
        apply = "signed" in request.POST
        form: Any = (ApplyForm if apply else UploadForm)(
            request.POST if request.method == "POST" else None, request.FILES or None
        )
        if not (form.is_bound and form.is_valid()):
            return self.own_page(request, "import.html", {"title": "Import skills", "form": form})
        try:
            if apply:
                return self._apply(request, form)
            return self._look_through(request, form.cleaned_data["file"].read())
        except (Unusable, signing.BadSignature) as problem:
            messages.error(request, _in_words(problem))
            return redirect("admin:skills_taxonomyedit_import")

    @method_decorator(require_safe)
    def export_view(self, request: HttpRequest) -> HttpResponse:
        """Show the taxonomy as import_skills reads it."""
        ensure(self.has_view_permission(request))
        name = 'attachment; filename="skills.csv"'
        answer = HttpResponse(content_type="text/csv", headers={"Content-Disposition": name})
        writer = csv.DictWriter(answer, EXPORTED, lineterminator="\n")
        writer.writeheader()
        writer.writerows(exported_skills())
        return answer

    def _look_through(self, request: HttpRequest, content: bytes) -> HttpResponse:
        """Show what the file would change: done, and taken back."""
        with transaction.atomic():
            differing = differences(_rows(content), by=None, reason="a look")
            transaction.set_rollback(True)
        try:
            text = content.decode()
        except UnicodeDecodeError:
            raise Unusable("is not UTF-8 text") from None
        signed = signing.dumps(_stamped(request, text), salt=SALT, compress=True)
        shown = [difference for difference in differing if difference]
        context = {
            "title": "Import skills: look it through",
            "form": ApplyForm(initial={"signed": signed}),
            "differences": shown[:MOST_SHOWN],
            "more": max(0, len(shown) - MOST_SHOWN),
            "tally": _tally(differing),
            "changes": any(difference and not difference.problem for difference in differing),
        }
        return self.own_page(request, "import.html", context)

    def _apply(self, request: HttpRequest, form: ApplyForm) -> HttpResponse:
        stamped = signing.loads(form.cleaned_data["signed"], salt=SALT, max_age=GOOD_FOR)
        if stamped != _stamped(request, stamped["text"]):
            raise signing.BadSignature("it was signed for somebody else")
        with transaction.atomic():
            rows = _rows(stamped["text"].encode())
            differing = differences(rows, by=signed_in(request), reason=form.cleaned_data["reason"])
            follow_soon()
        tally = _tally(differing)
        said = ", ".join(f"{name}: {number:,}" for name, number in tally.items() if number)
        messages.success(request, f"Imported ({said or 'nothing new'}). The figures follow.")
        return redirect("admin:skills_taxonomyedit_changelist")


def _rows(content: bytes) -> list[Row]:
    with NamedTemporaryFile(suffix=".csv") as file:
        file.write(content)
        file.flush()
        with Rows(Path(file.name), required=COLUMNS) as rows:
            return list(rows)


def _stamped(request: HttpRequest, text: str) -> dict[str, Any]:
    return {"for": request.user.pk, "text": text}


def _tally(differing: list[Difference]) -> dict[str, int]:
    return {
        "skills added": sum(difference.is_new for difference in differing),
        "aliases added": sum(len(difference.aliases) for difference in differing),
        "skills moved": sum(bool(difference.moved_from) for difference in differing),
        "skills marked as AI or not": sum(bool(difference.ai) for difference in differing),
        "rows refused": sum(difference.problem is not None for difference in differing),
    }


def _in_words(problem: Exception) -> str:
    if isinstance(problem, Unusable):
        return f"The file {problem}."
    return "That page is too old, or was not yours: upload the file again."
