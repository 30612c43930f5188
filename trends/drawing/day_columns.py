"""Draws the charts of the pipeline page: a column a day, stacked by what it is made of.

Pure functions of numbers, in the style of the site's charts: colours come from the style sheet,
widths are percent, and each day says its own figures to whoever points at it.
"""

from collections.abc import Callable, Sequence
from datetime import date
from html import escape

from trends.drawing.charts import round_ticks

# Pixels: room for the highest tick above the columns and for the dates below.
TOP, HEIGHT, BOTTOM = 10, 160, 24
# More colours than that are hard to tell apart; all further series are one.
MOST_SERIES = 4
# The part of a day's width that its column takes.
FILLED = 0.8

Series = tuple[str, Sequence[float | None]]
Spelled = Callable[[float], str]


def day_columns(
    days: Sequence[date],
    series: Sequence[Series],
    *,
    title: str,
    spelled: Spelled,
    ticks: Sequence[float] = (),
    stacked: bool = True,
) -> str:
    """Return a column a day, made of its series; a day without a figure is a gap.

    They are stacked in their order, or each stands before the one that came first. The scale has
    `ticks`, or round ones up to the highest column.
    """
    together = sum if stacked else max
    highest = max(together(values[at] or 0 for _, values in series) for at in range(len(days)))
    scale = ticks or round_ticks(highest or 1)
    parts = [
        *(_grid_line(tick, scale[-1], spelled) for tick in scale),
        *(
            f"<g><title>{escape(_told(at, days, series, spelled))}</title>"
            f"{_column(at, len(days), series, top=scale[-1], stacked=stacked)}</g>"
            for at in range(len(days))
        ),
        *(_date(at, days) for at in (0, len(days) // 2, len(days) - 1)),
    ]
    return (
        f'<svg class="trend days" width="100%" height="{TOP + HEIGHT + BOTTOM}" role="img" '
        f'aria-label="{escape(title)}">{"".join(parts)}</svg>'
    )


def with_others(series: Sequence[Series]) -> list[Series]:
    """Return the first series, and all beyond MOST_SERIES as one."""
    if len(series) <= MOST_SERIES:
        return list(series)
    rest = [values for _, values in series[MOST_SERIES - 1 :]]
    return [
        *series[: MOST_SERIES - 1],
        ("others", [sum(v or 0 for v in day) for day in zip(*rest, strict=True)]),
    ]


def _told(at: int, days: Sequence[date], series: Sequence[Series], spelled: Spelled) -> str:
    known = [(name, value) for name, values in series if (value := values[at]) is not None]
    text = ", ".join(f"{name} {spelled(value)}" for name, value in known)
    return f"{days[at].day} {days[at]:%b %Y}: {text or 'no figure'}"


def _column(at: int, days: int, series: Sequence[Series], *, top: float, stacked: bool) -> str:
    """Return the bars of a day, over a rectangle of its whole height that a pointer finds."""
    width, below = 100 / days, 0.0
    left = f"{(at + (1 - FILLED) / 2) * width:.3f}%"
    bars = (
        f'<rect class="mark" x="{at * width:.3f}%" y="{TOP}" '
        f'width="{width:.3f}%" height="{HEIGHT}"/>'
    )
    for number, (_, values) in enumerate(series):
        height = HEIGHT * (values[at] or 0) / top
        y = TOP + HEIGHT - below - height
        below += height if stacked else 0
        bars += (
            f'<rect class="series-{number}" x="{left}" y="{y:.1f}" '
            f'width="{FILLED * width:.3f}%" height="{height:.1f}"/>'
        )
    return bars


def _grid_line(tick: float, top: float, spelled: Spelled) -> str:
    y = TOP + HEIGHT * (1 - tick / top)
    kind = "grid" if tick else "grid grid-zero"
    return (
        f'<line class="{kind}" x1="0" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text class="tick" x="-8" y="{y:.1f}" dy="4" text-anchor="end">'
        f"{escape(spelled(tick))}</text>"
    )


def _date(at: int, days: Sequence[date]) -> str:
    place = 100 * (at + 0.5) / len(days)
    anchor = {0: "start", len(days) - 1: "end"}.get(at, "middle")
    return (
        f'<text class="tick" x="{place:.2f}%" y="{TOP + HEIGHT + 18}" text-anchor="{anchor}">'
        f"{days[at].day} {days[at]:%b}</text>"
    )
