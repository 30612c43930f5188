"""simulate_market: fill the site with a simulated market and measure it, as a real one would be."""

from datetime import date, timedelta
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone
from tqdm import tqdm

from marketplace import under_way
from marketplace.simulation.market import Market
from marketplace.simulation.sending import first_day, last_day_sent, send
from trends.models import TrendSnapshot
from trends.tasks import discover_terms, process_searches

# How often the worker is told to look for work: it counts while we still send.
DAYS_BETWEEN_CALLS = 90
# Snapshots of the past, so that there are calls to look back on: half a year and a week ago.
EARLIER = (timedelta(weeks=26), timedelta(weeks=1))
# The older is an edition, too: figures to cite, and to compare today's with.
HEADLINE = "AI agents appear (a simulated market)"


class Command(BaseCommand):
    help = "Send a simulated market through the intake and the workers, and publish its trends."

    def handle(self, **options: Any) -> None:
        try:
            self.simulate(timezone.now().date())
        finally:
            under_way.over()

    def simulate(self, today: date) -> None:
        """Send what is not there yet, then measure, each snapshot after the one before it."""
        measured = TrendSnapshot.objects.filter(as_of=today).exists()
        if measured and last_day_sent() == today - timedelta(days=1):
            self.stdout.write("The simulated market is up to date.")
            return
        first_time = not TrendSnapshot.objects.exists()
        market = Market(epoch=first_day(today))
        self.stdout.write("Sending a simulated market through the intake (about a minute) …")
        with Bars() as bars:
            sent = send(market, until=today, progress=bars.show)
        self.stdout.write(f"Sent {sent:,} searches. Counting days and measuring trends …")
        for ago in EARLIER if first_time else ():
            under_way.tell(under_way.FIGURES, now=timezone.now())
            call_command("refresh_trends", as_of=today - ago, verbosity=0)
        under_way.tell(under_way.FIGURES, now=timezone.now())
        if first_time:
            call_command("publish_edition", as_of=today - EARLIER[0], headline=HEADLINE)
        # Before the snapshot that tells that all is done: an interrupted demo goes on here.
        discover_terms()
        under_way.tell(under_way.FIGURES, now=timezone.now())
        call_command("refresh_trends", as_of=today)


class Bars:
    """One progress bar a kind of thing sent; wakes the worker from time to time."""

    def __init__(self) -> None:
        self.what, self.bar = "", tqdm(disable=True)

    def __enter__(self) -> "Bars":
        return self

    def __exit__(self, *problem: object) -> None:
        self.bar.close()

    def show(self, what: str, done: int, total: int) -> None:
        """Move the bar of `what` to `done`, and tell the site."""
        under_way.tell(what, now=timezone.now(), done=done, total=total)
        if what != self.what:
            self.bar.close()
            self.what = what
            self.bar = tqdm(
                desc=what, total=total or None, unit="day" if total else "", disable=None
            )
        self.bar.update(done - self.bar.n)
        if total and done % DAYS_BETWEEN_CALLS == 0:
            process_searches.delay()
