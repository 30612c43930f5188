"""The lists of what pays, of categories and of what replaces what as feeds."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext

from marketplace.skills.models import Category, SkillStatus
from trends.models import (
    WORLD,
    CategoryTrend,
    EarningsTrend,
    Replacement,
    TrendSnapshot,
    Window,
)
from trends.models.replacements import ReplacementQuerySet
from trends.pages.earners.filters import EarnerFilters, EarnerList, exact_filters
from trends.pages.earners.listing import earner_rows, members_of, shown_earners
from trends.pages.rising.listing import week_before
from trends.published.feeds import ENTRIES, Entry, FeedOf, ListFeed, OnceOnList, OnList, Past, Seen
from trends.published.flow_rows import asked_category, query_of, replacement_rows
from trends.published.rows import Reader, category_rows
from trends.templatetags.figures import money


class EarnerFeed(ListFeed):
    """The first skills of the chosen list of what pays, and which are on it no more."""

    description_template = "trends/feed_earner.html"

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
        found = shown_earners(snapshot, of.filters)[:ENTRIES]
        rows = earner_rows(found, snapshot, of.filters)
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
        found = members_of(earned, of.filters.show)
        return set(found.values_list("skill__slug", "snapshot"))

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


class CategoryFeed(ListFeed):
    """Every category by its place; each is news when its label is another."""

    description_template = "trends/feed_category.html"

    def chosen(self, query: Mapping[str, str]) -> None:
        """Nothing: it is told whole."""

    def named(self, of: FeedOf) -> tuple[object, ...]:
        return (gettext("Categories"),)

    def subtitle(self, of: FeedOf) -> str:
        return gettext(
            "Where demand for freelance work moves: each category by how many people search in it"
            " and how that changes."
        )

    def link(self, of: FeedOf) -> str:
        return reverse("categories")

    def feed_url(self, of: FeedOf) -> str:
        return reverse("categories-feed")

    def place(self, of: FeedOf) -> str:
        return "categories"

    def on_list(self, of: FeedOf, snapshot: TrendSnapshot) -> OnList:
        trends = CategoryTrend.objects.of(snapshot, window=Window.HALF_YEAR)
        rows = category_rows(trends.select_related("category__parent"), Reader(snapshot))
        return {row["category"]["slug"]: (row["category"]["name"], row) for row in rows}

    def gone(self, of: FeedOf, snapshot: TrendSnapshot) -> dict[str, str]:
        """Nothing: a category stays."""
        return {}

    def seen(self, of: FeedOf, past: Past, on_list: OnceOnList) -> Seen:
        labels = {slug: row and row["label"] for slug, (_, row) in on_list.items()}
        trends = CategoryTrend.objects.filter(
            snapshot__in=past.days, window=Window.HALF_YEAR, country=WORLD
        )
        found = trends.order_by().values_list("category__slug", "snapshot", "label")
        return {(slug, number) for slug, number, label in found if label == labels.get(slug)}

    def item_link(self, item: Entry) -> str:
        return reverse("category", args=[item.key])


class ReplacementFeed(ListFeed):
    """The largest flows from fading skills, of all or of one category, and which ended."""

    description_template = "trends/feed_replacement.html"

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
        are = {(one.left_id, one.found_id) for one in _flows(of, snapshot)}
        return {
            f"{one.left.slug}/{one.found.slug}": f"{one.left} → {one.found}"
            for one in _flows(of, before)
            if (one.left_id, one.found_id) not in are
        }

    def seen(self, of: FeedOf, past: Past, on_list: OnceOnList) -> Seen:
        lefts = {key.partition("/")[0] for key in on_list}
        found = Replacement.objects.filter(snapshot__in=past.days, left__slug__in=lefts)
        flows = found.values_list("left__slug", "found__slug", "snapshot")
        return {(f"{left}/{to}", number) for left, to, number in flows}

    def item_title(self, item: Entry) -> str:
        return item.name if item.row else super().item_title(item)

    def item_link(self, item: Entry) -> str:
        return f"{reverse('skill', args=[item.key.partition('/')[0]])}#replacing"


def _flows(of: FeedOf, snapshot: TrendSnapshot) -> ReplacementQuerySet:
    return Replacement.objects.of(snapshot).out_of(of.filters)
