"""GET /api/v1/trends/skills/: every measured skill, the rising ones first."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from trends.models import WORLD, SkillTrend
from trends.published import rows, schema
from trends.published.api import SnapshotView, narrowed
from trends.published.competition import with_competition_in
from trends.published.queries import Page, SkillTrendQuery, chosen, cursor_parts
from trends.published.serializers import serializer


class SkillTrends(SnapshotView):
    """Every measured skill, the rising ones first."""

    @extend_schema(parameters=[SkillTrendQuery], responses=serializer(schema.SkillTrendList))
    def get(self, request: Request) -> Response:
        query = chosen(SkillTrendQuery, request)
        reader = self.reader(cursor_parts(query)[0], query.get("edition"))
        trends = narrowed(SkillTrend.objects.with_earnings(reader.snapshot), reader, query)
        if category := query.get("category"):
            trends = trends.filter(reader.skills_in(category))
        if query["country"] != WORLD:
            trends = with_competition_in(trends, reader.snapshot, country=query["country"])
        page = Page(trends.select_related("skill__category"), query)
        return self.listing(request, reader, page, rows.skill_rows(page.items, reader))
