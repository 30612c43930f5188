"""A process's claim on the local servers: held until the process ends, however it ends."""

import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from marketplace.local import CHECKOUT, LocalServersError
from marketplace.local.keeper import READY, SERVERS
from marketplace.local.locks import is_locked, lock, try_lock
from marketplace.local.server import POLL_SECONDS, Server

# Open for the life of the process: closing these files is what ends the claim.
_held: dict[Path, IO[bytes]] = {}


def take(names: Iterable[str], *, state: Path) -> dict[str, str]:
    """Claim the servers of these names, all coming up at once; returns the URL of each.

    Raises LocalServersError when one cannot be had, or the directory belongs to somebody else.
    """
    servers = [SERVERS[name](state) for name in names]
    try:
        for server in servers:
            make_private(state, server)
        keepers = [(server, claim(server)) for server in servers]
    except OSError as error:
        raise LocalServersError(
            f"No local servers in {state} ({error}): set UPCURRENT_STATE to a directory of yours."
        ) from None
    for server, keeper in keepers:
        if keeper:
            wait_for(server, keeper)
    return {server.name: server.url for server in servers}


def give_back() -> None:
    """Let go of the servers, and wait until those that nobody else uses have stopped."""
    while _held:
        home, users = _held.popitem()
        users.close()
        while is_locked(home / "keeper.lock") and not used_by_others(home):
            time.sleep(POLL_SECONDS)


def make_private(state: Path, server: Server) -> None:
    """Make the directories of the server, closed to everybody else."""
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not any(state.iterdir()):
        state.chmod(0o700)
    for directory in (server.home, server.log.parent):
        directory.mkdir(mode=0o700, exist_ok=True)


def claim(server: Server) -> subprocess.Popen[str] | None:
    """Count as a user of the server; returns its keeper when we had to start one.

    The start lock goes to the keeper, which frees it once the server answers: whoever has waited
    for it finds a server that is up, or nobody starting one.
    """
    _held[server.home] = lock(server.home / "users.lock", shared=True)
    with lock(server.home / "start.lock") as start_lock:
        if is_locked(server.home / "keeper.lock"):
            return None
        command = [sys.executable, "-m", "marketplace.local.keeper"]
        with keeper_log(server).open("ab") as log:
            return subprocess.Popen(
                [*command, str(server.home.parent), server.name, str(start_lock.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=CHECKOUT,
                start_new_session=True,
                pass_fds=[start_lock.fileno()],
            )


def wait_for(server: Server, keeper: subprocess.Popen[str]) -> None:
    """Wait for the keeper's word that its server is up; the process we started ends long before."""
    assert keeper.stdout is not None
    with keeper.stdout:
        answer = keeper.stdout.read()
    keeper.wait()
    if answer != READY:
        _held.pop(server.home).close()
        raise LocalServersError(answer or f"{server.name} has no keeper; see {keeper_log(server)}")


def keeper_log(server: Server) -> Path:
    return server.log.with_name("keeper.log")


def used_by_others(home: Path) -> bool:
    """Return whether another process uses the server: users share the lock, a keeper does not.

    While nobody has it, the keeper is about to: it looks a few times a second.
    """
    for shared in (False, True):
        users = try_lock(home / "users.lock", shared=shared)
        if users is not None:
            users.close()
            return shared
    return False
