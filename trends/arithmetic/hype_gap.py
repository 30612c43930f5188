"""Whether people pay for what they search for: growth of searches beside growth of paid orders."""

from enum import StrEnum

import numpy as np
import numpy.typing as npt

from trends.arithmetic.disclosure import FEWEST_PEOPLE
from trends.arithmetic.share_ratio import Bools, Counts, Floats


class HypeGap(StrEnum):
    """What orders say of the searches; empty where neither says anything sure."""

    CONFIRMED = "confirmed"
    SEARCHED_NOT_BOUGHT = "searched, not bought"
    BOUGHT_WITHOUT_SEARCHING = "bought without searching"
    NOTHING = ""


def confirmed(order_bound: Floats, buyers: Counts) -> Bools:
    """Whether orders confirm an interest, (skills,): ten buyers, and their share surely grew.

    `order_bound`: the growth of the share of orders is at least this, 1.0 = none. Source: the
    method page, section Shown to people.
    """
    proof: Bools = (order_bound > 1) & (buyers >= FEWEST_PEOPLE)
    return proof


def hype_gap(
    *,
    search_bound: Floats,
    search_upper: Floats,
    order_bound: Floats,
    order_most: Floats,
    buyers: Counts,
) -> npt.NDArray[np.str_]:
    """Give each skill's HypeGap, (skills,).

    All ratios of shares, 1.0 = no change, of the same window: growth is surely at least the bound
    and surely at most `search_upper`, `order_most`; NaN where it is not known. A gap is only
    called one where the two growths surely differ: few orders are no proof that nobody buys.
    """
    bought = confirmed(order_bound, buyers)
    searched = search_bound > 1
    return np.select(
        [
            searched & bought,
            searched & (order_bound <= 1) & (order_most < search_bound),
            ~searched & bought & (search_upper < order_bound),
        ],
        [HypeGap.CONFIRMED, HypeGap.SEARCHED_NOT_BOUGHT, HypeGap.BOUGHT_WITHOUT_SEARCHING],
        default=HypeGap.NOTHING,
    )
