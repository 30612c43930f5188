"""Completed orders of the last year and a half, summed by skill, seller, buyer and week.

An order counts when it is completed, on the day of its completion, net of refunds, and only where
buyer and seller are two people. With k skills it counts 1/k for each.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from django.conf import settings

from trends.arithmetic.disclosure import FEWEST_PEOPLE
from trends.counting import sql
from trends.counting.sql import read_integers
from trends.counting.window_counts import Counts
from trends.counting.windows import WEEK, periods
from trends.models import Window

Floats = npt.NDArray[np.float64]

# Half a year, as the trends beside it.
DAYS = 182
# Three half-years: the current, the one before, and the same season a year ago.
WEEKS_READ = 78
# Refunds and chargebacks still come in for two weeks.
PROVISIONAL_DAYS = 14
# Beyond five tags a gig is about none of them in particular. (The view of offers shares so.)
MOST_SKILLS = 5
# The least that 1, 2, 3, 4 and 5 divide: shares of an order are whole sixtieths.
PARTS_OF_ORDER = 60
# Money is read as whole ten-thousandths.
PARTS_OF_MONEY = 10_000

# `rate` is that of the day of completion, or the last one known; `mean_rate` that of two
# half-years, so that a change of the rate is no growth. Either is null where none is known.
_PAID = """
WITH mean AS (
    SELECT currency, coalesce(
        (avg(rate) FILTER (WHERE day >= %(start)s AND day < %(end)s)
        + avg(rate) FILTER (WHERE day >= %(before)s AND day < %(start)s)) / 2,
        avg(rate) FILTER (WHERE day >= %(before)s AND day < %(end)s),
        (array_agg(rate ORDER BY day DESC) FILTER (WHERE day < %(before)s))[1]) AS rate
    FROM gigs_exchangerate WHERE currency <> %(currency)s GROUP BY currency
    UNION ALL SELECT %(currency)s, 1
)
SELECT o.id, o.gig_id, o.buyer, g.seller_id, %(end)s - 1 - done.day AS days_ago,
    o.amount - o.refunded AS net, r.rate, m.rate AS mean_rate
FROM gigs_order o
CROSS JOIN LATERAL (SELECT (o.completed_at AT TIME ZONE 'UTC')::date AS day) done
JOIN gigs_gig g ON g.id = o.gig_id JOIN gigs_seller s ON s.id = g.seller_id
LEFT JOIN mean m ON m.currency = o.currency
LEFT JOIN LATERAL (
    SELECT 1::numeric AS rate WHERE o.currency = %(currency)s
    UNION ALL
    (SELECT rate FROM gigs_exchangerate x
     WHERE x.currency = o.currency AND x.day <= done.day ORDER BY x.day DESC LIMIT 1)
    LIMIT 1
) r ON true
WHERE o.status = 'completed' AND o.buyer <> s.pseudonym
  AND o.completed_at >= %(first)s AND o.completed_at < %(end)s
"""
# Every sum below is of this one reading.
_TEMPORARY = (
    "DROP TABLE IF EXISTS pg_temp.paid, pg_temp.part",
    f"CREATE TEMPORARY TABLE paid ON COMMIT DROP AS {_PAID}",
    f"""CREATE TEMPORARY TABLE part ON COMMIT DROP AS
    SELECT t.skill_id, p.buyer, p.seller_id, p.days_ago,
        round(p.net * p.rate * {PARTS_OF_MONEY})::bigint AS whole,
        round(p.net * p.rate * t.share * {PARTS_OF_MONEY})::bigint AS net,
        round(p.net * p.mean_rate * t.share * {PARTS_OF_MONEY})::bigint AS constant,
        round(t.share * {PARTS_OF_ORDER})::int AS orders
    FROM paid p JOIN trends_offer t USING (gig_id)""",
    "ANALYZE paid, part",
)
_CURRENT = f"FROM part WHERE days_ago < {DAYS} AND net IS NOT NULL"
_BEFORE = f"FROM part WHERE days_ago >= {DAYS} AND days_ago < 2 * {DAYS} AND constant IS NOT NULL"
_SELLERS = f"""
SELECT skill_id, seller_id, sum(net),
    coalesce(sum(net) FILTER (WHERE days_ago < {PROVISIONAL_DAYS}), 0)
{_CURRENT} GROUP BY 1, 2 ORDER BY 1, 3
"""
# Ten buyers are enough, whoever they are: only of fewer must be known who they are.
_FEW_BUYERS = f"""
SELECT DISTINCT skill_id, buyer {_CURRENT} AND skill_id IN (
    SELECT skill_id {_CURRENT} GROUP BY 1 HAVING count(DISTINCT buyer) < {FEWEST_PEOPLE}
) ORDER BY 1
"""
_ORDERS = f"""
SELECT skill_id, sum(orders), count(DISTINCT buyer),
    round(percentile_cont(0.5) WITHIN GROUP (ORDER BY whole)) {_CURRENT} GROUP BY 1 ORDER BY 1
