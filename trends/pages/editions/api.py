"""GET /api/v1/editions/: the published editions and how each is cited."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from trends.models import Edition
from trends.pages.editions import schema as edition_schema
from trends.published.api import published_edition
from trends.published.serializers import serializer


class Editions(APIView):
    """Every published edition, the newest first: what can be cited."""

    @extend_schema(operation_id="editions_list", responses=serializer(edition_schema.EditionList))
    def get(self, request: Request) -> Response:
        editions = Edition.objects.published().light()
        published = editions.select_related("snapshot").prefetch_related("corrections")
        return Response({"results": [edition_row(request, edition) for edition in published]})


class EditionDetail(APIView):
    """One published edition; its figures are those of the lists of trends with `edition`."""

    @extend_schema(responses=serializer(edition_schema.Edition))
    def get(self, request: Request, slug: str) -> Response:
        return Response(edition_row(request, published_edition(slug)))


def edition_row(request: Request, edition: Edition) -> edition_schema.Edition:
    """Return an edition as it is cited, its corrections, and the addresses of its figures."""
    assert edition.published_at, "nobody reads a draft"
    page, file = (
        request.build_absolute_uri(reverse(name, args=[edition.slug]))
        for name in ("edition", "edition-file")
    )
    trends = f"{reverse('api-skill-trends')}?edition={edition.slug}"
    return {
        "edition": edition.slug,
        "as_of": edition.snapshot.as_of.isoformat(),
        "headline": edition.headline,
        "notes": edition.notes,
        "published_at": edition.published_at.isoformat(timespec="seconds"),
        "checksum": edition.checksum,
        "corrections": [
            {"made_at": correction.made_at.isoformat(timespec="seconds"), "text": correction.text}
            for correction in edition.corrections.all()
        ],
        "page": page,
        "csv": file,
        "trends": request.build_absolute_uri(trends),
    }
