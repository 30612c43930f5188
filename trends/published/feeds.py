"""Lists as feeds: who follows one learns of a thing once, when it comes on the list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.contrib.syndication.views import Feed
from django.db.models import Min
from django.http import HttpRequest
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext

from trends.models import TrendSnapshot
from trends.wording.numbers import LABELS

# As many as a page shows at first.
ENTRIES = 50
# What ids are named after; and since when a list is empty that never had anything to tell.
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
# A season of daily runs: what came on a list before that is news to no reader.
SNAPSHOTS_LOOKED_BACK = 91

# What is on a list, by a key that stays: its name and its row; what was has no row.
Row = Mapping[str, Any]
OnList = dict[str, tuple[str, Row]]
OnceOnList = Mapping[str, tuple[str, Row | None]]
# Keys, each with the number of a snapshot that has it on the list.
Seen = set[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class FeedOf:
    """What is chosen of a list, the figures of now, and the host its entries are named after."""

    filters: Any
    snapshot: TrendSnapshot | None
    host: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Something of a list, and the day whose figures first had it there.

    Without a row it is gone: `since` is the day whose figures first did not have it.
    """

    of: FeedOf
    key: str
    name: str
    row: Row | None
    since: date


@dataclass(frozen=True, slots=True)
class Past:
    """The published snapshots that are looked back on, the newest first, by number.

    What was so in all of them is dated as of the first snapshot there ever was: that day stays.
    """

    days: dict[int, date]
    first: date

    def since(self, key: str, seen: Seen, *, on: bool = True) -> date:
        """Return the first of the snapshots up to the newest that all have it, or all do not."""
        since = next(iter(self.days.values()))
        for number, day in self.days.items():
            if ((key, number) in seen) != on:
                return since
            since = day
        return self.first


def past_of(snapshot: TrendSnapshot) -> Past:
    """Return the last SNAPSHOTS_LOOKED_BACK published up to this one."""
    earlier = TrendSnapshot.objects.published().filter(as_of__lte=snapshot.as_of)
    days = earlier.order_by("-as_of", "-pk").values_list("pk", "as_of")
    first = earlier.aggregate(first=Min("as_of"))["first"]
    return Past(dict(days[:SNAPSHOTS_LOOKED_BACK]), first)


class DatedFeed(Atom1Feed):
    """A feed that is as new as its newest entry; without any, as what it is of, not as the clock.

    Else it would be news to every reader, every time they ask.
    """

    def latest_post_date(self) -> datetime:
        newest: datetime = super().latest_post_date() if self.items else self.feed["without_any"]
        return newest


class ListFeed(Feed[Entry, FeedOf]):
    """The first entries of a list, and what left it within a week or two."""

    feed_type = DatedFeed
    author_name = "Upcurrent"

    def chosen(self, query: Mapping[str, str]) -> Any:
        """Return what an address chooses of the list; 404 where there is no such."""
        raise NotImplementedError

    def named(self, of: FeedOf) -> tuple[object, ...]:
        """Return what the list is called and narrowed to; empty parts are left out."""
        raise NotImplementedError

    def place(self, of: FeedOf) -> str:
        """Return what the list is called in the ids of its entries."""
        raise NotImplementedError

    def on_list(self, of: FeedOf, snapshot: TrendSnapshot) -> OnList:
        """Return everything that is shown, in its order."""
        raise NotImplementedError

    def gone(self, of: FeedOf, snapshot: TrendSnapshot) -> dict[str, str]:
        """Return the names, by key, of what was on the list a week ago and no longer is."""
        raise NotImplementedError

    def seen(self, of: FeedOf, past: Past, on_list: OnceOnList) -> Seen:
        """Return which of the snapshots have each of these on the list."""
        raise NotImplementedError

    def get_object(self, request: HttpRequest) -> FeedOf:
        chosen, snapshot = self.chosen(request.GET), TrendSnapshot.objects.current()
        return FeedOf(chosen, snapshot, request.get_host())

    def title(self, of: FeedOf) -> str:
        return f"Upcurrent: {', '.join(str(part) for part in self.named(of) if part)}"

    def items(self, of: FeedOf) -> list[Entry]:
        if of.snapshot is None:
            return []
        gone = self.gone(of, of.snapshot)
        entries: OnceOnList = {
            **self.on_list(of, of.snapshot),
            **{key: (name, None) for key, name in gone.items()},
        }
        past = past_of(of.snapshot)
        seen = self.seen(of, past, entries)
        return [
            Entry(of, key, name, row, past.since(key, seen, on=row is not None))
            for key, (name, row) in entries.items()
        ]

    def feed_extra_kwargs(self, obj: FeedOf) -> dict[str, datetime]:
        return {"without_any": _begin(obj.snapshot.as_of) if obj.snapshot else BEGUN}

    def item_title(self, item: Entry) -> str:
        if item.row is None:
            return gettext("%(name)s: no longer on this list") % {"name": item.name}
        return f"{item.name}: {LABELS[item.row['label']]}"

    def item_guid(self, item: Entry) -> str:
        """Return the same as long as it is followed: no rank, count or day is in it."""
        end = "" if item.row else "/gone"
        return f"tag:{item.of.host},{BEGUN.year}:{self.place(item.of)}/{item.key}{end}"

    def item_updateddate(self, item: Entry) -> datetime:
        return _begin(item.since)

    def item_pubdate(self, item: Entry) -> datetime:
        return self.item_updateddate(item)


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
