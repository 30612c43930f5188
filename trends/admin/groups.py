"""Who may do what in the admin: one table; each group it names is made once, when it is missing.

A group that exists is left as somebody has edited it.
"""

from django.contrib.auth.models import Group, Permission

# Codenames of permissions, by the label of their app.
Granted = dict[str, list[str]]

# A viewer sees whatever is not about one person. Searches, orders, gigs, sellers, excluded
# searchers and what few people typed are nobody's to browse: they stay with superusers, as do users
# and groups.
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
VIEWER: Granted = {app: [f"view_{model}" for model in models] for app, models in VIEWED.items()}
REVIEWER: Granted = {
    # The evidence of a flag may be about one person: it is for those who decide.
    "trends": ["decide_candidateterm", "change_reviewflag"],
}
EDITOR: Granted = {
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
OPERATOR: Granted = {
    "searches": [
        "view_apikey",
        "issue_apikey",
        "change_source",
        "view_rejectedrow",
        "replay_rejectedrow",
    ],
    "trends": ["retry_pipelinerun"],
}
GROUPS: dict[str, list[Granted]] = {
    "viewer": [VIEWER],
    "reviewer": [VIEWER, REVIEWER],
    "editor": [VIEWER, REVIEWER, EDITOR],
    "operator": [VIEWER, OPERATOR],
}


def make_groups() -> None:
    """Make the groups that are missing, each with the permissions of the table."""
    present = set(Group.objects.filter(name__in=GROUPS).values_list("name", flat=True))
    for name in GROUPS.keys() - present:
        Group.objects.create(name=name).permissions.set(permissions_of(name))


def permissions_of(group: str) -> list[Permission]:
    """Return the permissions the table gives to a group; DoesNotExist where there is no such."""
    # One by one: a permission that is missing must not go unnoticed.
    return [
        Permission.objects.get(content_type__app_label=app, codename=name)
        for part in GROUPS[group]
        for app, names in part.items()
        for name in names
    ]
