"""A progress bar on a terminal, told how much is done; in a log it says nothing."""

from tqdm import tqdm

from trends.counting.progress import Progress


class Bar(tqdm):  # type: ignore[type-arg]
    """A bar that learns how much there is while it is under way."""

    def __init__(self, what: str, unit: str) -> None:
        super().__init__(desc=what, unit=unit, disable=None, leave=False)

    def show(self, done: int, total: int, rows: int = 0) -> None:
        """Move to `done` of `total`."""
        self.total = total
        self.update(done - self.n)

    def beside(self, tell: Progress) -> Progress:
        """Return a progress that reports to another, such as a run on record, and shows it here."""

        def progress(done: int, total: int, rows: int) -> None:
            tell(done, total, rows)
            self.show(done, total)

        return progress
