"""All searchers of each week, for shares over time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trends", "0007_replacements")]

    operations = [
        migrations.AddField(
            model_name="trendsnapshot",
            name="platform_weekly",
            field=models.JSONField(
                default=dict,
                help_text="country: all searchers of each week, as far as they are published",
            ),
        ),
    ]
