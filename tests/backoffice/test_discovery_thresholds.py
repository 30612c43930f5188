"""The thresholds in the admin: seen what they would do before they do it."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from tests.conftest import TODAY
from tests.markets.discovery_market import filled, search
from trends.backoffice.candidates.discovery import propose
from trends.counting.daily_rollup import roll_up
from trends.models import CandidateTerm, DiscoveryThresholds

pytestmark = pytest.mark.django_db

CHANGE = reverse("admin:trends_discoverythresholds_change", args=[1])
PREVIEW = reverse("admin:trends_discoverythresholds_preview", args=[1])
ENTERED = {
    "min_searchers": "200",
    "min_bound": "50",
    "false_discovery_rate": "0.2",
    "one_country": "1",
    "a_week": "20",
    "snooze_days": "90",
}

market = pytest.fixture(scope="module", autouse=True)(filled)


@pytest.fixture
def signed_in(db: None) -> Callable[..., Client]:
    """A client of a staff member with some permissions on thresholds."""

    def sign_in(*may: str) -> Client:
        user = User.objects.create(username=" ".join(may) or "nobody", is_staff=True)
        names = [f"{one}_discoverythresholds" for one in may]
        user.user_permissions.set(Permission.objects.filter(codename__in=names))
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def queue(db: None) -> None:
    """A queue of two phrases, and one kept out of it as noise."""
    DiscoveryThresholds.objects.get_or_create(pk=1)
    search("mcp server", range(60))
    search("voice ads", range(300))
    search("#upskill90days", range(250), country="IN")
    search("#upskill90days", range(250, 270), country="DE")
    roll_up()
    propose(TODAY)


@pytest.mark.usefixtures("queue")
def test_a_preview_tells_what_would_come_and_go_and_saves_nothing(
    signed_in: Callable[..., Client],
) -> None:
    before = list(CandidateTerm.objects.order_by("pk").values())
    editor = signed_in("view", "change")
    assert "Preview the queue" in editor.get(CHANGE).content.decode()
    response = editor.post(PREVIEW, ENTERED)
    found = response.context["preview"]
    assert (found.as_of, found.come, found.go) == (TODAY, ["upskill90days"], ["mcp server"])
    assert {one.text for one in found.queue} == {"voice ads", "upskill90days"}
    page = response.content.decode()
    assert "<del>mcp server</del>" in page
    assert page.count("<ins>comes</ins>") == 1
    assert list(CandidateTerm.objects.order_by("pk").values()) == before
    assert DiscoveryThresholds.now().min_searchers == 50
    # What it offers to save is what was entered.
    editor.post(CHANGE, ENTERED)
    assert DiscoveryThresholds.now().min_searchers == 200
    assert editor.post(PREVIEW, ENTERED | {"one_country": "0.9"}).context["preview"].come == []


@pytest.mark.usefixtures("queue")
def test_values_that_cannot_be_are_refused_with_the_reason(
    signed_in: Callable[..., Client],
) -> None:
    editor = signed_in("view", "change")
    for address in (PREVIEW, CHANGE):
        page = editor.post(address, ENTERED | {"min_searchers": "9"}).content.decode()
        assert "greater than or equal to 10" in page
        page = editor.post(address, ENTERED | {"snooze_days": "2000000000"}).content.decode()
        assert "less than or equal to 3650" in page
    assert DiscoveryThresholds.now().min_searchers == 50


@pytest.mark.usefixtures("queue")
def test_who_may_only_look_cannot_preview_or_change(signed_in: Callable[..., Client]) -> None:
    viewer = signed_in("view")
    assert "Preview the queue" not in viewer.get(CHANGE).content.decode()
    for answer in (
        viewer.post(PREVIEW, ENTERED),
        viewer.get(PREVIEW),
        viewer.post(CHANGE, ENTERED),
    ):
        assert answer.status_code == 403
    assert DiscoveryThresholds.now().min_searchers == 50
