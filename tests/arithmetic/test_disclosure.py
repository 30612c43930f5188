"""Nothing published lets the attacker derive a figure about fewer than ten people."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from marketplace.searches.models import ApiKey
from tests.conftest import NOON, TODAY
from tests.markets.tiny_market import tiny_market
from tests.tools.attacker import Attacker
from tests.tools.copies import filled
from trends.arithmetic.disclosure import FEWEST_PEOPLE
from trends.backoffice.editions.drafting import draft
from trends.models import WORLD, Window
from trends.urls import urlpatterns

# Who adds an address has the attacker read it, or says here that no figure of people is on it.
READ_BY_THE_ATTACKER = {
    "rising",
    "rising-csv",
    "rising-feed",
    "skill",
    "skill-badge",
    "skill-embed",
    "categories",
    "categories-csv",
    "categories-feed",
    "category",
    "earners",
    "earners-csv",
    "earners-feed",
    "api-skill-trends",
    "api-category-trends",
    "api-earners",
    "api-skill",
    "api-skill-explain",
    "api-skill-series",
    "editions",
    "editions-csv",
    "editions-feed",
    "edition",
    "home-card",
    "skill-card",
    "edition-card",
    "edition-file",
    "api-editions",
    "api-edition",
    "method",
    "compare",
    "api-compare",
    "replacing",
    "replacing-csv",
    "category-flows-csv",
    "ai-share-csv",
    "replacing-feed",
    "replacing-card",
    "api-replacements",
    "api-ai-share",
    "me",
}
# Forms and links of mails; what a mail tells, test_digest reads.
OF_ONE_PERSON = {
    "account",
    "account-keep",
    "account-delete",
    "choose-password",
    "sign-in",
    "sign-out",
    "password-reset",
    "password-reset-sent",
    "password-reset-confirm",
    "watch",
    "watch-confirm",
    "watches",
    "unsubscribe",
}
TELL_OF_NOBODY = {
    *("sitemap", "robots", "suggestions", "search", "admin-login"),
    *("api-skills", "api-schema", "api-docs"),
}


@pytest.fixture(scope="module")
def readers(emptied: Callable[[], None]) -> tuple[Attacker, Attacker]:
    """Two who have read all they may of a tiny market: anybody, and one with a key."""
    filled(tiny_market)
    draft(TODAY, now=NOON + timedelta(days=30)).publish(by=None, now=NOON)
    token = ApiKey.issue("shop next door")
    anybody = Attacker(Client())
    with_key = Attacker(Client(headers={"authorization": f"Bearer {token}"}))
    anybody.read()
    anybody.read_words()
    anybody.read_files()
    anybody.read_tens()
    anybody.read_editions()
    # Not its words: both begin with the same rows, and only the public one goes on from there.
    with_key.read()
    return anybody, with_key


def test_the_attacker_finds_nothing(readers: tuple[Attacker, Attacker]) -> None:
    assert readers[0].finds() == []


@pytest.mark.parametrize(
    "attack",
    [
        Attacker.small,
        Attacker.differences,
        Attacker.rests_of_countries,
        Attacker.rests_of_spans,
        Attacker.rests_of_members,
    ],
)
def test_the_attacker_finds_plenty_where_nothing_is_withheld(
    readers: tuple[Attacker, Attacker], attack: Callable[[Attacker], Iterator[str]]
) -> None:
    assert len(list(attack(readers[1]))) > 50


def test_an_exact_ratio_among_public_counts_would_be_solved(
    readers: tuple[Attacker, Attacker],
) -> None:
    public, exact = readers
    pairs = zip(public.rows, exact.rows, strict=False)
    careless = [row | {"growth": known["growth"]} for row, known in pairs]
    assert len(list(replace(public, rows=careless).solved())) > 50


def test_most_of_what_ten_people_stand_behind_is_published(
    readers: tuple[Attacker, Attacker],
) -> None:
    public, exact = readers
    half_years = [
        (row["current"], known["current"])
        for row, known in zip(public.rows, exact.rows, strict=False)
        if (row["window"], row["country"]) == (Window.HALF_YEAR, WORLD) and "skill" in row
    ]
    known = [(one, n) for one, n in half_years if n["searchers"] >= FEWEST_PEOPLE]
    shown = [one for one, n in known if one["searchers"] == n["searchers"]]
    assert len(shown) > 0.8 * len(known) > 10


def test_every_address_is_read_by_the_attacker_or_tells_of_nobody() -> None:
    names = {pattern.name for pattern in urlpatterns}
    assert names - READ_BY_THE_ATTACKER == TELL_OF_NOBODY | OF_ONE_PERSON
