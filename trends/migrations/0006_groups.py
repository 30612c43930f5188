"""The groups of the admin: viewer, reviewer, editor, operator."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("trends", "0005_editions"),
        ("skills", "0003_taxonomy_edits"),
        ("searches", "0003_replay_and_keys"),
        ("gigs", "0001_initial"),
    ]

    operations = []
