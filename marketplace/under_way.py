"""What is being loaded just now, and how far it is: in the cache, while somebody says so."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache

from marketplace.problems import CACHE_AWAY

log = logging.getLogger(__name__)

KEY = "under-way"
# Who loads says so with every batch, and before every stage, the longest of which takes a minute;
# who has been silent for this long has ended somehow.
SILENT_AFTER = 120
# What is loaded besides the parts of the simulated market, which go by their own names.
FILES, FIGURES = "files", "figures"


@dataclass(frozen=True, slots=True)
class Load:
    """Something being loaded: since when, and how much of how much where that is known."""

    what: str
    began: datetime
    done: int = 0
    total: int = 0

    def left(self, now: datetime) -> timedelta | None:
        """Estimate the time left if it goes on at this rate; None where that is not known."""
        if not self.done or not self.total:
            return None
        return (now - self.began) * max(self.total - self.done, 0) / self.done


def tell(what: str, *, now: datetime, done: int = 0, total: int = 0) -> None:
    """Say that this is being loaded; a cache that is down stops no load."""
    before = load_under_way()
    began = before.began if before and before.what == what else now
    try:
        cache.set(KEY, Load(what, began, done, total), SILENT_AFTER)
    except CACHE_AWAY as problem:
        log.warning("the load cannot be announced: %s", type(problem).__name__)


def load_under_way() -> Load | None:
    """Return what is being loaded, as far as it is known."""
    try:
        load: Load | None = cache.get(KEY)
    except CACHE_AWAY:
        return None
    return load


def over() -> None:
    """Say that nothing is being loaded any more."""
    try:
        cache.delete(KEY)
    except CACHE_AWAY as problem:
        log.warning("the end of the load cannot be announced: %s", type(problem).__name__)
