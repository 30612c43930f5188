"""What the review queue would be with other thresholds, against what it is."""

from dataclasses import dataclass
from datetime import date

from trends.backoffice.candidates.discovery import discover
from trends.backoffice.candidates.evidence import Proposal
from trends.models import CandidateTerm, DiscoveryThresholds


@dataclass(frozen=True, slots=True)
class Preview:
    """The queue as it would be, the best first; phrases that would come, and that would go."""

    as_of: date
    queue: list[Proposal]
    come: list[str]
    go: list[str]


def preview(thresholds: DiscoveryThresholds, *, today: date) -> Preview:
    """Return the queue as it would be with these thresholds, as of the present queue's day."""
    waiting = CandidateTerm.objects.waiting(today)
    last = waiting.order_by("-as_of").values_list("as_of", flat=True).first()
    as_of = last or today
    settled = CandidateTerm.objects.settled(today)
    proposals = discover(as_of, thresholds=thresholds)
    queue = [
        proposal for proposal in proposals if not proposal.noise and proposal.text not in settled
    ]
    present = list(waiting.best_first().values_list("text", flat=True))
    texts = [proposal.text for proposal in queue]
    return Preview(
        as_of=as_of,
        queue=queue,
        come=[text for text in texts if text not in set(present)],
        go=[text for text in present if text not in set(texts)],
    )
