"""Candidates as a run of the discovery leaves them, and people who decide about them."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.conftest import signed_in
from trends.models import CandidateTerm

QUEUE = "/admin/trends/candidateterm/"
DECIDES = ("view_candidateterm", "decide_candidateterm", "view_candidatedecision", "view_skill")


def candidate(text: str, **fields: Any) -> CandidateTerm:
    """An open candidate of today's run."""
    today = timezone.now().date()
    found: dict[str, Any] = {
        "as_of": today,
        "proposed_on": today - timedelta(days=3),
        "first_seen": today - timedelta(days=60),
        "priority": 10.0,
        "current": 120,
        "previous": 4,
        "bound": 5.2,
        "unmet": 0.4,
        "countries": {"DE": 70, "US": 40},
        "weekly": [0, 0, 1, 3, 4, 8, 12, 14, 18, 22, 20, 31],
        "samples": [f"{text} expert"],
    }
    return CandidateTerm.objects.create(text=text, **found | fields)


def reviewer(name: str = "ann", *permissions: str) -> User:
    """Somebody of the staff who may look at candidates and decide, or may what is said."""
    user = User.objects.create(username=name, is_staff=True)
    codes = permissions or DECIDES
    user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    return user


def ann(db: None) -> User:
    return reviewer("ann")


def ben(db: None) -> User:
    return reviewer("ben")


def desk(ann: User) -> Client:
    """Ann at her desk."""
    return signed_in(ann)


def decide(desk: Client, kind: str, *chosen: CandidateTerm, **fields: str) -> str:
    """Post a decision as the page does; the page it leads to."""
    form: dict[str, Any] = {f"{kind}-{name}": value for name, value in fields.items()}
    form["candidate"] = [one.pk for one in chosen]
    response = desk.post(reverse("admin:trends_candidateterm_decide", args=[kind]), form)
    assert response.status_code == 302, response.content.decode()
    return desk.get(response["Location"]).content.decode()
