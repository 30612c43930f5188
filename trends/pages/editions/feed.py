"""The editions as a feed: who follows it learns of a new one, and of what was wrong in an old."""

from datetime import datetime

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from trends.models import Edition
from trends.published.feeds import BEGUN, ENTRIES, DatedFeed
from trends.wording.numbers import day


class EditionFeed(Feed[Edition, None]):
    """Every edition, the newest first; its address, which never changes, is its id."""

    feed_type = DatedFeed
    author_name = "Upcurrent"
    description_template = "trends/editions/feed_edition.html"

    def get_object(self, request: HttpRequest) -> None:
        """Choose nothing: there is one feed of all editions."""

    def title(self) -> str:
        return f"Upcurrent: {gettext('Editions')}"

    def subtitle(self) -> str:
        return gettext("Dated, checksummed editions of the freelance trends index, to be cited.")

    def link(self) -> str:
        return reverse("editions")

    def feed_url(self) -> str:
        return reverse("editions-feed")

    def feed_extra_kwargs(self, obj: None) -> dict[str, datetime]:
        return {"without_any": BEGUN}

    def items(self) -> list[Edition]:
        editions = Edition.objects.published().light().select_related("snapshot")
        return list(editions.prefetch_related("corrections")[:ENTRIES])

    def item_title(self, item: Edition) -> str:
        edition = gettext("Edition of %(day)s") % {"day": day(item.snapshot.as_of)}
        return f"{edition}: {item.headline or gettext('Skills on the rise')}"

    def item_link(self, item: Edition) -> str:
        return item.get_absolute_url()

    def item_pubdate(self, item: Edition) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Edition) -> datetime | None:
        """Return when it was published, or last corrected."""
        corrected = [correction.made_at for correction in item.corrections.all()]
        return max(corrected, default=item.published_at)
