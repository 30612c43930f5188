"""Places the chart of several skills, and its table, in the templates."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from trends.drawing.lines import Line, comparison_chart
from trends.wording.figures import Weekly

register = template.Library()


@register.simple_tag(name="comparison_chart")
def chart(lines: Sequence[Line], as_of: date) -> SafeString:
    """Place the lines of several skills; the chart escapes their names."""
    title = gettext("Weekly figures of %(names)s") % {
        "names": ", ".join(line.name for line in lines)
    }
    return mark_safe(comparison_chart(lines, as_of=as_of, title=title))


@register.simple_tag
def weeks_compared(
    rows: Sequence[dict[str, Any]], platform: Weekly, as_of: date
) -> list[tuple[date, list[float | None]]]:
    """Return the weeks, newest first: the first day, each row's searchers, everybody's last."""
    columns = [row["weekly"] for row in rows if len(row["weekly"]) == len(platform)] + [platform]
    return [
        (as_of - timedelta(weeks=back), [column[-back] for column in columns])
        for back in range(1, len(platform) + 1)
    ]
