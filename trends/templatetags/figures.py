"""Writes figures the way people read them, and places the charts, in the templates."""

from collections.abc import Sequence
from datetime import date

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from trends.arithmetic.opportunity import HORIZONS, first_published
from trends.drawing import charts
from trends.wording import figures
from trends.wording.figures import Row, Weekly, Window, to_date
from trends.wording.kinds import Kind

register = template.Library()

for _write in (
    figures.day,
    figures.days,
    figures.money,
    figures.people,
    figures.pay_interval,
    figures.raw_change,
    figures.interval,
    figures.range_in_words,
    figures.share,
    figures.as_percent,
    figures.number,
    figures.counted,
    figures.multiple,
    figures.country,
    figures.label,
    figures.gate,
    figures.parameter,
    figures.reason,
):
    register.filter(_write)
for _tell in (figures.week_table, figures.first_seen):
    register.simple_tag(_tell)


WINDOW_NAMES = {
    "season": _("A year before"),
    "previous": _("Half-year before"),
    "current": _("Last half-year"),
}


@register.filter
def told_here(rows: Sequence[Row]) -> bool:
    """Return whether a list tells the searchers per seller of its country of any skill."""
    return any(row["here"] for row in rows)


@register.filter
def is_new(row: Row) -> bool:
    """Return whether a skill has no percentage because hardly anybody searched before."""
    return bool(row["growth"]["kind"] == Kind.NEW)


@register.simple_tag
def sparkline(weekly: Weekly) -> SafeString:
    """Place the small line of weekly searchers, oldest first."""
    return mark_safe(charts.sparkline(weekly))  # numbers and our own words only


@register.simple_tag
def trend_chart(row: Row, as_of: date | str, notes: Sequence[charts.Note] = ()) -> SafeString:
    """Place the large chart of a trend row with its comparison windows and its notes."""
    bands = [
        charts.Band(
            kind=kind,
            name=str(name),
            count=row[kind]["searchers_display"],
            first_day=to_date(row[kind]["from"]),
            last_day=to_date(row[kind]["to"]),
        )
        for kind, name in WINDOW_NAMES.items()
        if row[kind]
    ]
    subject = row.get("skill") or row["category"]
    title = gettext("%(name)s: distinct searchers a week") % {"name": subject["name"]}
    # The chart escapes the texts that come from people: the name, the counts and the notes.
    return mark_safe(
        charts.trend_chart(
            row["weekly"], as_of=to_date(as_of), bands=bands, title=title, notes=notes
        )
    )


@register.simple_tag
def comparison_bar(current: float | None, previous: float | None, maximum: float) -> SafeString:
    """Place a bar of the current count over a thin one of the count before."""
    return mark_safe(charts.comparison_bar(current or 0, previous, maximum=maximum))


@register.simple_tag
def new_gig_days(as_of: date) -> Window:
    """Return when the gigs were first published of which lists say how many sold in a month."""
    first, last = first_published(as_of, within=min(HORIZONS))
    return {"from": first, "to": last}


@register.simple_tag(takes_context=True)
def nav_link(context: template.Context, name: str, text: str) -> SafeString:
    """Place a link of the main navigation, marked when it leads to the page shown."""
    url = reverse(name)
    request = context.get("request")
    current = request is not None and request.path == url
    mark = mark_safe(' aria-current="page"') if current else ""
    return format_html('<li><a href="{}"{}>{}</a></li>', url, mark, text)
