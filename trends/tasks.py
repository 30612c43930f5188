"""What the workers do when the clock says so; each task may run twice at once without harm."""

from datetime import date, timedelta

from celery import shared_task
from django.utils import timezone

from marketplace.searches import keeping
from marketplace.searches.models import RejectedRow
from marketplace.searches.partitions import ensure_ahead
from trends.backoffice.candidates.discovery import propose
from trends.backoffice.editions.drafting import EditionRefused, draft, due, newest_closed
from trends.backoffice.editions.recomputation import next_proof, prove
from trends.backoffice.pipeline.runs import asked, recorded
from trends.backoffice.taxonomy.following import follow, snapshot_behind
from trends.counting.daily_rollup import mark_dirty, roll_up
from trends.measuring.snapshot import NothingToMeasure, compute, days_still_open
from trends.models import DailyDemand, Digest, PipelineRun, ToldFact, TrendSnapshot, pipeline
from trends.pages.me import digest

# A market that has been silent for a week has lost its feed; new windows would only lose data.
STALE = timedelta(days=7)


@shared_task
def process_searches() -> int:
    """Bring the daily figures up to what the intake has accepted."""
    with recorded(PipelineRun.Stage.DAILY, unit="days") as run:
        return roll_up(run.progress)


@shared_task
def create_partitions() -> int:
    """Make the months of search events that will be needed soon."""
    return ensure_ahead(timezone.now().date())


@shared_task
def forget_old() -> int:
    """Drop refused rows, runs that went well and what was mailed, when their time is over."""
    now = timezone.now()
    PipelineRun.objects.forget(before=now - pipeline.KEPT_FOR)
    ToldFact.objects.forget_old(now.date())
    Digest.objects.forget_old(now.date())
    return RejectedRow.objects.forget_kept(before=now - keeping.KEPT_FOR)


@shared_task
def send_digests() -> int:
    """Write to people what changed in what they watch; at most one mail a week each."""
    digest.make_digests(timezone.now())
    return digest.send_digests(timezone.now)


@shared_task
def refresh_trends() -> str:
    """Publish the snapshot of today once a day, and whenever a person asks for it."""
    today = timezone.now().date()
    if not asked() and TrendSnapshot.objects.published().filter(as_of=today).exists():
        return "is published already"
    mark_dirty(days_still_open(today))
    process_searches()
    if _silent(today):
        return "no search for a week: the last snapshot stays, an archive has no today"
    with recorded(PipelineRun.Stage.SNAPSHOT, unit="parts") as run:
        run.result = str(compute(today, progress=run.progress))
    return run.result


@shared_task
def discover_terms() -> str:
    """Put up the phrases that no skill answers to for people to decide."""
    today = timezone.now().date()
    process_searches()
    if _silent(today):
        return "no search for a week: the last proposals stay"
    with recorded(PipelineRun.Stage.DISCOVERY, unit="parts") as run:
        proposals = propose(today, progress=run.progress)
        run.rows = len(proposals)
        noise = sum(bool(proposal.noise) for proposal in proposals)
        run.result = f"{len(proposals):,} found, {noise:,} of it noise"
    return run.result


@shared_task
def follow_taxonomy() -> str:
    """Bring the figures up to edits of the taxonomy: asked for by each, and by the clock."""
    if snapshot_behind() is None:
        return "nothing was edited"
    process_searches()
    with recorded(PipelineRun.Stage.SNAPSHOT, unit="parts") as run:
        run.result = f"{follow(run.progress)}, after edits of the taxonomy"
    return run.result


@shared_task
def draft_edition() -> str:
    """Draft the edition of the month for review once it is time; asked by a person, one at once."""
    today = timezone.now().date()
    if (as_of := due(today) or (newest_closed(today) if asked() else None)) is None:
        return "no edition is due"
    process_searches()
    with recorded(PipelineRun.Stage.EDITION, unit="parts") as run:
        try:
            made = draft(as_of, now=timezone.now(), progress=run.progress)
            run.result = f"drafted {made.slug}, for somebody to look at and publish"
        except (EditionRefused, NothingToMeasure) as problem:
            run.begin()
            run.result = str(problem)
    return run.result


@shared_task
def prove_editions() -> int:
    """Compute the editions again that somebody wants proven; how many there were."""
    proven = 0
    while (proof := next_proof(timezone.now())) is not None:
        with recorded(PipelineRun.Stage.PROOF, unit="parts") as run:
            prove(proof, now=timezone.now, progress=run.progress)
            run.result = proof.in_words()
        proven += 1
    return proven


def _silent(today: date) -> bool:
    """Return whether the feed seems lost: no search came in the last days."""
    return not DailyDemand.objects.of_all().between(today - STALE, today).exists()
