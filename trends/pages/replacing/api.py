"""What replaces what, and the AI share of each category, in /api/v1/."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from trends.models import AiShare, Replacement
from trends.published import flow_schema as schema
from trends.published import rows
from trends.published.api import SnapshotView
from trends.published.flow_rows import ai_rows, replacement_rows
from trends.published.queries import ListQuery, Page, chosen, cursor_parts
from trends.published.serializers import serializer


class Replacements(SnapshotView):
    """What people who left a fading skill search now, the largest flows first; people in tens."""

    @extend_schema(parameters=[ListQuery], responses=serializer(schema.ReplacementList))
    def get(self, request: Request) -> Response:
        query = chosen(ListQuery, request)
        reader = self.reader(cursor_parts(query)[0])
        flows = Replacement.objects.of(reader.snapshot)
        if category := query.get("category"):
            flows = flows.from_category(category)
        page: Page[Any] = Page(flows, query)
        return self.listing(request, reader, page, replacement_rows(page.items, reader))


class AiShares(SnapshotView):
    """The share of searchers who look for AI skills, of all and by category; people in tens."""

    @extend_schema(responses=serializer(schema.AiShareList))
    def get(self, request: Request) -> Response:
        reader = self.reader()
        shares = ai_rows(AiShare.objects.of(reader.snapshot), reader)
        return Response({"snapshot": rows.snapshot_row(reader), "results": shares})
