"""The skills of a list are found by themselves, however many snapshots there are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trends", "0010_skill_market")]

    operations = [
        migrations.AddIndex(
            model_name="skilltrend",
            index=models.Index(
                fields=["snapshot", "window", "country"],
                include=("current",),
                condition=models.Q(rank__isnull=False),
                name="skill_trend_listed",
            ),
        ),
        migrations.AddIndex(
            model_name="skilltrend",
            index=models.Index(
                fields=["snapshot", "window", "country"],
                include=("previous",),
                condition=models.Q(label__in=("declining", "cooling")),
                name="skill_trend_falling",
            ),
        ),
    ]
