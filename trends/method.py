"""What the method page is generated from: the constants themselves and what the run found."""

from datetime import timedelta
from types import ModuleType

from django.db.models import F, FloatField
from django.db.models.functions import Cast

from trends import (
    ai_share,
    candidate_counts,
    candidate_evidence,
    comparison,
    daily_rollup,
    disclosure,
    discovery,
    dispersion,
    earnings,
    flow_counts,
    gates,
    growth,
    lift,
    local_competition,
    manipulation,
    money_disclosure,
    my_skills,
    next_skills,
    opportunity,
    outlook,
    paid_orders,
    pay,
    phrase_folding,
    phrase_noise,
    phrases,
    replacements,
    share_ratio,
    skill_countries,
    skill_market,
    skill_neighbours,
    skill_surroundings,
    trend_measurement,
    watches,
    window_counts,
    wording,
)
from trends.models import SkillTrend, TrendSnapshot, Window
from trends.rows import Row

# The page names constants as module.NAME and so cannot say anything else than what is computed.
MODULES: tuple[ModuleType, ...] = (
    ai_share,
    candidate_counts,
    candidate_evidence,
    comparison,
    daily_rollup,
    disclosure,
    discovery,
    dispersion,
    earnings,
    flow_counts,
    gates,
    growth,
    lift,
    local_competition,
    manipulation,
    money_disclosure,
    my_skills,
    next_skills,
    opportunity,
    outlook,
    paid_orders,
    pay,
    phrase_folding,
    phrase_noise,
    phrases,
    replacements,
    share_ratio,
    skill_countries,
    skill_market,
    skill_neighbours,
    skill_surroundings,
    trend_measurement,
    watches,
    window_counts,
    wording,
)


def constants() -> dict[str, ModuleType]:
    """The modules whose constants the page shows, by their names."""
    return {module.__name__.removeprefix("trends."): module for module in MODULES}


def noise(snapshot: TrendSnapshot) -> dict[str, float] | None:
    """The market's usual noise that a run found for skills worldwide; None without enough history.

    `a0` is the relative variance of a four-week block, `kappa` the long memory in it.
    """
    found = snapshot.parameters["noise"].get("skilltrend 001")
    return dict(zip(("a0", "kappa"), found, strict=True)) if found else None


def bands_kept(snapshot: TrendSnapshot) -> Row | None:
    """How many of the bands drawn at earlier months held what then came, and in which days.

    None where nothing could be tested.
    """
    record = snapshot.record.get("outlook", {})
    if not record.get("tested"):
        return None
    month = timedelta(weeks=outlook.WEEKS_OF_A_MONTH)
    first = snapshot.as_of - (outlook.MONTHS_NEEDED - outlook.FIRST_ORIGIN) * month
    return {
        **record,
        "held": round(record["coverage"] * record["tested"]),
        "share": record["coverage"],
        "from": first.isoformat(),
        "to": (snapshot.as_of - timedelta(days=1)).isoformat(),
    }


def loudest(snapshot: TrendSnapshot) -> SkillTrend | None:
    """The listed skill with the largest raw figure that is published: how loud an index can be."""
    trends = SkillTrend.objects.of(snapshot, window=Window.HALF_YEAR).listed()
    told = trends.filter(previous__gte=wording.SMALLEST_BASE).exclude(hidden__overlap=["c", "b"])
    raw = Cast(F("current"), FloatField()) / F("previous")
    found: SkillTrend | None = told.select_related("skill__category").order_by(raw.desc()).first()
    return found
