"""Which candidates a person looks at before they are published, flag by flag."""

from dataclasses import replace

import numpy as np
import pytest

from trends.arithmetic.manipulation import (
    Evidence,
    chance_of_orders,
    effective_at_volume,
    held,
    signs,
)

HONEST = Evidence(
    top_share=np.array([0.02]),
    effective=np.array([250.0]),
    established_share=np.array([0.7]),
    n_c=np.array([500]),
    n_offered=np.array([500]),
    n_b=np.array([200]),
    orders_c=np.array([40.0]),
    orders_b=np.array([20.0]),
)


def raised(evidence: Evidence) -> list[str]:
    found = signs(
        evidence,
        usual_spread=np.array([275.0]),
        platform_established=0.75,
        orders_per_searcher=0.08,
    )
    reasons = [reason.value for reason, sign in found.items() if sign.raised[0]]
    assert held(found)[0] == bool(reasons)
    return reasons


@pytest.mark.parametrize(
    ("evidence", "reasons"),
    [
        (HONEST, []),
        (replace(HONEST, top_share=np.array([0.11])), ["largest_searcher"]),
        (replace(HONEST, effective=np.array([82.0])), ["few_searchers"]),
        (replace(HONEST, established_share=np.array([0.44])), ["new_accounts"]),
        (replace(HONEST, orders_c=np.array([5.0])), ["orders_missing"]),
    ],
)
def test_each_flag_is_raised_by_its_own_sign(evidence: Evidence, reasons: list[str]) -> None:
    assert raised(evidence) == reasons


def test_a_new_skill_is_not_accused_of_having_sold_little() -> None:
    new = replace(
        HONEST,
        n_c=np.array([60]),
        n_offered=np.array([60]),
        n_b=np.array([0]),
        orders_c=np.array([0.0]),
        orders_b=np.array([0.0]),
    )
    assert raised(new) == []
    # Sixty searchers at 0.08 orders each, a quarter of them: exp(-1.2) to see none.
    assert chance_of_orders(new, 0.08)[0] == pytest.approx(np.exp(-1.2))


def test_who_came_before_anybody_offered_it_is_asked_for_no_order() -> None:
    ahead = replace(
        HONEST, n_offered=np.array([0]), orders_c=np.array([0.0]), orders_b=np.array([0.0])
    )
    assert raised(replace(ahead, n_b=np.array([0]))) == []
    assert chance_of_orders(ahead, 0.08).tolist() == [1.0]
    # Of these a few orders are due, so none is too few.
    since = replace(ahead, n_offered=np.array([200]), n_b=np.array([0]))
    assert raised(since) == ["orders_missing"]


def test_a_market_without_orders_accuses_nobody() -> None:
    silent = replace(HONEST, orders_c=np.array([0.0]), orders_b=np.array([0.0]))
    assert chance_of_orders(silent, 0.0).tolist() == [1.0]


def test_part_of_an_order_counts_as_a_part_of_one() -> None:
    chances = [
        chance_of_orders(replace(HONEST, orders_c=np.array([n])), 0.08)[0] for n in (5, 5.5, 6)
    ]
    assert chances == sorted(set(chances))


def test_usual_spread_follows_the_volume_and_falls_back_on_everybody() -> None:
    usual = effective_at_volume(
        np.array([100, 1000, 5]),
        of_searchers=np.array([100, 120, 1000]),
        effective=np.array([50.0, 60.0, 200.0]),
    )
    assert usual == pytest.approx([50, 200, 2.5])
    nobody = effective_at_volume(
        np.array([9]), of_searchers=np.array([], dtype=int), effective=np.array([])
    )
    assert nobody.tolist() == [0.0]
