"""The list of what replaces what as a feed."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext

from marketplace.skills.models import Category
from trends.models import (
    Replacement,
    TrendSnapshot,
)
from trends.models.replacements import ReplacementQuerySet
from trends.models.trends import week_before
from trends.published.feeds import ENTRIES, Entry, FeedOf, ListFeed, OnceOnList, OnList, Past, Seen
from trends.published.flow_rows import asked_category, query_of, replacement_rows
from trends.published.rows import Reader


class ReplacementFeed(ListFeed):
    """The largest flows from fading skills, of all or of one category, and which ended."""

    description_template = "trends/replacing/feed_replacement.html"

    def chosen(self, query: Mapping[str, str]) -> Category | None:
        return asked_category(query)

    def named(self, of: FeedOf) -> tuple[object, ...]:
        return (gettext("What is replacing what"), of.filters)

    def subtitle(self, of: FeedOf) -> str:
        return gettext(
            "What people who left a fading freelance skill search for now, in people, against"
            " chance."
        )

    def link(self, of: FeedOf) -> str:
        return reverse("replacing") + query_of(of.filters)

    def feed_url(self, of: FeedOf) -> str:
        return reverse("replacing-feed") + query_of(of.filters)

    def place(self, of: FeedOf) -> str:
        return "replacing"

    def on_list(self, of: FeedOf, snapshot: TrendSnapshot) -> OnList:
        rows = replacement_rows(_flows(of, snapshot)[:ENTRIES], Reader(snapshot))
        return {
            f"{row['left']['slug']}/{row['found']['slug']}": (
                f"{row['left']['name']} → {row['found']['name']}",
                row,
            )
            for row in rows
        }

    def gone(self, of: FeedOf, snapshot: TrendSnapshot) -> dict[str, str]:
        if (before := week_before(snapshot)) is None:
            return {}
        are = {(flow.left_id, flow.found_id) for flow in _flows(of, snapshot)}
        return {
            f"{flow.left.slug}/{flow.found.slug}": f"{flow.left} → {flow.found}"
            for flow in _flows(of, before)
            if (flow.left_id, flow.found_id) not in are
        }

    def seen(self, of: FeedOf, past: Past, on_list: OnceOnList) -> Seen:
        lefts = {key.partition("/")[0] for key in on_list}
        stored = Replacement.objects.filter(snapshot__in=past.days, left__slug__in=lefts)
        flows = stored.values_list("left__slug", "found__slug", "snapshot")
        return {(f"{left}/{to}", number) for left, to, number in flows}

    def item_title(self, item: Entry) -> str:
        return item.name if item.row else super().item_title(item)

    def item_link(self, item: Entry) -> str:
        return f"{reverse('skill', args=[item.key.partition('/')[0]])}#replacing"


def _flows(of: FeedOf, snapshot: TrendSnapshot) -> ReplacementQuerySet:
    return Replacement.objects.of(snapshot).out_of(of.filters)
