"""Our growth against the usual rankings on markets with known truth, and what it costs.

Run `python -m tests.benchmarks.bench_growth [seed ...]`. A listed skill is right when the trend it
was drawn with grew its share by more than 25 % against both bases and it is not one country's
launch; noise, season, bursts and spam are never growth.
"""

import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from tests.benchmarks.agents_market import People, simulate_people
from tests.benchmarks.methods import METHODS, held, measured, ours
from tests.benchmarks.simulated_market import (
    CLEAN,
    QUIET,
    SHRINKING,
    SPAMMED,
    Cause,
    Floats,
    Ints,
    Market,
    Simulation,
    simulate,
)
from tests.benchmarks.two_groups import ranked_by_two_groups
from trends.arithmetic.growth import FEWEST_SEARCHERS, measure
from trends.arithmetic.labels import UPWARD
from trends.arithmetic.manipulation import HELD_OF_AGED, HELD_OF_FRESH, PRICE_OF_A_PLACE, PUSHED

SEEDS = (1, 2, 3)
DEPTHS = (20, 50, 100)
# Growth from nothing is infinite; as a gain it counts like sixteenfold.
LARGEST_GAIN = 4.0
# Searchers of the base: an interval must hold at every size.
SIZES = (0, 10, 30, 100, 300, 1_000, 10_000_000)
# Searchers now: of skills that doubled many are listed, or few.
DOUBLED_SIZES = (30, 56, 80, 160, 300, 550, 1_700, 10_000_000)
# A skill that doubles during half a year has not had twice as many in its middle.
TRULY_DOUBLED = 1.9
# People in half a year, of small and of large marketplaces.
PEOPLE = (1_500, 5_000, 15_000, 50_000)
# The arithmetic of a big marketplace.
TIMED_SKILLS, TIMED_COUNTRIES = 50_000, 8
# The price of manipulation: flat skills of the published sizes, pushed in these proportions.
BOUGHT_SKILLS = 20
BOUGHT_FACTORS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 6.0, 8.0)


@dataclass(frozen=True, slots=True)
class Score:
    """How one ranking did on one market."""

    precision: tuple[float, ...]
    ndcg: float
    from_zero: int
    wrong: dict[str, int]


def score(market: Simulation, ranking: Ints) -> Score:
    """Mark a ranking; a list shorter than a depth is marked on what it holds."""
    right = market.right()
    wrong = market.cause[ranking[:100]][~right[ranking[:100]]]
    return Score(
        precision=tuple(share(right[ranking[:depth]]) for depth in DEPTHS),
        ndcg=ndcg(market, ranking[:50]),
        from_zero=int(np.sum(market.cause[ranking] == Cause.FROM_ZERO)),
        wrong={Cause(kind).name.lower(): int(np.sum(wrong == kind)) for kind in np.unique(wrong)},
    )


def share(hits: np.typing.NDArray[np.bool_]) -> float:
    """Give the part that is True; an empty list claims nothing and is wrong nowhere."""
    return float(hits.mean()) if hits.size else 1.0


def ndcg(market: Simulation, ranking: Ints) -> float:
    """Give the discounted gain of a top list against the best one; the gain is doublings."""
    doublings = np.minimum(np.log2(np.maximum(market.truth, 1.0)), LARGEST_GAIN)
    gain = np.where(market.right() & (market.searchers("c") >= FEWEST_SEARCHERS), doublings, 0.0)
    discount = 1 / np.log2(np.arange(2, 52))
    best = np.sort(gain)[::-1][:50] @ discount
    return float(gain[ranking] @ discount[: ranking.size] / best) if best else 1.0


def coverage(market: Simulation) -> list[tuple[int, float]]:
    """Give skills and the part of 95 % intervals with the truth inside, by searchers of the base.

    Of skills whose counts have one truth: those without a burst, a season, a launch or spam.
    """
    growth = measured(market)
    inside = (growth.lower <= market.truth_b) & (market.truth_b <= growth.upper)
    honest = np.isin(market.cause, [Cause.ORDINARY, Cause.RISING, Cause.FALLING])
    return [
        (int(chosen.sum()), share(inside[chosen]))
        for low, high in pairwise(SIZES)
        for chosen in [honest & (growth.n_b >= low) & (growth.n_b < high)]
    ]


