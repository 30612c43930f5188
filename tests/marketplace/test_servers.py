"""The servers of the tests themselves: what the processes of a run share, and what not."""

import json
import os
import subprocess
import sys
from pathlib import Path

from marketplace.local import URL_OF
from tests.conftest import CHECKOUT

OURS = {*URL_OF.values(), "PYTEST_XDIST_WORKER"}
ASKS = """
import json
import os
from pathlib import Path

from django.conf import settings
from django.db import connection

def test_which(db) -> None:
    asked = [os.environ["DATABASE_URL"], os.environ["REDIS_URL"], settings.PSEUDONYM_KEY]
    text = json.dumps([*asked, connection.settings_dict["NAME"]])
    Path(__file__).with_suffix(".json").write_text(text)
"""


def pytest_beside(*arguments: str | Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """A run of its own, which knows nothing of the servers and the process of this one."""
    inherited = {name: text for name, text in os.environ.items() if name not in OURS}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-c", CHECKOUT / "pyproject.toml", *arguments],
        cwd=CHECKOUT,
        env=inherited | environ,
        capture_output=True,
        text=True,
        check=False,
    )


def test_processes_share_a_postgresql_and_have_a_database_and_a_valkey_each(
    tmp_path: Path,
) -> None:
    files = [tmp_path / "test_one.py", tmp_path / "test_two.py"]
    for file in files:
        file.write_text(ASKS)
    (tmp_path / "conftest.py").write_text("from tests.conftest import django_db_setup")
    state = tmp_path / "state"
    among = ("--rootdir", tmp_path, "-n", "2", "--dist", "loadfile")
    run = pytest_beside(*among, *files, UPCURRENT_STATE=str(state))
    assert run.returncode == 0, run.stdout + run.stderr
    asked = [json.loads(file.with_suffix(".json").read_text()) for file in files]
    postgresql, valkey, key, database = (len(set(one)) for one in zip(*asked, strict=True))
    # What one of them has filled is read with the key of another.
    assert (postgresql, valkey, key, database) == (1, 2, 1, 2)
    assert not (state / "valkey").exists()
    assert not (state / "gw0" / "postgres").exists()


def test_given_servers_are_not_shared_and_not_passed_over(tmp_path: Path) -> None:
    given = {"DATABASE_URL": "postgresql://db/x", "UPCURRENT_STATE": str(tmp_path / "state")}
    run = pytest_beside("-n", "2", "--collect-only", **given)
    assert run.returncode != 0
    assert "DATABASE_URL can serve one process: use -n 0." in run.stderr
