"""Which skills work with AI: what the AI share of a category counts."""

from django.db import migrations, models

IS_AI = models.BooleanField(
    "works with AI", default=False, help_text="counts for the AI share of its category"
)


class Migration(migrations.Migration):
    dependencies = [("skills", "0003_taxonomy_edits")]

    operations = [
        migrations.AddField("skill", "is_ai", IS_AI),
        migrations.AddField("historicalskill", "is_ai", IS_AI),
    ]
