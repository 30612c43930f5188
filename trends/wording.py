"""How figures are worded wherever people read them: page, API, mail and edition alike."""

from math import floor, log10

MINUS = "\u2212"
# Not published because something else could be found from it by subtraction.
WITHHELD = "withheld"
# Below this base a percentage says more about chance than about the skill.
SMALLEST_BASE = 30
# Beyond +1,000 % nobody can picture a percentage; a multiple still means something.
LARGEST_PERCENT = 10.0


def rounded(value: float, digits: int = 2) -> float:
    """`value` to so many significant digits."""
    if value == 0:
        return 0.0
    return round(value, digits - 1 - floor(log10(abs(value))))


def percent(ratio: float) -> str:
    """A ratio (1.0 = no change) as a percentage to two digits, e.g. "+47 %", "−8.3 %"."""
    change = rounded(100 * (ratio - 1))
    sign = "+" if change > 0 else MINUS if change < 0 else "±"
    return f"{sign}{abs(change):,.{1 if 0 < abs(change) < 10 else 0}f}".removesuffix(".0") + " %"


def multiple(ratio: float) -> str:
    """A ratio as a multiple, e.g. "×184", "×2.4"."""
    return f"×{ratio:,.0f}" if ratio >= 10 else f"×{rounded(ratio):g}"


def growth(ratio: float) -> str:
    """A ratio as people read it: a percentage, or a multiple from ×11 on."""
    return multiple(ratio) if ratio > 1 + LARGEST_PERCENT else percent(ratio)


def at_least(bound: float | None) -> str:
    """What a skill without a base is said to have grown, never more than is sure."""
    if bound is None or bound <= 1:
        return "New"
    step = 10 ** (floor(log10(bound)) - 1)
    return f"New, at least ×{floor(bound / step) * step:.{1 if bound < 10 else 0}f}".removesuffix(
        ".0"
    )


def people(count: int | None, *, withheld: bool) -> str:
    """A count of people, or why there is none: too few, or what it would tell of others."""
    if count is None:
        return WITHHELD if withheld else "< 10"
    return f"{count:,}"
