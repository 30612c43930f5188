"""After an edit of the taxonomy: recount the days it touched, and the snapshot readers see.

Edits are asked for by pages and made in no time; what follows from them is a worker's, and takes
as long as it takes. Several edits are followed at once.
"""

from marketplace.skills.matching import current_taxonomy
from marketplace.skills.models import TaxonomyVersion
from trends.counting.daily_rollup import roll_up
from trends.counting.locks import Lock, alone_or_not_at_all
from trends.counting.progress import Progress
from trends.measuring.snapshot import compute
from trends.models import TrendSnapshot


def follow(progress: Progress = lambda done, total, rows: None) -> TrendSnapshot | None:
    """Bring the daily figures and the snapshot readers see up to the taxonomy as it is edited.

    The snapshot that took the place of the old one, or None where it stands on the same names or
    somebody else is at it. `progress` is that of the snapshot.
    """
    followed = None
    with alone_or_not_at_all(Lock.FOLLOWING) as mine:
        while mine and (snapshot := snapshot_behind()):
            roll_up()
            followed = compute(snapshot.as_of, progress=progress)
    return followed


def snapshot_behind() -> TrendSnapshot | None:
    """Return the current snapshot if names, aliases or categories were edited since its count."""
    snapshot = TrendSnapshot.objects.current()
    if snapshot is None:
        return None
    latest = TaxonomyVersion.objects.latest()
    as_counted = snapshot.taxonomy_id == latest.pk and latest.digest == current_taxonomy().digest()
    return None if as_counted else snapshot
