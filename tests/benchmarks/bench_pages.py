"""What a page costs the server, against a Django view that answers with two words.

Run `python -m tests.benchmarks pages`. Each page is asked for through the whole stack of middleware
on the market of `refresh`. Cold is the first time in a process that has shown another page, with
an empty cache and templates not yet compiled; warm is the median of many.
"""

from functools import partial
from pathlib import Path

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import override_settings
from django.urls import include, path

from marketplace.skills.models import Skill
from tests.benchmarks import bench_refresh
from tests.benchmarks.databases import seconds
from trends.models import TrendSnapshot
from trends.snapshot import refresh

BARE = "/bare/"
TIMES = 20
# The first of the market are those most people search for.
MOST_SOUGHT = [f"s{number}" for number in range(1, 6)]
PAGES = {
    "home": "/?show=all",
    "skill": f"/skills/{MOST_SOUGHT[0]}/",
    "compare": f"/compare/?skills={','.join(MOST_SOUGHT)}",
    "categories": "/categories/",
    "replacing": "/replacing/",
    "my skills": f"/me/?skills={','.join(MOST_SOUGHT)}",
    "search": "/search/?q=skill+1",
}


def bare(request: HttpRequest) -> HttpResponse:
    """A view that asks nothing and renders nothing."""
    return HttpResponse("Good day.")


urlpatterns = [path(BARE.lstrip("/"), bare), path("", include("marketplace.urls"))]


def main(directory: Path) -> None:
    """Print the table; everything goes into the database there is."""
    if TrendSnapshot.objects.current() is None:
        bench_refresh.fill()
        refresh(bench_refresh.AS_OF)
    with override_settings(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["testserver"]):
        # One client for all: a new one builds the stack of middleware anew.
        visit = partial(answered, Client(headers={"accept-encoding": "gzip"}))
        visit(BARE)
        usual = 1_000 * seconds(partial(visit, BARE), times=10 * TIMES)
        print(f"\nPages of {Skill.objects.count():,} skills, a bare view {usual:.2f} ms")
        print(f"{'':24}{'cold ms':>9}{'× bare':>9}{'warm ms':>9}{'× bare':>9}")
        for name, address in PAGES.items():
            cache.clear()
            ask = partial(visit, address)
            taken = [1_000 * seconds(ask, times=times) for times in (1, TIMES)]
            print(f"{name:24}" + "".join(f"{ms:9.1f}{ms / usual:9.0f}" for ms in taken))


def answered(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200, address
