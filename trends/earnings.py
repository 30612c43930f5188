"""What sellers of each skill earned in half a year, and how many offer it."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import connection

from trends.disclosure import FEWEST_PEOPLE

# Half a year, as the trends beside it.
DAYS = 182
# Beyond five tags a gig is about none of them in particular.
MOST_SKILLS = 5

# Net of refunds, seller and buyer not the same person, posted to the day of completion, in the
# reporting currency at that day's rate (the last one known); shared out over the gig's skills.
_PAID = """
WITH paid AS (
    SELECT o.id, o.gig_id, o.buyer, s.pseudonym AS seller, r.rate,
        (o.amount - o.refunded) * r.rate AS net
    FROM gigs_order o
    JOIN gigs_gig g ON g.id = o.gig_id JOIN gigs_seller s ON s.id = g.seller_id
    LEFT JOIN LATERAL (
        SELECT 1::numeric AS rate WHERE o.currency = %(currency)s
        UNION ALL
        (SELECT rate FROM gigs_exchangerate x
         WHERE x.currency = o.currency AND x.day <= o.completed_at::date
         ORDER BY x.day DESC LIMIT 1)
        LIMIT 1
    ) r ON true
    WHERE o.status = 'completed' AND o.completed_at >= %(start)s AND o.completed_at < %(end)s
      AND o.buyer <> s.pseudonym
)
"""
_EARNINGS = (
    _PAID
    + """
, part AS (
    SELECT t.skill_id, p.id, p.buyer, p.seller, p.net * t.share AS net, t.share
    FROM paid p JOIN trends_offer t USING (gig_id) WHERE p.rate IS NOT NULL
), by_seller AS (
    SELECT skill_id, seller, sum(net) AS net FROM part GROUP BY skill_id, seller
), medians AS (
    SELECT skill_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY net) AS median
    FROM by_seller GROUP BY skill_id
), earned AS (
    SELECT skill_id, count(DISTINCT seller) AS sellers, count(DISTINCT buyer) AS buyers,
        sum(share) AS orders, sum(net) AS total
    FROM part GROUP BY skill_id
), offered AS (
    SELECT t.skill_id, count(*) AS gigs, count(DISTINCT t.seller_id) AS offering
    FROM trends_offer t JOIN gigs_gig g ON g.id = t.gig_id
    WHERE g.status = 'active' AND g.created_at < %(end)s GROUP BY t.skill_id
)
SELECT skill_id, coalesce(gigs, 0), coalesce(offering, 0), coalesce(sellers, 0),
    coalesce(buyers, 0), coalesce(orders, 0)::float, coalesce(total, 0)::float, median::float
FROM offered FULL JOIN earned USING (skill_id) LEFT JOIN medians USING (skill_id)
ORDER BY skill_id
"""
)
_WITHOUT_RATE = _PAID + "SELECT count(*) FROM paid WHERE rate IS NULL"


@dataclass(frozen=True, slots=True)
class Earnings:
    """Supply and earnings of one skill; money in the reporting currency."""

    skill: int
    gigs: int
    offering: int
    sellers: int
    buyers: int
    orders: float
    total: float
    median: float | None

    @property
    def hidden(self) -> bool:
        """Too few people to publish what they earned or paid."""
        return min(self.sellers, self.buyers) < FEWEST_PEOPLE


def earnings(as_of: date) -> list[Earnings]:
    """Earnings of every skill offered or sold in the half-year before `as_of`."""
    with connection.cursor() as cursor:
        cursor.execute(_EARNINGS, _half_year(as_of))
        return [Earnings(*row) for row in cursor.fetchall()]


def orders_without_rate(as_of: date) -> int:
    """Completed orders left out because no exchange rate of their currency is known."""
    with connection.cursor() as cursor:
        cursor.execute(_WITHOUT_RATE, _half_year(as_of))
        (orders,) = cursor.fetchone()
        return int(orders)


def _half_year(as_of: date) -> dict[str, date | str]:
    return {
        "start": as_of - timedelta(days=DAYS),
        "end": as_of,
        "currency": settings.REPORTING_CURRENCY,
    }
