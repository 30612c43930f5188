"""How many sellers of each country offer a skill."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trends", "0011_faster_lists"), ("skills", "0004_ai_skills")]

    operations = [
        migrations.CreateModel(
            name="CountrySupply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("country", models.CharField(max_length=3)),
                ("sellers", models.IntegerField(help_text="distinct sellers with an active gig")),
                ("public_sellers", models.IntegerField(help_text="to the nearest ten", null=True)),
                (
                    "skill",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="skills.skill",
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="trends.trendsnapshot",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "country supplies",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("snapshot", "skill", "country"),
                        name="one_supply_a_country_skill_and_snapshot",
                    )
                ],
            },
        ),
        # What an edition says of it never changes (0005_editions).
        migrations.RunSQL("SELECT trends_freeze('trends_countrysupply')", migrations.RunSQL.noop),
    ]
