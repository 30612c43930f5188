"""What growth is measured from: counts of the current window, and of what it is held against."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from trends.arithmetic.share_ratio import Counts, check_shapes

# A window with more than a tenth of it missing is a different window.
LEAST_SEEN = 0.9


@dataclass(frozen=True, slots=True)
class Counted:
    """The counts of one window, as `measure` is given them."""

    weekly: Counts
    by_country: Counts
    platform_weekly: Counts
    platform_by_country: Counts

    def seen(self) -> float:
        """Give the part of the window's weeks with data, 0..1; none without a platform."""
        return float(np.mean(self.platform_weekly > 0)) * bool(self.platform_by_country.any())

    def check(self, base: "Counted") -> None:
        """Raise ValueError where the shapes of the two disagree."""
        check_shapes(self.weekly, base.weekly, self.platform_weekly, base.platform_weekly)
        check_shapes(
            self.by_country, base.by_country, self.platform_by_country, base.platform_by_country
        )


@dataclass(frozen=True, slots=True)
class Windows:
    """The current window and what it is held against; `season` is None without a comparable one."""

    current: Counted
    preceding: Counted
    season: Counted | None

    @classmethod
    def named(cls, **counts: Mapping[str, Counts]) -> "Windows":
        """Read them by their names "c", "b" and "y", in whatever order they are given."""
        given = {
            letter: Counted(**{kind: by_letter[letter] for kind, by_letter in counts.items()})
            for letter in counts["by_country"]
        }
        if not {"c", "b"} <= given.keys() <= {"c", "b", "y"}:
            raise ValueError(f"Windows are named c, b and perhaps y; these are {sorted(given)}.")
        for window in given.values():
            given["c"].check(window)
        season = given.get("y")
        if season and season.seen() < LEAST_SEEN:
            season = None
        return cls(given["c"], given["b"], season)

    @property
    def bases(self) -> list[Counted]:
        """What the current window is compared with, the preceding one first."""
        return [self.preceding, *filter(None, [self.season])]
