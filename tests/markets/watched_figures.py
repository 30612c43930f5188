"""Figures published week by week, somebody who watches them, and what the task does then."""

from datetime import date, timedelta

from django.utils import timezone

from marketplace.skills.matching import current_taxonomy, current_version
from marketplace.skills.models import Category, Skill
from tests.conftest import NOON, TODAY
from trends.counting.windows import WEEKS_READ
from trends.models import WORLD, Follower, SkillTrend, TrendSnapshot
from trends.pages.me.digest import make_digests, send_digests

WEEK = timedelta(days=7)
ADA = "ada@example.org"
SITE = "https://skills.example.org"


class Figures:
    """Publishes snapshots of a few skills, each with a label and its published bounds."""

    def __init__(self) -> None:
        category = Category.objects.at_path("Design")
        names = ["Logo Design", "Old Craft", "Steady Skill"]
        self.skills = {name: Skill.objects.add(name=name, category=category) for name in names}

    def publish(
        self, as_of: date, **measured: tuple[str, float | None, float | None]
    ) -> TrendSnapshot:
        """Of each skill (by the first word of its name): label, bound and upper end."""
        snapshot = TrendSnapshot.objects.create(
            as_of=as_of,
            taxonomy=current_version(current_taxonomy()),
            parameters={},
            inputs={"currency": "USD", "first_day": "2020-01-01"},
            published_at=timezone.now(),
        )
        for place, (name, skill) in enumerate(self.skills.items(), 1):
            label, bound, upper = measured.get(name.split()[0].lower(), ("steady", 0.9, 1.1))
            listed = label in {"rising", "surging", "breakout"}
            SkillTrend.objects.create(
                snapshot=snapshot,
                skill=skill,
                window="6m",
                country=WORLD,
                current=2_345,
                previous=1_200,
                platform_current=50_000,
                platform_previous=49_000,
                ratio=1.95,
                public_ratio=1.95,
                public_lower=1.4,
                public_upper=upper,
                public_bound=bound,
                measured=label,
                label=label,
                rank=place if listed else None,
                position=place,
                weekly=[90.0] * WEEKS_READ,
                public_weekly=[90.0] * WEEKS_READ,
            )
        return snapshot


def unpublished(db: None) -> Figures:
    """Skills of which nothing is published yet."""
    return Figures()


def follower(figures: Figures, *skills: str, query: str = "", email: str = ADA) -> Follower:
    """Somebody who watches since today."""
    made = Follower.objects.create(email=email, site=SITE)
    for name in skills:
        made.watch(skill=figures.skills[name], as_of=TODAY)
    if query:
        made.watch(query=query, as_of=TODAY)
    return made


def run(*, after: timedelta = WEEK) -> int:
    """What the task does, so long after today; how many mails went out."""
    make_digests(NOON + after)
    return send_digests(lambda: NOON + after)
