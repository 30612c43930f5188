"""Sends the simulated market through the doors real traffic comes in by."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any, TypeVar

from django.db.models import Max, Min

from marketplace.gigs.importing import import_gigs, import_orders, import_rates
from marketplace.gigs.models import Order
from marketplace.imports.reading import as_text
from marketplace.imports.rows import Row, Status, Verdict
from marketplace.searches.intake import take_in
from marketplace.searches.models import IngestBatch, Source
from marketplace.simulation.market import Market
from marketplace.simulation.story import WEEKS_OF_HISTORY
from marketplace.skills.importing import import_skills

# Its own source: while there are searches from it, every page says that the data is simulated.
SOURCE = "simulated market"
BATCH = 5_000
# Orders that were under way when the market was last looked at have come to their end by now.
ORDERS_SETTLE = timedelta(days=35)

Item = TypeVar("Item")
Progress = Callable[[str, int, int], object]


def first_day(today: date) -> date:
    """Return the day the market began: by what is sent, or so that its story leads to today."""
    batches = IngestBatch.objects.filter(source__name=SOURCE, accepted__gt=0)
    known: date | None = batches.aggregate(first=Min("days__0"))["first"]
    return known or today - timedelta(weeks=WEEKS_OF_HISTORY)


def last_day_sent() -> date | None:
    """Return the last day of which searches were sent, or None before the first."""
    latest = IngestBatch.objects.filter(source__name=SOURCE, accepted__gt=0).order_by("pk").last()
    return latest.days[-1] if latest else None


def send(market: Market, *, until: date, progress: Progress) -> int:
    """Send everything of the market before `until` that is not there yet; how many searches.

    `progress` is called with what is sent, how much of it, and of how much in all. Interrupted
    and called again it goes on where it was: whatever is sent twice is known.
    """
    start = last_day_sent() or market.epoch
    for what, take, rows in (
        ("skills", import_skills, market.skills()),
        ("gigs", import_gigs, market.gigs()),
        ("exchange rates", import_rates, rates(market)),
    ):
        _send_rows(what, take, rows, progress)
    sent = _send_searches(market, start, until, progress)
    latest: datetime | None = Order.objects.aggregate(latest=Max("ordered_at"))["latest"]
    since = max(market.epoch, latest.date() - ORDERS_SETTLE) if latest else market.epoch
    _send_rows("orders", import_orders, market.orders(since, until), progress)
    return sent


def _send_rows(
    what: str,
    take: Callable[[list[Row]], list[Verdict]],
    rows: Iterable[Mapping[str, Any]],
    progress: Progress,
) -> None:
    sent = 0
    for batch in batched(rows, BATCH):
        numbered = [Row(number, as_text(row)) for number, row in enumerate(batch, sent + 1)]
        refused = [verdict for verdict in take(numbered) if verdict.status == Status.REJECTED]
        if refused:
            raise ValueError(f"The simulated {what} are not valid: {refused[0]}")
        sent += len(batch)
        progress(what, sent, 0)


def _send_searches(market: Market, start: date, until: date, progress: Progress) -> int:
    """Send the searches of these days in batches of several days, in the order of time."""
    source, _ = Source.objects.get_or_create(name=SOURCE)
    clock = datetime.combine(until, time(), UTC)
    sent, waiting = 0, list[Row]()
    for done, rows in enumerate(market.searches(start, until), 1):
        waiting += [Row(number, as_text(row)) for number, row in enumerate(rows, 1)]
        if len(waiting) >= BATCH or done == (until - start).days:
            sent += take_in(waiting, source=source, now=clock).tally.accepted
            waiting.clear()
            progress("searches", done, (until - start).days)
    return sent


def rates(market: Market) -> Iterator[dict[str, str]]:
    """Yield each currency's worth in the reporting currency on the market's first day."""
    worth = {country.currency: country.per_dollar for country in market.story.countries}
    for currency, per_dollar in worth.items():
        yield {
            "date": (market.epoch - timedelta(days=1)).isoformat(),
            "currency": currency,
            "rate": f"{1 / per_dollar:.8f}",
        }


def batched(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield lists of `size` items, the last one shorter."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
