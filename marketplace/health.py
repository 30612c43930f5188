"""Whether this process lives, and whether it could serve a page."""

from django.core.cache import cache
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from marketplace.problems import CACHE_AWAY


def alive(request: HttpRequest) -> JsonResponse:
    """Show the process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database is migrated and the cache answers; else 503 and why."""
    checks = {"database": _database(), "cache": _cache()}
    good = all(state == "ok" for state in checks.values())
    return JsonResponse(checks, status=200 if good else 503)


def _database() -> str:
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "not migrated: run manage.py migrate"
    except Error as problem:
        return f"not reachable: {type(problem).__name__}"
    return "ok"


def _cache() -> str:
    try:
        cache.get("ready")
    except CACHE_AWAY as problem:
        return f"not reachable: {type(problem).__name__}"
    return "ok"
