"""Draws what sellers earn as strips on one scale: the median and its 95 % interval.

Pure functions of numbers. The scale is logarithmic: a hundred to a thousand is as far as a
thousand to ten thousand. The amounts stand in words beside the strips.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import log

STEPS = [digit * 10.0**power for power in range(10) for digit in (1, 2, 5)]
# More marks than this crowd the narrow head of a column.
MOST_MARKS = 4
# A scale of less would make a small difference look large.
LEAST_SPAN = 4.0


@dataclass(frozen=True, slots=True)
class Scale:
    """From the least to the most amount that is drawn, with round amounts to read it by."""

    least: float
    most: float

    @classmethod
    def around(cls, amounts: Iterable[float | None]) -> "Scale":
        """Return the scale that holds all of these; from 1 on where there is none."""
        known = [max(amount, 1.0) for amount in amounts if amount is not None]
        least, most = min(known, default=1.0), max(known, default=1.0)
        widen = max(LEAST_SPAN * least / most, 1.0) ** 0.5 * 1.1
        return cls(least / widen, most * widen)

    def percent(self, amount: float) -> float:
        """Return how far along the scale an amount lies, in percent of its length."""
        part = log(max(amount, self.least) / self.least) / log(self.most / self.least)
        return 100 * min(part, 1)

    @property
    def marks(self) -> list[float]:
        """Round amounts on the scale, evenly few."""
        inside = [step for step in STEPS if 3 < self.percent(step) < 97 and step > self.least]
        tens = [step for step in inside if f"{step:.0f}".startswith("1")]
        chosen = tens if len(tens) > 1 else inside
        return chosen[:: -(-len(chosen) // MOST_MARKS) or 1]


def strip(scale: Scale, *, median: float, lower: float | None, upper: float | None) -> str:
    """Return one strip: a dot for the median on a line of its interval, where that is told."""
    span = ""
    if lower is not None and upper is not None:
        start, end = (f"{scale.percent(amount):.2f}%" for amount in (lower, upper))
        span = f'<line class="strip-span" x1="{start}" x2="{end}" y1="9" y2="9"/>'
    marks = "".join(
        f'<line class="grid" x1="{at:.2f}%" x2="{at:.2f}%" y1="0" y2="18"/>'
        for at in map(scale.percent, scale.marks)
    )
    return (
        f'<svg class="strip" width="100%" height="18" aria-hidden="true">{marks}{span}'
        f'<circle class="strip-dot" cx="{scale.percent(median):.2f}%" cy="9" r="4.5"/></svg>'
    )


def strip_axis(scale: Scale, said: Iterable[str]) -> str:
    """Return the head of a column of strips; `said` are its marks in words."""
    marks = "".join(
        f'<text class="tick" x="{at:.2f}%" y="11" text-anchor="middle">{text}</text>'
        for at, text in zip(map(scale.percent, scale.marks), said, strict=True)
    )
    return f'<svg class="strip" width="100%" height="14" aria-hidden="true">{marks}</svg>'
