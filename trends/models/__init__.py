"""The tables of the trends: demand, snapshots, money, review, candidates, runs and editions."""

from trends.models.decisions import CandidateDecision
from trends.models.demand import (
    WORLD,
    DailyDemand,
    DailyTermDemand,
    DirtyDay,
    ExcludedSearcher,
    KnownOffer,
)
from trends.models.discovery import CandidateTerm, DiscoveryThresholds
from trends.models.editions import (
    AlreadyPublished,
    Edition,
    EditionCorrection,
    EditionProof,
    EditionQuerySet,
)
from trends.models.money import EarningsTotal, EarningsTrend
from trends.models.next_skills import NextSkill
from trends.models.pipeline import PipelineRun
from trends.models.replacements import AiShare, CategoryFlow, Replacement
from trends.models.review import ReviewFlag, ReviewFlagQuerySet
from trends.models.skill_market import CountrySupply, SkillMarket, SkillNeighbours
from trends.models.trends import (
    LABELS,
    CategoryTrend,
    Outlook,
    SkillTrend,
    Trend,
    TrendSnapshot,
    Window,
)
from trends.models.watches import Digest, Follower, ToldFact, Watch

__all__ = [
    "LABELS",
    "WORLD",
    "AiShare",
    "AlreadyPublished",
    "CandidateDecision",
    "CandidateTerm",
    "CategoryFlow",
    "CategoryTrend",
    "CountrySupply",
    "DailyDemand",
    "DailyTermDemand",
    "Digest",
    "DirtyDay",
    "DiscoveryThresholds",
    "EarningsTotal",
    "EarningsTrend",
    "Edition",
    "EditionCorrection",
    "EditionProof",
    "EditionQuerySet",
    "ExcludedSearcher",
    "Follower",
    "KnownOffer",
    "NextSkill",
    "Outlook",
    "PipelineRun",
    "Replacement",
    "ReviewFlag",
    "ReviewFlagQuerySet",
    "SkillMarket",
    "SkillNeighbours",
    "SkillTrend",
    "ToldFact",
    "Trend",
    "TrendSnapshot",
    "Watch",
    "Window",
]
