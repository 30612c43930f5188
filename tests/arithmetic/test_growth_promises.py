"""What the rising list promises, kept on simulated markets whose truth is known.

The whole comparison, with more seeds and the rival methods, is `make bench`.
"""

from functools import cache

import numpy as np
import pytest

from tests.benchmarks.bench_growth import coverage, score
from tests.benchmarks.methods import held, measured, ours, ours_reviewed, poisson_bound
from tests.benchmarks.simulated_market import (
    CLEAN,
    QUIET,
    SHRINKING,
    SPAMMED,
    Cause,
    Market,
    Simulation,
    simulate,
)
from trends.arithmetic.labels import UPWARD

SEEDS = (11, 12)


@cache
def drawn(market: Market, seed: int) -> Simulation:
    return simulate(market, seed)


@pytest.mark.parametrize("market", [CLEAN, SHRINKING], ids=["growing", "shrinking"])
def test_the_top_fifty_is_right_and_finds_what_began_from_zero(market: Market) -> None:
    scores = [score(drawn(market, seed), ours(drawn(market, seed))) for seed in SEEDS]
    rivals = [score(drawn(market, seed), poisson_bound(drawn(market, seed))) for seed in SEEDS]
    assert np.mean([one.precision[1] for one in scores]) >= 0.97
    assert min(one.from_zero for one in scores) == market.from_zero
    assert np.mean([one.ndcg for one in scores]) > np.mean([one.ndcg for one in rivals]) + 0.1


def test_under_spam_a_review_keeps_the_top_fifty_right_and_holds_few_honest_skills() -> None:
    markets = [drawn(SPAMMED, seed) for seed in SEEDS]
    scores = [score(market, ours_reviewed(market)) for market in markets]
    assert np.mean([one.precision[1] for one in scores]) >= 0.85
    for market in markets:
        honest = ours(market)[market.right()[ours(market)]]
        assert held(market, honest).mean() < 0.1


def test_one_person_with_many_searches_moves_nothing() -> None:
    market = drawn(SPAMMED, SEEDS[0])
    assert not measured(market).listed[market.cause == Cause.SPAM_FEW_IDS].any()


@pytest.mark.parametrize("seed", SEEDS)
def test_where_nothing_rises_hardly_a_skill_is_called_rising(seed: int) -> None:
    labels = measured(drawn(QUIET, seed)).label
    assert np.isin(labels, UPWARD).sum() <= 2


@pytest.mark.parametrize("market", [CLEAN, SHRINKING], ids=["growing", "shrinking"])
def test_fewer_than_a_tenth_of_the_listed_skills_are_false(market: Market) -> None:
    ranking = np.concatenate([drawn(market, s).right()[ours(drawn(market, s))] for s in SEEDS])
    assert 1 - ranking.mean() < 0.1
    assert ranking.size > 100


def test_intervals_cover_what_they_promise_at_every_size_of_count() -> None:
    markets = [drawn(market, seed) for market in (CLEAN, SHRINKING, QUIET) for seed in SEEDS]
    cells = np.array([coverage(market) for market in markets])
    covered = np.average(cells[..., 1], weights=cells[..., 0], axis=0)
    assert covered.min() >= 0.93
    assert covered.max() <= 0.98
