"""The groups of the admin: viewer, reviewer, editor, operator."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

# Whatever is not about one person. Searches, orders, gigs, sellers, excluded searchers and what
# few people typed are nobody's to browse: they stay with superusers, as do users and groups.
VIEWED = {
    "skills": ["category", "skill", "skillalias", "taxonomyedit", "taxonomyversion"],
    "gigs": ["exchangerate"],
    "searches": ["source", "ingestbatch"],
    "trends": [
        "candidatedecision",
        "candidateterm",
        "categorytrend",
        "dirtyday",
        "discoverythresholds",
        "earningstotal",
        "earningstrend",
        "edition",
        "editioncorrection",
        "editionproof",
        "outlook",
        "pipelinerun",
        "skilltrend",
        "trendsnapshot",
    ],
}
VIEWER = {app: [f"view_{model}" for model in models] for app, models in VIEWED.items()}
REVIEWER = {
    # The evidence of a flag may be about one person: it is for those who decide.
    "trends": ["decide_candidateterm", "change_reviewflag"],
}
EDITOR = {
    "skills": [
        "add_category",
        "change_category",
        "add_skill",
        "change_skill",
        "add_skillalias",
        "change_skillalias",
        "add_taxonomyedit",
        "change_taxonomyedit",
    ],
    "trends": [
        "change_discoverythresholds",
        "add_edition",
        "change_edition",
        "publish_edition",
        "add_editioncorrection",
    ],
}
OPERATOR = {
    "searches": [
        "view_apikey",
        "issue_apikey",
        "change_source",
        "view_rejectedrow",
        "replay_rejectedrow",
    ],
    "trends": ["retry_pipelinerun"],
}
GROUPS = {
    "viewer": [VIEWER],
    "reviewer": [VIEWER, REVIEWER],
    "editor": [VIEWER, REVIEWER, EDITOR],
    "operator": [VIEWER, OPERATOR],
}


def make_groups(apps, schema_editor):
    """Make the groups that are missing; one that exists is left as somebody has edited it."""
    Group = apps.get_model("auth", "Group")
    for app in VIEWED:
        make_permissions(apps, app, schema_editor.connection.alias)
    for name, granted in GROUPS.items():
        group, new = Group.objects.get_or_create(name=name)
        if new:
            group.permissions.set(permissions(apps, granted))


def make_permissions(apps, app, database):
    """Those of an app, which come only after all migrations unless somebody asks for them."""
    config = apps.get_app_config(app)
    # An app without a module of models is taken for one without models; here it is only history.
    config.models_module = getattr(config, "models_module", None) or True
    create_permissions(config, verbosity=0, using=database, apps=apps)


def permissions(apps, granted):
    Permission = apps.get_model("auth", "Permission")
    names = [(app, name) for part in granted for app, names in part.items() for name in names]
    # One by one: a permission that is missing must not go unnoticed.
    return [
        Permission.objects.get(content_type__app_label=app, codename=name) for app, name in names
    ]


def remove_groups(apps, schema_editor):
    """Remove the groups nobody is in; who is in one keeps it."""
    Group = apps.get_model("auth", "Group")
    Group.objects.filter(name__in=GROUPS, user=None).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("trends", "0005_editions"),
        ("skills", "0003_taxonomy_edits"),
        ("searches", "0003_replay_and_keys"),
        ("gigs", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_groups, remove_groups)]
