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
    """Return whether fewer than ten people, or nobody, stand behind each count."""
    return counts < FEWEST_PEOPLE


def tells_few(rest: Counts) -> Bools:
    """Return whether a difference of published counts is one to nine people, either way round.

    Where parts overlap a difference is negative: the people counted in more than one of them.
    """
    size = np.abs(rest)
    few: Bools = (size > 0) & (size < FEWEST_PEOPLE)
    return few


def hide_parts(
    parts: Counts, whole: Counts, *, hidden: Bools, hidden_whole: Bools
) -> tuple[Bools, Bools]:
    """Choose which parts (…, parts) of which wholes (…) to hide so that no hidden part follows.

    For parts that hardly overlap, as countries. `hidden` (…, parts) are those that must be, those
    under ten among them. Published parts and a published whole give the sum of the hidden ones; so
    the smallest others are hidden too, until two or more are hidden and their sum gives away none
    of them, though readers know which are under ten. The whole is hidden where even hiding all
    parts does not help. Parts that give away a small overlap are hidden in the same way.
    """
    few = tells_few(whole - parts.sum(axis=-1))
    # Nobody at all is no secret.
    needed = ((hidden & (parts > 0)).any(axis=-1) | few) & ~hidden_whole
    extended, without_whole = hidden.copy(), np.array(hidden_whole)
    if needed.any():
        extended[needed], without_whole[needed] = _hide_smallest(
            parts[needed], whole[needed], hidden[needed]
        )
    return extended, without_whole


def _hide_smallest(parts: Counts, whole: Counts, hidden: Bools) -> tuple[Bools, Bools]:
    """Do the same for (wholes, parts) of which each needs something hidden."""
    # Those that must be hidden first, then the others by size: a prefix of this order is hidden.
    order = np.lexsort((parts, ~hidden), axis=-1)
    in_order = np.take_along_axis(parts, order, axis=-1)
    left_over = (whole - parts.sum(axis=-1))[:, None] + in_order.cumsum(axis=-1)
    number = np.arange(1, parts.shape[-1] + 1)
    few = ((parts > 0) & too_few(parts)).sum(axis=-1)[:, None]
    large = number - too_few(parts).sum(axis=-1)[:, None]
    least, most = _could_be(left_over, few=few, large=large)
    enough = (number >= hidden.sum(axis=-1)[:, None]) & (few + large >= FEWEST_HIDDEN)
    enough &= (few == 0) | ((least == 1) & (most == FEWEST_PEOPLE - 1))
    safe = enough.any(axis=-1)
    length = np.where(safe, enough.argmax(axis=-1) + 1, parts.shape[-1])
    smallest = np.zeros_like(hidden)
    np.put_along_axis(smallest, order, number <= length[:, None], axis=-1)
    return smallest, ~safe & (few[:, 0] > 0) & (least[:, -1] >= most[:, -1])


def _could_be(total: Counts, *, few: Counts, large: Counts) -> tuple[Counts, Counts]:
    """Bound a part under ten, given the total and how many parts are `few` and `large`.

    It is at least what the others under ten, if each were nine, would leave, unless a large one
    takes the excess; and at most what they leave if as small as they can be.
    """
    least = np.where(large > 0, 1, total - (FEWEST_PEOPLE - 1) * (few - 1))
    most = total - FEWEST_PEOPLE * large - (few - 1)
    return np.maximum(least, 1), np.minimum(most, FEWEST_PEOPLE - 1)


def hide_small_rest(parts: Counts, whole: Counts, *, hidden: Bools, hidden_whole: Bools) -> Bools:
    """Choose which parts (…, parts) to hide so that whole less published parts is not small.

    For parts that overlap, as weeks: the `hidden` ones, and the smallest others until the
    difference is zero people, or ten or more.
    """
    rest = whole - np.where(hidden, 0, parts).sum(axis=-1)
    needed = tells_few(rest) & ~hidden_whole & ~hidden.all(axis=-1)
    extended = hidden.copy()
    if not needed.any():
        return extended
    of_size = np.where(hidden[needed], np.iinfo(np.int64).max, parts[needed])
    order = np.argsort(of_size, axis=-1, kind="stable")
    shown = np.take_along_axis(np.where(hidden, 0, parts)[needed], order, axis=-1)
    safe = ~tells_few(rest[needed][:, None] + shown.cumsum(axis=-1))
    length = np.where(safe.any(axis=-1), safe.argmax(axis=-1) + 1, parts.shape[-1])
    further = np.zeros_like(of_size, dtype=bool)
    np.put_along_axis(further, order, np.arange(parts.shape[-1]) < length[:, None], axis=-1)
    extended[needed] |= further
    return extended


# People are told to the nearest ten: then no difference of two figures is of one to nine.
TENS = 10


def in_tens(people: int) -> int:
    """Round a count of people to the nearest ten, as the public sees ten or more."""
    return (people + TENS // 2) // TENS * TENS
