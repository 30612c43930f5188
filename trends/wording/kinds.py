"""What stands behind a figure as it is written, for whoever must not read it out of the words."""

from enum import StrEnum


class Kind(StrEnum):
    """Whether a count or a growth is there, and if not, why."""

    KNOWN = "known"
    # Hardly anybody searched before: there is no percentage.
    NEW = "new"
    TOO_FEW = "too few"
    # Another figure could be worked out from it.
    WITHHELD = "withheld"
    UNKNOWN = "unknown"
