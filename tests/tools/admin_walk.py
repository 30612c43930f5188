"""Every address of the admin with its arguments filled in, and what asking for it changes."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from marketplace.skills.models import Skill

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response


@dataclass(frozen=True)
class Page:
    """An address of the admin with its arguments filled in, and what it is about."""

    name: str
    address: str
    model: type[models.Model] | None

    def __str__(self) -> str:
        return self.name or self.address

    def seen_by(self, user: User) -> bool:
        """Whether this is a page to look at, and for them."""
        if self.model is None:
            return True
        model = admin.site._registry[self.model]
        may = {permission.split(".")[1] for permission in user.get_all_permissions()}
        return f"view_{model.opts.model_name}" in may or f"change_{model.opts.model_name}" in may


def patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from patterns(one, route)
        else:
            yield route, one


def all_pages() -> list[Page]:
    """Every address the admin answers, the arguments taken from rows there are."""
    (resolver,) = (
        one
        for one in get_resolver().url_patterns
        if isinstance(one, URLResolver) and one.namespace == "admin"
    )
    return [page(route, one) for route, one in patterns(resolver, "/admin/")]


def page(route: str, pattern: URLPattern) -> Page:
    found = re.match(r"/admin/(\w+)/(\w+)/", route)
    model = apps.get_model(found[1], found[2]) if found and found[1] in apps.app_configs else None
    row = model._default_manager.first() if model else None
    arguments = {
        "content_type_id": ContentType.objects.get_for_model(Skill).pk,
        "object_id": row.pk if row else Skill.objects.all()[0].pk,
        "app_label": "trends",
        "kind": "reject",
        "url": "no-such-page",
    }

    def filled(argument: re.Match[str]) -> str:
        # An argument of another name is about the row, too.
        return str(arguments.get(argument[1], arguments["object_id"]))

    # A list of apps is a regular expression, everything else a route.
    address = re.sub(r"\(\?P<(\w+)>[^)]*\)", filled, route)
    address = re.sub(r"<(?:\w+:)?(\w+)>", filled, address).replace("^", "").replace("$", "")
    return Page(pattern.name or "", address, model)


def written() -> dict[str, int]:
    """Rows this connection has written, by table; sessions, the log and last logins left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE relname NOT IN ('django_session', 'django_admin_log', 'auth_user')"
            " AND n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        return dict(cursor.fetchall())


def content() -> dict[str, int]:
    """A sum over each table, whoever wrote it."""
    left_out = {"django_session", "django_admin_log", "auth_user"}
    with connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - left_out)
        sums = (
            f"SELECT '{one}', count(*) + coalesce(sum(hashtext(t::text)::bigint), 0) FROM {one} t"
            for one in tables
        )
        cursor.execute(" UNION ALL ".join(sums))
        return dict(cursor.fetchall())


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def actions(page: Page) -> list[str]:
    """What can be chosen above a list."""
    if page.model is None or not page.name.endswith("_changelist"):
        return []
    superuser = RequestFactory().get(page.address)
    superuser.user = User(is_superuser=True, is_active=True)
    return list(admin.site._registry[page.model].get_actions(superuser))


def posts(page: Page) -> list[dict[str, Any]]:
    """An empty form, and every action of a list on a row."""
    if page.model is None:
        return [{}]
    row = page.model._default_manager.first()
    assert row is not None
    return [{}, *({"action": name, "_selected_action": row.pk} for name in actions(page))]


def answer(client: Client, page: Page, form: dict[str, Any] | None) -> tuple["Response", bool]:
    """What comes back to a form, or to a look where there is none, and whether it left a trace."""
    with undone():
        before = written()
        back = client.get(page.address) if form is None else client.post(page.address, form)
        return back, written() != before