def compare_methods(name: str, market: Market, seeds: Iterable[int]) -> None:
    """Print every method's scores on a market, averaged over seeds."""
    drawn = [simulate(market, seed) for seed in seeds]
    print(f"\n{name}: {market.skills:,} skills, {len(drawn)} seeds, false entries of the top 100")
    print(f"{'':26}{'P@20':>6}{'P@50':>6}{'P@100':>6}{'NDCG':>6}{'zero':>6}  false by cause")
    for method, ranking in METHODS.items():
        scores = [score(one, ranking(one)) for one in drawn]
        means = np.mean([(*one.precision, one.ndcg) for one in scores], axis=0)
        zero = np.mean([one.from_zero for one in scores])
        causes = sorted({cause for one in scores for cause in one.wrong})
        false = ", ".join(
            f"{cause} {np.mean([one.wrong.get(cause, 0) for one in scores]):.1f}"
            for cause in causes
        )
        figures = "".join(f"{figure:6.2f}" for figure in means)
        print(f"{method:26}{figures}{zero:6.1f}  {false or 'none'}")


def print_promises(name: str, market: Market, seeds: Iterable[int]) -> None:
    """Print what was estimated, the false part of the list, rising labels and coverage."""
    listed, false, upward, noise, cells = [], [], [], [], []
    for seed in seeds:
        drawn = simulate(market, seed)
        growth = measured(drawn)
        listed.append(growth.ranking().size)
        false.append(int(np.sum(~drawn.right()[growth.ranking()])))
        upward.append(int(np.isin(growth.label, UPWARD).sum()))
        noise.append((growth.dispersion.a0, growth.dispersion.kappa))
        cells.append(coverage(drawn))
    a0, kappa = np.mean(noise, axis=0)
    numbers, parts = np.moveaxis(np.array(cells), -1, 0)
    covered = np.sum(numbers * parts, axis=0) / np.maximum(numbers.sum(axis=0), 1)
    print(
        f"{name:18}{a0:7.3f}{kappa:7.2f}{np.mean(listed):8.1f}"
        f"{sum(false) / max(sum(listed), 1):8.3f}{np.max(upward):8}  "
        + " ".join(f"{part:6.3f}" for part in covered)
    )


def print_recall(name: str, drawn: Iterable[Simulation]) -> None:
    """Print the listed, the false part, and of doubled skills the part that is listed, by size.

    Of ours and of a list that is proposed in its place, on the same markets.
    """
    markets = list(drawn)
    for method, ranking in (("ours", ours), ("two groups", ranked_by_two_groups)):
        lists = [ranking(market) for market in markets]
        false = sum(
            int(np.sum(~one.right()[each])) for one, each in zip(markets, lists, strict=True)
        )
        number = sum(each.size for each in lists)
        hits = [
            np.concatenate(
                [
                    np.isin(doubled(market, low, high), each)
                    for market, each in zip(markets, lists, strict=True)
                ]
            )
            for low, high in pairwise(DOUBLED_SIZES)
        ]
        parts = " ".join(f"{each.mean():6.2f}" if each.size else f"{'none':>6}" for each in hits)
        of_list = f"{number / len(markets):8.1f}{false / max(number, 1):8.3f}"
        print(f"{name:18}{method:12}{of_list}  {parts}")


def doubled(market: Simulation, low: int, high: int) -> Ints:
    """Give the skills that truly doubled, everywhere, with so many searchers now."""
    grown = (market.truth >= TRULY_DOUBLED) & np.isin(market.cause, [Cause.RISING, Cause.FROM_ZERO])
    now = market.searchers("c")
    return np.flatnonzero(grown & (now >= low) & (now < high))


def print_price(market: Market, seeds: Iterable[int]) -> None:
    """Print how many bought accounts list half of the flat skills of a size, and the review.

    Of fresh accounts, and of accounts with a past: those an attacker aged before, with a search for
    something else.
    """
    print(
        "\nAccounts that put half of the flat skills of a size on the list, least of the seeds (as"
    )
    print(
        "published); of those skills the review held, for fresh accounts and for ones with a past"
    )
    drawn = [simulate(market, seed) for seed in seeds]
    everywhere = np.zeros(3, dtype=int)
    for size, published in PRICE_OF_A_PLACE:
        prices, *held_of = zip(*(price(one, size) for one in drawn), strict=True)
        listed, fresh, aged = (sum(each) for each in held_of)
        everywhere += [listed, fresh, aged]
        print(
            f"{size:7,} searchers: {min(prices):6,} ({published:6,});"
            f" {fresh} and {aged} of {listed}"
        )
    listed, fresh, aged = everywhere
    as_published = f"{HELD_OF_FRESH} and {HELD_OF_AGED} of {PUSHED}"
    print(f"Held {fresh} and {aged} of {listed} ({as_published})")


