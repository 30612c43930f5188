"""Servers of a benchmark's own, and how it times and prints."""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection

from marketplace.local import provide_urls
from marketplace.local.lease import give_back


@contextmanager
def own_database() -> Iterator[Path]:
    """Fresh servers, and the directory they are in until they are gone; once in a process."""
    with tempfile.TemporaryDirectory() as directory:
        os.environ["UPCURRENT_STATE"] = str(Path(directory) / "state")
        for url in ("DATABASE_URL", "REDIS_URL"):
            os.environ.pop(url, None)
        os.environ["DJANGO_SETTINGS_MODULE"] = "marketplace.settings"
        provide_urls(os.environ)
        django.setup()
        call_command("migrate", verbosity=0)
        yield Path(directory)
        connection.close()
        give_back()


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """The median time of several runs."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def print_table(title: str, rows: list[tuple[str, float]], reference: float) -> None:
    """Print seconds, and how often the reference would have run in them."""
    print(f"\n{title}\n{'':42}{'seconds':>9}{'× reference':>13}")
    for name, taken in [*rows, ("reference", reference)]:
        print(f"{name:42}{taken:9.2f}{taken / reference:13.1f}")
