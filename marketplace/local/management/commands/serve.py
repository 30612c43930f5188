"""Runs the whole project on this machine: the site, a worker and the clock, until Ctrl-C."""

import os
import socket
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from marketplace import under_way
from marketplace.local import CHECKOUT, lease, state_directory
from marketplace.local.server import LOOPBACK
from marketplace.local.supervisor import ProgramFailedError, Supervisor
from marketplace.simulation.accounts import ensure_accounts

# A cold start of all three takes a few seconds even on a slow disk.
READY_SECONDS = 60.0
WORKERS, THREADS = "2", "4"
PYTHON = (sys.executable, "-u", "-m")
MANAGE = (sys.executable, "-u", str(CHECKOUT / "manage.py"))

DEMO_TEXT = """
The demo is ready. Every figure in it comes from a simulated market.

  {site}/                     what is rising, and whether it is real
  {site}/skills/ai-agents/    one skill: its chart, its counts, why it is listed
  {site}/search/              search for gigs; your searches are counted too
  {site}/admin/               the editors' side; sign in as demo-editor, demo-reviewer,
                              demo-operator or demo-viewer with the password {password}

Stop with Ctrl-C; `make demo` goes on where you left off."""

SITE_TEXT = """
Upcurrent runs at {site}/

Load data from another terminal with import_skills, import_searches, import_gigs and import_orders,
then refresh_trends: python manage.py import_searches FILE. For a simulated market: make demo.
Stop with Ctrl-C."""


class Command(BaseCommand):
    help = __doc__
    # `migrate` makes the same checks a moment later.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="port of the site")
        parser.add_argument("--demo", action="store_true", help="fill it with a simulated market")

    def handle(self, *_args: Any, port: int, demo: bool, **_options: Any) -> None:
        refuse_taken(port)
        state = state_directory(os.environ)
        commands = programs(port=port, schedule=state / "beat-schedule")
        try:
            with Supervisor(commands, logs=state / "logs", say=self.say) as supervisor:
                self.serve(supervisor, site=f"http://{LOOPBACK}:{port}", demo=demo)
                self.say("Stopping …")
        except ProgramFailedError as error:
            raise CommandError(str(error)) from None
        finally:
            lease.give_back()

    def serve(self, supervisor: Supervisor, *, site: str, demo: bool) -> None:
        """Run each step only when the one before came to its end, not when it was stopped."""
        self.say("Preparing the database …")
        if not supervisor.run([*MANAGE, "migrate", "--verbosity=0"], name="migrate"):
            return
        if demo:
            # The first page of all says what is being done, not that nothing is.
            under_way.tell("skills", now=timezone.now())
        self.say("Starting the site, a worker and the clock …")
        supervisor.start()
        deadline = time.monotonic() + READY_SECONDS
        if not supervisor.watch(lambda: is_ready(site) or time.monotonic() > deadline):
            return
        if not is_ready(site):
            raise ProgramFailedError(f"No answer; {supervisor.programs[0].end_of_log()}")
        if demo and not supervisor.run([*MANAGE, "simulate_market"], name="simulate_market"):
            return
        self.say(demo_text(site) if demo else SITE_TEXT.format(site=site))
        # Who only waits for Ctrl-C holds no connection.
        connection.close()
        supervisor.watch(lambda: False)

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def demo_text(site: str) -> str:
    """Return what to look at, and how to get in: the demo listens on this machine only."""
    return DEMO_TEXT.format(site=site, password=ensure_accounts())


def programs(*, port: int, schedule: Path) -> dict[str, list[str]]:
    """Return the command of each program; the environment carries the servers' URLs."""
    celery = [*PYTHON, "celery", "-A", "marketplace"]
    return {
        "web": [
            *PYTHON,
            "gunicorn",
            "marketplace.wsgi:application",
            f"--bind={LOOPBACK}:{port}",
            f"--workers={WORKERS}",
            f"--threads={THREADS}",
            "--no-control-socket",
        ],
        "worker": [
            *celery,
            "worker",
            f"--concurrency={WORKERS}",
            "--without-mingle",
            "--without-gossip",
            "--loglevel=INFO",
        ],
        "beat": [*celery, "beat", f"--schedule={schedule}", "--pidfile=", "--loglevel=INFO"],
    }


def refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} cannot be had ({error.strerror}). Choose another with PORT=, as in "
                f"`make demo PORT={port + 1}`; for this command, --port {port + 1}."
            ) from None


def is_ready(site: str) -> bool:
    try:
        with urllib.request.urlopen(f"{site}/readyz", timeout=2):
            return True
    except (urllib.error.URLError, OSError):
        return False
