"""The tables of the trends: demand by day, snapshots with their trends, money, review."""

from trends.models.demand import (
    WORLD,
    DailyDemand,
    DailyTermDemand,
    DirtyDay,
    ExcludedSearcher,
    KnownOffer,
)
from trends.models.money import EarningsTotal, EarningsTrend
from trends.models.review import ReviewFlag, ReviewFlagQuerySet
from trends.models.trends import (
    LABELS,
    CategoryTrend,
    Outlook,
    SkillTrend,
    Trend,
    TrendSnapshot,
    Window,
)

__all__ = [
    "LABELS",
    "WORLD",
    "CategoryTrend",
    "DailyDemand",
    "DailyTermDemand",
    "DirtyDay",
    "EarningsTotal",
    "EarningsTrend",
    "ExcludedSearcher",
    "KnownOffer",
    "Outlook",
    "ReviewFlag",
    "ReviewFlagQuerySet",
    "SkillTrend",
    "Trend",
    "TrendSnapshot",
    "Window",
]
