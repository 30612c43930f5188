"""The list of categories as a feed."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext

from trends.models import WORLD, CategoryTrend, TrendSnapshot, Window
from trends.published.feeds import Entry, FeedOf, ListFeed, OnceOnList, OnList, Past, Seen
from trends.published.rows import Reader, category_rows


class CategoryFeed(ListFeed):
    """Every category by its place; each is news when its label is another."""

    description_template = "trends/categories/feed_category.html"

    def chosen(self, query: Mapping[str, str]) -> None:
        """Choose nothing: the list has no filters."""

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
        """Return nothing: a category never leaves the list."""
        return {}

    def seen(self, of: FeedOf, past: Past, on_list: OnceOnList) -> Seen:
        labels = {slug: row and row["label"] for slug, (_, row) in on_list.items()}
        trends = CategoryTrend.objects.filter(
            snapshot__in=past.days, window=Window.HALF_YEAR, country=WORLD
        )
        labelled = trends.order_by().values_list("category__slug", "snapshot", "label")
        return {(slug, number) for slug, number, label in labelled if label == labels.get(slug)}

    def item_link(self, item: Entry) -> str:
        return reverse("category", args=[item.key])
