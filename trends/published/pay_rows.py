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
from trends.measuring.money.publication import FEWEST_BEYOND, Hidden, told_on_both_sides
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

    found: EarningsTrend
    snapshot: TrendSnapshot
    exact: bool

    @property
    def told(self) -> bool:
        """Whether its money is published to this reader."""
        return self.exact or not self.found.hidden

    @property
    def growth_told(self) -> bool:
        """Whether the half-year before is, too: growth tells it."""
        return self.exact or not (self.found.hidden or self.found.hidden_before)

    def row(self) -> schema.Pay:
        """The four parts of a row, by the names people script against."""
        return {
            "orders": self.orders(),
            "earnings": self.earnings(),
            "supply": self.supply(),
            "opportunity": self.opportunity(),
        }

    def orders(self) -> schema.Orders:
        found = self.found
        return {
            "count": round(found.orders) if self.told else None,
            "buyers": found.buyers if self.told else None,
            "previous": round(found.orders_before) if self.growth_told else None,
            "growth": self._growth("orders"),
            "hype_gap": found.hype_gap or None,
        }

    def earnings(self) -> schema.Earnings:
        found, told = self.found, self.told
        return {
            "currency": self.snapshot.inputs["currency"],
            "hidden": not told,
            "hidden_because": (found.hidden or None) if self.exact else None,
            "sellers": found.sellers if told else None,
            "buyers": found.buyers if told else None,
            "orders": round(found.orders) if told else None,
            "total": self._money(found.total, told=told),
            "provisional": self._money(found.provisional, told=self.exact),
            "provisional_from": _day(self.snapshot.as_of - timedelta(days=PROVISIONAL_DAYS)),
            "p25": self._quantile("p25"),
            "median": self._quantile("median"),
            "p75": self._quantile("p75"),
            "p90": self._quantile("p90"),
            "median_lower": self._money(found.median_lower, told=self._interval_told),
            "median_upper": self._money(found.median_upper, told=self._interval_told),
            "shrunk_median": self._money(found.shrunk_median, told=told),
            "median_order": self._money(found.median_order, told=told),
            "growth": self._growth("money"),
            "best_paid_rank": found.best_rank,
            "most_money_rank": found.total_rank,
            "rising_rank": found.rising_rank,
        }

    def supply(self) -> schema.Supply:
        found = self.found
        few = found.offering < FEWEST_PEOPLE and not self.exact
        counts = Supply(found.gigs, found.offering, found.offering_before)
        growth = supply_growth(counts, exact=self.exact)
        return {
            "active_sellers": None if few else found.offering,
            "active_sellers_display": numbers.people(
                None if few else found.offering, withheld=False
            ),
            "gigs": None if few else found.gigs,
            # Growth is told only where both its counts may be.
            "active_sellers_before": None if growth is None else found.offering_before,
            "growth": None if growth is None else rounded(growth, DIGITS),
            "growth_display": None if growth is None else numbers.growth(growth),
        }

    def opportunity(self) -> schema.Opportunity:
        """Searchers for each active seller; under ten sellers count as nine, "at least" says so."""
        found = self.found
        told = self.exact or found.searchers_told
        few = found.offering < FEWEST_PEOPLE and not self.exact
        sellers = max(found.offering, FEWEST_PEOPLE - 1) if few else found.offering
        shown = told and found.searchers >= FEWEST_TO_DIVIDE and found.usual_searchers
        ratio = opportunity(found.searchers, sellers, usual=shown) if shown else None
        each = found.searchers / sellers if shown and sellers else None
        in_digits = floored if few else rounded
        each, ratio = each and in_digits(each), ratio and in_digits(ratio)
        return {
            "searchers": found.searchers if told and shown else None,
            "searchers_per_seller": each,
            "ratio": ratio,
            "at_least": few,
            "display": _sentence(each, ratio, few=few),
            "orders_per_seller": rounded(found.orders / found.offering)
            if self.told and found.offering >= (1 if self.exact else FEWEST_PEOPLE)
            else None,
            "unproven": found.buyers < FEWEST_PEOPLE,
            "new_gigs": self._new_gigs(),
        }

    def _money(self, amount: float | None, *, told: bool) -> float | None:
        return _money(amount, told=told, exact=self.exact)

    def _quantile(self, name: str) -> float | None:
        """Return what part of the sellers earn less than; None where it is one of a few's own."""
        enough = told_on_both_sides(self.found.sellers, QUANTILES[name])
        return self._money(getattr(self.found, name), told=self.told and (self.exact or enough))

    @property
    def _interval_told(self) -> bool:
        """Whether the ends of the median's interval are told: enough sellers earn beyond each."""
        lower, upper = (int(rank[0]) for rank in median_ranks(np.array([self.found.sellers])))
        beyond = min(lower, self.found.sellers + 1 - upper)
        return self.told and (self.exact or beyond >= FEWEST_BEYOND)

    def _growth(self, of: str) -> schema.PaidGrowth:
        """Growth of the share of orders or of money against the half-year before."""
        names = ("ratio", "lower", "upper", "bound")
        figures = {name: getattr(self.found, f"{of}_{name}") for name in names}
        if not self.growth_told:
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
        if self.found.orders_before >= numbers.SMALLEST_BASE:
            return numbers.growth(ratio)
        return numbers.at_least(bound) if bound > 1 else str(numbers.TOO_FEW)

    def _why_no_growth(self) -> str:
        if self.found.orders_ratio is None:
            return str(numbers.UNKNOWN_YET)
        few = self.found.hidden_before in {Hidden.FEW_SELLERS, Hidden.FEW_BUYERS}
        return str(numbers.NEW if few and self.found.rising_rank else numbers.WITHHELD)

    def _new_gigs(self) -> list[schema.NewGigs]:
        """How many of the new gigs won an order within each horizon, as far as it is told."""
        rows: list[schema.NewGigs] = []
        before = 0
        for days in HORIZONS:
            found = self.found.new_gigs.get(str(days))
            gigs = found["gigs"] if found else 0
            rate = win_rate(found, exact=self.exact) if found else None
            # Those between the horizons would be told of by the difference.
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
    found: EarningsTrend | None, *, snapshot: TrendSnapshot, exact: bool
) -> schema.Pay:
    """Orders, earnings, supply and opportunity of a skill; of nobody where there is no row."""
    return Pay(found or NOBODY, snapshot, exact=exact).row()


def total_row(
    found: EarningsTotal | None, *, snapshot: TrendSnapshot, exact: bool
) -> schema.EarningsTotal:
    """What all sellers of a category, or of the world, earned together with its skills."""
    told = found is not None and (exact or not found.hidden)
    return {
        "currency": snapshot.inputs["currency"],
        "hidden": not told,
        "orders": round(found.orders) if found and told else None,
        "total": _money(found.total, told=told, exact=exact) if found else None,
    }


def _money(amount: float | None, *, told: bool, exact: bool) -> float | None:
    """An amount as it is told: to the cent for exact readers, to two digits for all others."""
    if amount is None or not told:
        return None
    return round(amount, 2) if exact else rounded(amount)


def _sentence(each: float | None, ratio: float | None, *, few: bool) -> str | None:
    """For example "14 searchers per active seller, 3.1 × its category"."""
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
