"""The local servers against real kills: every test has its own state, in a path with a space."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest
import redis

from tests.conftest import CHECKOUT, eventually

USE_UNTIL_STDIN_CLOSES = """
import os, sys
from marketplace.local import provide_urls
provide_urls(os.environ)
print(os.environ["DATABASE_URL"], os.environ["REDIS_URL"], flush=True)
sys.stdin.read()
"""
KEEPER = "marketplace.local.keeper"
# No namespace may be made inside this one, and we are root in it: what a strict container does.
REFUSE_NAMESPACES = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"'


class User:
    """A process that uses the local servers until it is told to leave, or killed."""

    def __init__(self, state: Path, **variables: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USE_UNTIL_STDIN_CLOSES],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=CHECKOUT,
            env=environment(state, **variables),
        )

    def urls(self) -> tuple[str, str]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1]
        database, valkey = line.split()
        return database, valkey

    def error(self) -> str:
        return self.process.communicate()[1]

    def leave(self) -> None:
        self.process.communicate()


Join = Callable[..., User]


def environment(state: Path, **variables: str) -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
    return {**inherited, "UPCURRENT_STATE": str(state), **variables}


def processes(state: Path, having: str = "") -> list[psutil.Process]:
    """Keepers, by their command line, and servers, by the directory they work in."""
    found = []
    for process in psutil.process_iter(["cmdline", "cwd"]):
        line = " ".join(process.info["cmdline"] or [])
        if str(state) in f"{line} {process.info['cwd']}" and having in line:
            found.append(process)
    return found


def kill(victims: list[psutil.Process]) -> None:
    for victim in victims:
        # A backend may have ended since it was looked at.
        with suppress(psutil.NoSuchProcess):
            victim.send_signal(signal.SIGKILL)


def execute(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(query)
        return cursor.fetchall() if cursor.description else []


def answers(url: str) -> bool:
    try:
        return execute(url, "SELECT 1") == [(1,)]
    except psycopg.OperationalError:
        return False


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "a state"


@pytest.fixture
def join() -> Iterator[Join]:
    """Start users; whatever happens, all have left and their servers are gone at the end."""
    states: set[Path] = set()
    with ExitStack() as stack:

        def start(state: Path, **variables: str) -> User:
            states.add(state)
            user = User(state, **variables)
            stack.callback(user.leave)
            return user

        yield start
    eventually(lambda: not any(processes(state) for state in states))


def test_a_committed_row_survives_the_kill_of_user_keepers_and_servers(
    state: Path, join: Join
) -> None:
    user = join(state)
    database, valkey = user.urls()
    execute(database, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    redis.Redis.from_url(valkey).set("kept", "yes")
    kill([psutil.Process(user.process.pid), *processes(state)])

    database, valkey = join(state).urls()

    assert execute(database, "SELECT count(*) FROM kept") == [(1000,)]
    assert redis.Redis.from_url(valkey).get("kept") == b"yes"


def test_a_pid_file_naming_an_innocent_process_neither_blocks_nor_harms_it(
    state: Path, join: Join
) -> None:
    user = join(state)
    user.urls()
    kill([psutil.Process(user.process.pid), *processes(state)])
    innocent = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    for pid_file in (state / "postgres/data/postmaster.pid", state / "valkey/valkey.pid"):
        lines = pid_file.read_text().split("\n")
        pid_file.write_text("\n".join([str(innocent.pid), *lines[1:]]))

    later = join(state)
    assert answers(later.urls()[0])
    later.leave()

    eventually(lambda: not processes(state))
    assert innocent.poll() is None
    innocent.communicate(b"\n")


def test_two_state_directories_run_side_by_side(tmp_path: Path, join: Join) -> None:
    one, other = join(tmp_path / "one state"), join(tmp_path / "other state")
    (one_database, one_valkey), (other_database, other_valkey) = one.urls(), other.urls()

    execute(one_database, "CREATE TABLE mine ()")
    redis.Redis.from_url(one_valkey).set("mine", "yes")

    assert execute(other_database, "SELECT to_regclass('mine')") == [(None,)]
    assert redis.Redis.from_url(other_valkey).get("mine") is None


def test_users_arriving_together_share_servers_that_stop_after_the_last(
    state: Path, join: Join
) -> None:
    users = [join(state) for _ in range(3)]
    urls = {user.urls() for user in users}
    assert len(urls) == 1
    database, _ = urls.pop()

    users[0].leave()
    kill([psutil.Process(users[1].process.pid)])
    time.sleep(1.0)  # longer than a keeper takes to look
    assert answers(database)

    users[2].leave()
    eventually(lambda: not processes(state))
    assert "database system is shut down" in (state / "logs/postgres.log").read_text()
    assert join(state).urls()[0] == database


def test_servers_whose_keepers_were_killed_are_adopted_and_stopped_in_the_end(
    state: Path, join: Join
) -> None:
    first = join(state)
    urls = first.urls()
    kill(processes(state, KEEPER))
    eventually(lambda: not processes(state, KEEPER))
    servers = set(processes(state))

    second = join(state)

    assert second.urls() == urls
    assert servers
    assert servers == set(processes(state)) - set(processes(state, KEEPER))
    first.leave()
    second.leave()
    eventually(lambda: not processes(state))


def test_a_server_that_is_killed_comes_back_at_the_same_url(state: Path, join: Join) -> None:
    database, _ = join(state).urls()
    execute(database, "CREATE TABLE kept ()")
    kill(processes(state, "listen_addresses"))

    eventually(lambda: answers(database))
    assert execute(database, "SELECT to_regclass('kept')::text") == [("kept",)]


def test_only_the_owner_gets_in(state: Path, join: Join) -> None:
    database, valkey = join(state).urls()
    for directory in (state, *(path for path in state.iterdir() if path.is_dir())):
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    password = {urlsplit(url).password or "" for url in (database, valkey)}
    # As it was when it was looked at: a backend may have ended since.
    lines = [" ".join(process.info["cmdline"] or []) for process in processes(state)]
    assert lines
    assert not any(word in line for line in lines for word in password)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(database, password="guess")
    with pytest.raises(redis.AuthenticationError):
        redis.Redis.from_url(f"redis://{urlsplit(valkey).netloc.split('@')[1]}/0").ping()
    listening = {c.laddr.ip for p in processes(state) for c in p.net_connections("all") if c.laddr}
    assert listening == {"127.0.0.1"}


def test_urls_that_are_set_win_and_start_nothing(state: Path, join: Join) -> None:
    ours = {"DATABASE_URL": "postgresql://db/x", "REDIS_URL": "redis://cache/0"}
    assert join(state, **ours).urls() == ("postgresql://db/x", "redis://cache/0")
    assert not state.exists()

    database, valkey = join(state, DATABASE_URL="postgresql://db/x").urls()
    assert database == "postgresql://db/x"
    assert redis.Redis.from_url(valkey).ping()
    assert not (state / "postgres").exists()


def use_as(prefix: list[str], state: Path) -> subprocess.CompletedProcess[str]:
    """Use the servers once under another user; skips where that user cannot be had."""
    if not shutil.which("unshare") or subprocess.call([*prefix, "true"]):
        pytest.skip("no user namespaces on this system")
    result = subprocess.run(
        [*prefix, sys.executable, "-c", USE_UNTIL_STDIN_CLOSES],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
        env=environment(state),
        check=False,
    )
    eventually(lambda: not processes(state))
    return result


@pytest.mark.parametrize("user", [0, 1000, 4242])
def test_root_and_ordinary_users_with_or_without_an_account_get_servers(
    state: Path, user: int
) -> None:
    result = use_as(["unshare", "--user", f"--map-user={user}", f"--map-group={user}", "--"], state)
    assert result.stdout.startswith("postgresql://upcurrent:"), result.stderr


def test_root_without_user_namespaces_is_told_what_to_do(state: Path) -> None:
    become = ["unshare", "--user", "--map-root-user", "sh", "-c", REFUSE_NAMESPACES, "sh"]
    result = use_as(become, state)
    assert result.returncode == 1
    assert "Run this as an ordinary user, or set DATABASE_URL and REDIS_URL" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_server_that_cannot_start_shows_the_end_of_its_log(state: Path, join: Join) -> None:
    user = join(state)
    user.urls()
    user.leave()
    eventually(lambda: not processes(state))
    (state / "postgres/data/PG_VERSION").write_text("9.6\n")

    error = join(state).error()

    assert "database files are incompatible with server" in error
    assert str(state / "logs/postgres.log") in error
    assert "Traceback" not in error
