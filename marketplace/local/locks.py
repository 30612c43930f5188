"""File locks the kernel takes back when their owner ends, even by `kill -9`.

A lock belongs to an open file, not to a process: it is free once every copy of that file, also
those inherited by children, is closed. No process id is ever needed to know who is alive.
"""

import contextlib
import fcntl
from pathlib import Path
from typing import IO


def lock(path: Path, *, shared: bool = False) -> IO[bytes]:
    """Wait for the lock; it is held while the returned file, or a copy in a child, is open."""
    file = path.open("ab")
    fcntl.flock(file, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
    return file


def try_lock(path: Path, *, shared: bool = False) -> IO[bytes] | None:
    """Return the lock as `lock` gives it, or None when somebody else holds it now."""
    file = path.open("ab")
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_NB | (fcntl.LOCK_SH if shared else fcntl.LOCK_EX))
        return file
    file.close()
    return None


def is_locked(path: Path) -> bool:
    """Return whether the lock is held alone; the look is shared, so two never mislead."""
    file = try_lock(path, shared=True)
    if file is None:
        return True
    file.close()
    return False
