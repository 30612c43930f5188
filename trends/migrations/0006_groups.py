"""The groups of the admin, which trends/admin/groups.py makes after every migration.

This one made them, once; what is left of it is how they are taken back.
"""

from django.db import migrations


def remove_groups(apps, schema_editor):
    """Remove the groups nobody is in; who is in one keeps it."""
    Group = apps.get_model("auth", "Group")
    names = ["viewer", "reviewer", "editor", "operator"]
    Group.objects.filter(name__in=names, user=None).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("trends", "0005_editions"),
        ("skills", "0003_taxonomy_edits"),
        ("searches", "0003_replay_and_keys"),
        ("gigs", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(migrations.RunPython.noop, remove_groups)]
