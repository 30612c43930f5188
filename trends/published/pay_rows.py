"""What a skill pays, as readers get it: orders, earnings, supply and opportunity of a row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from trends.arithmetic.digits import floored, rounded
from trends.arithmetic.disclosure import FEWEST_PEOPLE, tells_few
from trends.arithmetic.opportunity import (
    FEWEST_TO_DIVIDE,
    HORIZONS,
    WinRate,
    first_published,
    opportunity,
    win_rate,
)
from trends.arithmetic.pay import QUANTILES, median_ranks
from trends.measuring.money.paid_orders import PROVISIONAL_DAYS
from trends.measuring.money.publication import FEWEST_BEYOND, Hidden, enough_on_both_sides
from trends.measuring.money.supply import Supply, supply_growth
from trends.models import EarningsTotal, EarningsTrend, TrendSnapshot
from trends.published import schema
from trends.wording import numbers

# A percentage of two digits, told as a ratio; more would tell money to more than two.
DIGITS = 3
# Of new gigs; where a limit is told it is one of gigs, and a percentage of it would say no more.
SOLD = {
    "=": _("about %(won)s of %(gigs)s (%(part)s %%)"),
    "<": _("fewer than %(most)s of %(gigs)s"),
    ">": _("more than %(least)s of %(gigs)s"),
}
# What a skill without any row has: nobody offers, sells or looks for it.
NOBODY = EarningsTrend(
    **dict.fromkeys(
        ("gigs", "offering", "offering_before", "sellers", "buyers", "orders", "total"), 0
    ),
    **dict.fromkeys(("provisional", "orders_before", "total_before", "searchers"), 0),
    hidden=Hidden.FEW_SELLERS,
    hidden_before=Hidden.FEW_SELLERS,
    searchers_told=False,
)


@dataclass(frozen=True, slots=True)
class Pay:
    """The figures of one skill as one reader may see them."""

    trend: EarningsTrend
    snapshot: TrendSnapshot
    exact: bool

    @property
    def published(self) -> bool:
        """Whether its money is published to this reader."""
        return self.exact or not self.trend.hidden

    @property
    def growth_published(self) -> bool:
        """Whether the half-year before is, too: growth tells it."""
        return self.exact or not (self.trend.hidden or self.trend.hidden_before)

    def row(self) -> schema.Pay:
        """Return the four parts of a row, by the names people script against."""
        return {
            "orders": self.orders(),
            "earnings": self.earnings(),
            "supply": self.supply(),
            "opportunity": self.opportunity(),
        }

    def orders(self) -> schema.Orders:
        trend = self.trend
        return {
            "count": round(trend.orders) if self.published else None,
            "buyers": trend.buyers if self.published else None,
            "previous": round(trend.orders_before) if self.growth_published else None,
            "growth": self._growth("orders"),
            "hype_gap": trend.hype_gap or None,
        }

    def earnings(self) -> schema.Earnings:
        trend, published = self.trend, self.published
        return {
            "currency": self.snapshot.inputs["currency"],
            "hidden": not published,
            "hidden_because": (trend.hidden or None) if self.exact else None,
            "sellers": trend.sellers if published else None,
            "buyers": trend.buyers if published else None,
            "orders": round(trend.orders) if published else None,
            "total": self._money(trend.total, published=published),
            "provisional": self._money(trend.provisional, published=self.exact),
            "provisional_from": _day(self.snapshot.as_of - timedelta(days=PROVISIONAL_DAYS)),
            "p25": self._quantile("p25"),
            "median": self._quantile("median"),
            "p75": self._quantile("p75"),
            "p90": self._quantile("p90"),
            "median_lower": self._money(trend.median_lower, published=self._interval_published),
            "median_upper": self._money(trend.median_upper, published=self._interval_published),
            "shrunk_median": self._money(trend.shrunk_median, published=published),
            "median_order": self._money(trend.median_order, published=published),
            "growth": self._growth("money"),
            "best_paid_rank": trend.best_rank,
            "most_money_rank": trend.total_rank,
            "rising_rank": trend.rising_rank,
        }

    def supply(self) -> schema.Supply:
        trend = self.trend
        few = trend.offering < FEWEST_PEOPLE and not self.exact
        counts = Supply(trend.gigs, trend.offering, trend.offering_before)
        growth = supply_growth(counts, exact=self.exact)
        return {
            "active_sellers": None if few else trend.offering,
            "active_sellers_display": numbers.people(
                None if few else trend.offering, withheld=False
            ),
            "gigs": None if few else trend.gigs,
            # Growth is told only where both its counts may be.
            "active_sellers_before": None if growth is None else trend.offering_before,
            "growth": None if growth is None else rounded(growth, DIGITS),
            "growth_display": None if growth is None else numbers.growth(growth),
        }

    def opportunity(self) -> schema.Opportunity:
        """Compute searchers for each active seller; under ten sellers count as nine, `at_least`."""
        trend = self.trend
        published = self.exact or trend.searchers_told
        few = trend.offering < FEWEST_PEOPLE and not self.exact
        sellers = max(trend.offering, FEWEST_PEOPLE - 1) if few else trend.offering
        shown = published and trend.searchers >= FEWEST_TO_DIVIDE and trend.usual_searchers
        ratio = opportunity(trend.searchers, sellers, usual=shown) if shown else None
        each = trend.searchers / sellers if shown and sellers else None
        in_digits = floored if few else rounded
        each, ratio = each and in_digits(each), ratio and in_digits(ratio)
        return {
            "searchers": trend.searchers if published and shown else None,
            "searchers_per_seller": each,
            "ratio": ratio,
            "at_least": few,
            "display": _sentence(each, ratio, few=few),
            "orders_per_seller": rounded(trend.orders / trend.offering)
            if self.published and trend.offering >= (1 if self.exact else FEWEST_PEOPLE)
            else None,
            "unproven": trend.buyers < FEWEST_PEOPLE,
            "new_gigs": self._new_gigs(),
        }

    def _money(self, amount: float | None, *, published: bool) -> float | None:
        return _money(amount, published=published, exact=self.exact)

    def _quantile(self, name: str) -> float | None:
        """Return what part of the sellers earn less than; None where it is one of a few's own."""
        enough = enough_on_both_sides(self.trend.sellers, QUANTILES[name])
        return self._money(
            getattr(self.trend, name), published=self.published and (self.exact or enough)
        )

    @property
    def _interval_published(self) -> bool:
        """Whether the ends of the median's interval are told: enough sellers earn beyond each."""
        lower, upper = (int(rank[0]) for rank in median_ranks(np.array([self.trend.sellers])))
        beyond = min(lower, self.trend.sellers + 1 - upper)
        return self.published and (self.exact or beyond >= FEWEST_BEYOND)

    def _growth(self, of: str) -> schema.PaidGrowth:
        """Return growth of the share of orders or of money against the half-year before."""
        names = ("ratio", "lower", "upper", "bound")
        figures = {name: getattr(self.trend, f"{of}_{name}") for name in names}
        if not self.growth_published:
            figures = dict.fromkeys(names)
        figures = {name: value and rounded(value, DIGITS) for name, value in figures.items()}
        return {
            "ratio": figures["ratio"],
            "lower": figures["lower"],
            "upper": figures["upper"],
            "bound": figures["bound"],
            "display": self._growth_display(figures),
        }

    def _growth_display(self, figures: Mapping[str, float | None]) -> str:
        ratio, bound = figures["ratio"], figures["bound"]
        if ratio is None or bound is None:
            return self._why_no_growth()
        if self.trend.orders_before >= numbers.SMALLEST_BASE:
            return numbers.growth(ratio)
        return numbers.at_least(bound) if bound > 1 else str(numbers.TOO_FEW)

    def _why_no_growth(self) -> str:
        if self.trend.orders_ratio is None:
            return str(numbers.UNKNOWN_YET)
        few = self.trend.hidden_before in {Hidden.FEW_SELLERS, Hidden.FEW_BUYERS}
        return str(numbers.NEW if few and self.trend.rising_rank else numbers.WITHHELD)

    def _new_gigs(self) -> list[schema.NewGigs]:
        """Return how many new gigs won an order within each horizon, as far as it is published."""
        rows: list[schema.NewGigs] = []
        before = 0
        for days in HORIZONS:
            counts = self.trend.new_gigs.get(str(days))
            gigs = counts["gigs"] if counts else 0
            rate = win_rate(counts, exact=self.exact) if counts else None
            # The difference would give away those between the horizons.
            beside = bool(tells_few(np.array(before - gigs))) and before and not self.exact
            if rate and not beside:
                rows.append(self._won(rate, days=days, gigs=gigs))
            before = gigs
        return rows

    def _won(self, rate: WinRate, *, days: int, gigs: int) -> schema.NewGigs:
        part = rounded(rate.part)
        # Of the part as it is told: the exact counts of both horizons would tell, by subtraction,
        # of those that sold between them.
        won = round(part * gigs)
        said = {"won": won, "gigs": gigs, "most": FEWEST_PEOPLE, "least": gigs - FEWEST_PEOPLE}
        counts = {name: numbers.figure(count) for name, count in said.items()}
        percent = {"part": numbers.figure(100 * part, "g")}
        first, last = first_published(self.snapshot.as_of, within=days)
        return {
            "days": days,
            "gigs": gigs,
            "won": won if rate.compared == "=" else None,
            "part": part,
            "compared": rate.compared,
            "display": SOLD[rate.compared] % (counts | percent),
            "from": _day(first),
            "to": _day(last),
        }


