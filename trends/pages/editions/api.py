"""GET /api/v1/editions/: the published editions and how each is cited."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from trends.models import Edition
from trends.pages.editions import schema as edition_schema
from trends.published import rows
from trends.published.api import published_edition


class Editions(APIView):
    """Every published edition, the newest first: what can be cited."""

    @extend_schema(operation_id="editions_list", responses=edition_schema.EditionList)
    def get(self, request: Request) -> Response:
        editions = Edition.objects.published().light()
        found = editions.select_related("snapshot").prefetch_related("corrections")
        return Response({"results": [edition_row(request, one) for one in found]})


class EditionDetail(APIView):
    """One published edition; its figures are those of the lists of trends with `edition`."""

    @extend_schema(responses=edition_schema.Edition)
    def get(self, request: Request, slug: str) -> Response:
        return Response(edition_row(request, published_edition(slug)))


def edition_row(request: Request, edition: Edition) -> rows.Row:
    """An edition as it is cited, and the addresses of its figures."""
    named = {"page": "edition", "csv": "edition-file"}
    trends = reverse("api-skill-trends")
    return rows.edition_row(edition) | {
        **{
            name: request.build_absolute_uri(reverse(of, args=[edition.slug]))
            for name, of in named.items()
        },
        "trends": request.build_absolute_uri(f"{trends}?edition={edition.slug}"),
    }
