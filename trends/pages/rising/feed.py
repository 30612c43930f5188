"""The list of skills as a feed."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext

from trends.models import SkillTrend, TrendSnapshot
from trends.models.trends import week_before
from trends.pages.rising.filters import Filters, Tab, exact_filters
from trends.pages.rising.listing import members_of, shown_rows, shown_trends
from trends.published.feeds import ENTRIES, Entry, FeedOf, ListFeed, OnceOnList, OnList, Past, Seen
from trends.wording.numbers import LABELS


class SkillFeed(ListFeed):
    """The first skills of the chosen list, in its order; a skill has an entry while it is there."""

    description_template = "trends/rising/feed_entry.html"

    def chosen(self, query: Mapping[str, str]) -> Filters:
        return exact_filters(query)

    def named(self, of: FeedOf) -> tuple[object, ...]:
        filters, label = of.filters, LABELS.get(of.filters.label)
        return (Tab(filters.show).label, filters.category, label, filters.place)

    def subtitle(self, of: FeedOf) -> str:
        return gettext("Freelance skills by how surely more people, or fewer, search for them.")

    def link(self, of: FeedOf) -> str:
        return str(of.filters.address)

    def feed_url(self, of: FeedOf) -> str:
        return f"{reverse('rising-feed')}{of.filters.query}"

    def place(self, of: FeedOf) -> str:
        return f"{of.filters.show}/{of.filters.window}/{of.filters.country}"

    def on_list(self, of: FeedOf, snapshot: TrendSnapshot) -> OnList:
        trends, before = shown_trends(snapshot, of.filters), week_before(snapshot)
        rows = shown_rows(trends[:ENTRIES], snapshot, of.filters, before=before)
        return {row["skill"]["slug"]: (row["skill"]["name"], row) for row in rows}

    def gone(self, of: FeedOf, snapshot: TrendSnapshot) -> dict[str, str]:
        """Return nothing: a skill that stops rising has another label, and its page shows it."""
        return {}

    def seen(self, of: FeedOf, past: Past, on_list: OnceOnList) -> Seen:
        """Return when skills got their label where the list is of everything."""
        filters: Filters = of.filters
        trends = SkillTrend.objects.filter(
            snapshot__in=past.days,
            window=filters.window,
            country=filters.country,
            skill__slug__in=on_list,
        )
        members = members_of(trends, filters.show).order_by()
        labels = {slug: row and row["label"] for slug, (_, row) in on_list.items()}
        return {
            (slug, number)
            for slug, number, label in members.values_list("skill__slug", "snapshot", "label")
            if filters.show != Tab.ALL or label == labels[slug]
        }

    def item_link(self, item: Entry) -> str:
        return reverse("skill", args=[item.key])
