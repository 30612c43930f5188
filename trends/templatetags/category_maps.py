"""Places the map of categories in the templates."""

from collections.abc import Sequence

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from trends.drawing.category_lanes import category_lanes
from trends.drawing.category_map import Dot, category_map
from trends.published.schema import CategoryTrend
from trends.wording.figures import range_in_words

register = template.Library()


@register.simple_tag(name="category_map")
def drawn(placed: Sequence[CategoryTrend]) -> SafeString:
    """Place the map twice, as a desk shows it and as a phone does; it escapes all names."""
    dots = tuple(_dot(row) for row in placed)
    title = gettext("Categories by how many people search in them and how that changed")
    words = (
        gettext("people in the last half-year →"),
        gettext("↑ larger share of all searchers"),
        gettext("↓ smaller share"),
    )
    desk = category_map(dots, title=title, words=words)
    lanes = (gettext("← smaller share of all searchers"), gettext("larger →"))
    return mark_safe(desk + category_lanes(dots, title=title, words=lanes))


def _dot(row: CategoryTrend) -> Dot:
    growth, before, now = row["growth"], row["previous"], row["current"]
    assert before, "the map places categories with a growth"
    assert growth["ratio"] is not None
    assert now["searchers"] is not None
    lower, upper = growth["lower"] or 0, growth["upper"] or 0
    counts = gettext("%(before)s, then %(now)s people") % {
        "before": before["searchers_display"],
        "now": now["searchers_display"],
    }
    return Dot(
        name=row["category"]["name"],
        people=now["searchers"],
        ratio=growth["ratio"],
        moves="up" if lower > 1 else "down" if 0 < upper < 1 else "even",
        said=f"{row['category']['name']}: {counts}, {range_in_words(row)}",
    )
