"""Draws where demand moves: each category a dot, larger ones further right, growing ones higher.

Functions of numbers and names. Colours and fonts come from the style sheet through class
names; the table beside the picture says the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import pairwise
from math import hypot, log, sqrt

from trends.wording.numbers import figure

Box = tuple[float, float, float, float]

# No change, and how far the scale reaches where nothing moves: a calm market looks calm.
UNCHANGED, LEAST_REACH = 1.0, 1.3
RATIOS = (0.05, 0.1, 0.2, 0.33, 0.5, 0.7, 0.8, 0.9, 1.1, 1.25, 1.5, 2, 3, 5, 10, 20, 50, 100)
PEOPLE = [digit * 10**power for power in range(1, 9) for digit in (1, 2, 5)]
# How wide bold letters of a wide typeface are, in parts of their size.
NARROW, WIDE = frozenset("fijlrtI .,:'-()"), frozenset("mwMW@%&")
NARROW_LETTER, LETTER, WIDE_LETTER = 0.42, 0.72, 1.05
GAP = 6
SMALLEST_DOT = 4.0


@dataclass(frozen=True, slots=True)
class Frame:
    """The drawing's size, the room left of and below the plot, and that of letters and dots."""

    width: int
    height: int
    left: int
    bottom: int
    letters: int
    largest_dot: int

    @property
    def line(self) -> float:
        """How far apart two lines of text stand."""
        return self.letters * 1.5


DESK = Frame(width=1000, height=500, left=56, bottom=44, letters=15, largest_dot=26)


