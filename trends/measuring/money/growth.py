"""Which skills earn more than half a year ago: their share of all orders, and of all money.

Orders are measured like searchers, from their weeks. Money comes in lumps: it counts as many equal
orders as would vary as much, so that one large order is no trend. Both at one exchange rate.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from trends.arithmetic import growth
from trends.arithmetic.share_ratio import CONTINUITY, TAIL, Bools, Floats, posterior, shown_interval
from trends.counting.windows import WEEKS, covered
from trends.measuring.money.paid_orders import (
    PARTS_OF_MONEY,
    PARTS_OF_ORDER,
    WEEKS_READ,
    PaidOrders,
)
from trends.models import Window

WEEKS_OF_WINDOW = WEEKS[Window.HALF_YEAR]
# Where each half-year stands in the weeks read, the oldest first.
WEEKS_OF = {"y": slice(0, 26), "b": slice(26, 52), "c": slice(52, 78)}


@dataclass(frozen=True, slots=True)
class Change:
    """How a share changed, every array (skills,), 1.0 = not at all.

    All against the half-year before. `lower`..`upper` is the 95 % interval of `ratio` as shown;
    growth is at least `bound` 95 in 100 times, and at most `most` as often.
    """

    current: Floats
    before: Floats
    ratio: Floats
    lower: Floats
    upper: Floats
    bound: Floats
    most: Floats


@dataclass(frozen=True, slots=True)
class EarningsGrowth:
    """The change of orders and of money at constant rates; `rising` marks significant growth.

    `order_bound` is the bound of orders against the season a year ago, too.
    """

    orders: Change
    money: Change
    order_bound: Floats
    rising: Bools

    @property
    def bound(self) -> Floats:
        """The least favourable of all bounds, by which the rising are ranked."""
        return np.minimum(self.order_bound, self.money.bound)


def earnings_growth(paid: PaidOrders, skills: Sequence[int], as_of: date) -> EarningsGrowth | None:
    """Measure the growth of these skills' orders and money; None with less than a year of orders.

    A skill is rising when its orders pass the gates of rising searches, the season a year ago
    included where it is known, and its share of the money grew significantly too.
    Source: the method page, sections Growth and Earnings.
    """
    known = paid.first_day and covered(Window.HALF_YEAR, as_of, first_day=paid.first_day)
    if not known or "b" not in known:
        return None
    weekly, platform = _weekly(paid, skills)
    measured = growth.measure(
        weekly={x: weekly[:, WEEKS_OF[x]] for x in known},
        by_country={x: weekly[:, WEEKS_OF[x]].sum(axis=1, keepdims=True) for x in known},
        platform_weekly={x: platform[WEEKS_OF[x]] for x in known},
        platform_by_country={x: platform[WEEKS_OF[x]].sum(keepdims=True) for x in known},
    )
    noise = measured.dispersion.of_log_ratio(WEEKS_OF_WINDOW)
    orders = _change_of_orders(measured, noise)
    money = _change_of_money(paid, skills, noise)
    return EarningsGrowth(
        orders=orders,
        money=money,
        order_bound=measured.bound,
        rising=measured.listed & (money.bound > 1),
    )


def _weekly(paid: PaidOrders, skills: Sequence[int]) -> tuple[Floats, Floats]:
    """Count orders a week of each skill (skills, WEEKS_READ) and the platform, oldest first."""
    table = np.zeros((len(skills), WEEKS_READ))
    place = np.searchsorted(skills, paid.weekly[:, 0])
    table[place, WEEKS_READ - 1 - paid.weekly[:, 1]] = paid.weekly[:, 2] / PARTS_OF_ORDER
    platform = np.zeros(WEEKS_READ)
    platform[WEEKS_READ - 1 - paid.platform[:, 0]] = paid.platform[:, 1] / PARTS_OF_ORDER
    return table, platform


def _change_of_orders(measured: growth.Growth, noise: Floats) -> Change:
    n_c = np.asarray(measured.n_c, dtype=float)
    n_b = np.asarray(measured.n_b, dtype=float)
    return Change(
        current=n_c,
        before=n_b,
        ratio=measured.ratio,
        lower=measured.lower,
        upper=measured.upper,
        # Clipping a burst can lift what is believed above what is shown; nobody could explain that.
        bound=np.minimum(measured.preceding.bound, measured.ratio),
        most=posterior(n_c, n_b, measured.ratio, noise).ratio_at(1 - TAIL),
    )


def _change_of_money(paid: PaidOrders, skills: Sequence[int], noise: Floats) -> Change:
    """Compute the change of each skill's share of the money, as far as its orders bear it."""
    table = np.zeros((2, 2, len(skills)))
    place = np.searchsorted(skills, paid.money[:, 0])
    table[:, paid.money[:, 1], place] = paid.money[:, 2:].T
    money, like_orders = table[0] / PARTS_OF_MONEY, table[1] / PARTS_OF_ORDER
    half_year = paid.platform[:, 0] // WEEKS_OF_WINDOW
    everybody = np.bincount(half_year, weights=paid.platform[:, 2], minlength=2) / PARTS_OF_MONEY
    # Half an order more on either side, of the skill's usual size, keeps a zero base finite.
    half = CONTINUITY * money.sum(axis=0) / np.maximum(like_orders.sum(axis=0), CONTINUITY)
    sold = (money > 0).any(axis=0) & bool(everybody[:2].all())
    top = np.where(sold, (money[0] + half) * everybody[1], 1.0)
    ratio = top / np.where(sold, (money[1] + half) * everybody[0], 1.0)
    believed = posterior(like_orders[0], like_orders[1], ratio, noise)
    lower, upper = shown_interval(ratio, n_c=like_orders[0], n_w=like_orders[1], noise=noise)
    return Change(
        current=money[0],
        before=money[1],
        ratio=ratio,
        lower=lower,
        upper=upper,
        bound=believed.ratio_at(TAIL),
        most=believed.ratio_at(1 - TAIL),
    )
