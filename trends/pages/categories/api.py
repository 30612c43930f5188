"""GET /api/v1/trends/categories/: the trend of each category."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from trends.models import CategoryTrend
from trends.published import rows, schema
from trends.published.api import SnapshotView, narrowed
from trends.published.queries import Page, TrendQuery, chosen, cursor_parts
from trends.published.serializers import serializer


class CategoryTrends(SnapshotView):
    """Every category anybody searched in, the rising ones first."""

    @extend_schema(parameters=[TrendQuery], responses=serializer(schema.CategoryTrendList))
    def get(self, request: Request) -> Response:
        query = chosen(TrendQuery, request)
        reader = self.reader(cursor_parts(query)[0], query.get("edition"))
        trends = narrowed(CategoryTrend.objects.all(), reader, query)
        if category := query.get("category"):
            trends = trends.filter(reader.categories_in(category))
        page = Page(trends.select_related("category__parent"), query)
        return self.listing(request, reader, page, rows.category_rows(page.items, reader))
