"""Exact counts are for the marketplace's keys and for staff who may see them, for nobody else."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.conftest import member, signed_in
from tests.markets.whole_market import whole_market
from trends.models import SkillTrend, TrendSnapshot, Window

pytestmark = pytest.mark.usefixtures("snapshot")

# A skill with fewer than ten searchers.
FEW = "tiny"


@pytest.fixture(scope="module")
def fill() -> Callable[[], TrendSnapshot]:
    return whole_market


def shown(client: Client) -> list[object]:
    """Return what an asker gets of the few people: their number by the list and by the skill."""
    listed = client.get("/api/v1/trends/skills/?limit=1000").json()["results"]
    own = client.get(f"/api/v1/skills/{FEW}/").json()["trends"]
    rows = [
        row for row in [*listed, *own] if row["skill"]["slug"] == FEW and row["country"] == "001"
    ]
    assert len(rows) == 2
    return [row["current"]["searchers"] for row in rows]


def exact(snapshot: TrendSnapshot) -> list[object]:
    trend = SkillTrend.objects.of(snapshot, window=Window.HALF_YEAR).get(skill__slug=FEW)
    assert 0 < trend.current < 10
    return [trend.current] * 2


def test_a_key_and_staff_with_the_permission_get_the_count(
    api: Client, snapshot: TrendSnapshot
) -> None:
    assert shown(api) == exact(snapshot)
    for group in ("viewer", "operator"):
        assert shown(signed_in(member(group))) == exact(snapshot), group


def test_nobody_else_gets_it_signed_in_or_of_the_staff_or_not(db: None) -> None:
    freelancer = User.objects.create_user("freelancer")
    for asker in (Client(), signed_in(freelancer), signed_in(member())):
        assert shown(asker) == [None, None]
