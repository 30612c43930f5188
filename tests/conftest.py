"""What the tests share: a small market, a key, and an emptied database where commits are real."""

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client, TransactionTestCase
from pytest_django import DjangoDbBlocker, Settings
from whitenoise.middleware import WhiteNoiseMiddleware

from marketplace.celery import app
from marketplace.searches.models import ApiKey
from marketplace.skills.models import Category, Skill
from tests.tools import copies
from tests.tools.mailbox import Mailbox, mail_through
from trends.models import TrendSnapshot

# A Monday far from any month's end, for tests that need no particular day.
NOON = datetime(2024, 3, 11, 12, tzinfo=UTC)
TODAY = NOON.date()

# A port of this machine on which nobody answers.
NO_BROKER = "redis://127.0.0.1:1/0"

CHECKOUT = Path(__file__).resolve().parent.parent

Fields = dict[str, Any]
_NUMBERS = itertools.count(1)
# A market that another process has filled may be copied to this one.
_PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "")


def at(day: date, *, second: int = 43_200) -> str:
    """A moment of a day as rows spell it; noon unless told."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return (midnight + timedelta(seconds=second)).isoformat()


def search_row(query: str = "python", *, searcher: str = "u1", **fields: Any) -> Fields:
    """One search as integrations send it, with an id of its own."""
    return {
        "event_id": f"e{_PROCESS}{next(_NUMBERS)}",
        "occurred_at": NOON.isoformat(),
        "query": query,
        "searcher": searcher,
        "country": "DE",
    } | fields


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """The test database, also for modules whose tests manage without the django_db mark."""
    with django_db_blocker.unblock():
        copies.make_own()
    # Django would empty every table, also those that migrations filled.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: copies.again())
        yield
    with django_db_blocker.unblock():
        copies.drop_own()


def member(*groups: str) -> User:
    """Somebody of the staff, in these groups."""
    user = User.objects.create_user(f"member {_PROCESS}{next(_NUMBERS)}", is_staff=True)
    user.groups.set(Group.objects.get(name=name) for name in groups)
    return user


def signed_in(user: User) -> Client:
    """The browser of somebody who has signed in."""
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture(scope="session", autouse=True)
def _the_database_is_postgresql() -> None:
    assert connection.vendor == "postgresql", "the tests mean nothing on another database"


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_looked_for_once() -> Iterator[None]:
    """Every client has a site of its own, which would look through all folders when it starts."""
    look = WhiteNoiseMiddleware.add_files_from_finders
    files: dict[str, Any] = {}

    def once(site: WhiteNoiseMiddleware) -> None:
        if not files:
            look(site)
            files.update(site.files)
        site.files.update(files)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", once)
        yield


@pytest.fixture(autouse=True)
def _nothing_is_kept() -> None:
    """Tests write into snapshots that are published, which nobody else does."""
    cache.clear()


def database_url() -> str:
    """The address of the tests' own database, for programs beside this one."""
    of = connection.settings_dict
    return f"postgresql://{of['USER']}:{of['PASSWORD']}@{of['HOST']}:{of['PORT']}/{of['NAME']}"


def eventually(holds: Callable[[], object], *, seconds: float = 60.0) -> None:
    """Wait until something another process does has come true; fail when it never does."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.05)


@contextmanager
def running_worker(log: Path) -> Iterator[psutil.Process]:
    """A Celery worker with one child on the tests' own database, ready for work."""
    command = [sys.executable, "-m", "celery", "-A", "marketplace", "worker", "--loglevel=INFO"]
    # The broker keeps what an earlier test sent to a worker that is gone.
    app.control.purge()
    with log.open("w") as out:
        process = psutil.Popen(
            [*command, "--concurrency=1", "--without-gossip", "--without-mingle"],
            cwd=CHECKOUT,
            env=os.environ | {"DATABASE_URL": database_url()},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        eventually(lambda: " ready." in log.read_text())
        yield process
    finally:
        for one in [process, *children(process)]:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        process.wait()


@contextmanager
def held(lock: tuple[int, int], *, shared: bool = False) -> Iterator[None]:
    """Somebody else, on a connection of their own, holds the advisory lock."""
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_lock{'_shared' if shared else ''}(%s, %s)", lock)
    try:
        yield
    finally:
        other.close()


def waiting() -> int:
    """How many connections to the tests' own database wait for an advisory lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
            " WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted"
        )
        (number,) = cursor.fetchone()
        return int(number)


def children(process: psutil.Process) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        return process.children(recursive=True)
    return []


@pytest.fixture
def token(db: None) -> str:
    """The secret of an API key."""
    return ApiKey.issue("shop")


@pytest.fixture
def api(token: str) -> Client:
    """A client of the API that shows a key."""
    return Client(headers={"authorization": f"Bearer {token}"})


@pytest.fixture
def operator(db: None) -> Client:
    """An operator at the admin."""
    return signed_in(member("operator"))


@pytest.fixture
def skills(db: None) -> dict[str, Skill]:
    """Five skills in two categories, some with aliases, by name."""
    web = Category.objects.at_path("Programming > Web")
    design = Category.objects.at_path("Design")
    found = {
        name: Skill.objects.add(name=name, category=category)
        for name, category in [
            ("Python", web),
            ("React", web),
            ("React Native", web),
            ("C++", web),
            ("Logo Design", design),
        ]
    }
    found["Python"].claim("py")
    found["Logo Design"].claim("logo")
    return found


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    """A server that the site sends through; passwords are hashed quickly."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with mail_through(settings) as box:
        yield box


@pytest.fixture(scope="module")
def emptied(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Callable[[], None]]:
    """For modules whose tests share what they committed: an empty database, at the end too."""
    with django_db_blocker.unblock():
        yield copies.empty
        copies.empty()


@pytest.fixture
def taken_back(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """For a test that commits: the next one finds the market of the module as it was."""
    yield
    with django_db_blocker.unblock():
        copies.again()


@pytest.fixture(scope="module")
def market(emptied: Callable[[], None], fill: Callable[[], TrendSnapshot]) -> TrendSnapshot:
    """What the `fill` of the module publishes in the empty database, once for all its tests."""
    return copies.filled(fill)


@pytest.fixture
def snapshot(db: None, market: TrendSnapshot) -> TrendSnapshot:
    """The same, for a test whose own changes are rolled back."""
    return market
