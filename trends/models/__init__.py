"""The tables of the trends: demand, snapshots, money, review, candidates, runs and editions."""

from trends.models.demand import (
    WORLD,
    DailyDemand,
    DailyTermDemand,
    DirtyDay,
    ExcludedSearcher,
    KnownOffer,
)
from trends.models.discovery import CandidateDecision, CandidateTerm, DiscoveryThresholds
from trends.models.editions import Edition, EditionCorrection
from trends.models.money import EarningsTotal, EarningsTrend
from trends.models.pipeline import PipelineRun
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
    "CandidateDecision",
    "CandidateTerm",
    "CategoryTrend",
    "DailyDemand",
    "DailyTermDemand",
    "DirtyDay",
    "DiscoveryThresholds",
    "EarningsTotal",
    "EarningsTrend",
    "Edition",
    "EditionCorrection",
    "ExcludedSearcher",
    "KnownOffer",
    "Outlook",
    "PipelineRun",
    "ReviewFlag",
    "ReviewFlagQuerySet",
    "SkillTrend",
    "Trend",
    "TrendSnapshot",
    "Window",
]
