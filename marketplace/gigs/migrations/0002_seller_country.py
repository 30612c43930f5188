"""The country a seller works in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("gigs", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="seller",
            name="country",
            field=models.CharField(
                blank=True,
                default="",
                help_text="where the seller works; empty if not known",
                max_length=2,
            ),
            preserve_default=False,
        ),
    ]
