"""Repeatable random numbers: the same seed and the same label always give the same draw."""

import zlib

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def generator(seed: int, label: str, *numbers: int) -> np.random.Generator:
    """Make a generator of its own for a purpose (`label`) and a place in time (`numbers`, ≥ 0)."""
    return np.random.default_rng([seed, zlib.crc32(label.encode()), *numbers])


def hashed(seed: int, label: str, ids: Ints) -> Floats:
    """Return a lasting uniform number in (0, 1) for every id: the same at each call.

    A generator would have to walk through all people to reach one; this is the splitmix64
    finaliser, which needs nothing but the id.
    """
    salt = np.uint64(
        (seed * 0x9E3779B97F4A7C15 + zlib.crc32(label.encode()) * 0xD1B54A32D192ED03)
        & 0xFFFFFFFFFFFFFFFF
    )
    x = ids.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + salt
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    x = x ^ (x >> np.uint64(31))
    uniform: Floats = ((x >> np.uint64(11)).astype(np.float64) + 0.5) / float(1 << 53)
    return uniform


def pick(weights: Floats, count: int, draws: np.random.Generator) -> Ints:
    """Pick `count` different positions by their weights (exponential-clock sampling)."""
    if count >= len(weights):
        return np.arange(len(weights), dtype=np.int64)
    clocks = draws.standard_exponential(len(weights)) / weights
    chosen: Ints = np.argpartition(clocks, count)[:count].astype(np.int64)
    return chosen
