"""The app itself: what happens once it is there, and after every migration."""

from typing import Any

from django.apps import AppConfig, apps
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_migrate


class TrendsConfig(AppConfig):
    name = "trends"

    def ready(self) -> None:
        # After the last app that has permissions: by then all of them are there.
        with_models = [app for app in apps.get_app_configs() if app.models_module]
        post_migrate.connect(_make_groups, sender=with_models[-1])


def _make_groups(sender: AppConfig, *, using: str, **_signal: Any) -> None:
    """Make the groups of the admin once nothing is left to migrate."""
    # Importing the admin registers it, which wants every app to be ready.
    from django.contrib.auth.management import create_permissions  # noqa: PLC0415

    from trends.admin.groups import make_groups  # noqa: PLC0415

    executor = MigrationExecutor(connections[using])
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        # Django makes those of the last app after this.
        create_permissions(sender, verbosity=0, using=using)
        make_groups()