"""
_BUYERS_BEFORE = f"SELECT skill_id, count(DISTINCT buyer) AS buyers {_BEFORE} GROUP BY 1"
_PEOPLE_BEFORE = f"""
SELECT skill_id, count(*), buyers, sum(earned), max(earned), sum(earned) FILTER (WHERE place <= 2)
FROM (
    SELECT skill_id, sum(constant) AS earned,
        row_number() OVER (PARTITION BY skill_id ORDER BY sum(constant) DESC) AS place
    {_BEFORE} GROUP BY skill_id, seller_id
) AS sellers JOIN ({_BUYERS_BEFORE}) AS buyers USING (skill_id)
GROUP BY skill_id, buyers ORDER BY 1
"""
# How many equal orders would vary as much as these: one large one is no trend.
_MONEY = f"""
SELECT skill_id, days_ago / {DAYS}, sum(constant), round({PARTS_OF_ORDER}
    * power(sum(constant)::float8, 2) / greatest(sum(power(constant::float8, 2)), 1))
FROM part WHERE days_ago < 2 * {DAYS} AND constant IS NOT NULL GROUP BY 1, 2
"""
_WEEKLY = "SELECT skill_id, days_ago / 7, sum(orders) FROM part GROUP BY 1, 2"
_PLATFORM = f"""
SELECT days_ago / 7, {PARTS_OF_ORDER} * count(*),
    coalesce(round(sum(net * mean_rate) * {PARTS_OF_MONEY}), 0) FROM paid GROUP BY 1
"""
_FIRST_DAY = "SELECT min(completed_at)::date FROM gigs_order WHERE status = 'completed'"
_WITHOUT_RATE = f"SELECT count(*) FROM ({_PAID}) AS paid WHERE days_ago < {DAYS} AND rate IS NULL"


@dataclass(frozen=True, slots=True)
class Grouped:
    """What belongs to each skill: `rows` sorted by skill, the first column."""

    rows: Counts

    def of(self, skills: Counts) -> Counts:
        """Return the rows of these skills, in their order."""
        start = np.searchsorted(self.rows[:, 0], skills)
        end = np.searchsorted(self.rows[:, 0], skills, side="right")
        places = [np.arange(a, b) for a, b in zip(start.tolist(), end.tolist(), strict=True)]
        return self.rows[np.concatenate([np.empty(0, dtype=np.int64), *places]).astype(np.int64)]


@dataclass(frozen=True)
class PaidOrders:
    """Sums of completed orders, by ids of skills; money in the reporting currency's
    PARTS_OF_MONEY.

    `sellers`: skill, seller, net, net of the provisional days; within a skill the least first.
    `orders`: skill, orders in PARTS_OF_ORDER, buyers, median order. `few_buyers`: skill, buyer, of
    skills with fewer than ten. `people_before`, of the half-year before at the mean rate: skill,
    sellers, buyers, money, that of the largest seller and of the two largest. `money`: skill,
    half-year (0 the current), money at the mean rate, orders in PARTS_OF_ORDER that would vary as
    much. `weekly`: skill, weeks ago, orders; `platform`: weeks ago, orders, money. `first_day` is
    that of the first completed order ever.
    """

    first_day: date | None
    sellers: Grouped
    orders: Counts
    few_buyers: Grouped
    people_before: Counts
    money: Counts
    weekly: Counts
    platform: Counts

    @cached_property
    def skills(self) -> Counts:
        """The ids of all skills sold in the weeks read, in their order."""
        return np.unique(self.weekly[:, 0])


def paid_orders(as_of: date) -> PaidOrders:
    """Return sum up the orders completed before `as_of`; within a transaction."""
    for statement in _TEMPORARY:
        sql.run(statement, _days(as_of))
    return PaidOrders(
        first_day=sql.value(_FIRST_DAY),
        sellers=Grouped(_read(_SELLERS)),
        orders=_read(_ORDERS),
        few_buyers=Grouped(_read(_FEW_BUYERS)),
        people_before=_read(_PEOPLE_BEFORE),
        money=_read(_MONEY),
        weekly=_read(_WEEKLY),
        platform=_read(_PLATFORM),
    )


def orders_without_rate(as_of: date) -> int:
    """Count completed orders of the half-year left out because their rate is not known."""
    return int(sql.value(_WITHOUT_RATE, _days(as_of)))


def _read(query: str) -> Counts:
    return read_integers(query, {})


def _days(as_of: date) -> Mapping[str, Any]:
    spans = periods(Window.HALF_YEAR, as_of)
    return {
        "first": as_of - WEEKS_READ * WEEK,
        "before": spans["b"].start,
        "start": as_of - timedelta(days=DAYS),
        "end": as_of,
        "currency": settings.REPORTING_CURRENCY,
    }