@dataclass(frozen=True, slots=True)
class Dot:
    """A category: who searches in it, how significantly its share changed, and all in words."""

    name: str
    people: int
    ratio: float
    moves: str
    said: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A dot with its middle, and where its name begins, if it found room."""

    dot: Dot
    x: float
    y: float
    radius: float
    name: Box | None = None

    @property
    def box(self) -> Box:
        return (
            self.x - self.radius,
            self.y - self.radius,
            self.x + self.radius,
            self.y + self.radius,
        )


# As many pictures as a process remembers: that of all categories in each language, and a few more.
@lru_cache(maxsize=16)
def category_map(
    dots: tuple[Dot, ...], *, title: str, words: tuple[str, str, str], frame: Frame = DESK
) -> str:
    """Return the picture as SVG; `words` are said at its right, top and bottom edge.

    Both scales are logarithmic. Names overlap neither each other nor a dot.
    """
    placed = place(dots, frame)
    parts = [
        *_scale_of_ratios(dots, frame),
        *_scale_of_people(dots, frame),
        *_words(words, frame),
        # The largest first, so that no dot lies under another.
        *(drawn_dot(each) for each in placed),
        *(_name(each, frame) for each in placed if each.name),
    ]
    return (
        f'<svg class="map map-desk" viewBox="0 0 {frame.width} {frame.height}" '
        f'width="{frame.width}" height="{frame.height}" role="img" '
        f'aria-label="{escape(title)}">{"".join(parts)}</svg>'
    )


def place(dots: Sequence[Dot], frame: Frame) -> list[Placed]:
    """Place every dot, the largest first, with its name wherever there is room for it."""
    most = max((dot.people for dot in dots), default=1)
    bare = [
        Placed(
            dot,
            _x(dot.people, dots, frame),
            _y(dot.ratio, dots, frame),
            max(frame.largest_dot * sqrt(dot.people / most), SMALLEST_DOT),
        )
        for dot in sorted(dots, key=lambda dot: (-dot.people, dot.name))
    ]
    taken, placed = [each.box for each in bare], []
    for each in bare:
        reach = each.radius + GAP + text_width(each.dot.name) * frame.letters
        near = [box for box in taken if box[0] < each.x + reach and each.x - reach < box[2]]
        room = next((box for box in _rooms(each, frame) if _is_free(box, near, frame)), None)
        taken += [room] if room else []
        placed.append(Placed(each.dot, each.x, each.y, each.radius, room))
    return placed


def text_width(text: str) -> float:
    """Estimate how wide a name is drawn, in sizes of its letters; too much before too little."""
    widths = {**dict.fromkeys(NARROW, NARROW_LETTER), **dict.fromkeys(WIDE, WIDE_LETTER)}
    return sum(widths.get(letter, LETTER) for letter in text)


def _rooms(dot: Placed, frame: Frame) -> Iterator[Box]:
    """Yield where a name may stand: beside its dot, above or below it, then further off."""
    width, line = text_width(dot.dot.name) * frame.letters, frame.line
    beside = (dot.x + dot.radius + GAP, dot.x - dot.radius - GAP - width)
    centred = dot.x - width / 2
    for left in beside:
        yield _box(left, dot.y, width, line)
    for sign in (-1, 1):
        yield _box(centred, dot.y + sign * (dot.radius + line / 2 + 2), width, line)
    for step in range(1, int(frame.height / line) * 2):
        for sign in (-1, 1):
            for left in beside:
                yield _box(left, dot.y + sign * step * line / 2, width, line)


def _box(left: float, middle: float, width: float, line: float) -> Box:
    return left, middle - line / 2, left + width, middle + line / 2


def _is_free(box: Box, taken: Sequence[Box], frame: Frame) -> bool:
    left, top, right, bottom = box
    inside = left >= frame.left and right <= frame.width and top >= frame.line
    inside = inside and bottom <= frame.height - frame.bottom - frame.line
    return inside and not any(
        left < other[2] and other[0] < right and top < other[3] and other[1] < bottom
        for other in taken
    )


def _x(people: float, dots: Sequence[Dot], frame: Frame) -> float:
    least, most = _reach_of_people(dots)
    room = frame.largest_dot + 2
    width = frame.width - frame.left - 2 * room
    return frame.left + room + width * log(people / least) / log(most / least)


def _reach_of_people(dots: Sequence[Dot]) -> tuple[float, float]:
    counts = [dot.people for dot in dots]
    least, most = min(counts), max(counts)
    return (least / 1.5, most * 1.5) if most < 2 * least else (least, most)


def _y(ratio: float, dots: Sequence[Dot], frame: Frame) -> float:
    least, most = reach_of_ratios(dots)
    top = frame.line + frame.largest_dot
    bottom = frame.height - frame.bottom - top
    return bottom - (bottom - top) * log(ratio / least) / log(most / least)


def reach_of_ratios(dots: Sequence[Dot]) -> tuple[float, float]:
    """Return the least and the largest change on the scale; no change lies between them."""
    ratios = [dot.ratio for dot in dots]
    return min(1 / LEAST_REACH, *ratios), max(LEAST_REACH, *ratios)


def _scale_of_ratios(dots: Sequence[Dot], frame: Frame) -> Iterator[str]:
    """Yield lines of equal change, the one without any strong."""
    least, most = reach_of_ratios(dots)
    shown = {UNCHANGED: _y(UNCHANGED, dots, frame)}
    # The furthest first: they say how much the picture holds.
    inside = [ratio for ratio in RATIOS if least / 1.05 < ratio < most * 1.05]
    for ratio in sorted(inside, key=lambda one: abs(log(one)), reverse=True):
        y = _y(ratio, dots, frame)
        if all(abs(y - other) > 2 * frame.line for other in shown.values()):
            shown[ratio] = y
    for ratio, y in shown.items():
        kind = "grid grid-zero" if ratio == UNCHANGED else "grid"
        yield (
            f'<line class="{kind}" x1="{frame.left}" x2="{frame.width}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text class="tick" x="{frame.left - 8}" y="{y:.1f}" dy="4" text-anchor="end">'
            f"×{figure(ratio, 'g')}</text>"
        )


def _scale_of_people(dots: Sequence[Dot], frame: Frame) -> Iterator[str]:
    least, most = _reach_of_people(dots)
    base = frame.height - frame.bottom
    places = [(people, _x(people, dots, frame)) for people in PEOPLE if least <= people <= most]
    # One in two where all would run into each other.
    crowded = any(b - a < 6 * frame.letters for (_, a), (_, b) in pairwise(places))
    for people, x in places[:: 2 if crowded else 1]:
        yield (
            f'<line class="month" x1="{x:.1f}" x2="{x:.1f}" y1="{base}" y2="{base + 5}"/>'
            f'<text class="tick" x="{x:.1f}" y="{base + 20}" text-anchor="middle">'
            f"{figure(people, ',')}</text>"
        )


def _words(words: tuple[str, str, str], frame: Frame) -> Iterator[str]:
    """Yield what the edges mean: `words` of the right, the top and the bottom one."""
    right, top, bottom = words
    base = frame.height - frame.bottom
    places = [
        (right, frame.width, frame.height - 4, "end"),
        (top, frame.left, frame.line * 0.7, "start"),
        (bottom, frame.left, base - 6, "start"),
    ]
    for text, x, y, anchor in places:
        yield (
            f'<text class="map-word" x="{x}" y="{y:.1f}" text-anchor="{anchor}">'
            f"{escape(text)}</text>"
        )


def drawn_dot(dot: Placed) -> str:
    """Draw the dot; its text shows where a pointer rests on it."""
    return (
        f'<circle class="map-dot map-{dot.dot.moves}" cx="{dot.x:.1f}" cy="{dot.y:.1f}" '
        f'r="{dot.radius:.1f}"><title>{escape(dot.dot.said)}</title></circle>'
    )


def _name(dot: Placed, frame: Frame) -> str:
    """Return the name, and a line to it where it had to go far from its dot."""
    assert dot.name
    left, top, right, bottom = dot.name
    near = min(max(dot.x, left), right), min(max(dot.y, top), bottom)
    away, line = hypot(near[0] - dot.x, near[1] - dot.y), ""
    if away > dot.radius + 2 * GAP:
        x, y = (
            from_ + (to - from_) * dot.radius / away
            for from_, to in zip((dot.x, dot.y), near, strict=True)
        )
        line = (
            f'<line class="map-leader" x1="{x:.1f}" y1="{y:.1f}" '
            f'x2="{near[0]:.1f}" y2="{near[1]:.1f}"/>'
        )
    # Beside its dot a name starts there, whatever its letters take; above or below in the middle.
    anchor, x = ("start", left) if left > dot.x else ("end", right)
    if left <= dot.x <= right:
        anchor, x = "middle", (left + right) / 2
    return (
        f'{line}<text class="map-name" x="{x:.1f}" y="{(top + bottom) / 2:.1f}" dy="0.35em" '
        f'text-anchor="{anchor}">{escape(dot.dot.name)}</text>'
    )
