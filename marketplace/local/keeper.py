"""The process that keeps one local server running while anybody uses it, then stops it.

Started by the first user, but no child of it and in a session of its own: neither a Ctrl-C nor the
killing of a process tree reaches it. When it is killed its server lives on and the next keeper
adopts it.
"""

import os
import signal
import sys
import time
from pathlib import Path
from typing import IO

from marketplace.local import LocalServersError
from marketplace.local.locks import lock, try_lock
from marketplace.local.postgres import Postgres
from marketplace.local.server import Server
from marketplace.local.valkey import Valkey

SERVERS: dict[str, type[Server]] = {"postgres": Postgres, "valkey": Valkey}
READY = "ready"
# How late it may notice that the last user is gone or the server has died: two system calls each.
LOOK_SECONDS = 0.25


def main() -> None:
    """Keep the server of argv (state directory, name, the inherited start lock) until unused."""
    state, name, start_lock = sys.argv[1:]
    if os.fork():
        os._exit(0)  # so that init is the parent of what goes on below
    os.umask(0o077)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop_keeping)
    server = SERVERS[name](Path(state))
    keeping = lock(server.home / "keeper.lock")
    users: IO[bytes] | None = None
    try:
        server.ensure()
        report(READY)
        os.close(int(start_lock))
        users = keep_while_used(server)
    except LocalServersError as error:
        report(str(error))
    finally:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        server.stop()
        # In this order: whoever gets in as a user must find no keeper.
        keeping.close()
        if users is not None:
            users.close()


def keep_while_used(server: Server) -> IO[bytes]:
    """Wait until nobody uses the server, reviving it if it dies; returns the users' lock."""
    while (users := try_lock(server.home / "users.lock")) is None:
        if not server.is_alive():
            server.ensure()
        time.sleep(LOOK_SECONDS)
    return users


def report(answer: str) -> None:
    """Answer the process that started us, if it still listens, and close the line for good."""
    try:
        os.write(sys.stdout.fileno(), answer.encode())
    except BrokenPipeError:
        pass
    finally:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())


def stop_keeping(_number: int, _frame: object) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    main()
