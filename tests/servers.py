"""Starts real PostgreSQL and Valkey before Django's settings are read."""

import os
from pathlib import Path

import pytest

from marketplace.local import lease, provide_urls

CHECKOUT = Path(__file__).resolve().parents[1]


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """In a state directory of the tests' own: what a demo next door holds is not theirs."""
    os.environ.setdefault("UPCURRENT_STATE", str(CHECKOUT / ".local" / "tests"))
    provide_urls(os.environ)


def pytest_unconfigure() -> None:
    """The servers stop with their last user."""
    lease.give_back()
