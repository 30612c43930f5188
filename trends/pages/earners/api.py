"""GET /api/v1/trends/earners/: what the sellers of each skill earned."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from trends.models import EarningsTrend
from trends.published import rows, schema
from trends.published.api import SnapshotView
from trends.published.queries import EarnerQuery, Page, chosen, cursor_parts, earner_order
from trends.published.serializers import serializer


class Earners(SnapshotView):
    """What the sellers of each skill earned in the last half-year, the best paid first."""

    @extend_schema(parameters=[EarnerQuery], responses=serializer(schema.EarnerList))
    def get(self, request: Request) -> Response:
        query = chosen(EarnerQuery, request)
        reader = self.reader(cursor_parts(query)[0], query.get("edition"))
        earned = earners(reader, query.get("category")).order_by(*earner_order(query))
        page = Page(earned, query)
        return self.listing(request, reader, page, rows.earner_rows(page.items, reader))


def earners(reader: rows.Reader, category: str | None) -> QuerySet[EarningsTrend]:
    """Return the earnings of every skill of a snapshot, or of those in a category."""
    earned = EarningsTrend.objects.filter(snapshot=reader.snapshot)
    earned = earned.select_related("skill__category")
    return earned.filter(reader.skills_in(category)) if category else earned
