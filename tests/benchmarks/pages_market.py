"""What pages show beside the searches of `refresh`: skills that rise, gigs and their orders."""

from datetime import timedelta

from tests.benchmarks.bench_refresh import (
    AS_OF,
    CATEGORY_COUNT,
    COUNTRIES,
    PEOPLE,
    SKILL_COUNT,
    STEEPNESS,
    executed,
    fill,
)
from trends.counting.daily_rollup import mark_dirty
from trends.counting.windows import WEEK
from trends.measuring.snapshot import refresh
from trends.models import CategoryTrend, EarningsTrend, SkillTrend, TrendSnapshot

SELLERS, GIGS, ORDERS, RISING, MORE = 20_000, 100_000, 300_000, 300, 100_000
# Every so manieth of those most people search for rises, for half a year.
RISES, DAYS = 10, 182

_SEARCHES = f"""
INSERT INTO searches_searchevent
    (day, source_id, event_id, second, term_id, searcher, country, role)
SELECT %(as_of)s::date - 1 - floor({DAYS} * random())::int, source.id, 'more ' || n,
    floor(86400 * random()), first + {RISES} * floor({RISING} * random())::int,
    floor({PEOPLE} * random()), (%(countries)s::text[])[1 + floor({len(COUNTRIES)} * random() ^ 2)],
    0
FROM generate_series(1, {MORE}) n,
    (SELECT id FROM searches_source WHERE name = 'drawn') source,
    (SELECT id AS first FROM skills_searchterm WHERE text = 'skill 1') term
"""
_SUPPLY = f"""
INSERT INTO gigs_seller (pseudonym, country)
    SELECT {PEOPLE} + n, '' FROM generate_series(1, {SELLERS}) n;
INSERT INTO gigs_gig
    (gig_id, seller_id, title, category_id, tags, price, currency, created_at, status)
    SELECT 'g' || n, first + floor({SELLERS} * random())::int, md5(k::text) || ' done well', c.id,
        ARRAY['skill ' || k], 5 + floor(500 * random()), 'USD',
        %(as_of)s::date - interval '1 day' * (1 + floor(500 * random())), 'active'
    FROM (
        SELECT n, 1 + floor({SKILL_COUNT} * random() ^ {STEEPNESS})::int AS k
        FROM generate_series(1, {GIGS}) n
    ) drawn
    JOIN skills_category c ON c.slug = 'c' || 1 + k - k / {CATEGORY_COUNT} * {CATEGORY_COUNT},
    (SELECT min(id) AS first FROM gigs_seller) seller;
INSERT INTO gigs_order
    (order_id, gig_id, buyer, amount, refunded, currency, ordered_at, completed_at, status)
    SELECT 'o' || n, gig, floor({PEOPLE} * random()), 5 + floor(500 * random()), 0, 'USD', at, at,
        'completed'
    FROM (
        SELECT n, first + floor({GIGS} * random())::int AS gig,
            %(as_of)s::date - interval '1 day' * (1 + floor(725 * random())) AS at
        FROM generate_series(1, {ORDERS}) n, (SELECT min(id) AS first FROM gigs_gig) gig
    ) drawn
"""


def publish() -> None:
    """Draw what is missing, and publish the snapshot with one of a week before beside it."""
    if not TrendSnapshot.objects.exists():
        fill()
    executed(_SEARCHES, {"as_of": AS_OF, "countries": COUNTRIES})
    executed(_SUPPLY, {"as_of": AS_OF})
    mark_dirty(AS_OF - timedelta(days=back) for back in range(1, DAYS + 1))
    repeat_a_week_before(refresh(AS_OF))
    # As the database does by itself, a little later.
    executed("VACUUM ANALYZE")


def repeat_a_week_before(snapshot: TrendSnapshot) -> None:
    """Give the lists a week to tell their moves against: the same figures once more."""
    now = snapshot.pk
    snapshot.pk, snapshot.as_of = None, snapshot.as_of - WEEK
    assert snapshot.published_at
    snapshot.published_at -= WEEK
    snapshot.save()
    for model in (SkillTrend, CategoryTrend, EarningsTrend):
        fields = [one for one in model._meta.concrete_fields if one.name not in {"id", "snapshot"}]
        columns, table = ", ".join(f'"{one.column}"' for one in fields), model._meta.db_table
        executed(
            f"INSERT INTO {table} (snapshot_id, {columns})"
            f" SELECT %(then)s, {columns} FROM {table} WHERE snapshot_id = %(now)s",
            {"then": snapshot.pk, "now": now},
        )
