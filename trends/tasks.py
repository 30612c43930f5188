"""What the workers do when the clock says so; each task may run twice at once without harm."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from marketplace.searches.partitions import ensure_ahead
from trends.daily_rollup import mark_dirty, roll_up
from trends.models import DailyDemand, TrendSnapshot
from trends.snapshot import compute, days_still_open

# A market that has been silent for a week has lost its feed; new windows would only lose data.
STALE = timedelta(days=7)


@shared_task
def process_searches() -> int:
    """Bring the daily figures up to what the intake has accepted."""
    return roll_up()


@shared_task
def create_partitions() -> int:
    """Make the months of search events that will be needed soon."""
    return ensure_ahead(timezone.now().date())


@shared_task
def refresh_trends() -> str:
    """Publish the snapshot of today once a day: nothing to do where it is there already."""
    today = timezone.now().date()
    if TrendSnapshot.objects.filter(as_of=today).exists():
        return "is published already"
    mark_dirty(days_still_open(today))
    roll_up()
    lately = DailyDemand.objects.of_all().between(today - STALE, today)
    if not lately.exists():
        return "no search for a week: the last snapshot stays, an archive has no today"
    return str(compute(today))
