"""Draws what a skill pays as one strip: where the middle half of its sellers is, and the median."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

# Pixels: a line of text above the strip and one below it.
HEIGHT, TOP, THICK = 76, 26, 22
# Two amounts nearer than this, in percent of the width, would run into each other.
APART = 20.0
# An amount nearer than this to an edge is written inward from it.
MARGIN = 12.0
BELOW = ("p25", "p75", "p90")


@dataclass(frozen=True, slots=True)
class Strip:
    """Amounts by quantile (p25 median p75 p90) as far as they are published, each also in words.

    `interval` are the ends of the median's, None where they are not told.
    """

    amounts: Mapping[str, float]
    said: Mapping[str, str]
    interval: tuple[float, float] | None


def pay_strip(strip: Strip, *, title: str) -> str:
    """Return the strip from nothing to the highest amount, in proportion."""
    amounts = strip.amounts
    top = max((*amounts.values(), *(strip.interval or ())))
    place = {name: 100 * amount / top for name, amount in amounts.items()}
    parts = [
        f'<line class="pay-reach" x1="0" x2="100%" y1="{TOP + THICK / 2:g}"'
        f' y2="{TOP + THICK / 2:g}"/>',
        _box("pay-half", place["p25"], place["p75"], TOP, THICK) if _half(amounts) else "",
        _interval(strip.interval, top),
        f'<line class="pay-median" x1="{place["median"]:.2f}%" x2="{place["median"]:.2f}%"'
        f' y1="{TOP - 4}" y2="{TOP + THICK + 4}"/>',
        _amount(place["median"], TOP - 10, strip.said["median"], "pay-of-median"),
        *(
            _amount(place[name], TOP + THICK + 20, strip.said[name], "pay-amount")
            for name in _readable(place)
        ),
    ]
    return (
        f'<svg class="pay-strip" width="100%" height="{HEIGHT}" role="img" '
        f'aria-label="{escape(title)}">{"".join(parts)}</svg>'
    )


def _half(amounts: Mapping[str, float]) -> bool:
    return {"p25", "p75"} <= amounts.keys()


def _interval(ends: tuple[float, float] | None, top: float) -> str:
    if ends is None:
        return ""
    lower, upper = (100 * end / top for end in ends)
    return _box("pay-interval", lower, upper, TOP + THICK / 2 - 3, 6)


def _box(kind: str, left: float, right: float, y: float, height: float) -> str:
    return (
        f'<rect class="{kind}" x="{left:.2f}%" width="{right - left:.2f}%" y="{y:g}"'
        f' height="{height:g}"/>'
    )


def _readable(place: Mapping[str, float]) -> list[str]:
    """Return the quantiles whose amounts fit below the strip, the highest kept first."""
    kept: list[str] = []
    for name in reversed(BELOW):
        if name in place and (not kept or place[kept[-1]] - place[name] >= APART):
            kept.append(name)
    return kept


def _amount(place: float, y: float, said: str, kind: str) -> str:
    anchor = "start" if place < MARGIN else "end" if place > 100 - MARGIN else "middle"
    return (
        f'<text class="{kind}" x="{place:.2f}%" y="{y:g}" text-anchor="{anchor}">'
        f"{escape(said)}</text>"
    )
