"""What replaces what, and the AI share of each category."""

import django.db.models.deletion
from django.db import migrations, models


def to(model: str, name: str = "+", *, null: bool = False) -> models.ForeignKey:
    return models.ForeignKey(
        to=model, on_delete=django.db.models.deletion.CASCADE, related_name=name, null=null
    )


def key() -> models.BigAutoField:
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


def snapshot() -> models.ForeignKey:
    return models.ForeignKey(
        to="trends.trendsnapshot", on_delete=django.db.models.deletion.CASCADE, db_index=False
    )


class Migration(migrations.Migration):
    dependencies = [
        ("trends", "0006_groups"),
        ("skills", "0004_ai_skills"),
    ]

    operations = [
        migrations.CreateModel(
            name="AiShare",
            fields=[
                ("id", key()),
                ("start", models.DateField(help_text="first day")),
                ("days", models.SmallIntegerField(help_text="28, or 182 for a half-year")),
                ("searchers", models.IntegerField(help_text="distinct people")),
                (
                    "of_ai",
                    models.IntegerField(help_text="those of them who searched an AI skill of it"),
                ),
                ("category", to("skills.category", null=True)),
                ("snapshot", snapshot()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("snapshot", "category", "days", "start"),
                        name="an_ai_share_is_counted_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CategoryFlow",
            fields=[
                ("id", key()),
                ("moved", models.IntegerField(help_text="distinct people")),
                (
                    "told",
                    models.IntegerField(help_text="moved, to the nearest ten: what lists go by"),
                ),
                ("found", to("skills.category")),
                ("left", to("skills.category")),
                ("snapshot", snapshot()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("snapshot", "left", "found"),
                        name="a_category_flows_to_another_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Replacement",
            fields=[
                ("id", key()),
                (
                    "former",
                    models.IntegerField(
                        help_text="searched the one before, and since then only others"
                    ),
                ),
                (
                    "moved",
                    models.IntegerField(help_text="those of them who newly search the other"),
                ),
                (
                    "told",
                    models.IntegerField(help_text="moved, to the nearest ten: what lists go by"),
                ),
                ("back", models.IntegerField(help_text="people who went the other way")),
                (
                    "comparable",
                    models.IntegerField(help_text="people who left another skill of its category"),
                ),
                (
                    "lift",
                    models.FloatField(
                        help_text="how many times as many moved as of the comparable"
                    ),
                ),
                ("lower", models.FloatField(help_text="lower end of the 95 % interval of lift")),
                ("upper", models.FloatField(help_text="upper end of the 95 % interval of lift")),
                (
                    "p_value",
                    models.FloatField(help_text="chance of as many without any preference"),
                ),
                ("found", to("skills.skill", "replaces")),
                ("left", to("skills.skill", "replaced_by")),
                ("snapshot", snapshot()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("snapshot", "left", "found"), name="a_skill_replaces_another_once"
                    )
                ],
            },
        ),
        # What an edition says of them never changes (0005_editions).
        migrations.RunSQL(
            "SELECT trends_freeze(name::regclass) FROM unnest("
            "ARRAY['trends_aishare', 'trends_categoryflow', 'trends_replacement']) AS name",
            migrations.RunSQL.noop,
        ),
    ]
