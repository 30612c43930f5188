"""Real PostgreSQL and Valkey from pip wheels, started when no URL names servers of your own.

Every process that calls `provide_urls` uses the servers until it ends, however it ends; when the
last one is gone the servers stop. The kernel keeps the count: see `marketplace.local.locks`.
"""

from collections.abc import MutableMapping
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
URL_OF = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL"}


class LocalServersError(SystemExit):
    """No server, and why: uncaught it ends a command with its message and no traceback."""


def state_directory(environ: MutableMapping[str, str]) -> Path:
    """Return the directory of the local servers: their data, secrets and logs."""
    return Path(environ.get("UPCURRENT_STATE") or CHECKOUT / ".local").absolute()


def provide_urls(environ: MutableMapping[str, str]) -> None:
    """Fill in DATABASE_URL and REDIS_URL where they are missing, starting the servers they name.

    Calling it again changes nothing. Raises LocalServersError when a server cannot be had.
    """
    missing = [server for server, variable in URL_OF.items() if not environ.get(variable)]
    if not missing:
        return
    # Imported only here: with both URLs set, a system without flock or the wheels needs neither.
    from marketplace.local import lease  # noqa: PLC0415

    for server, url in lease.take(missing, state=state_directory(environ)).items():
        environ[URL_OF[server]] = url
