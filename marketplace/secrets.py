"""Secrets: from the environment, or made once and kept beside the local servers."""

import os
import secrets
from pathlib import Path


def kept_secret(name: str, *, state: Path) -> str:
    """Read the secret NAME: the environment's, else `state/secrets`, made on first use.

    Kept rather than made anew at each start: a new SECRET_KEY would log everybody out, a new
    PSEUDONYM_KEY would turn every known searcher into a stranger.
    """
    if given := os.environ.get(name):
        return given
    folder = state / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name.lower()
    draft = folder / f".{name.lower()}.{os.getpid()}"
    draft.write_text(secrets.token_urlsafe(48))
    draft.chmod(0o600)
    try:
        # A hard link fails where the file exists: of two first starts, one wins and both agree.
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text()
