"""What people add next, and what they watch."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("skills", "0004_ai_skills"),
        ("trends", "0008_platform_weekly"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Follower",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True)),
                (
                    "site",
                    models.URLField(help_text="where they confirmed it: links in mails lead there"),
                ),
                ("language", models.CharField(default="en", max_length=10)),
                (
                    "skills",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SlugField(max_length=120),
                        default=list,
                        help_text="their own",
                        size=None,
                    ),
                ),
                (
                    "mailed_at",
                    models.DateTimeField(help_text="when the last digest was made", null=True),
                ),
                (
                    "looked",
                    models.DateField(help_text="day of the last figures looked through", null=True),
                ),
                (
                    "user",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follower",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Digest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("as_of", models.DateField()),
                ("facts", models.JSONField(help_text="what it tells, in the order it is told")),
                ("begun_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "follower",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="digests",
                        to="trends.follower",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("follower", "as_of"), name="a_snapshot_is_told_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NextSkill",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "had",
                    models.IntegerField(
                        help_text="offered the first and not the second a year before"
                    ),
                ),
                (
                    "took",
                    models.IntegerField(help_text="those of them who offered the second since"),
                ),
                (
                    "told",
                    models.IntegerField(help_text="took, to the nearest ten: what lists go by"),
                ),
                (
                    "comparable",
                    models.IntegerField(help_text="sellers who offered neither a year before"),
                ),
                (
                    "lift",
                    models.FloatField(
                        help_text="how many times as many took it up as of the comparable"
                    ),
                ),
                ("lower", models.FloatField(help_text="lower end of the 95 % interval of lift")),
                ("upper", models.FloatField(help_text="upper end of the 95 % interval of lift")),
                (
                    "p_value",
                    models.FloatField(help_text="chance of as many without any preference"),
                ),
                (
                    "tried",
                    models.IntegerField(
                        help_text="those who took it up long enough ago to have sold it"
                    ),
                ),
                (
                    "sold",
                    models.IntegerField(
                        help_text="those of them with a paid order of it soon after"
                    ),
                ),
                (
                    "added",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="skills.skill",
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="skills.category",
                    ),
                ),
                (
                    "having",
                    models.ForeignKey(
                        null=True,
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("snapshot", "having", "category", "added"),
                        name="a_skill_follows_another_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("having", None), ("category", None), _connector="XOR"),
                        name="a_skill_follows_a_skill_or_a_category",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ToldFact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fact", models.CharField(max_length=300)),
                ("told_on", models.DateField()),
                (
                    "follower",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="trends.follower",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("follower", "fact"), name="a_fact_is_told_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Watch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "query",
                    models.CharField(blank=True, help_text="of the list's address", max_length=300),
                ),
                (
                    "compared",
                    models.DateField(help_text="the figures changes are told against", null=True),
                ),
                (
                    "follower",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="watches",
                        to="trends.follower",
                    ),
                ),
                (
                    "skill",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="skills.skill",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("follower", "skill", "query"),
                        name="a_thing_is_watched_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        # What an edition stands on never changes (0005_editions).
        migrations.RunSQL(
            "SELECT trends_freeze('trends_nextskill'::regclass)", migrations.RunSQL.noop
        ),
    ]
