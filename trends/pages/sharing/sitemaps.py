"""What search engines are told: every page worth finding, and what is not for them."""

from datetime import date
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from marketplace.skills.models import Category, Skill
from trends.models import Edition, TrendSnapshot

PAGES = ("rising", "replacing", "categories", "earners", "compare", "editions", "method")
# A crawler that searches would count as demand; the API is for programs that know what they want.
NOT_FOR_CRAWLERS = ("/search/", "/suggestions/", "/api/", "/admin/", "/me/")


class Measured(Sitemap[Any]):
    """Pages that change with the snapshot."""

    @cached_property
    def lastmod(self) -> date | None:
        """Asked for once, not once a page."""
        snapshot = TrendSnapshot.objects.current()
        return snapshot.as_of if snapshot else None


class Pages(Measured):
    """The pages there is one of."""

    def items(self) -> tuple[str, ...]:
        return PAGES

    def location(self, item: str) -> str:
        return reverse(item)


class Categories(Measured):
    """What is rising in a category."""

    def items(self) -> QuerySet[Category]:
        return Category.objects.order_by("pk")

    def location(self, item: Category) -> str:
        return reverse("category", args=[item.slug])


class Skills(Measured):
    """Every skill that is followed."""

    limit = 10_000

    def items(self) -> QuerySet[Skill]:
        return Skill.objects.active().order_by("pk")


class Editions(Sitemap[Edition]):
    """What never changes."""

    def items(self) -> QuerySet[Edition]:
        return Edition.objects.published().light()

    def lastmod(self, item: Edition) -> Any:
        return item.published_at


SITEMAPS = {"pages": Pages, "categories": Categories, "skills": Skills, "editions": Editions}


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Send /robots.txt, with the address of the sitemap."""
    closed = [f"Disallow: {path}" for path in NOT_FOR_CRAWLERS]
    where = request.build_absolute_uri(reverse("sitemap"))
    lines = ["User-agent: *", *closed, f"Sitemap: {where}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
