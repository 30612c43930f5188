"""How many people of a country search for a skill for each seller there, from published counts."""

from typing import Any

from django.db.models import Case, Exists, F, FloatField, Min, OuterRef, Subquery, When
from django.db.models.functions import Cast, Coalesce, Greatest, Least

from trends.arithmetic.digits import floored, rounded
from trends.arithmetic.disclosure import FEWEST_PEOPLE, TENS
from trends.arithmetic.opportunity import FEWEST_TO_DIVIDE
from trends.models import WORLD, CountrySupply, SkillTrend, TrendSnapshot, Window
from trends.models.trends import CURRENT_HIDDEN, TrendQuerySet
from trends.published.schema import Here
from trends.wording.in_database import as_least

# Where the country of half of a skill's sellers is known there are hardly more than twice as many
# in one as are known of; below that those nobody knows of could be most of them.
LEAST_KNOWN = 0.5
# Of so few sellers nothing is told by country: no more than all of them can be in one.
FEW_IN_ALL = 2 * FEWEST_PEOPLE

# Of two figures that are told: unrounded, it tells no more than they do. Only what reads "at least"
# is rounded down, or it would stand above a smaller figure that is rounded up.
_EACH = Cast("here_searchers", FloatField()) / F("here_sellers")
EACH_HERE = Case(When(here_told__isnull=True, then=as_least(_EACH)), default=_EACH)


def with_competition_in(
    trends: TrendQuerySet, snapshot: TrendSnapshot, *, country: str
) -> TrendQuerySet:
    """Add to trends `here_searchers` of a country and `here_sellers` there.

    None where that is not published. Where only the sellers are not, `here_told` is None, and
    `here_sellers` the most they can be.
    """
    of_skill = CountrySupply.objects.filter(snapshot=snapshot, skill=OuterRef("skill"))
    by_country = of_skill.exclude(country=WORLD).order_by().values("skill")
    quarter = SkillTrend.objects.of(snapshot, window=Window.QUARTER, country=country)
    sought = quarter.filter(skill=OuterRef("skill"), current__gte=FEWEST_TO_DIVIDE)
    annotated: TrendQuerySet = trends.annotate(
        here_searchers=Subquery(sought.exclude(CURRENT_HIDDEN).values("current")),
        here_told=Subquery(of_skill.filter(country=country).values("public_sellers")),
        here_known=Subquery(of_skill.filter(country=WORLD).values("public_sellers")),
        here_fewest=Subquery(by_country.annotate(least=Min("public_sellers")).values("least")),
        here_sellers=_sellers(snapshot),
    )
    return annotated


def _sellers(snapshot: TrendSnapshot) -> Case:
    """Return the published sellers of the country; else the most there can be.

    They are no more than the skill has in all and, as countries are published by size, no more than
    the one with the fewest published may have.
    """
    most_in_all = Greatest("earned__offering", FEWEST_PEOPLE - 1)
    most_untold = Least(F("here_fewest") + TENS // 2 - 1, most_in_all)
    any_known = CountrySupply.objects.filter(snapshot=snapshot, public_sellers__isnull=False)
    return Case(
        When(
            here_known__gte=LEAST_KNOWN * F("earned__offering"),
            then=Coalesce("here_told", most_untold),
        ),
        When(Exists(any_known), earned__offering__lt=FEW_IN_ALL, then=most_in_all),
    )


def here(trend: Any) -> Here | None:
    """Return searchers for each seller of a list's country; None elsewhere, or if hidden."""
    searchers, sellers = (getattr(trend, f"here_{who}", None) for who in ("searchers", "sellers"))
    if not searchers or not sellers:
        return None
    at_least = trend.here_told is None
    in_digits = floored if at_least else rounded
    return {
        "searchers": searchers,
        "sellers": sellers,
        "searchers_per_seller": in_digits(searchers / sellers),
        "at_least": at_least,
    }
