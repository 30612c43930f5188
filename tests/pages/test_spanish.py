"""The whole site in Spanish: every message translated, every page without an English leftover."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.utils import translation

from marketplace.skills.models import Category, Skill
from tests.conftest import NOON, TODAY
from tests.markets.replacing_market import replacing_market
from tests.markets.small_market import small_market
from tests.tools import messages
from tests.tools.copies import filled
from trends.backoffice.editions.drafting import draft
from trends.models import TrendSnapshot
from trends.wording import figures, numbers

PLACEHOLDER = re.compile(r"%\(\w+\)s|%%|\{\w*\}|<[^>]+>")
CATALOGUES = [
    (package, language) for package in messages.PACKAGES for language in messages.LANGUAGES
]
# Words that English can hardly do without, and that are none in Spanish.
ENGLISH = re.compile(
    r"\b(the|of|and|is|are|was|were|it|its|to|for|from|with|than|that|this|which|how|what|who|not"
    r"|people|person|searchers?|searched|skills?|sellers?|buyers?|orders?|gigs?|weeks?|days?|months?"
    r"|years?|rising|falling|share|before|shown|show|fewer|least|surely|pay|growth)\b",
    re.IGNORECASE,
)
# When there may be an edition of the day.
LATER = NOON + timedelta(days=30)
# Words of the data, and the examples of the method page.
GIVEN = ("I keep what you have", "«for»")
# In <code> stand commands; the rest is read by nobody, or written by people.
SILENT = {"script", "style", "code", "textarea"}


SMALL_MARKET = (
    *("/", "/?show=all", "/?show=falling", "/?category=desk&label=new&pay=100", "/?pay=no-such"),
    *("/skills/riser/", "/skills/newcomer/", "/skills/kept/", "/skills/fallen/", "/skills/tiny/"),
    *("/skills/local/", "/skills/nobody/", "/skills/kept/embed/", "/skills/kept/badge.svg"),
    *("/compare/", "/compare/?skills=riser,kept,tiny", "/compare/?skills=riser,nope&scale=index"),
    *("/compare/?skills=riser&scale=searchers&country=DE", "/categories/", "/categories/desk/"),
    *("/categories/work/", "/categories/nope/", "/earners/", "/earners/?show=total"),
    *("/earners/?show=rising", "/earners/?category=desk", "/replacing/", "/me/"),
    *("/me/?skills=kept,newcomer", "/me/sign-in/", "/me/password/", "/me/watch/?skill=kept"),
    *("/me/watch/?show=falling", "/me/watch/no-such/", "/me/watches/no-such/"),
    *("/me/unsubscribe/no-such/", "/me/account/", "/me/account/new/no-such/", "/method/"),
    *("/editions/", "/editions/2024-03-11/", "/search/", "/search/?q=kept", "/search/?q=gardening"),
    *("/search/?q=kept&category=desk&price=20", "/no-such-page/", "/skills/kepd/", "/skills.atom"),
    "/editions.atom",
)
REPLACING_MARKET = (
    *("/replacing/", "/replacing/?category=craft", "/skills/old-craft/", "/"),
    *("/skills/new-craft/", "/categories/craft/", "/categories/craft-hand/", "/replacing.atom"),
)
NO_MARKET = (
    *("/", "/skills/riser/", "/compare/", "/categories/", "/earners/", "/replacing/", "/me/"),
    *("/method/", "/editions/", "/search/?q=riser"),
)
MARKETS: dict[str, tuple[Callable[[], object], tuple[str, ...]]] = {
    "small": (small_market, SMALL_MARKET),
    "replacing": (replacing_market, REPLACING_MARKET),
    "none": (lambda: None, NO_MARKET),
}


@pytest.fixture(scope="module")
def snapshot(emptied: Callable[[], None]) -> TrendSnapshot:
    return filled(small_market)


@pytest.fixture(scope="module", params=MARKETS)
def pages(request: pytest.FixtureRequest, emptied: Callable[[], None]) -> tuple[str, ...]:
    """Every kind of page, in a market that has something to show on it, and in an empty one."""
    fill, paths = MARKETS[request.param]
    filled(fill)
    if request.param == "small":
        draft(TODAY, now=LATER).publish(by=None, now=LATER)
    return paths


@pytest.mark.parametrize(("package", "language"), CATALOGUES)
def test_every_message_of_the_sources_is_translated(package: str, language: str) -> None:
    stored = messages.read(messages.catalogue_path(package, language))
    told = {(one.context, one.id): one for one in stored if one.id}
    wanted = {(one.context, one.id) for one in messages.messages_in(package) if one.id}
    assert wanted - told.keys() == set(), "run `make messages` and translate these"
    assert told.keys() - wanted == set(), "run `make messages`: nobody says these any more"
    assert [one.id for one in told.values() if one.fuzzy or not all(texts(one.string))] == []


@pytest.mark.parametrize(("package", "language"), CATALOGUES)
def test_a_translation_keeps_the_figures_and_links_of_its_message(
    package: str, language: str
) -> None:
    stored = messages.read(messages.catalogue_path(package, language))
    for one in stored:
        wanted = sorted(PLACEHOLDER.findall(texts(one.id)[-1]))
        if one.id:
            assert sorted(PLACEHOLDER.findall(texts(one.string)[-1])) == wanted, one.id


@pytest.mark.parametrize(("package", "language"), CATALOGUES)
def test_what_is_read_is_what_was_written(package: str, language: str) -> None:
    path = messages.catalogue_path(package, language)
    assert path.with_suffix(".mo").read_bytes() == messages.compiled(path), "run `make messages`"


def texts(message: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """The forms of a message: one, or one and many."""
    return (message,) if isinstance(message, str) else tuple(message or ("",))


def test_figures_are_written_as_spanish_writes_them() -> None:
    with translation.override("es"):
        assert numbers.growth(1.083) == "+8,3 %"
        assert numbers.multiple(2.4) == "×2,4"
        assert numbers.people(18447, withheld=False) == "18\u00a0447"
        assert numbers.at_least(1.85) == "Nueva, al menos ×1,8"
        assert figures.money(1234.5, "USD") == "$1\u00a0234,50"
        assert figures.people({"searchers": 1, "searchers_kind": "known"}) == "1 persona"
        assert figures.days({"from": "2026-01-22", "to": "2026-11-19"}) == "22 ene al 19 nov 2026"
        assert figures.country("DE") == "Alemania"


@pytest.mark.django_db
def test_the_browser_says_the_language_and_the_switch_overrules_it(
    snapshot: TrendSnapshot,
) -> None:
    client = Client(headers={"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"})
    assert '<html lang="es">' in client.get("/method/").content.decode()
    answer = client.post("/language/", {"language": "en", "next": "/editions/"})
    assert (answer.status_code, answer["Location"]) == (302, "/editions/")
    page = client.get("/method/")
    assert '<html lang="en">' in page.content.decode()
    assert {"Accept-Language", "Cookie"} <= set(re.split(r",\s*", page["Vary"]))
    away = client.post("/language/", {"language": "es", "next": "https://elsewhere.example/"})
    assert not away["Location"].startswith("https://elsewhere")


@pytest.mark.django_db
def test_programs_and_staff_are_answered_in_english_whatever_the_browser_says(
    snapshot: TrendSnapshot,
) -> None:
    english, spanish = Client(), Client(headers={"Accept-Language": "es"})
    for path in (
        "/api/v1/trends/skills/",
        "/api/v1/skills/mcp-servers/explain/",
        "/api/v1/no-such-thing/",
        "/api/v1/trends/skills/?window=2m",
        "/admin/login/",
    ):
        assert texts_of(spanish, path) == texts_of(english, path)
    as_file = [b"".join(one.get("/skills.csv?show=all")) for one in (english, spanish)]
    assert as_file[0] == as_file[1]
    # Nothing of a request stays for what the same thread does next.
    assert translation.get_language() == "en"


def texts_of(client: Client, path: str) -> str:
    page = client.get(path).content.decode()
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


@pytest.mark.django_db
def test_no_page_in_spanish_has_an_english_leftover(pages: tuple[str, ...]) -> None:
    client, leftovers = Client(headers={"Accept-Language": "es"}), {}
    for path in pages:
        page = client.get(path, follow=True).content.decode()
        assert not path.endswith("/") or 'lang="es"' in page, path
        if found := [one for one in read(page) if ENGLISH.search(one)]:
            leftovers[path] = found
    assert not leftovers, "\n".join(f"{path}: {found}" for path, found in leftovers.items())


class Reader(HTMLParser):
    """What people see or hear of a page, text by text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        named = dict(attrs)
        told = [named.get(name) for name in ("title", "alt", "aria-label", "placeholder")]
        told += [value for name, value in attrs if name.startswith("data-") and " " in f"{value}"]
        if named.get("name") == "description":
            told.append(named["content"])
        self.found += [text for text in told if text]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.found.append(" ".join(data.split()))


def read(page: str) -> Iterator[str]:
    """The texts of a page without the names that people gave: those stay as they are."""
    names = [*(one.name for one in (*Skill.objects.all(), *Category.objects.all())), *GIVEN]
    reader = Reader()
    reader.feed(page)
    for text in reader.found:
        # Sellers are known by what the import calls them, entries of a feed by an address.
        said = re.sub(r"\b[Ss]eller \d+|^tag:\S+$", "", unescape(text))
        for name in names:
            said = said.replace(name, "")
        yield said
