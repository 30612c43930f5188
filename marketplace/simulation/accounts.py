"""The demo's own accounts for the admin, one a group, with a password nobody else has."""

from django.contrib.auth.models import Group, User

from marketplace.secrets import kept_secret
from marketplace.settings import STATE_DIR

ACCOUNTS = ("viewer", "reviewer", "editor", "operator")


def ensure_accounts() -> str:
    """Make demo-viewer and the others, or give them the password again; returns the password.

    It is made on this machine and kept in its state directory, for the owner alone.
    """
    password = kept_secret("UPCURRENT_DEMO_PASSWORD", state=STATE_DIR)
    for name in ACCOUNTS:
        user, _ = User.objects.get_or_create(username=f"demo-{name}", is_staff=True)
        user.groups.set([Group.objects.get(name=name)])
        if not user.check_password(password):
            user.set_password(password)
            user.save(update_fields=["password"])
    return password
