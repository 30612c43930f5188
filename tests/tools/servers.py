"""Starts real PostgreSQL and Valkey before Django's settings are read."""

import os
from collections.abc import MutableMapping
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from marketplace.local import URL_OF, lease, provide_urls

CHECKOUT = Path(__file__).resolve().parents[2]
# For a process that hands the tests out and keeps nothing; its settings want an address.
UNUSED = "redis://unused"
# How the names of the databases begin that hold what a run has filled.
MARKETS = "test_{}_market_"
# What is lost when the machine itself fails is made again.
CARELESS = ("fsync", "synchronous_commit", "full_page_writes")

_at_the_end = ExitStack()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """In a state directory of the tests' own: what a demo next door holds is not theirs.

    Processes that share the tests share a PostgreSQL: each has a database of its own in it, and all
    have the markets that one of them filled. Each has a Valkey of its own, so that nothing one
    empties or fills is another's. Servers that are given are for one process alone.
    """
    options = early_config.known_args_namespace
    state = Path(os.environ.get("UPCURRENT_STATE") or CHECKOUT / ".local" / "tests")
    os.environ["UPCURRENT_STATE"] = str(state)
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        os.environ["REDIS_URL"] = lease.take(["valkey"], state=state / worker)["valkey"]
        return
    # A debugger wants one process.
    if options.numprocesses and not options.usepdb:
        _hand_out(os.environ)
    given = os.environ.get("DATABASE_URL")
    provide_urls(os.environ)
    _prepare(os.environ["DATABASE_URL"], ours=not given)


def _hand_out(environ: MutableMapping[str, str]) -> None:
    given = [name for name in URL_OF.values() if environ.get(name)]
    if given:
        raise pytest.UsageError(f"{' and '.join(given)} can serve one process: use -n 0.")
    environ["REDIS_URL"] = UNUSED


def _prepare(url: str, *, ours: bool) -> None:
    """No market is left of an earlier run; our server need not wait for the disk."""
    _forget_markets(url)
    _at_the_end.callback(_forget_markets, url)
    if ours:
        with psycopg.connect(url, autocommit=True) as server:
            for setting in CARELESS:
                server.execute(f"ALTER SYSTEM SET {setting} = off".encode())
            server.execute("SELECT pg_reload_conf()")


def _forget_markets(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as server:
        of_ours = [MARKETS.format(server.info.dbname)]
        markets = server.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", of_ours
        )
        for (name,) in markets.fetchall():
            server.execute(f"DROP DATABASE {name}".encode())


def pytest_unconfigure() -> None:
    """The servers stop with their last user."""
    _at_the_end.close()
    lease.give_back()
