"""Runs of the pipeline as people follow them: written down beside the work while it goes on."""

import logging
import re
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from celery import current_task
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import Error, connection
from django.utils import timezone

from marketplace.celery import send
from marketplace.searches.personal import personal
from trends.models import PipelineRun

# By name: this module lies below the tasks. A proof is asked for on the page of its edition.
TASKS = {
    PipelineRun.Stage.DAILY: "trends.tasks.process_searches",
    PipelineRun.Stage.SNAPSHOT: "trends.tasks.refresh_trends",
    PipelineRun.Stage.DISCOVERY: "trends.tasks.discover_terms",
    PipelineRun.Stage.EDITION: "trends.tasks.draft_edition",
}

log = logging.getLogger(__name__)

# Seconds between two signs of life: whoever watches sees it move, and it costs one small UPDATE.
BEAT = 1.0
# The innermost calls say where it broke; the frames above are the task's, always the same.
FRAMES = 5
LONGEST_MESSAGE = LONGEST_RESULT = 300
# Messages quote the value they stumbled over, and a database tells whole rows.
_VALUE = re.compile(r"""(['"]).*\1|=\(.*\)""")


@contextmanager
def recorded(
    stage: PipelineRun.Stage,
    *,
    unit: str = "",
    asked_by: AbstractBaseUser | None = None,
    retry_of: PipelineRun | None = None,
) -> Iterator["Recording"]:
    """Record the run of a stage in this block, from its first progress or its failure on.

    A run that finds nothing to do leaves no row. What the block raises is raised on. In a task, who
    asked for it is known.
    """
    asks = {"asked_by_id": asked_by and asked_by.pk, "retry_of": retry_of} | asked()
    recording = Recording(PipelineRun(stage=stage, unit=unit, **asks))
    try:
        yield recording
    except BaseException as problem:
        recording.begin()
        recording.end(PipelineRun.State.FAILED, error=in_short(problem))
        raise
    recording.end(PipelineRun.State.DONE)


def ask_a_worker(
    stage: PipelineRun.Stage, *, asked_by: AbstractBaseUser, retry_of: PipelineRun | None = None
) -> bool:
    """Have a worker run a stage; False where there is no broker to ask."""
    headers = {"asked_by_id": asked_by.pk} | ({"retry_of_id": retry_of.pk} if retry_of else {})
    return send(TASKS[stage], headers=headers)


def asked() -> dict[str, int]:
    """Return who asked for the task that runs here, and which run it repeats, if a person did."""
    headers = (current_task and current_task.request.headers) or {}
    return {name: headers[name] for name in ("asked_by_id", "retry_of_id") if name in headers}


class Recording:
    """A run being recorded: tell it the progress, the rows and, at the end, the result in words."""

    def __init__(self, run: PipelineRun) -> None:
        self._run = run
        self._over = threading.Event()
        self._writer: threading.Thread | None = None
        self._end: tuple[PipelineRun.State, str] = (PipelineRun.State.RUNNING, "")
        self._progress: tuple[int, int | None] = (0, None)
        self.rows: int | None = None
        self.result = ""

    def progress(self, done: int, total: int | None = None, rows: int | None = None) -> None:
        """Record how much is done, of how much if that is known; cheap, call it often."""
        self._progress = (done, total)
        self.rows = self.rows if rows is None else rows
        self.begin()

    def begin(self) -> None:
        """Have the run written down from now on.

        By a thread, so with a connection of its own: what the work writes is seen by nobody before
        its transaction ends, and a transaction may last minutes.
        """
        if self._writer is None:
            self._writer = threading.Thread(target=self._follow, daemon=True)
            self._writer.start()

    def end(self, state: PipelineRun.State, *, error: str = "") -> None:
        """Write down how it ended, if it ever began."""
        if self._writer is None:
            return
        self._end = (state, error)
        if state == PipelineRun.State.DONE and self._progress[1]:
            self._progress = (self._progress[1], self._progress[1])
        self._over.set()
        self._writer.join()

    def _follow(self) -> None:
        try:
            self._write()
            while not self._over.wait(BEAT):
                self._write()
            self._write()
        finally:
            connection.close()

    def _write(self) -> None:
        """Save the run as it is; a record that cannot be written must not stop the work."""
        run, now = self._run, timezone.now()
        run.heartbeat_at, run.rows, run.result = now, self.rows, self.result[:LONGEST_RESULT]
        run.done, run.total = self._progress
        if self._over.is_set():
            (run.state, run.error), run.finished_at = self._end, now
        try:
            run.save()
        except Error:
            log.warning("a run of %s could not be recorded", run.stage, exc_info=True)
            # Who asked may be gone by now; the run is worth telling without them.
            run.asked_by = run.retry_of = None
            connection.close()


def in_short(problem: BaseException) -> str:
    """Return what broke and where, without the values it broke on: they may be a person's."""
    message = str(problem).partition("\n")[0]
    message = "…" if personal(message) else _VALUE.sub("…", message)[:LONGEST_MESSAGE]
    frames = traceback.extract_tb(problem.__traceback__)[-FRAMES:]
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    return "\n".join([f"{type(problem).__name__}: {message}", *places])
