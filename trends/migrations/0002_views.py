"""Searches as they are counted: by platform, skill and category, with what is left out marked.

`counted` is false for staff and bots, for floods (ExcludedSearcher), and, for a skill, for the
searches of people who offered that very skill by then. `subject` is what a count is about.
"""

from django.db import migrations

OFFER = """
CREATE VIEW trends_offer AS
SELECT gig_id, seller_id, created_on, skill_id,
    1.0 / least(count(*) OVER (PARTITION BY gig_id), 5) AS share
FROM (
    SELECT DISTINCT g.id AS gig_id, g.seller_id,
        (g.created_at AT TIME ZONE 'UTC')::date AS created_on,
        coalesce(s.merged_into_id, s.id) AS skill_id
    FROM gigs_gig g
    CROSS JOIN LATERAL unnest(g.tags) AS tag
    JOIN skills_skillalias a ON a.text = tag
    JOIN skills_skill s ON s.id = a.skill_id AND s.status <> 'retired'
) AS offered
"""

PLATFORM = """
CREATE VIEW trends_platform_search AS
SELECT e.day, 0::bigint AS subject, e.term_id, e.second, e.searcher, e.country,
    e.role NOT IN (3, 4) AND x.day IS NULL AS counted
FROM searches_searchevent e
LEFT JOIN trends_excludedsearcher x ON x.day = e.day AND x.searcher = e.searcher
"""

SKILL = """
CREATE VIEW trends_skill_search AS
SELECT p.day, t.skill_id AS subject, p.term_id, p.second, p.searcher, p.country,
    p.counted AND own.since IS NULL AS counted
FROM trends_platform_search p
JOIN skills_termskill t ON t.term_id = p.term_id
LEFT JOIN trends_knownoffer own
    ON own.seller = p.searcher AND own.skill_id = t.skill_id AND own.since <= p.day
"""

# Who offers one skill of a category may well look for another: in a category all count.
CATEGORY = """
CREATE VIEW trends_category_search AS
SELECT p.day, t.category_id AS subject, p.term_id, p.second, p.searcher, p.country, p.counted
FROM trends_platform_search p
JOIN skills_termcategory t ON t.term_id = p.term_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("trends", "0001_initial"),
        ("skills", "0002_trigrams"),
        ("gigs", "0001_initial"),
        ("searches", "0002_partition_events_by_month"),
    ]

    operations = [
        migrations.RunSQL(OFFER, "DROP VIEW trends_offer"),
        migrations.RunSQL(PLATFORM, "DROP VIEW trends_platform_search"),
        migrations.RunSQL(SKILL, "DROP VIEW trends_skill_search"),
        migrations.RunSQL(CATEGORY, "DROP VIEW trends_category_search"),
    ]
