"""The supervisor with small programs: what dies comes back, what stops leaves nothing behind."""

import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError

from marketplace.local import supervisor as supervision
from marketplace.local.management.commands.serve import demo_text, refuse_taken
from marketplace.local.supervisor import ProgramFailedError, Supervisor
from marketplace.settings import STATE_DIR
from tests.conftest import CHECKOUT, eventually

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
# It starts a child of its own and ignores the polite signal: only the group's end ends both.
STUBBORN_PARENT = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("up", flush=True)
time.sleep(600)
"""
SUPERVISE = """
import sys
from pathlib import Path
from marketplace.local.supervisor import Supervisor

logs = Path(sys.argv[1])
sleeper = [sys.executable, "-c", "print('up', flush=True); import time; time.sleep(600)"]
with Supervisor({"one": sleeper, "two": sleeper}, logs=logs, say=print) as supervisor:
    supervisor.start()
    supervisor.watch(lambda: all("up" in p.log.read_text() for p in supervisor.programs))
    print("ready", flush=True)
    supervisor.watch(lambda: False)
"""


def supervise_in_a_process(logs: Path) -> tuple[subprocess.Popen[str], list[psutil.Process]]:
    """A supervisor of two programs in a process of its own, and the processes of the two."""
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISE, str(logs)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=CHECKOUT,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process, psutil.Process(process.pid).children(recursive=True)


def ended(process: psutil.Process) -> bool:
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        # It ended between the two questions.
        return True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_every_program_and_ends_well(tmp_path: Path, number: signal.Signals) -> None:
    process, programs = supervise_in_a_process(tmp_path)
    assert len(programs) == 2
    process.send_signal(number)
    process.communicate()
    assert process.returncode == 0
    assert all(ended(program) for program in programs)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of a killed parent")
def test_a_killed_supervisor_leaves_no_program_behind(tmp_path: Path) -> None:
    process, programs = supervise_in_a_process(tmp_path)
    process.kill()
    process.communicate()
    eventually(lambda: all(ended(program) for program in programs))


def test_a_program_that_ignores_the_signal_goes_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "STOP_GRACE", 0.2)
    stubborn = [sys.executable, "-c", STUBBORN_PARENT]
    with Supervisor({"stubborn": stubborn}, logs=tmp_path, say=print) as supervisor:
        supervisor.start()
        assert supervisor.watch(lambda: "up" in (tmp_path / "stubborn.log").read_text())
        stubborn_one = supervisor.programs[0].process
        assert stubborn_one is not None
        parent = psutil.Process(stubborn_one.pid)
        family = [parent, *parent.children(recursive=True)]
    assert len(family) == 2
    eventually(lambda: all(ended(member) for member in family))


def test_a_program_that_dies_is_started_again_and_said_so(tmp_path: Path) -> None:
    said: list[str] = []
    with Supervisor({"web": SLEEPER}, logs=tmp_path, say=said.append) as supervisor:
        supervisor.start()
        first = supervisor.programs[0].process
        assert first is not None
        first.kill()
        assert supervisor.watch(lambda: supervisor.programs[0].process not in (None, first))
    assert said == ["web ended (-9), starting it again"]


def test_a_program_that_keeps_dying_ends_it_all_with_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "RESTART_PAUSE", 0.01)
    failing = [sys.executable, "-c", "raise SystemExit('no such table')"]
    programs = {"worker": failing, "web": SLEEPER}
    said: list[str] = []
    with Supervisor(programs, logs=tmp_path, say=said.append) as supervisor:
        supervisor.start()
        web = supervisor.programs[1].process
        with pytest.raises(ProgramFailedError, match=r"worker keeps ending(?s:.*)no such table"):
            supervisor.watch(lambda: False)
    assert len(said) == supervision.DEATHS_TO_GIVE_UP
    assert web is not None
    assert web.poll() == -signal.SIGTERM


def test_a_command_runs_while_the_programs_go_on_and_its_failure_counts(tmp_path: Path) -> None:
    with Supervisor({"web": SLEEPER}, logs=tmp_path, say=print) as supervisor:
        supervisor.start()
        assert supervisor.run([sys.executable, "-c", "print('done')"], name="load")
        with pytest.raises(ProgramFailedError, match=r"load failed \(exit 3\)"):
            supervisor.run([sys.executable, "-c", "raise SystemExit(3)"], name="load")
        web = supervisor.programs[0].process
        assert web is not None
        assert web.poll() is None


def test_a_taken_port_is_answered_with_the_option_to_choose_another() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"PORT={port + 1}"):
            refuse_taken(port)
    refuse_taken(port)


@pytest.mark.django_db
def test_the_demo_says_how_to_get_in_and_keeps_its_password_to_itself() -> None:
    said = demo_text("http://localhost:8000")
    assert demo_text("http://localhost:8000") == said
    kept = STATE_DIR / "secrets" / "upcurrent_demo_password"
    password = kept.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert f"with the password {password}" in said
    for group in ("viewer", "reviewer", "editor", "operator"):
        user = User.objects.get(username=f"demo-{group}")
        assert user.username in said
        assert user.check_password(password)
        assert [one.name for one in user.groups.all()] == [group]
    assert not User.objects.filter(is_superuser=True).exists()
