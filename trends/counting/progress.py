"""How long work reports its progress."""

from collections.abc import Callable

# Called with the units done, the units in all as far as known, and the rows written.
Progress = Callable[[int, int, int], object]
