"""The columns of the list of editions, as its file has them."""

from django.http import HttpRequest
from django.urls import reverse

from trends.published.csv_files import Columns


def columns_for(request: HttpRequest) -> Columns:
    """Return the columns; the address of an edition's file is that of the host asked."""
    return {
        "edition": lambda edition: edition.slug,
        "as_of": lambda edition: edition.snapshot.as_of,
        "headline": lambda edition: edition.headline,
        "published_at": lambda edition: edition.published_at,
        "checksum": lambda edition: edition.checksum,
        "file": lambda edition: request.build_absolute_uri(
            reverse("edition-file", args=[edition.slug])
        ),
    }
