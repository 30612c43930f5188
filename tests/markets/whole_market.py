"""A market in which every public page has something to show."""

from datetime import timedelta

from marketplace.skills.models import Skill
from tests.conftest import NOON, TODAY
from tests.markets.small_market import CALLED, small_market
from trends.arithmetic.opportunity import newcomers_won
from trends.backoffice.editions.drafting import draft
from trends.models import (
    AiShare,
    CategoryFlow,
    EarningsTrend,
    Follower,
    Replacement,
    TrendSnapshot,
)

LATER = NOON + timedelta(days=30)
MONTH, HALF_YEAR = 28, 182
EMAIL = "ada@example.org"


def whole_market() -> TrendSnapshot:
    """Fill the empty database and publish; newcomers and what replaces what are written by hand."""
    snapshot = small_market()
    welcome(snapshot)
    # Not of today: what an edition is of can never be changed, not by a test either.
    draft(CALLED, now=LATER, headline="What rose").publish(by=None, now=LATER)
    leave(snapshot)
    follower = Follower.objects.create(email=EMAIL, site="http://localhost", skills=["riser"])
    follower.watch(skill=Skill.objects.get(slug="riser"), as_of=TODAY)
    return snapshot


def welcome(snapshot: TrendSnapshot) -> None:
    """Let newcomers sell: so many of some skill, and of others at most and at least so many."""
    for slug, won in (("kept", 26), ("riser", 4), ("newcomer", 55)):
        counts = {"gigs": 60, "sellers": 60, "won": won, "winners": won, "others": 60 - won}
        sold = {"30": counts, "90": counts}
        of_skill = EarningsTrend.objects.filter(snapshot=snapshot, skill__slug=slug)
        assert of_skill.update(new_gigs=sold, newcomers_won=newcomers_won(sold))


def leave(snapshot: TrendSnapshot) -> None:
    """Let people go from what faded to everything steady, and some of them to AI."""
    riser = Skill.objects.get(slug="riser")
    Skill.objects.filter(pk=riser.pk).update(is_ai=True)
    for number, found in enumerate(Skill.objects.exclude(slug__in=["fallen", "nobody", "tiny"])):
        flow(snapshot, "fallen", found.slug, 160 - 4 * number, back=10 + number)
    top = riser.category.parent
    assert top
    CategoryFlow.objects.create(snapshot=snapshot, left=top, found=top, moved=170, told=170)
    for category in (None, top):
        for days, spans in ((MONTH, 26), (HALF_YEAR, 2)):
            for back in range(1, spans + 1):
                AiShare.objects.create(
                    snapshot=snapshot,
                    category=category,
                    start=TODAY - timedelta(days=days * back),
                    days=days,
                    searchers=days * 30,
                    of_ai=days * (6 - 4 * back // spans),
                )


def flow(
    snapshot: TrendSnapshot, left: str, found: str, people: int, *, former: int = 600, back: int = 0
) -> None:
    """Let so many of those who searched one skill, by its slug, search another."""
    Replacement.objects.create(
        snapshot=snapshot,
        left=Skill.objects.get(slug=left),
        found=Skill.objects.get(slug=found),
        former=former,
        moved=people,
        told=round(people, -1),
        back=back,
        comparable=900,
        lift=3.1,
        lower=2.1,
        upper=4.4,
        p_value=1e-6,
    )
