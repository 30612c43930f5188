"""Draws where demand moves for a phone: a lane for each category, growing ones further right.

Pure functions of numbers and names, like the map that a desk has room for.
"""

from collections.abc import Sequence
from html import escape
from math import log, sqrt

from trends.drawing.category_map import (
    SMALLEST_DOT,
    UNCHANGED,
    Dot,
    Placed,
    drawn_dot,
    reach_of_ratios,
)

# As wide as the text of a phone of 375 pixels; a lane has a line for the name and one for the dot.
WIDTH, LANE, TOP, MARGIN, LARGEST_DOT = 343, 38, 22, 14, 11


def category_lanes(dots: Sequence[Dot], *, title: str, words: tuple[str, str]) -> str:
    """Return the picture as SVG: a lane each, in the order given, growth to the right.

    `words` are said above the left and the right end of all lanes.
    """
    height = TOP + LANE * len(dots)
    least, most = reach_of_ratios(dots)
    people = max(dot.people for dot in dots)

    def x(ratio: float) -> float:
        room = WIDTH - 2 * MARGIN
        return MARGIN + room * log(ratio / least) / log(most / least)

    middle = f"{x(UNCHANGED):.1f}"
    parts = [
        f'<text class="map-word" x="0" y="12">{escape(words[0])}</text>',
        f'<text class="map-word" x="{WIDTH}" y="12" text-anchor="end">{escape(words[1])}</text>',
        f'<line class="grid-zero" x1="{middle}" x2="{middle}" y1="{TOP}" y2="{height}"/>',
    ]
    for number, dot in enumerate(dots):
        y = TOP + LANE * number
        radius = max(LARGEST_DOT * sqrt(dot.people / people), SMALLEST_DOT)
        lane = Placed(dot, x(dot.ratio), y + LANE - LARGEST_DOT - 1, radius)
        parts += [
            f'<text class="map-name" x="0" y="{y + 11}">{escape(dot.name)}</text>',
            f'<line class="grid" x1="{middle}" x2="{lane.x:.1f}" y1="{lane.y}" y2="{lane.y}"/>',
            drawn_dot(lane),
        ]
    return (
        f'<svg class="map map-phone" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" role="img" aria-label="{escape(title)}">{"".join(parts)}</svg>'
    )