def price(drawn: Simulation, size: int) -> tuple[int, int, int, int]:
    """Give the accounts it takes, and the skills listed, held if fresh and held if aged."""
    flat = np.flatnonzero((drawn.cause == Cause.ORDINARY) & (drawn.searchers("c") > 0))
    distance = np.abs(np.log(drawn.searchers("c")[flat] / size))
    bought = flat[np.argsort(distance, kind="stable")[:BOUGHT_SKILLS]]
    for accounts in (int(size * factor) for factor in BOUGHT_FACTORS):
        fresh = pushed(drawn, bought, accounts)
        listed = bought[measured(fresh).listed[bought]]
        if 2 * listed.size >= BOUGHT_SKILLS:
            break
    aged = replace(fresh, established_share=drawn.established_share)
    of_fresh, of_aged = (int(held(one, listed).sum()) for one in (fresh, aged))
    return accounts, listed.size, of_fresh, of_aged


def pushed(drawn: Simulation, skills: Ints, accounts: int) -> Simulation:
    """Give the market with so many fresh accounts searching for each of these skills once."""
    weekly, by_country = drawn.weekly["c"].copy(), drawn.by_country["c"].copy()
    for counts, mix in (
        (weekly, np.ones(weekly.shape[1])),
        (by_country, drawn.platform_by_country["c"]),
    ):
        # Evenly over weeks and as the platform over countries: nothing to see but their number.
        counts[skills] += np.round(accounts * mix / mix.sum()).astype(int)
    before, after = drawn.searchers("c"), np.maximum(by_country.sum(axis=1), 1)
    searches = np.maximum(drawn.searches["c"], 1)
    now = searches + after - before
    squares = searches**2 / drawn.effective_searchers + after - before
    return replace(
        drawn,
        weekly={**drawn.weekly, "c": weekly},
        by_country={**drawn.by_country, "c": by_country},
        established_share=drawn.established_share * before / after,
        top_searcher_share=drawn.top_searcher_share * searches / now,
        effective_searchers=now**2 / squares,
    )


def timed() -> tuple[float, float]:
    """Give the best seconds of three for a big market, and of a fixed load of numpy."""
    market = replace(CLEAN, skills=TIMED_SKILLS, countries=(1 / TIMED_COUNTRIES,) * TIMED_COUNTRIES)
    drawn = simulate(market, seed=1)
    given = (drawn.weekly, drawn.by_country, drawn.platform_weekly, drawn.platform_by_country)
    numbers: Floats = np.random.default_rng(1).random((TIMED_SKILLS, 78))
    return (
        _best_of_three(lambda: measure(*given)),
        _best_of_three(lambda: np.sort(numbers, axis=1)),
    )


def _best_of_three(work: Callable[[], object]) -> float:
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def main(seeds: tuple[int, ...]) -> None:
    """Print the whole comparison."""
    compare_methods("Clean", CLEAN, seeds)
    compare_methods("Shrinking platform", SHRINKING, seeds)
    compare_methods("Spammed", SPAMMED, seeds)
    print("\nPromises: false part of the list, most rising labels of a seed, and the part of 95 %")
    print("intervals that hold the truth by searchers before")
    sizes = " ".join(f"{low:5}+" for low in SIZES[:-1])
    print(f"{'':18}{'a0':>7}{'kappa':>7}{'listed':>8}{'false':>8}{'rising':>8}  {sizes}")
    print_promises("clean", CLEAN, seeds)
    print_promises("shrinking", SHRINKING, seeds)
    print_promises("nothing rises", QUIET, seeds)
    for memory in (0.0, 0.5, 0.9):
        print_promises(f"memory {memory}", replace(CLEAN, noise_memory=memory), seeds)
    print_promises("double the noise", replace(CLEAN, noise=2 * CLEAN.noise), seeds)
    print(
        "\nOf skills that truly doubled, the part that is listed, by searchers now; and a list that"
    )
    print("is proposed in the place of ours")
    sizes = " ".join(f"{low:5}+" for low in DOUBLED_SIZES[:-1])
    print(f"{'':30}{'listed':>8}{'false':>8}  {sizes}")
    for name, market in (
        ("clean", CLEAN),
        ("nothing rises", QUIET),
        ("spammed", SPAMMED),
        ("memory 0.9", replace(CLEAN, noise_memory=0.9)),
        ("double the noise", replace(CLEAN, noise=2 * CLEAN.noise)),
    ):
        print_recall(name, (simulate(market, seed) for seed in seeds))
    for people in PEOPLE:
        drawn = (simulate_people(People(people), seed) for seed in seeds)
        print_recall(f"{people:,} people", drawn)
    still = People(20_000, moving=0.0)
    print_recall("people, none moves", (simulate_people(still, seed) for seed in seeds))
    print_price(CLEAN, seeds)
    ours, reference = timed()
    print(
        f"\n{TIMED_SKILLS:,} skills x 78 weeks x {TIMED_COUNTRIES} countries: {ours:.2f} s, "
        f"{ours / reference:.1f} times sorting the same weeks"
    )


if __name__ == "__main__":
    main(tuple(int(seed) for seed in sys.argv[1:]) or SEEDS)
