"""Starts real PostgreSQL and Valkey before Django's settings are read."""

import os
from collections.abc import MutableMapping
from pathlib import Path

import pytest

from marketplace.local import URL_OF, lease, provide_urls

CHECKOUT = Path(__file__).resolve().parents[2]
# For a process that hands the tests out and connects to nothing; its settings want addresses.
UNUSED = {"DATABASE_URL": "postgresql://unused", "REDIS_URL": "redis://unused"}


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """In a state directory of the tests' own: what a demo next door holds is not theirs.

    Of several processes that share the tests each has servers of its own, so that nothing one
    stops, fills or locks is another's. Servers that are given are for one process alone.
    """
    options = early_config.known_args_namespace
    state = Path(os.environ.get("UPCURRENT_STATE") or CHECKOUT / ".local" / "tests")
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        state /= worker
        for name in URL_OF.values():
            os.environ.pop(name, None)
    os.environ["UPCURRENT_STATE"] = str(state)
    # A debugger wants one process.
    if options.numprocesses and not worker and not options.usepdb:
        _hand_out(os.environ)
    else:
        provide_urls(os.environ)


def _hand_out(environ: MutableMapping[str, str]) -> None:
    given = [name for name in URL_OF.values() if environ.get(name)]
    if given:
        raise pytest.UsageError(f"{' and '.join(given)} can serve one process: use -n 0.")
    environ.update(UNUSED)


def pytest_unconfigure() -> None:
    """The servers stop with their last user."""
    lease.give_back()
