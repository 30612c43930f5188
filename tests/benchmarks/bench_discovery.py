"""What discovery costs over 200,000 distinct terms: terms a second, and memory.

Run `python -m tests.benchmarks discovery`. PostgreSQL draws the searches: terms by a power law, of
one to four words each; days and people evenly. The reference is the same phrases' people counted
naively: every word of every search joined with its people, and nothing else asked.
"""

import resource
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from django.db import connection

from marketplace.searches.partitions import ensure_months
from marketplace.skills.matching import Matcher, current_taxonomy
from tests.benchmarks.databases import print_table, seconds
from trends.backoffice.candidates.discovery import discover
from trends.backoffice.candidates.reading import read_terms, untagged
from trends.counting.daily_rollup import mark_dirty, roll_up
from trends.models import DiscoveryThresholds

AS_OF = date(2024, 3, 11)
DAYS = 728
# One in ten of these is never searched for.
TERMS, EVENTS, PEOPLE, SKILLS = 230_000, 1_000_000, 300_000, 5_000
# Words there are, and how steeply the few are used more than the many.
WORDS, STEEPNESS = 40_000, 3
NEW = 200
COUNTRIES = ["DE", "US", "FR", "IN", "GB", "BR", "ES", "AT"]

_TERMS = f"""
SELECT setseed(0.5);
INSERT INTO skills_category (slug, name) VALUES ('d', 'd');
INSERT INTO skills_skill (slug, name, category_id, status, tracked_since, is_ai)
    SELECT 'd' || n, 'word' || n || 'x', c.id, 'active', '2022-01-01', false
    FROM generate_series(1, {SKILLS}) n, skills_category c WHERE c.slug = 'd';
INSERT INTO skills_skillalias (text, skill_id)
    SELECT name, id FROM skills_skill WHERE name LIKE 'word%x';
INSERT INTO skills_searchterm (text)
    SELECT text FROM (
        SELECT n, string_agg(
            'word' || floor({WORDS} * random() ^ {STEEPNESS})::int || 'x', ' '
        ) AS text
        FROM generate_series(1, {TERMS} * 2) n, generate_series(1, 1 + n % 4) word GROUP BY n
    ) AS drawn ORDER BY n ON CONFLICT DO NOTHING;
DELETE FROM skills_searchterm WHERE id IN (
    SELECT id FROM skills_searchterm WHERE text LIKE 'word%x' ORDER BY id OFFSET {TERMS}
);
INSERT INTO searches_source (name) VALUES ('drawn for discovery')
"""
_EVENTS = f"""
INSERT INTO searches_searchevent
    (day, source_id, event_id, second, term_id, searcher, country, role)
SELECT %(as_of)s::date - 1 - floor({DAYS} * random())::int, source.id, n::text,
    floor(86400 * random()), terms.id, floor({PEOPLE} * random()),
    (%(countries)s::text[])[1 + floor({len(COUNTRIES)} * random() ^ 2)], 0
FROM (
    SELECT n, 1 + floor({TERMS} * random() ^ {STEEPNESS})::bigint AS place
    FROM generate_series(1, {EVENTS}) n
) AS drawn
JOIN (
    SELECT id, row_number() OVER (ORDER BY id) AS place
    FROM skills_searchterm WHERE text LIKE 'word%%x'
) AS terms USING (place)
CROSS JOIN (SELECT id FROM searches_source WHERE name = 'drawn for discovery') AS source
"""
# Phrases that nobody sought before the half-year, so that there is evidence to gather.
_NEW = f"""
INSERT INTO skills_searchterm (text)
    SELECT 'new' || n || 'x thing' || n || 'x' FROM generate_series(1, {NEW}) n;
INSERT INTO searches_searchevent
    (day, source_id, event_id, second, term_id, searcher, country, role)
SELECT '{AS_OF}'::date - 1 - floor(182 * random())::int, source.id, 'new' || t.id || '-' || n,
    floor(86400 * random()), t.id, floor({PEOPLE} * random()), 'DE', 0
FROM skills_searchterm t, generate_series(1, 100) n,
    (SELECT id FROM searches_source WHERE name = 'drawn for discovery') source
WHERE t.text LIKE 'new%'
"""
_REFERENCE = f"""
SELECT word, count(DISTINCT searcher) FROM searches_searchevent e
JOIN skills_searchterm t ON t.id = e.term_id
CROSS JOIN LATERAL unnest(string_to_array(t.text, ' ')) AS word
WHERE e.day >= '{AS_OF - timedelta(days=182)}' AND e.day < '{AS_OF}' GROUP BY word
"""


def main(directory: Path) -> None:
    """Print the table; everything goes into the database there is."""
    fill()
    thresholds = DiscoveryThresholds()
    matcher = Matcher(current_taxonomy().phrases)
    before = peak()
    reading = seconds(partial(read_terms, AS_OF, matcher), times=1)
    terms = read_terms(AS_OF, matcher)
    finding = seconds(partial(untagged, terms, frozenset(matcher.phrases), fewest=30), times=1)
    whole = seconds(partial(discover, AS_OF, thresholds=thresholds), times=1)
    found = len(discover(AS_OF, thresholds=thresholds))
    print_table(
        f"Discovery over {len(terms):,} terms, {EVENTS:,} searches, {SKILLS:,} skills",
        [
            ("read every term against the skills", reading),
            ("find and fold the phrases", finding),
            ("whole run, with counting and evidence", whole),
        ],
        seconds(partial(executed, _REFERENCE)),
    )
    print(
        f"{len(terms) / whole:,.0f} terms a second, {found:,} phrases found;"
        f" {peak() - before:,.0f} MB more than before, {peak():,.0f} MB at most"
    )


def fill() -> None:
    """Draw the market, the same one each time."""
    days = [AS_OF - timedelta(days=back) for back in range(1, DAYS + 1)]
    ensure_months(days)
    executed(_TERMS)
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, {"as_of": AS_OF, "countries": COUNTRIES})
    executed(_NEW)
    executed("ANALYZE")
    mark_dirty(days)
    roll_up()


def executed(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def peak() -> float:
    """The most memory this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
