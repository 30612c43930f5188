"""Who sees exact counts: the marketplace's keys and staff with the permission, nobody else."""

from rest_framework.request import Request

from marketplace.searches.models import ApiKey

# Who sees the trends in the admin sees exact figures there; others learn nothing of a few people.
SEES_EXACT = "trends.view_skilltrend"


def sees_exact(request: Request) -> bool:
    """Return whether the asker may see exact counts: an API key, or staff with the permission."""
    user = request.user
    return isinstance(request.auth, ApiKey) or bool(user and user.has_perm(SEES_EXACT))
