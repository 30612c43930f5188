"""The rows that readers get, typed once: mypy checks whoever makes them, the API describes them.

What stands beside a type is what `serializers` reads: help texts, and what a text spells.
"""

from typing import Annotated, TypedDict

from trends.arithmetic.hype_gap import HypeGap
from trends.counting.windows import Days
from trends.models import LABELS, Window
from trends.models import Outlook as OutlookTable
from trends.published.serializers import Address, Day, Json, Moment, OneOf, Slug
from trends.wording.kinds import Kind

WindowName = Annotated[str, OneOf(tuple(Window.choices))]
LabelName = Annotated[str, OneOf(tuple(LABELS))]
HypeGapName = Annotated[str, OneOf(tuple(gap.value for gap in HypeGap if gap))]
KindName = Annotated[Kind, f"one of {', '.join(Kind)}"]


class Snapshot(TypedDict):
    as_of: Annotated[Day, "first day not counted"]
    edition: Annotated[Slug | None, "whose figures these are"]
    published_at: Moment
    taxonomy_version: int
    parameters: Annotated[Json, "constants and noise (a0, kappa) of the run"]
    inputs: Annotated[Json, "what was counted, left out, missing"]


class SkillName(TypedDict):
    slug: Slug
    name: str


class CategoryName(SkillName):
    parent: Slug | None


class Growth(TypedDict):
    """1.0 = no change. Null where it is unknown, or would give away fewer than ten people."""

    ratio: Annotated[float | None, "share now over share before"]
    raw_ratio: Annotated[float | None, "searchers now over before"]
    season_ratio: Annotated[float | None, "share over a year ago's"]
    lower: Annotated[float | None, "lower end of the 95 % interval"]
    upper: Annotated[float | None, "upper end of the 95 % interval"]
    bound: Annotated[float | None, "it grew at least that much"]
    kind: KindName
    display: Annotated[str, "as people read it"]


class Period(Days):
    searchers: Annotated[int | None, "distinct people; null: < 10"]
    searchers_kind: KindName
    searchers_display: str
    platform_searchers: int | None
    reach: Annotated[float | None, "searchers over platform_searchers"]


class PaidGrowth(TypedDict):
    """Growth of a share against the half-year before, 1.0 = no change; null where withheld."""

    ratio: float | None
    lower: Annotated[float | None, "lower end of the 95 % interval"]
    upper: Annotated[float | None, "upper end of the 95 % interval"]
    bound: Annotated[float | None, "it grew at least that much"]
    display: Annotated[str, "as people read it"]


class Orders(TypedDict):
    count: Annotated[int | None, "completed in 182 days"]
    buyers: int | None
    previous: Annotated[int | None, "completed in the 182 before"]
    growth: Annotated[PaidGrowth, "of its share of all orders"]
    hype_gap: Annotated[HypeGapName | None, "searches beside orders"]


class Earnings(TypedDict):
    """Of completed orders in 182 days, net of refunds; money to two digits."""

    currency: str
    hidden: Annotated[
        bool,
        "fewer than 10 sellers or buyers, or most of it one or two sellers' own,"
        " or it would tell such a figure by subtraction",
    ]
    hidden_because: Annotated[str | None, "for exact readers"]
    sellers: Annotated[int | None, "who completed an order"]
    buyers: int | None
    orders: int | None
    total: float | None
    provisional: Annotated[
        float | None, "part of the total that refunds may change; for exact readers"
    ]
    provisional_from: Annotated[Day, "later days are provisional"]
    p25: Annotated[float | None, "a quarter of the sellers earn less"]
    median: Annotated[float | None, "of what a seller earned"]
    p75: float | None
    p90: float | None
    median_lower: Annotated[float | None, "95 % interval of median"]
    median_upper: float | None
    shrunk_median: Annotated[
        float | None, "median moderated by those of the category, for the rank"
    ]
    median_order: float | None
    growth: Annotated[PaidGrowth, "of its share of all money, at the mean rate of both half-years"]
    best_paid_rank: Annotated[int | None, "from 30 sellers on"]
    most_money_rank: Annotated[int | None, "from 30 sellers on"]
    rising_rank: Annotated[int | None, "orders and money grew"]


