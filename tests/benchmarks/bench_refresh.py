"""What a refresh of 20,000 skills costs, part by part.

Run `python -m tests.benchmarks refresh`. PostgreSQL draws the searches: skills by a power law, days
and people evenly. The reference is one plain query over the same searches, so that the tables of
two machines can be compared; it and what is short are medians of three runs.
"""

from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from marketplace.searches.partitions import ensure_months
from marketplace.skills.models import Skill
from tests.benchmarks.databases import print_table, seconds
from trends.arithmetic.lift import lift
from trends.counting import window_counts
from trends.counting.daily_rollup import mark_dirty, match_terms, recount, roll_up
from trends.counting.window_counts import CATEGORIES, PLATFORM, SKILLS, WindowCounts
from trends.measuring import snapshot
from trends.measuring.demand.measurement import MarketCounts, measure_market
from trends.measuring.demand.withholding import Withheld, withhold
from trends.measuring.flows.ai_share import count_shares
from trends.measuring.flows.flow_counts import count_flows, forget

AS_OF = date(2024, 3, 11)
DAYS = 728
EVENTS, SKILL_COUNT, CATEGORY_COUNT, PEOPLE = 1_000_000, 20_000, 200, 300_000
# Every so manieth skill is taken to fade, and to work with AI.
FADING = 20
# An even draw cubed gives the first hundredth of the skills a fifth of all searches.
STEEPNESS = 3
COUNTRIES = ["DE", "US", "FR", "IN", "GB", "BR", "ES", "AT"]

_TAXONOMY = f"""
INSERT INTO skills_category (slug, name)
    SELECT 'c' || n, 'c' || n FROM generate_series(1, {CATEGORY_COUNT}) n;
INSERT INTO skills_skill (slug, name, category_id, status, tracked_since, is_ai)
    SELECT 's' || n, 'skill ' || n, c.id, 'active', '2022-01-01', n % {FADING} = 0
    FROM generate_series(1, {SKILL_COUNT}) n
    JOIN skills_category c ON c.slug = 'c' || 1 + n - n / {CATEGORY_COUNT} * {CATEGORY_COUNT};
INSERT INTO skills_skillalias (text, skill_id) SELECT name, id FROM skills_skill;
INSERT INTO skills_searchterm (text) SELECT name FROM skills_skill ORDER BY id;
INSERT INTO searches_source (name) VALUES ('drawn');
SELECT setseed(0.5)
"""
_EVENTS = f"""
INSERT INTO searches_searchevent
    (day, source_id, event_id, second, term_id, searcher, country, role)
SELECT %(as_of)s::date - 1 - floor({DAYS} * random())::int, source.id, n::text,
    floor(86400 * random()), first + floor({SKILL_COUNT} * random() ^ {STEEPNESS})::int,
    floor({PEOPLE} * random()), (%(countries)s::text[])[1 + floor({len(COUNTRIES)} * random() ^ 2)],
    0
FROM generate_series(1, {EVENTS}) n,
    (SELECT id FROM searches_source WHERE name = 'drawn') source,
    (SELECT id AS first FROM skills_searchterm WHERE text = 'skill 1') term
"""
_REFERENCE = "SELECT term_id, count(DISTINCT searcher) FROM searches_searchevent GROUP BY term_id"


def main(directory: Path) -> None:
    """Print the table; everything goes into the database there is."""
    fill()
    taken = [
        ("match every term", seconds(match_terms, times=1)),
        ("count every day", seconds(roll_up, times=1)),
        ("count one day again", seconds(lambda: recount([AS_OF - timedelta(days=40)]))),
        *parts_of_a_snapshot(),
    ]
    mark_dirty(snapshot.days_still_open(AS_OF))
    whole = seconds(partial(snapshot.refresh, AS_OF), times=1)
    taken.append(("whole daily run, three days counted again", whole))
    print_table(
        f"Refresh of {SKILL_COUNT:,} skills, {EVENTS:,} searches, {len(COUNTRIES)} countries",
        taken,
        seconds(partial(executed, _REFERENCE)),
    )


def fill() -> None:
    """Draw the market, the same one each time."""
    days = [AS_OF - timedelta(days=back) for back in range(1, DAYS + 1)]
    ensure_months(days)
    executed(_TAXONOMY)
    executed(_EVENTS, {"as_of": AS_OF, "countries": COUNTRIES})
    executed("ANALYZE")
    mark_dirty(days)


def executed(statement: str, given: dict[str, Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)


def parts_of_a_snapshot() -> list[tuple[str, float]]:
    """Reading, withholding and measuring, each by itself."""
    countries = window_counts.countries_seen(AS_OF)
    count = partial(window_counts.count, as_of=AS_OF, countries=countries)
    platform, skills = count(PLATFORM), count(SKILLS)
    return [
        *(
            (f"read {what}", seconds(partial(count, what), times=1))
            for what in (PLATFORM, SKILLS, CATEGORIES)
        ),
        (
            "decide what of the skills is withheld",
            seconds(partial(withhold, skills, platform), times=1),
        ),
        ("measure the skills everywhere", seconds(partial(measured, skills, platform), times=1)),
        ("count who left what for what", seconds(flows, times=1)),
        ("count AI shares", seconds(partial(count_shares, AS_OF, AS_OF - timedelta(days=DAYS)))),
    ]


def flows() -> None:
    """Count and test the flows from a twentieth of the skills."""
    fading = Skill.objects.filter(is_ai=True).order_by("pk").values_list("pk", flat=True)
    with transaction.atomic():
        found = count_flows(AS_OF, list(fading))
        lift(found.moved, found.former, found.others_moved, found.others)
        forget()


def measured(skills: WindowCounts, platform: WindowCounts) -> None:
    """Measure every window and country, with nothing withheld."""
    market = MarketCounts(
        as_of=AS_OF,
        first_day=AS_OF - timedelta(days=DAYS),
        subjects=skills,
        platform=platform,
        withheld=Withheld.nothing(skills),
        platform_withheld=Withheld.nothing(platform),
        previous={},
    )
    for _ in measure_market(market):
        pass
