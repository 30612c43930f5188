"""A market of gigs and orders kept twice: in the database, and in lists a few lines count."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

import numpy as np
from django.db import transaction

from marketplace.gigs.models import ExchangeRate, Gig, GigStatus, Order, OrderStatus, Seller
from marketplace.skills.matching import current_taxonomy, current_version
from marketplace.skills.models import Category, Skill
from tests.conftest import TODAY
from trends.measuring.money.earnings import store_earnings
from trends.models import EarningsTrend, TrendSnapshot

Money = Decimal | int


def moment(day: date, *, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


@dataclass(frozen=True)
class Sale:
    """One order as the reference sees it."""

    skills: tuple[str, ...]
    seller: int
    buyer: int
    net: Decimal
    currency: str
    done: datetime | None
    completed: bool


@dataclass
class PaidMarket:
    """Sells skills; pseudonyms of buyers and sellers are small numbers."""

    sales: list[Sale] = field(default_factory=list)
    rates: dict[tuple[str, date], Decimal] = field(default_factory=dict)
    gigs: dict[tuple[int, tuple[str, ...]], Gig] = field(default_factory=dict)

    def skill(self, name: str, path: str = "Work") -> Skill:
        return Skill.objects.add(name=name, category=Category.objects.at_path(path))

    def offer(
        self, seller: int, *skills: str, days_ago: int = 400, status: str = GigStatus.ACTIVE
    ) -> Gig:
        person, _ = Seller.objects.get_or_create(pseudonym=seller)
        return Gig.objects.create(
            gig_id=f"g{Gig.objects.count()}",
            seller=person,
            title="gig",
            category=Category.objects.at_path("Work"),
            tags=[skill.lower() for skill in skills],
            price=5,
            currency="USD",
            created_at=moment(TODAY - timedelta(days=days_ago)),
            status=status,
        )

    def sell(
        self,
        *skills: str,
        seller: int,
        buyer: int,
        amount: Money,
        refunded: Money = 0,
        currency: str = "USD",
        days_ago: int = 1,
        status: str = OrderStatus.COMPLETED,
        done: datetime | None = None,
    ) -> Order:
        """One order, completed at noon so many days before today unless told otherwise."""
        key = (seller, skills)
        self.gigs[key] = self.gigs.get(key) or self.offer(seller, *skills)
        done = done or moment(TODAY - timedelta(days=days_ago))
        completed = status == OrderStatus.COMPLETED
        net = Decimal(amount) - Decimal(refunded)
        self.sales.append(Sale(skills, seller, buyer, net, currency, done, completed))
        return Order.objects.create(
            order_id=f"o{len(self.sales)}",
            gig=self.gigs[key],
            buyer=buyer,
            amount=amount,
            refunded=refunded,
            currency=currency,
            ordered_at=done - timedelta(days=3),
            completed_at=done if completed else None,
            status=status,
        )

    def crowd(
        self, skill: str, sellers: Iterable[int], *, buyers: int = 5_000, **sale: Any
    ) -> None:
        """One order of each of these sellers, each by a buyer of its own as far as these go."""
        for seller in sellers:
            buyer = 10_000 + seller % buyers
            self.sell(skill, seller=seller, buyer=buyer, **{"amount": 100} | sale)

    def rate(self, currency: str, day: date, rate: str) -> None:
        self.rates[currency, day] = Decimal(rate)
        ExchangeRate.objects.create(currency=currency, day=day, rate=Decimal(rate))

    def store(self, as_of: date = TODAY) -> TrendSnapshot:
        """Compute the earnings of a day; nobody searched for anything."""
        with transaction.atomic():
            snapshot = TrendSnapshot.objects.create(
                as_of=as_of,
                taxonomy=current_version(current_taxonomy()),
                parameters={},
                inputs={"currency": "USD"},
            )
            store_earnings(snapshot)
        return snapshot

    def known_rate(self, sale: Sale) -> Decimal | None:
        """The last rate known on the day an order was completed."""
        assert sale.done
        if sale.currency == "USD":
            return Decimal(1)
        days = [day for code, day in self.rates if code == sale.currency]
        known = [day for day in days if day <= sale.done.date()]
        return self.rates[sale.currency, max(known)] if known else None

    def counted(self, skills: Iterable[str], *, as_of: date = TODAY) -> dict[str, Any]:
        """The reference: what these skills sold together in half a year, order after order."""
        asked = set(skills)
        start, end = moment(as_of - timedelta(days=182), hour=0), moment(as_of, hour=0)
        earned: dict[int, float] = defaultdict(float)
        buyers, orders, whole = set(), 0.0, []
        for sale in self.sales:
            share = len(asked & set(sale.skills)) / min(len(sale.skills), 5)
            if not (share and sale.completed and sale.seller != sale.buyer):
                continue
            rate = self.known_rate(sale)
            if rate is None or not sale.done or not start <= sale.done < end:
                continue
            earned[sale.seller] += float(sale.net * rate) * share
            buyers.add(sale.buyer)
            orders += share
            whole.append(float(sale.net * rate))
        money = sorted(earned.values())
        total = sum(money)
        return {
            "sellers": len(money),
            "buyers": len(buyers),
            "orders": orders,
            "total": total,
            "median_order": median(whole) if whole else None,
            "largest": (money[-1] / total if total else 1.0) if money else None,
            "two_largest": (sum(money[-2:]) / total if total else 1.0) if money else None,
            **{
                name: float(np.percentile(money, part)) if money else None
                for name, part in {"p25": 25, "median": 50, "p75": 75, "p90": 90}.items()
            },
        }

    def may_be_told(self, skills: Iterable[str]) -> bool:
        """Whether the money of these skills together is about enough people."""
        found = self.counted(skills)
        return bool(
            min(found["sellers"], found["buyers"]) >= 10
            and found["largest"] <= 0.5
            and found["two_largest"] <= 0.85
        )


def of(snapshot: TrendSnapshot, skill: str) -> EarningsTrend:
    return EarningsTrend.objects.get(snapshot=snapshot, skill__name=skill)
