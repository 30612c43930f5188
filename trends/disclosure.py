"""Nobody learns a figure about fewer than ten people, not by subtracting two published ones.

Pure functions on arrays. True marks a count that is not published.
"""

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

# Below ten, somebody who knows a few of them could tell the rest.
FEWEST_PEOPLE = 10


def too_few(counts: Counts) -> Bools:
    """Whether fewer than ten people stand behind each count; nobody at all is fewer, too."""
    return counts < FEWEST_PEOPLE


def tells_the_rest(part: Counts, whole: Counts) -> Bools:
    """Whether `part` of a published `whole` would tell a rest of one to nine people."""
    rest = np.abs(whole - part)
    told: Bools = (rest > 0) & (rest < FEWEST_PEOPLE)
    return told


def hide_parts(parts: Counts, whole: Counts, *, hidden: Bools, hidden_whole: Bools) -> Bools:
    """Which parts (subjects, parts) of a whole (subjects,) to hide so that no hidden one is found.

    `hidden` are the parts that must be. Published parts and a published whole tell the sum of the
    hidden ones; so further parts are hidden, the smallest first, until that sum is of ten people
    or more and of two parts or more. With the whole hidden as well there is nothing to subtract.
    """
    hidden = hidden.copy()
    order = np.argsort(parts, axis=1, kind="stable")
    for subject in np.flatnonzero(hidden.any(axis=1) & ~hidden_whole):
        for place in order[subject]:
            rest = whole[subject] - parts[subject, ~hidden[subject]].sum()
            if hidden[subject].sum() >= 2 and rest >= FEWEST_PEOPLE:
                break
            hidden[subject, place] = True
    return hidden
