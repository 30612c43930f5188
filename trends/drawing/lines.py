"""Draws several skills in one chart: a line each, named where it ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from itertools import pairwise

from trends.drawing import charts
from trends.wording import numbers
from trends.wording.figures import Weekly

# Pixels: the plot, room above for the highest figure and below for the names of months.
HEIGHT, TOP = 260, 14
# Two names closer than this would run into each other.
NAME_HEIGHT = 18


@dataclass(frozen=True, slots=True)
class Line:
    """One skill: its weekly figures, oldest first, None where none is published, and in words."""

    name: str
    weekly: Weekly
    said: Sequence[str]


def comparison_chart(
    lines: Sequence[Line],
    *,
    as_of: date,
    title: str,
    step: timedelta = timedelta(weeks=1),
    period: str = "",
) -> str:
    """Return the lines and, beside them, their names at the height each line ends.

    Weeks, or other steps, end the day before `as_of`; all lines are equally long. Names never
    overlap: where two lines end together, the names part.
    """
    top = highest(lines)
    weeks = [as_of - n * step for n in range(len(lines[0].weekly), 0, -1)]
    parts = [
        *(_grid_line(step, top) for step in steps(top)),
        *(
            charts.month_label(day, x, bottom=TOP + HEIGHT)
            for day, x in charts.months(weeks[0], as_of)
        ),
        *(_line(number, line, top) for number, line in enumerate(lines, 1)),
        f'<line class="cross" y1="{TOP}" y2="{TOP + HEIGHT}"/>',
        '<circle class="cross-dot" r="4"/>',
        *(
            _mark(week, f"{period} {numbers.day(day)}" if period else numbers.week(day), lines)
            for week, day in enumerate(weeks)
        ),
    ]
    height = TOP + HEIGHT + 28
    return (
        f'<svg class="trend compared" width="100%" height="{height}" role="img" '
        f'aria-label="{escape(title)}">{"".join(parts)}</svg>'
        f'<svg class="line-names" height="{height}" aria-hidden="true">{_names(lines, top)}</svg>'
    )


def highest(lines: Sequence[Line]) -> float:
    """Return the highest figure of all lines; 1 without any, so that a scale can be drawn."""
    return max((v for line in lines for v in line.weekly if v is not None), default=0) or 1


def steps(top: float) -> list[float]:
    """Round values from 0 up to the highest that is not above `top`."""
    scale = 10.0
    while top * scale < 100:
        scale *= 10
    return [tick / scale for tick in charts.round_ticks(top * scale) if tick / scale <= top]


def last_figure(weekly: Weekly) -> float:
    """Return the last known figure of a line, 0 where none is."""
    return next((v for v in reversed(weekly) if v is not None), 0)


def name_heights(lines: Sequence[Line], top: float) -> list[float]:
    """Return the y of each line's name: at the line's end, moved apart where they overlap."""
    wanted = [_y(last_figure(line.weekly), top) for line in lines]
    order = sorted(range(len(lines)), key=lambda n: wanted[n])
    placed = list(wanted)
    for before, after in pairwise(order):
        placed[after] = max(placed[after], placed[before] + NAME_HEIGHT)
    # What was pushed off the bottom pushes back up.
    limit: float = TOP + HEIGHT
    for at in reversed(order):
        placed[at] = min(placed[at], limit)
        limit = placed[at] - NAME_HEIGHT
    return placed


def _y(value: float, top: float) -> float:
    return TOP + HEIGHT * (1 - value / top)


def _grid_line(step: float, top: float) -> str:
    y = _y(step, top)
    kind = "grid" if step else "grid grid-zero"
    return (
        f'<line class="{kind}" x1="0" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text class="tick" x="-8" y="{y:.1f}" dy="4" text-anchor="end">'
        f"{numbers.figure(step, ',.6g')}</text>"
    )


def _line(number: int, line: Line, top: float) -> str:
    points = [
        None if v is None else f"{week + 0.5} {100 * (1 - v / top):.2f}"
        for week, v in enumerate(line.weekly)
    ]
    return (
        f'<svg class="plot" y="{TOP}" width="100%" height="{HEIGHT}" '
        f'viewBox="0 0 {len(points)} 100" preserveAspectRatio="none">'
        f'<path class="line line-{number}" d="{charts.path(points)}"/></svg>'
    )


def _names(lines: Sequence[Line], top: float) -> str:
    return "".join(
        f'<line class="line line-{number}" x1="0" x2="18" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text x="24" y="{y:.1f}" dy="4">{escape(line.name)}</text>'
        for number, (line, y) in enumerate(zip(lines, name_heights(lines, top), strict=True), 1)
    )


def _mark(week: int, when: str, lines: Sequence[Line]) -> str:
    width = 100 / len(lines[0].weekly)
    said = "; ".join(f"{line.name} {line.said[week]}" for line in lines)
    return (
        f'<rect class="mark" x="{week * width:.3f}%" y="{TOP}" width="{width:.3f}%" '
        f'height="{HEIGHT}"><title>{escape(when)}: {escape(said)}</title></rect>'
    )
