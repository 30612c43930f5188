"""Draws the site's charts as plain SVG: sparklines, the annotated weekly trend, comparison bars.

Pure functions of numbers. Colours and fonts come from the style sheet through class names, so one
drawing serves light, dark and print. Text keeps its size on a phone because the drawings are laid
out in percent of their width; only the line itself is stretched.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from itertools import count

from django.utils.translation import gettext

from trends.wording import numbers
from trends.wording.figures import Weekly
from trends.wording.numbers import figure

# Half a year in whole weeks: the part of a sparkline drawn in the accent colour.
CURRENT_WEEKS = 26

# Two viewBox units a week keep a whole year and a half crisp at the width of a table column.
SPARK_STEP = 2
SPARK_HEIGHT = 36

# Pixels: room for the window headings above the plot and for the month names below it.
PLOT_TOP = 52
PLOT_HEIGHT = 240
CHART_HEIGHT = PLOT_TOP + PLOT_HEIGHT + 28

# More grid lines than this compete with the line itself.
MOST_TICKS = 5

# Quarter by quarter, seven labels at most in 78 weeks: they fit side by side at 375 px.
LABELLED_MONTHS = (1, 4, 7, 10)
# Where there is less room these are left out.
BETWEEN_HALF_YEARS = (4, 10)

# A month name is centred on its tick; nearer to the edge than this it would be cut off.
LABEL_MARGIN_PERCENT = 4.0


@dataclass(frozen=True)
class Band:
    """One comparison window of the trend chart: its name, its count in words, its days."""

    kind: str
    name: str
    count: str
    first_day: date
    last_day: date


@dataclass(frozen=True)
class Note:
    """A numbered mark on the axis of the trend chart, and what it says for whoever reads a week."""

    number: int
    day: date
    said: str


def sparkline(weekly: Weekly) -> str:
    """Return a small line of weekly searchers, oldest first, with a gap wherever one is None.

    The last CURRENT_WEEKS stand out; the vertical scale starts at zero.
    """
    width, top = SPARK_STEP * len(weekly) + 4, _highest(weekly)

    def place(week: int, value: float) -> str:
        y = SPARK_HEIGHT - 2 - value / top * (SPARK_HEIGHT - 6)
        return f"{SPARK_STEP * week + 3} {_short(y)}"

    points = [None if v is None else place(i, v) for i, v in enumerate(weekly)]
    current = max(len(points) - CURRENT_WEEKS, 0)
    dot = _last_dot(points)
    return (
        f'<svg class="spark" width="{width}" height="{SPARK_HEIGHT}" '
        f'viewBox="0 0 {width} {SPARK_HEIGHT}" preserveAspectRatio="none" '
        f'role="img" aria-label="{_spoken(weekly)}">'
        f'<path class="spark-base" d="M0 {SPARK_HEIGHT - 1}H{width}"/>'
        f'<path class="spark-past" d="{path(points[: current + 1])}"/>'
        f'<path class="spark-now" d="{path(points[current:])}"/>{dot}</svg>'
    )


def trend_chart(
    weekly: Weekly, *, as_of: date, bands: Sequence[Band], title: str, notes: Sequence[Note] = ()
) -> str:
    """Return the large chart of one or more weeks of distinct searchers, oldest first.

    The last week ends the day before as_of and is dotted, as late searches may still come for it; a
    week that is None is a gap. Each band is a comparison window with its heading; each week is a
    mark with its own words, which a pointer finds without a script and chart.js finds by keyboard.
    Notes are numbered on the axis and read out with their week.
    """
    weeks = [as_of - timedelta(weeks=n) for n in range(len(weekly), 0, -1)]
    ticks = round_ticks(_highest(weekly))
    parts = [
        *(_band(band, weeks[0], len(weeks)) for band in bands),
        *(_grid_line(tick, ticks[-1]) for tick in ticks),
        *(month_label(day, x, bottom=PLOT_TOP + PLOT_HEIGHT) for day, x in months(weeks[0], as_of)),
        _line(weekly, ticks[-1]),
        *(_note(note, weeks[0], as_of) for note in notes),
        f'<line class="cross" y1="{PLOT_TOP}" y2="{PLOT_TOP + PLOT_HEIGHT}"/>',
        '<circle class="cross-dot" r="4.5"/>',
        *(_mark(i, weeks, weekly, ticks[-1], notes) for i in range(len(weeks))),
    ]
    return (
        f'<svg class="trend" width="100%" height="{CHART_HEIGHT}" role="img" '
        f'aria-label="{escape(title)}" aria-describedby="trend-desc">'
        f'<desc id="trend-desc">{_spoken(weekly)}</desc>{"".join(parts)}</svg>'
    )


def comparison_bar(current: float, previous: float | None, *, maximum: float) -> str:
    """Return a bar of the current count over a thin bar of the one before, both out of maximum.

    The counts stand in words beside it, so it is hidden from screen readers.
    """
    width = _percent(current, maximum)
    thin = _percent(previous or 0, maximum)
    return (
        '<svg class="bar" width="100%" height="18" aria-hidden="true">'
        f'<rect class="bar-now" y="2" width="{width}" height="8"/>'
        f'<rect class="bar-before" y="12" width="{thin}" height="4"/></svg>'
    )


def round_ticks(highest: float) -> list[int]:
    """Return whole, round axis values from 0 to the first one that reaches highest."""
    steps = (digit * 10**exponent for exponent in count() for digit in (1, 2, 5))
    step = next(step for step in steps if step * MOST_TICKS >= highest)
    return list(range(0, step * max(math.ceil(highest / step), 1) + 1, step))


def _highest(weekly: Weekly) -> float:
    return max((v for v in weekly if v is not None), default=0) or 1


def _short(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".")


def _percent(part: float, whole: float) -> str:
    return f"{100 * min(part / whole, 1):.2f}%" if whole else "0%"


def _spoken(weekly: Weekly) -> str:
    known = [v for v in weekly if v is not None]
    if not known:
        return escape(gettext("No weekly figures yet."))
    text = gettext(
        "Weekly searchers over %(weeks)s weeks: %(first)s at the start, %(most)s at the highest,"
        " %(last)s at the end."
    )
    counts = {"first": known[0], "most": max(known), "last": known[-1]}
    figures = {name: numbers.figure(value, ",.0f") for name, value in counts.items()}
    return escape(text % {"weeks": len(weekly), **figures})


def _runs(points: Sequence[str | None]) -> Iterator[list[str]]:
    run: list[str] = []
    for point in [*points, None]:
        if point is not None:
            run.append(point)
        elif run:
            yield run
            run = []


def path(points: Sequence[str | None]) -> str:
    """Return a line through points ("x y"), broken wherever one is None."""
    # "h0" gives a week between two gaps a length, so that its round cap shows as a dot.
    return "".join(f"M{'L'.join(run)}{'h0' if len(run) == 1 else ''}" for run in _runs(points))


def _last_dot(points: Sequence[str | None]) -> str:
    if not points or points[-1] is None:
        return ""
    return f'<path class="spark-dot" d="M{points[-1]}h0"/>'


def _height(value: float, top: float) -> float:
    return PLOT_TOP + PLOT_HEIGHT * (1 - value / top)


def _band(band: Band, first_week: date, weeks: int) -> str:
    days, start = weeks * 7, max(band.first_day, first_week)
    left = 100 * (start - first_week).days / days
    width = 100 * ((band.last_day - start).days + 1) / days
    return (
        f'<g class="band band-{band.kind}"><rect x="{left:.2f}%" width="{width:.2f}%" '
        f'height="{PLOT_TOP + PLOT_HEIGHT}"/><text x="{left:.2f}%" dx="8" y="19">'
        f'{escape(band.name)}</text><text class="band-count" x="{left:.2f}%" dx="8" y="37">'
        f"{escape(band.count)}</text></g>"
    )


def _grid_line(tick: int, top: float) -> str:
    y = _short(_height(tick, top))
    kind = "grid" if tick else "grid grid-zero"
    return (
        f'<line class="{kind}" x1="0" x2="100%" y1="{y}" y2="{y}"/>'
        f'<text class="tick" x="-8" y="{y}" dy="4" text-anchor="end">{numbers.figure(tick)}</text>'
    )


def months(first_day: date, as_of: date) -> Iterator[tuple[date, float]]:
    """Yield each quarter's first day with its place in percent of the width."""
    days = (as_of - first_day).days
    for offset in range(days):
        day = first_day + timedelta(days=offset)
        place = 100 * offset / days
        inside = LABEL_MARGIN_PERCENT < place < 100 - LABEL_MARGIN_PERCENT
        if day.day == 1 and day.month in LABELLED_MONTHS and inside:
            yield day, place


