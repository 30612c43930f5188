"""What waits for somebody of the staff: only what they may decide, and how much there is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import QuerySet

from marketplace.searches.models import RejectedRow
from trends.models import CandidateTerm, Edition, PipelineRun, ReviewFlag

# More than a person does in a day; to count on would only take time.
MOST_COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class Waiting:
    """A number of rows that wait, and the admin page where they are decided."""

    what: str
    count: int
    page: str

    @property
    def in_words(self) -> str:
        return f"{self.count:,}+" if self.count == MOST_COUNTED else str(self.count)


def waiting_for(user: User | AnonymousUser, *, now: datetime) -> list[Waiting]:
    """Return everything this person may decide, also where nothing waits."""
    return [
        Waiting(what, rows[:MOST_COUNTED].count(), f"admin:{page}")
        for permission, what, rows, page in _all(now)
        if user.has_perm(permission)
    ]


def _all(now: datetime) -> Iterator[tuple[str, str, QuerySet[Any], str]]:
    """Yield the permission it takes, what it is, its rows, and the page."""
    candidates = CandidateTerm.objects.waiting(now.date())
    flags = ReviewFlag.objects.filter(decision=ReviewFlag.Decision.PENDING)
    drafts = Edition.objects.filter(state=Edition.State.DRAFT)
    broken = PipelineRun.objects.broken(now)
    rejected = RejectedRow.objects.filter(replayed_at=None, kept__isnull=False)
    yield (
        "trends.decide_candidateterm",
        "phrases without a skill",
        candidates,
        "trends_candidateterm_changelist",
    )
    yield "trends.change_reviewflag", "flags to decide", flags, "trends_reviewflag_changelist"
    yield "trends.publish_edition", "drafts of editions", drafts, "trends_edition_changelist"
    yield "trends.retry_pipelinerun", "runs that broke", broken, "trends_pipelinerun_changelist"
    yield (
        "searches.replay_rejectedrow",
        "rows to replay",
        rejected,
        "searches_rejectedrow_changelist",
    )
