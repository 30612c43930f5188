"""What the method page is generated from: the constants themselves and what the run found."""

from datetime import timedelta
from types import ModuleType
from typing import Any

from django.db.models import F, FloatField
from django.db.models.functions import Cast

from trends.arithmetic import (
    counted,
    disclosure,
    dispersion,
    gates,
    growth,
    lift,
    manipulation,
    opportunity,
    outlook,
    pay,
    share_ratio,
)
from trends.arithmetic import two_windows as comparison
from trends.backoffice.candidates import counts as candidate_counts
from trends.backoffice.candidates import discovery, phrases
from trends.backoffice.candidates import evidence as candidate_evidence
from trends.backoffice.candidates import folding as phrase_folding
from trends.backoffice.candidates import noise as phrase_noise
from trends.counting import daily_rollup, windows
from trends.measuring.flows import ai_share, flow_counts, next_skills, replacements
from trends.measuring.money import earnings, paid_orders
from trends.measuring.money import publication as money_disclosure
from trends.measuring.surroundings import months as skill_market
from trends.measuring.surroundings import neighbours as skill_neighbours
from trends.models import SkillTrend, TrendSnapshot, Window, headlines
from trends.pages.me import my_skills
from trends.pages.me import news as watches
from trends.pages.skill import countries as skill_countries
from trends.pages.skill import surroundings as skill_surroundings
from trends.published import competition as local_competition
from trends.wording import numbers as wording

# The page names constants as module.NAME and so cannot say anything else than what is computed.
MODULES: dict[str, ModuleType] = {
    "ai_share": ai_share,
    "candidate_counts": candidate_counts,
    "candidate_evidence": candidate_evidence,
    "comparison": comparison,
    "counted": counted,
    "daily_rollup": daily_rollup,
    "disclosure": disclosure,
    "discovery": discovery,
    "dispersion": dispersion,
    "earnings": earnings,
    "flow_counts": flow_counts,
    "gates": gates,
    "growth": growth,
    "headlines": headlines,
    "lift": lift,
    "local_competition": local_competition,
    "manipulation": manipulation,
    "money_disclosure": money_disclosure,
    "my_skills": my_skills,
    "next_skills": next_skills,
    "opportunity": opportunity,
    "outlook": outlook,
    "paid_orders": paid_orders,
    "pay": pay,
    "phrase_folding": phrase_folding,
    "phrase_noise": phrase_noise,
    "phrases": phrases,
    "replacements": replacements,
    "share_ratio": share_ratio,
    "skill_countries": skill_countries,
    "skill_market": skill_market,
    "skill_neighbours": skill_neighbours,
    "skill_surroundings": skill_surroundings,
    "watches": watches,
    "windows": windows,
    "wording": wording,
}


def noise(snapshot: TrendSnapshot) -> dict[str, float] | None:
    """Return the market's usual noise worldwide; None without enough history.

    `a0` is the relative variance of a four-week block, `kappa` the long memory in it.
    """
    stored = snapshot.parameters["noise"].get("skilltrend 001")
    return dict(zip(("a0", "kappa"), stored, strict=True)) if stored else None


def bands_kept(snapshot: TrendSnapshot) -> dict[str, Any] | None:
    """Return how many bands drawn at earlier months held, and of which days.

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
    """Return the listed skill with the largest published raw figure: how loud an index can be."""
    trends = SkillTrend.objects.of(snapshot, window=Window.HALF_YEAR).listed()
    published = trends.filter(previous__gte=wording.SMALLEST_BASE).exclude(
        hidden__overlap=["c", "b"]
    )
    raw = Cast(F("current"), FloatField()) / F("previous")
    trend: SkillTrend | None = (
        published.select_related("skill__category").order_by(raw.desc()).first()
    )
    return trend