def month_label(day: date, place: float, *, bottom: int) -> str:
    """Return a tick and the month's name below it, at a place in percent of the width."""
    kind = "tick minor" if day.month in BETWEEN_HALF_YEARS else "tick"
    return (
        f'<line class="month" x1="{place:.2f}%" x2="{place:.2f}%" y1="{bottom}" '
        f'y2="{bottom + 5}"/><text class="{kind}" x="{place:.2f}%" y="{bottom + 20}" '
        f'text-anchor="middle">{numbers.month(day)}</text>'
    )


def _line(weekly: Weekly, top: float) -> str:
    points = [
        None if v is None else f"{i + 0.5} {_short(100 * (1 - v / top))}"
        for i, v in enumerate(weekly)
    ]
    current = max(len(points) - CURRENT_WEEKS, 0)
    return (
        f'<svg class="plot" y="{PLOT_TOP}" width="100%" height="{PLOT_HEIGHT}" '
        f'viewBox="0 0 {len(points)} 100" preserveAspectRatio="none">'
        f'<path class="trend-past" d="{path(points[: current + 1])}"/>'
        f'<path class="trend-now" d="{path(points[current:-1])}"/>'
        f'<path class="trend-open" d="{path(points[-2:])}"/></svg>'
    )


def _note(note: Note, first_day: date, as_of: date) -> str:
    x = f"{100 * (note.day - first_day).days / (as_of - first_day).days:.2f}%"
    bottom = PLOT_TOP + PLOT_HEIGHT
    return (
        f'<g class="note-mark"><line x1="{x}" x2="{x}" y1="{PLOT_TOP}" y2="{bottom}"/>'
        f'<circle cx="{x}" cy="{bottom}" r="8"/>'
        f'<text x="{x}" y="{bottom}" dy="4" text-anchor="middle">{note.number}</text></g>'
    )


def _mark(
    index: int, weeks: Sequence[date], weekly: Weekly, top: float, notes: Sequence[Note]
) -> str:
    value, day = weekly[index], weeks[index]
    said = in_words(value)
    for note in notes:
        if day <= note.day < day + timedelta(weeks=1):
            said += f". {note.number}: {escape(note.said)}"
    height = "" if value is None else f' data-y="{_short(_height(value, top))}"'
    width = 100 / len(weeks)
    return (
        f'<rect class="mark" x="{index * width:.3f}%" y="{PLOT_TOP}" width="{width:.3f}%" '
        f'height="{PLOT_HEIGHT}"{height}>'
        f"<title>{numbers.week(day)}: {said}</title></rect>"
    )


def in_words(value: float | None) -> str:
    """Return a week's figure as it is read out."""
    if value is None:
        return gettext("no figure")
    return gettext("%(people)s searchers") % {"people": figure(value, ",.0f")}
