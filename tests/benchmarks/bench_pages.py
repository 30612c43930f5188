"""What a page costs the server, against a Django view that answers with two words.

Run `python -m tests.benchmarks pages`. Each page is asked for through the whole stack of middleware
on the market of `refresh` with gigs and orders. Cold is with nothing kept of any page asked for
before, warm with all of it; each is the median of several. The bare view is timed before each page
again, so many at once that they take as long as one: what else the machine does slows down both.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import override_settings
from django.urls import include, path

from marketplace.skills.models import Skill
from tests.benchmarks.databases import seconds
from tests.benchmarks.pages_market import publish
from trends.drawing.category_map import category_map

BARE = "/bare/"
TIMES, BARE_TIMES = 9, 200
# The first of the market are those most people search for.
MOST_SOUGHT = [f"s{number}" for number in range(1, 6)]
CATEGORY = "c2"
PAGES = {
    "home": "/",
    "all skills": "/?show=all",
    "falling": "/?show=falling",
    "of a country, by pay": "/?show=all&country=DE&window=3m&order=pay",
    "of a category": f"/?category={CATEGORY}",
    "skill": f"/skills/{MOST_SOUGHT[0]}/",
    "compare": f"/compare/?skills={','.join(MOST_SOUGHT)}",
    "categories": "/categories/",
    "category": f"/categories/{CATEGORY}/",
    "earners": "/earners/",
    "replacing": "/replacing/",
    "my skills": f"/me/?skills={','.join(MOST_SOUGHT)}",
    "search": "/search/?q=skill+1",
    "search, nothing found": "/search/?q=zeppelin+mooring",
}


def bare(request: HttpRequest) -> HttpResponse:
    """A view that asks nothing and renders nothing."""
    return HttpResponse("Good day.")


urlpatterns = [path(BARE.lstrip("/"), bare), path("", include("marketplace.urls"))]


def main(directory: Path) -> None:
    """Print the table; everything goes into the database there is."""
    publish()
    print_pages()


def print_pages() -> None:
    """Print the table of the market there is."""
    with override_settings(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["testserver"]):
        # One client for all: a new one builds the stack of middleware anew.
        visit = partial(answered, Client(headers={"accept-encoding": "gzip"}))
        print(f"\nPages of {Skill.objects.count():,} skills, in times of a bare view")
        print(f"{'':24}{'bare ms':>9}{'cold ms':>9}{'× bare':>9}{'warm ms':>9}{'× bare':>9}")
        for name, address in PAGES.items():
            ask = partial(visit, address)
            # Its templates are compiled, and its words a term.
            ask()
            bare_ms = 1_000 * seconds(partial(many_bare, visit), times=TIMES) / BARE_TIMES
            found = [1_000 * one for one in (cold(ask), seconds(ask, times=TIMES))]
            cells = [f"{ms:9.1f}{ms / bare_ms:9.0f}" for ms in found]
            print(f"{name:24}{bare_ms:9.2f}{''.join(cells)}")


def many_bare(visit: Callable[[str], None]) -> None:
    for _ in range(BARE_TIMES):
        visit(BARE)


def cold(ask: Callable[[], None]) -> float:
    """The median time with nothing kept of pages asked for before."""
    found = []
    for _ in range(TIMES):
        cache.clear()
        category_map.cache_clear()
        found.append(seconds(ask, times=1))
    return median(found)


def answered(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200, address
