"""Runs a handful of programs together: restarts the one that dies, leaves none behind."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import IO, Any, Self

POLL_SECONDS = 0.1
# Long enough not to burn a core on a program that cannot start, short enough not to be missed.
RESTART_PAUSE = 1.0
# A program that ends this often will not heal by itself.
DEATHS_TO_GIVE_UP, DEATHS_WITHIN = 5, 60.0
# A web request or a task gets this long to finish; both are safe to lose.
STOP_GRACE = 10.0
LOG_LINES = 15
PR_SET_PDEATHSIG = 1

Say = Callable[[str], object]


class ProgramFailedError(Exception):
    """A program cannot be kept running; the text says why, with the end of its log."""


@dataclass
class Program:
    """One program to keep running, what it said, and when it ended lately."""

    name: str
    command: Sequence[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    start_at: float = 0.0
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=DEATHS_TO_GIVE_UP))

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = spawn(self.command, stdout=log)

    def note_death(self, now: float) -> None:
        """Plan the restart; raises ProgramFailedError when it has ended too often."""
        self.process = None
        self.start_at = now + RESTART_PAUSE
        self.deaths.append(now)
        if len(self.deaths) == DEATHS_TO_GIVE_UP and now - self.deaths[0] < DEATHS_WITHIN:
            raise ProgramFailedError(f"{self.name} keeps ending; {self.end_of_log()}")

    def end_of_log(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()[-LOG_LINES:]
        return "\n".join([f"end of {self.log}:", *lines])


class Supervisor:
    """Keeps programs running from `start` to the end of its `with` block.

    SIGINT and SIGTERM only set `stopping`; a second one cuts the grace short.
    """

    def __init__(self, commands: Mapping[str, Sequence[str]], *, logs: Path, say: Say) -> None:
        logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.programs = [
            Program(name, command, logs / f"{name}.log") for name, command in commands.items()
        ]
        self._say = say
        self._signals = 0
        self._old_handlers: dict[signal.Signals, Any] = {}

    @property
    def stopping(self) -> bool:
        return self._signals > 0

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._old_handlers[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._stop([program.process for program in self.programs if program.process])
        finally:
            for number, handler in self._old_handlers.items():
                signal.signal(number, handler)

    def start(self) -> None:
        for program in self.programs:
            program.start()

    def watch(self, until: Callable[[], bool]) -> bool:
        """Keep the programs running until the condition holds (True) or we are told to stop.

        Raises ProgramFailedError when a program ends again and again.
        """
        while not self.stopping:
            self._revive()
            if until():
                return True
            time.sleep(POLL_SECONDS)
        return False

    def run(self, command: Sequence[str], *, name: str) -> bool:
        """Run a command on our terminal while the programs go on; True when it ended well.

        Raises ProgramFailedError when it failed by itself.
        """
        process = spawn(command)
        try:
            ended = self.watch(lambda: process.poll() is not None)
        finally:
            self._stop([process])
        if ended and process.returncode:
            raise ProgramFailedError(f"{name} failed (exit {process.returncode}).")
        return ended

    def _revive(self) -> None:
        for program in self.programs:
            now = time.monotonic()
            if program.process and program.process.poll() is not None:
                self._say(f"{program.name} ended ({program.process.returncode}), starting it again")
                program.note_death(now)
            elif program.deaths and not program.process and now >= program.start_at:
                program.start()

    def _stop(self, processes: Sequence[subprocess.Popen[bytes]]) -> None:
        for process in processes:
            process.terminate()
        deadline = time.monotonic() + STOP_GRACE
        while any(process.poll() is None for process in processes):
            if time.monotonic() > deadline or self._signals > 1:
                break
            time.sleep(POLL_SECONDS)
        for process in processes:
            # The group too: a worker's children may have outlived it.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._signals += 1


def spawn(command: Sequence[str], *, stdout: IO[bytes] | None = None) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own: a Ctrl-C on the terminal reaches us alone."""
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.STDOUT if stdout else None,
        start_new_session=True,
        preexec_fn=end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
    )


def end_with_parent() -> None:
    """Ask the kernel for SIGTERM should our parent be killed: it could not tell us any more."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
