"""The pages of the editions: figures to cite, that never change."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from trends.backoffice.editions.drafting import shown
from trends.models import Edition, EditionQuerySet
from trends.pages.editions.file import columns_for
from trends.published.csv_files import csv_response

# What a person reads of a list; the file has all of it.
SKILLS_SHOWN = 50


@require_safe
def editions(request: HttpRequest) -> HttpResponse:
    """Show every published edition, the newest first."""
    return render(request, "trends/editions/editions.html", {"editions": _all()})


@require_safe
def editions_csv(request: HttpRequest) -> HttpResponseBase:
    """Show the same list as a file, with the checksum of each."""
    return csv_response("upcurrent-editions", columns_for(request), _all())


@require_safe
def edition(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one edition: its list, what was wrong in it, how to cite and how to check it."""
    published = _published(Edition.objects.defer("file", "basis"), slug)
    return render(request, "trends/editions/edition.html", shown(published, skills=SKILLS_SHOWN))


@require_safe
def file(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Show the file of an edition, whose SHA-256 is the edition's checksum."""
    published = _published(Edition.objects.defer("taxonomy", "basis"), slug)
    headers = {
        "Content-Disposition": f'attachment; filename="upcurrent-{published.slug}.csv"',
        "Cache-Control": "public, max-age=31536000, immutable",
        "ETag": f'"{published.checksum}"',
    }
    kind = "text/csv; charset=utf-8"
    return StreamingHttpResponse(published.csv(), content_type=kind, headers=headers)


def _all() -> EditionQuerySet:
    return Edition.objects.published().light().select_related("snapshot")


def _published(editions: EditionQuerySet, slug: str) -> Edition:
    """Return a published edition, or 404: drafts are not public."""
    with_all = editions.published().select_related("snapshot").prefetch_related("corrections")
    return get_object_or_404(with_all, slug=slug)
