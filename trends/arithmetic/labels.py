"""The one word a skill gets: from "not enough data" to "breakout", and when it may change."""

from enum import StrEnum

import numpy as np
import numpy.typing as npt

from trends.arithmetic.share_ratio import Bools

Labels = npt.NDArray[np.str_]
# Wide enough for the longest label.
LABEL_DTYPE = "<U15"


class Label(StrEnum):
    """The labels, in the order in which the first match wins."""

    NOT_ENOUGH_DATA = "not enough data"
    DECLINING = "declining"
    COOLING = "cooling"
    NEW = "new"
    BREAKOUT = "breakout"
    SURGING = "surging"
    RISING = "rising"
    STEADY = "steady"


# Labels that say a skill goes up. A skill that cools keeps cooling until it is steady or up again.
UPWARD = (Label.NEW, Label.BREAKOUT, Label.SURGING, Label.RISING)
# Labels that say a skill goes down.
DOWNWARD = (Label.DECLINING, Label.COOLING)


def was_upward(shown: Labels) -> Bools:
    """Return whether each skill was last shown as going up, or cooling after it, (skills,)."""
    return np.isin(shown, [*UPWARD, Label.COOLING])


def first_match(conditions: dict[Label, Bools]) -> Labels:
    """Give each skill the first label, in the order of Label, whose condition holds."""
    order = [label for label in Label if label in conditions]
    chosen = np.select(
        [conditions[label] for label in order],
        [np.array(label.value, dtype=LABEL_DTYPE) for label in order],
        np.array(Label.STEADY.value, dtype=LABEL_DTYPE),
    )
    return chosen.astype(LABEL_DTYPE)


def shown_labels(measured: Labels, *, previous_measured: Labels, previous_shown: Labels) -> Labels:
    """Give the labels to show: a change must have been measured in two consecutive weekly runs.

    All (skills,), in the same order of skills. An empty string in `previous_shown` marks a skill
    not shown before; it takes its first label at once.
    """
    settled = (measured == previous_measured) | (previous_shown == "")
    return np.where(settled, measured, previous_shown).astype(LABEL_DTYPE)