def earnings_row(
    trend: EarningsTrend | None, *, snapshot: TrendSnapshot, exact: bool
) -> schema.Pay:
    """Return orders, earnings, supply and opportunity of a skill; of nobody without a row."""
    return Pay(trend or NOBODY, snapshot, exact=exact).row()


def total_row(
    total: EarningsTotal | None, *, snapshot: TrendSnapshot, exact: bool
) -> schema.EarningsTotal:
    """Return what all sellers of a category, or the world, earned together with its skills."""
    published = total is not None and (exact or not total.hidden)
    return {
        "currency": snapshot.inputs["currency"],
        "hidden": not published,
        "orders": round(total.orders) if total and published else None,
        "total": _money(total.total, published=published, exact=exact) if total else None,
    }


def _money(amount: float | None, *, published: bool, exact: bool) -> float | None:
    """Round an amount for its reader: exact ones get cents, all others two digits."""
    if amount is None or not published:
        return None
    return round(amount, 2) if exact else rounded(amount)


def _sentence(each: float | None, ratio: float | None, *, few: bool) -> str | None:
    """Say for example "14 searchers per active seller, 3.1 × its category"."""
    if each is None or ratio is None:
        return None
    said = {"each": numbers.figure(each, ",g"), "ratio": numbers.figure(ratio, "g")}
    if few:
        return (
            gettext(
                "at least %(each)s searchers per active seller, at least %(ratio)s × its category"
            )
            % said
        )
    return gettext("%(each)s searchers per active seller, %(ratio)s × its category") % said


def _day(day: date) -> str:
    return day.isoformat()
