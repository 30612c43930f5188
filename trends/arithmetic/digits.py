"""Rounds numbers to significant digits."""

from math import floor, log10

# What a computer makes of 2.3 may be a trifle less: no reason to call it 2.2.
FLOAT_NOISE = 1e-9


def rounded(value: float, digits: int = 2) -> float:
    """Round `value` to so many significant digits."""
    if value == 0:
        return 0.0
    return round(value, digits - 1 - floor(log10(abs(value))))


def floored(value: float, digits: int = 2) -> float:
    """Round `value` down to so many significant digits, for what reads "at least"."""
    if value == 0:
        return 0.0
    places = digits - 1 - floor(log10(abs(value)))
    return round(floor(value * 10.0**places + FLOAT_NOISE) / 10.0**places, places)
