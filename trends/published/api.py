"""What every view of the API shares: the snapshot it reads, and how a list narrows."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.skills.models import Skill
from trends.models import Edition, TrendSnapshot
from trends.published import rows
from trends.published.queries import SKILL_ORDERS, Chosen, Page
from trends.published.who_sees_exact import sees_exact


class SnapshotView(APIView):
    """A view of the current snapshot, or of the one its cursor began with."""

    def reader(self, pk: int | None = None, edition: str | None = None) -> rows.Reader:
        if edition:
            named = published_edition(edition)
            return rows.Reader(named.snapshot, exact=sees_exact(self.request), edition=named)
        snapshots = TrendSnapshot.objects.published()
        snapshot = snapshots.filter(pk=pk).first() if pk else snapshots.current()
        if snapshot is None:
            raise Http404(
                "The snapshot this cursor began with has been replaced; start again without it."
                if pk
                else "No snapshot is published yet; run manage.py refresh_trends."
            )
        return rows.Reader(snapshot, exact=sees_exact(self.request))

    def listing(
        self, request: Request, reader: rows.Reader, page: Page[Any], results: Sequence[object]
    ) -> Response:
        return Response(
            {
                "snapshot": rows.snapshot_row(reader),
                "results": results,
                "next": page.next_address(request, reader.snapshot.pk),
            }
        )


def published_edition(slug: str) -> Edition:
    """Return a published edition with its snapshot, or 404: drafts are not public."""
    editions = Edition.objects.published().select_related("snapshot").defer("file", "basis")
    return get_object_or_404(editions, slug=slug)


def narrowed(trends: Any, reader: rows.Reader, query: Chosen) -> Any:
    """Return the trends a query asks for, in its order."""
    trends = trends.of(reader.snapshot, window=query["window"], country=query["country"])
    if label := query.get("label"):
        trends = trends.filter(label=label)
    if query["listed"]:
        trends = trends.listed()
    return trends.order_by(*SKILL_ORDERS[query["order"]])


def known_skill(slug: str) -> Skill:
    """Return the skill of this slug, or 404; a merged one answers for the one it became."""
    skills = Skill.objects.select_related("category", "merged_into__category")
    skill = get_object_or_404(skills.prefetch_related("aliases"), slug=slug)
    return skill.merged_into or skill
