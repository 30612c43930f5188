"""The list as a feed: who follows it learns of a skill once, when it comes on the list."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext

from trends.list_filters import Filters, Tab, exact_filters
from trends.models import SkillTrend, TrendSnapshot
from trends.rising_list import members_of, shown_rows, shown_trends, week_before
from trends.rows import Row
from trends.wording import LABELS

# As many as the page shows at first.
ENTRIES = 50


@dataclass(frozen=True, slots=True)
class FeedOf:
    """A list as it is published now, and the host its entries are named after."""

    filters: Filters
    snapshot: TrendSnapshot | None
    host: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One skill of the list, and the day whose figures first had it there."""

    of: FeedOf
    row: Row
    since: date


class SkillFeed(Feed[Entry, FeedOf]):
    """The first skills of the chosen list, in its order."""

    feed_type = Atom1Feed
    author_name = "Upcurrent"
    description_template = "trends/feed_entry.html"

    def get_object(self, request: HttpRequest) -> FeedOf:
        filters, snapshot = exact_filters(request.GET), TrendSnapshot.objects.current()
        return FeedOf(filters, snapshot, request.get_host())

    def title(self, of: FeedOf) -> str:
        filters, label = of.filters, LABELS.get(of.filters.label)
        parts = (Tab(filters.show).label, filters.category, label, filters.place)
        return f"Upcurrent: {', '.join(str(part) for part in parts if part)}"

    def subtitle(self, of: FeedOf) -> str:
        return gettext("Freelance skills by how surely more people, or fewer, search for them.")

    def link(self, of: FeedOf) -> str:
        return of.filters.address

    def feed_url(self, of: FeedOf) -> str:
        return reverse("rising-feed") + of.filters.query

    def items(self, of: FeedOf) -> list[Entry]:
        if of.snapshot is None:
            return []
        trends, before = shown_trends(of.snapshot, of.filters), week_before(of.snapshot)
        rows = shown_rows(trends[:ENTRIES], of.snapshot, of.filters, before=before)
        since = on_list_since(of.snapshot, of.filters, rows)
        return [Entry(of, row, since[row["skill"]["slug"]]) for row in rows]

    def item_title(self, item: Entry) -> str:
        return f"{item.row['skill']['name']}: {LABELS[item.row['label']]}"

    def item_link(self, item: Entry) -> str:
        return reverse("skill", args=[item.row["skill"]["slug"]])

    def item_guid(self, item: Entry) -> str:
        """The same as long as the skill is followed: no rank, count or day is in it."""
        row = item.row
        place = f"{item.of.filters.show}/{row['window']}/{row['country']}"
        return f"tag:{item.of.host},2026:{place}/{row['skill']['slug']}"

    def item_updateddate(self, item: Entry) -> datetime:
        return datetime.combine(item.since, time(), UTC)

    def item_pubdate(self, item: Entry) -> datetime:
        return self.item_updateddate(item)


def on_list_since(snapshot: TrendSnapshot, filters: Filters, rows: list[Row]) -> dict[str, date]:
    """By skill, the first of the snapshots up to this one that all have it on the list.

    On the list of everything a skill is news when its label is.
    """
    now = {row["skill"]["slug"]: row["label"] for row in rows}
    earlier = TrendSnapshot.objects.published().filter(as_of__lte=snapshot.as_of)
    days = dict(earlier.order_by("-as_of", "-pk").values_list("pk", "as_of"))
    trends = SkillTrend.objects.filter(
        snapshot__in=days, window=filters.window, country=filters.country, skill__slug__in=now
    )
    found = members_of(trends, filters.show).order_by()
    on_list = {
        (slug, number)
        for slug, number, label in found.values_list("skill__slug", "snapshot", "label")
        if filters.show != Tab.ALL or label == now[slug]
    }
    since = dict.fromkeys(now, snapshot.as_of)
    for slug in now:
        for number, day in days.items():
            if (slug, number) not in on_list:
                break
            since[slug] = day
    return since
