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
    """Return whether orders confirm an interest, (skills,): ten buyers and a share that grew.

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

    All are ratios of shares of the same window, 1.0 = no change: the bounds growth is at least, and
    at most (`search_upper`, `order_most`); NaN where it is not known. There is a gap only where the
    two growths differ significantly: few orders prove nothing.
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
