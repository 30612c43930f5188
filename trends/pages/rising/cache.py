"""What a list counts over a whole snapshot, kept for who asks next; without a cache it is counted.

A published snapshot never changes, so what a query finds in it never does either, as long as every
skill is of the same category. Names are not kept: they are read each time.
"""

import logging
from contextlib import suppress
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from marketplace.problems import CACHE_AWAY
from marketplace.skills.models import Category
from trends.models import TrendSnapshot

log = logging.getLogger(__name__)

# The cache never drops what it holds to make room, it refuses more: what nobody asks for goes.
KEPT_SECONDS = 3_600
# Looking at all skills, rather than for edits, misses none: not one made in bulk or in SQL.
_SKILLS = RawSQL(
    "(SELECT md5(string_agg(id || ' ' || category_id, ',' ORDER BY id)) FROM skills_skill)", ()
)


def categories_now() -> tuple[list[Category], str]:
    """Return every category with its parent, and a digest of which skill is in which."""
    categories = list(Category.objects.select_related("parent").annotate(all_skills=_SKILLS))
    return categories, categories[0].all_skills if categories else ""  # type: ignore[attr-defined]


def kept_rows(
    query: QuerySet[Any, Any], snapshot: TrendSnapshot, taxonomy: str
) -> list[tuple[Any, ...]]:
    """Return the rows of a query about one published snapshot, in tuples.

    To be asked only for what there are few of: an address that strangers make up fills the cache.
    """
    # Under the query itself: a release that asks for something else finds nothing old.
    asked = f"{snapshot.published_at} {taxonomy} {query.query}"
    key = f"rows:{sha256(asked.encode()).hexdigest()}"
    try:
        rows = cache.get(key)
    except CACHE_AWAY as problem:
        log.warning("nothing is kept of a list: %s", type(problem).__name__)
        return list(query)
    if rows is None:
        rows = list(query)
        # Of what there is nothing of, such as a country nobody is from, there is no end.
        if rows:
            with suppress(*CACHE_AWAY):
                cache.set(key, rows, KEPT_SECONDS)
    return list(rows)