class EarningsTotal(TypedDict):
    currency: str
    hidden: bool
    orders: int | None
    total: Annotated[float | None, "net of refunds, 2 digits"]


class Supply(TypedDict):
    active_sellers: int | None
    active_sellers_display: str
    gigs: int | None
    active_sellers_before: Annotated[int | None, "those of them who offered it half a year ago"]
    growth: Annotated[
        float | None, "active sellers over those of them who offered it half a year ago"
    ]
    growth_display: str | None


class NewGigs(Days):
    """How many gigs of the last 180 days won an order within so many days of being published.

    `from` and `to` are the days they were published on.
    """

    days: int
    gigs: Annotated[int, "published so many days ago or more"]
    won: Annotated[int | None, "about so many of them, by `part`; null unless `compared` is ="]
    part: Annotated[float, "0 to 1"]
    compared: Annotated[str, "the true part with `part`", OneOf(("=", "<", ">"))]
    display: str


class Opportunity(TypedDict):
    searchers: Annotated[int | None, "of 91 days; null: < 30"]
    searchers_per_seller: float | None
    ratio: Annotated[float | None, "over its category's, moderated"]
    at_least: Annotated[bool, "fewer than 10 sellers: both are at least that"]
    display: Annotated[str | None, "as people read it"]
    orders_per_seller: float | None
    unproven: Annotated[bool, "fewer than 10 people bought it in 182 days"]
    new_gigs: list[NewGigs]


class Trend(TypedDict):
    window: WindowName
    country: Annotated[str, "ISO 3166-1 alpha-2; 001 is the world"]
    label: LabelName
    rank: Annotated[int | None, "null when not listed"]
    growth: Growth
    current: Period
    previous: Period | None
    season: Annotated[Period | None, "the current window, a year earlier"]
    weekly: Annotated[
        list[int | None], "distinct searchers of each of the last 78 weeks, oldest first"
    ]


class Pay(TypedDict):
    orders: Orders
    earnings: Earnings
    supply: Supply
    opportunity: Opportunity


class Here(TypedDict):
    """Searchers for each seller of one country, from published counts; keys get the same."""

    searchers: Annotated[int, "of the country, in 91 days"]
    sellers: Annotated[int, "there, about so many"]
    searchers_per_seller: float
    at_least: Annotated[bool, "there are no more sellers than that"]


class SkillTrend(Trend, Pay):
    skill: SkillName
    category: Slug
    category_name: str
    here: Annotated[Here | None, "in lists of a country, where its sellers are told"]
    flags: list[str]


class CategoryTrend(Trend):
    category: CategoryName
    earnings: Annotated[EarningsTotal, "of all its skills together"]


class Earner(Pay):
    skill: SkillName
    category: Slug
    category_name: str


class _List(TypedDict):
    snapshot: Snapshot
    next: Address | None


class SkillTrendList(_List):
    results: list[SkillTrend]


class CategoryTrendList(_List):
    results: list[CategoryTrend]


class EarnerList(_List):
    results: list[Earner]


class Compared(TypedDict):
    snapshot: Snapshot
    platform_weekly: Annotated[
        list[int | None], "all searchers of the same weeks as `weekly` of the results"
    ]
    results: list[SkillTrend]


class SkillSummary(SkillName):
    category: Slug
    category_name: str
    tracked_since: Day
    aliases: list[str]


class SkillList(TypedDict):
    results: list[SkillSummary]


class Outlook(TypedDict):
    """Searchers a month over the coming months, at the platform's present size, to two digits."""

    months: Annotated[int, "of four weeks each"]
    present: Annotated[int, "mean of as many months before"]
    point: int
    lower: Annotated[int, "lower end of the 80 % band"]
    upper: Annotated[int, "upper end of the 80 % band"]
    arrow: Annotated[str, "where the band points", OneOf(tuple(OutlookTable.Arrow.choices))]
