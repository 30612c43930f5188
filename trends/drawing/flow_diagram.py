"""Draws what replaces what: bands from skills that fade to what their people search now.

Pure functions of numbers and names. Colours and fonts come from the style sheet through class
names; the tables beside the pictures say the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from django.utils.translation import gettext

from trends.wording.numbers import figure

# In units of the drawing, which is as wide as the page and shown from tablets on.
WIDTH = 1000
LEFT, RIGHT = 300, 690
BAR = 8
# All who left together, and the least room a name and its count need.
BARS_HEIGHT = 520
LEAST_ROOM = 46
GAP = 14
TOP = 34
# What is left of a thin band so that it is seen.
THINNEST = 2.0


@dataclass(frozen=True, slots=True)
class Flow:
    """So many people of a skill's `former` searchers who now search another."""

    left: str
    found: str
    people: int
    former: int
    times: str
    accent: bool


@dataclass(slots=True)
class Node:
    """A skill on one side: from where it is drawn, how tall, and how far its bands fill it."""

    name: str
    said: str
    top: float
    height: float
    accent: bool
    filled: float = 0.0


def flow_diagram(flows: Sequence[Flow], *, title: str) -> str:
    """Return the bands of all flows as SVG, the fading skills on the left in the order given.

    A bar on the left is as tall as the people who left, whether or not a band begins there.
    """
    former = {flow.left: flow.former for flow in flows}
    scale = BARS_HEIGHT / max(sum(former.values()), 1)
    lefts, rights = _nodes(flows, "left", scale), _nodes(flows, "found", scale)
    height = max(node.top + _room(node.height) for node in (*lefts.values(), *rights.values()))
    parts = [
        _head(gettext("They searched for"), LEFT, "end"),
        _head(gettext("and now search for"), RIGHT, "start"),
        *(_band(flow, lefts[flow.left], rights[flow.found], scale) for flow in flows),
        *(_label(node, LEFT, "end") for node in lefts.values()),
        *(_label(node, RIGHT, "start") for node in rights.values()),
    ]
    return (
        f'<svg class="flow" viewBox="0 0 {WIDTH} {height:.0f}" role="img" '
        f'aria-label="{escape(title)}">{"".join(parts)}</svg>'
    )


def share_line(shares: Sequence[float | None], *, highest: float) -> str:
    """Draw a share over time as a line; screen readers have its table instead."""
    points = [
        None if share is None else f"{place + 0.5} {100 * (1 - share / highest):.1f}"
        for place, share in enumerate(shares)
    ]
    return (
        f'<svg class="share" viewBox="0 0 {len(shares)} 100" preserveAspectRatio="none" '
        f'aria-hidden="true"><path class="share-base" d="M0 100H{len(shares)}"/>'
        f'<path class="share-line" d="{"".join(_strokes(points))}"/></svg>'
    )


def _strokes(points: Sequence[str | None]) -> Iterator[str]:
    before = None
    for point in points:
        if point is not None:
            # "h0" gives a period between two gaps a length, so that its round cap shows.
            yield f"L{point}" if before is not None else f"M{point}h0"
        before = point


def _nodes(flows: Sequence[Flow], side: str, scale: float) -> dict[str, Node]:
    """Place the skills of one side, each as tall as its bands, or as the people it lost."""
    nodes: dict[str, Node] = {}
    for name in dict.fromkeys(getattr(flow, side) for flow in flows):
        own = [flow for flow in flows if getattr(flow, side) == name]
        top = TOP if not nodes else max(n.top + _room(n.height) for n in nodes.values()) + GAP
        nodes[name] = Node(
            name=name,
            said=_said(own, side),
            top=top,
            height=max(
                sum(_thick(flow, scale) for flow in own),
                own[0].former * scale if side == "left" else 0.0,
            ),
            accent=side == "found" and any(flow.accent for flow in own),
        )
    return nodes


def _said(own: Sequence[Flow], side: str) -> str:
    if side == "left":
        return gettext("%(count)s people left it") % {"count": figure(own[0].former)}
    people = gettext("%(count)s people") % {
        "count": " + ".join(figure(flow.people) for flow in own),
    }
    return f"{people}, {own[0].times}" if len(own) == 1 else people


def _room(height: float) -> float:
    return max(height, LEAST_ROOM)


def _thick(flow: Flow, scale: float) -> float:
    return max(flow.people * scale, THINNEST)


def _band(flow: Flow, left: Node, right: Node, scale: float) -> str:
    thick = _thick(flow, scale)
    a, b = left.top + left.filled, right.top + right.filled
    left.filled += thick
    right.filled += thick
    start, end = LEFT + 10 + BAR, RIGHT - 10 - BAR
    middle = (start + end) / 2
    kind = "flow-band flow-ai" if flow.accent else "flow-band"
    said = gettext("%(left)s to %(found)s: %(moved)s of %(former)s people") % {
        "left": flow.left,
        "found": flow.found,
        "moved": figure(flow.people),
        "former": figure(flow.former),
    }
    return (
        f'<path class="{kind}" d="M{start} {a:.1f}C{middle} {a:.1f} {middle} {b:.1f} {end} {b:.1f}'
        f"V{b + thick:.1f}C{middle} {b + thick:.1f} {middle} {a + thick:.1f} {start} "
        f'{a + thick:.1f}Z"><title>{escape(said)}</title></path>'
    )


def _head(text: str, x: int, anchor: str) -> str:
    return f'<text class="flow-head" x="{x}" y="14" text-anchor="{anchor}">{escape(text)}</text>'


def _label(node: Node, x: int, anchor: str) -> str:
    bar = x + 10 if anchor == "end" else x - 10 - BAR
    kind = "flow-bar flow-ai" if node.accent else "flow-bar"
    y = node.top + max(node.height / 2, 16)
    return (
        f'<rect class="{kind}" x="{bar}" y="{node.top:.1f}" width="{BAR}" '
        f'height="{node.height:.1f}"/>'
        f'<text class="flow-name" x="{x}" y="{y - 3:.1f}" text-anchor="{anchor}">'
        f"{escape(node.name)}</text>"
        f'<text class="flow-said" x="{x}" y="{y + 14:.1f}" text-anchor="{anchor}">'
        f"{escape(node.said)}</text>"
    )
