"""What surrounds a skill: sellers and buyers month by month, searches and skills beside it."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


def months(told):
    return django.contrib.postgres.fields.ArrayField(
        base_field=models.IntegerField(), help_text=f"{told} a month, oldest first", size=None
    )


def of(constraint):
    """The fields and the constraint of a table with one row a skill and snapshot."""
    key = models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )
    skill = models.ForeignKey(
        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="skills.skill"
    )
    snapshot = models.ForeignKey(
        db_index=False,
        on_delete=django.db.models.deletion.CASCADE,
        to="trends.trendsnapshot",
    )
    unique = models.UniqueConstraint(fields=("snapshot", "skill"), name=constraint)
    return [("id", key), ("skill", skill), ("snapshot", snapshot)], [unique]


MARKET, ONE_MARKET = of("one_market_a_skill_and_snapshot")
NEIGHBOURS, ONE_NEIGHBOURHOOD = of("one_neighbourhood_a_skill_and_snapshot")


class Migration(migrations.Migration):
    dependencies = [("trends", "0009_watches"), ("skills", "0004_ai_skills")]

    operations = [
        migrations.CreateModel(
            name="SkillMarket",
            fields=[
                *MARKET,
                ("sellers", months("sellers with an active gig")),
                ("buyers", months("distinct buyers")),
                ("searchers", months("distinct searchers")),
            ],
            options={"constraints": ONE_MARKET},
        ),
        migrations.CreateModel(
            name="SkillNeighbours",
            fields=[
                *NEIGHBOURS,
                ("searches", models.JSONField(help_text="[text, people], most people first")),
                ("skills", models.JSONField(help_text="[skill, people, lift], the surest first")),
            ],
            options={
                "verbose_name_plural": "skill neighbours",
                "constraints": ONE_NEIGHBOURHOOD,
            },
        ),
        # What an edition says of them never changes (0005_editions).
        migrations.RunSQL(
            "SELECT trends_freeze(name::regclass) FROM unnest("
            "ARRAY['trends_skillmarket', 'trends_skillneighbours']) AS name",
            migrations.RunSQL.noop,
        ),
    ]
