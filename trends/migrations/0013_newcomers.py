"""A newcomer's chance as it is published, for lists that go by it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trends", "0012_country_supply")]

    operations = [
        migrations.AddField(
            model_name="earningstrend",
            name="newcomers_won",
            field=models.FloatField(
                help_text="at least this part of new gigs sold in a month, as published",
                null=True,
            ),
        ),
    ]
