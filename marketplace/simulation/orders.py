"""What is bought: now and then a search ends in an order."""

from collections.abc import Iterator
from datetime import date
from typing import TypedDict

import numpy as np

from marketplace.simulation.draws import Ints, generator
from marketplace.simulation.story import Story
from marketplace.simulation.supply import Supply, moment
from marketplace.simulation.visits import Kind, Visits

CANCELLED = 0.07
REFUNDED = 0.04
# Half of the refunds give all back, the others a part.
FULL_REFUND = 0.5
# A finished order takes 1 to 30 days; this is the chance that it is done on any of them.
DONE_A_DAY = 0.2
LONGEST_DAYS = 30
# Extras and bargains around the price of the gig.
AMOUNT_SPREAD = 0.3
# From search to order: up to two hours, on the same day.
DECISION_SECONDS = 7200
LAST_SECOND = 86_399


class Outcome(TypedDict):
    """The columns of an order that depend on how it went."""

    amount: str
    refunded: str
    completed_at: str
    status: str


class OrderRow(Outcome):
    """A row of the order import."""

    order_id: str
    gig_id: str
    buyer_id: str
    currency: str
    ordered_at: str


class Orders:
    """Turns the searches of a day into its orders."""

    def __init__(self, story: Story, supply: Supply, *, epoch: date, seed: int) -> None:
        self.supply, self.epoch, self.seed = supply, epoch, seed
        # Terms are not sold: no gig is known to answer them.
        self.sold = np.array(
            [subject.sold if subject.is_skill else 0.0 for subject in story.subjects]
        )

    def rows(
        self,
        visits: Visits,
        seconds: Ints,
        *,
        day: int,
        last_day: int,
    ) -> Iterator[OrderRow]:
        """Yield the orders of one day as they stand at the end of `last_day` since the epoch."""
        draws = generator(self.seed, "orders", day)
        buys = draws.random(len(visits)) < self.sold[visits.subject]
        buying = np.flatnonzero(buys & (visits.kind == Kind.PERSON))
        for number, search in enumerate(buying.tolist()):
            gigs = self.supply.live(int(visits.subject[search]), day)
            if not len(gigs):
                continue
            appeal = self.supply.appeal[gigs]
            gig = int(draws.choice(gigs, p=appeal / appeal.sum()))
            second = min(int(seconds[search] + draws.integers(DECISION_SECONDS)), LAST_SECOND)
            done = day + min(int(draws.geometric(DONE_A_DAY)), LONGEST_DAYS)
            finished = moment(self.epoch, done, second) if done <= last_day else ""
            yield OrderRow(
                order_id=f"order-{day:04d}-{number:03d}",
                gig_id=f"gig-{gig:05d}",
                buyer_id=visits.searchers.names[visits.who[search]],
                currency=self.supply.currency(gig),
                ordered_at=moment(self.epoch, day, second),
                **_outcome(float(self.supply.price[gig]), finished, draws),
            )


def _outcome(price: float, finished: str, draws: np.random.Generator) -> Outcome:
    """Return the outcome of an order that finishes at a moment; "" while it is to come."""
    amount = price * draws.lognormal(0, AMOUNT_SPREAD)
    part = 1.0 if draws.random() < FULL_REFUND else draws.uniform(0.2, 0.6)
    refunded = amount * part if draws.random() < REFUNDED else 0.0
    status = "completed" if finished else "in_progress"
    if draws.random() < CANCELLED:
        status, finished = "cancelled", ""
    return Outcome(
        amount=f"{amount:.2f}",
        refunded=f"{refunded if finished else 0.0:.2f}",
        completed_at=finished,
        status=status,
    )
