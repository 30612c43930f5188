"""The database of the tests is a copy: of what was migrated once, or of a market filled once.

A copy takes a quarter of a second. The processes of a run share the originals; the migrated one
outlives the run, until a migration changes.
"""

import base64
import hashlib
import os
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper

from tests.tools.servers import MARKETS
from trends.admin import groups

T = TypeVar("T")

# The name of every database of the tests begins with this.
NAME = settings.DATABASES["default"]["NAME"]
PREFIX = f"test_{NAME}"
MIGRATED = f"{PREFIX}_migrated_"
MARKET = MARKETS.format(NAME)
DRAFT = f"{PREFIX}_draft"
OWN = "_".join([PREFIX, *filter(None, [os.environ.get("PYTEST_XDIST_WORKER")])])
# What the tests' own database was last made from.
_original = ""


def make_own() -> None:
    """Make this process a database of its own, empty and migrated."""
    _use(OWN)
    empty()


def drop_own() -> None:
    with _server() as cursor:
        _drop(cursor, OWN)


def empty() -> None:
    """Make the database anew, with what the migrations leave in it."""
    name = MIGRATED + _digest(*(file.read_bytes() for file in _migrations()))
    with _server(waiting_for=MIGRATED) as cursor:
        if name not in _databases(cursor):
            _drop(cursor, DRAFT, *_databases(cursor, MIGRATED))
            _migrate(cursor)
            cursor.execute(f"ALTER DATABASE {DRAFT} RENAME TO {name}")
        _copy(cursor, name)


def filled(fill: Callable[[], T]) -> T:
    """What `fill` does to the empty database and returns; it is called once in a run."""
    name = MARKET + _digest(f"{fill.__module__}.{fill.__qualname__}".encode())
    with _server(waiting_for=name) as cursor:
        told = _comment(cursor, name)
        if told is None:
            empty()
            told = base64.b64encode(pickle.dumps(fill())).decode()
            connection.close()
            _drop(cursor, name)
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE {OWN}")
            # Whoever is ended before this leaves a market that is not complete.
            cursor.execute(f"COMMENT ON DATABASE {name} IS '{told}'")
        _copy(cursor, name)
    returned: T = pickle.loads(base64.b64decode(told))
    return returned


def again() -> None:
    """Take back all that was committed since the database was made."""
    with _server() as cursor:
        _copy(cursor, _original)


@contextmanager
def _server(*, waiting_for: str = "") -> Iterator[CursorWrapper]:
    """A cursor outside of the tests' databases; of those who wait for the same one has it."""
    connection.close()
    with connection._nodb_cursor() as cursor:
        if waiting_for:
            cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [waiting_for])
        yield cursor


def _use(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name


def _copy(cursor: CursorWrapper, name: str) -> None:
    connection.close()
    # A thread of a live server may have a connection left.
    _drop(cursor, OWN)
    cursor.execute(f"CREATE DATABASE {OWN} TEMPLATE {name}")
    _remember(name)


def _remember(name: str) -> None:
    global _original  # noqa: PLW0603 - there is one database
    _original = name
    ContentType.objects.clear_cache()


def _migrate(cursor: CursorWrapper) -> None:
    cursor.execute(f"CREATE DATABASE {DRAFT} TEMPLATE template0")
    _use(DRAFT)
    call_command("migrate", interactive=False, verbosity=0)
    _use(OWN)


def _migrations() -> list[Path]:
    """The files that say what is in the empty database: ours and those of packages."""
    folders = [Path(app.path) for app in apps.get_app_configs()]
    # What apps do after a migration stands in apps.py.
    patterns = ("migrations/*.py", "apps.py")
    files = [file for folder in folders for each in patterns for file in folder.glob(each)]
    return sorted([*files, Path(groups.__file__)])


def _digest(*parts: bytes) -> str:
    return hashlib.sha256(b"".join(parts)).hexdigest()[:16]


def _databases(cursor: CursorWrapper, prefix: str = PREFIX) -> list[str]:
    cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
    return [name for (name,) in cursor.fetchall()]


def _drop(cursor: CursorWrapper, *names: str) -> None:
    for name in names:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _comment(cursor: CursorWrapper, name: str) -> str | None:
    told = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    cursor.execute(told, [name])
    found = cursor.fetchone()
    return found[0] if found else None
