"""The list of what pays as a feed."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext

from marketplace.skills.models import SkillStatus
from trends.models import EarningsTrend, TrendSnapshot
from trends.models.trends import week_before
from trends.pages.earners.filters import EarnerFilters, EarnerList, exact_filters
from trends.pages.earners.listing import earner_rows, members_of, shown_earners
from trends.published.feeds import ENTRIES, Entry, FeedOf, ListFeed, OnceOnList, OnList, Past, Seen
from trends.wording.figures import money


class EarnerFeed(ListFeed):
    """The first skills of the chosen list of what pays, and which are on it no more."""

    description_template = "trends/earners/feed_earner.html"

    def chosen(self, query: Mapping[str, str]) -> EarnerFilters:
        return exact_filters(query)

    def named(self, of: FeedOf) -> tuple[object, ...]:
        return (EarnerList(of.filters.show).label, of.filters.category)

    def subtitle(self, of: FeedOf) -> str:
        return gettext("What sellers earn with each skill, from completed orders.")

    def link(self, of: FeedOf) -> str:
        return str(of.filters.address)

    def feed_url(self, of: FeedOf) -> str:
        return f"{reverse('earners-feed')}{of.filters.query}"

    def place(self, of: FeedOf) -> str:
        return f"earners/{of.filters.show}"

    def on_list(self, of: FeedOf, snapshot: TrendSnapshot) -> OnList:
        earned = shown_earners(snapshot, of.filters)[:ENTRIES]
        rows = earner_rows(earned, snapshot, of.filters)
        return {row["skill"]["slug"]: (row["skill"]["name"], row) for row in rows}

    def gone(self, of: FeedOf, snapshot: TrendSnapshot) -> dict[str, str]:
        if (before := week_before(snapshot)) is None:
            return {}
        are = shown_earners(snapshot, of.filters).order_by().values("skill")
        were = shown_earners(before, of.filters).exclude(skill__in=are)
        active = were.filter(skill__status=SkillStatus.ACTIVE)
        return dict(active.values_list("skill__slug", "skill__name")[:ENTRIES])

    def seen(self, of: FeedOf, past: Past, on_list: OnceOnList) -> Seen:
        earned = EarningsTrend.objects.filter(snapshot__in=past.days, skill__slug__in=on_list)
        members = members_of(earned, of.filters.show)
        return set(members.values_list("skill__slug", "snapshot"))

    def item_title(self, item: Entry) -> str:
        if item.row is None:
            return super().item_title(item)
        earned = item.row["earnings"]
        return gettext("%(name)s: median pay %(pay)s") % {
            "name": item.name,
            "pay": money(earned["median"], earned["currency"]),
        }

    def item_link(self, item: Entry) -> str:
        return reverse("skill", args=[item.key])
