"""The servers of the tests themselves: each process of a run has its own."""

import os
import subprocess
import sys
from pathlib import Path

from marketplace.local import URL_OF
from tests.conftest import CHECKOUT

OURS = {*URL_OF.values(), "PYTEST_XDIST_WORKER"}
ASKS = """
import os
from pathlib import Path

def test_which() -> None:
    Path(__file__).with_suffix(".url").write_text(os.environ["DATABASE_URL"])
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


def test_processes_that_share_the_tests_have_servers_each(tmp_path: Path) -> None:
    files = [tmp_path / "test_one.py", tmp_path / "test_two.py"]
    for file in files:
        file.write_text(ASKS)
    state = tmp_path / "state"
    among = ("--rootdir", tmp_path, "-n", "2", "--dist", "loadfile")
    run = pytest_beside(*among, *files, UPCURRENT_STATE=str(state))
    assert run.returncode == 0, run.stdout + run.stderr
    assert len({file.with_suffix(".url").read_text() for file in files}) == 2
    assert sorted(one.name for one in state.iterdir() if one.name.startswith("gw")) == [
        "gw0",
        "gw1",
    ]
    assert not (state / "postgres").exists()


def test_given_servers_are_not_shared_and_not_passed_over(tmp_path: Path) -> None:
    given = {"DATABASE_URL": "postgresql://db/x", "UPCURRENT_STATE": str(tmp_path / "state")}
    run = pytest_beside("-n", "2", "--collect-only", **given)
    assert run.returncode != 0
    assert "DATABASE_URL can serve one process: use -n 0." in run.stderr
