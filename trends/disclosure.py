"""Nobody learns a figure about fewer than ten people, not by subtracting two published ones.

Pure functions on arrays. True marks a count that is not published.
"""

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

# Below ten, somebody who knows a few of them could tell the rest.
FEWEST_PEOPLE = 10
# One hidden part of a published whole is what the whole leaves over.
FEWEST_HIDDEN = 2


def too_few(counts: Counts) -> Bools:
    """Whether fewer than ten people stand behind each count; nobody at all is fewer, too."""
    return counts < FEWEST_PEOPLE


def tells_the_rest(part: Counts, whole: Counts) -> Bools:
    """Whether a `part` beside its `whole` would tell a rest of one to nine people."""
    rest = np.abs(whole - part)
    told: Bools = (rest > 0) & (rest < FEWEST_PEOPLE)
    return told


def hide_parts(parts: Counts, whole: Counts, *, hidden: Bools, hidden_whole: Bools) -> Bools:
    """Which parts (…, parts) of a whole (…) to hide so that no hidden one is found.

    `hidden` (…, parts) are those that must be. Published parts and a published whole tell the sum
    of the hidden ones; so the smallest others are hidden too, until that sum is of ten people or
    more and of two parts or more. With the whole hidden as well there is nothing to subtract.
    """
    # Those that must be hidden first, then the others by size: a prefix of this order is hidden.
    order = np.lexsort((parts, ~hidden), axis=-1)
    in_order = np.take_along_axis(parts, order, axis=-1)
    left_over = (whole - parts.sum(axis=-1))[..., None] + in_order.cumsum(axis=-1)
    number = np.arange(1, parts.shape[-1] + 1)
    must = hidden.sum(axis=-1)[..., None]
    enough = (number >= np.maximum(must, FEWEST_HIDDEN)) & (left_over >= FEWEST_PEOPLE)
    # Without any prefix that is enough everything is hidden.
    length = np.where(enough.any(axis=-1), enough.argmax(axis=-1) + 1, parts.shape[-1])
    needed = (must[..., 0] > 0) & ~hidden_whole
    prefix = number <= np.where(needed, length, must[..., 0])[..., None]
    found = np.zeros_like(hidden)
    np.put_along_axis(found, order, prefix, axis=-1)
    return found
