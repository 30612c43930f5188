"""What became of past calls: of the skills listed half a year ago, how many kept their level."""

from typing import Any

import numpy as np

from marketplace.skills.models import Skill
from trends.arithmetic.dispersion import Dispersion
from trends.arithmetic.labels import Label
from trends.arithmetic.share_ratio import Floats, share_ratio, shown_interval
from trends.counting.windows import WEEK, WEEKS
from trends.models import WORLD, SkillTrend, TrendSnapshot, Window

# Half a year later the window that was called is the one before: no searcher is in both. A run
# that was missed then is made up by one a few weeks off.
LOOKED_BACK = 26 * WEEK
AT_LEAST, AT_MOST = 20 * WEEK, 32 * WEEK


def past_calls(snapshot: TrendSnapshot) -> dict[str, Any] | None:
    """Return how the labels of about half a year before turned out; None without any.

    `as_of` is the day they were made as of; `labels` has, for each shown then, how many skills were
    `listed`, how many of them are `up` (their share now is at least what it was) and how
    many `held` (it is not lower by more than chance). Source: the method page, Past calls.
    """
    then = _snapshot_then(snapshot)
    if then is None:
        return None
    world = SkillTrend.objects.of(then, window=Window.HALF_YEAR, country=WORLD).listed()
    # What was merged or retired since is no longer counted as it was called.
    listed = world.filter(skill__in=Skill.objects.active())
    called = dict(listed.values_list("skill_id", "label"))
    if not called:
        return None
    ratio, upper = _since(then, snapshot, list(called))
    labels = np.array(list(called.values()))
    return {
        "as_of": then.as_of.isoformat(),
        "labels": [
            {
                "label": label.value,
                "listed": int(at.sum()),
                "up": int((ratio >= 1)[at].sum()),
                "held": int((upper >= 1)[at].sum()),
            }
            for label in Label
            if (at := labels == label).any()
        ],
    }


def _snapshot_then(snapshot: TrendSnapshot) -> TrendSnapshot | None:
    """Return the snapshot nearest to half a year before."""
    around = (snapshot.as_of - AT_MOST, snapshot.as_of - AT_LEAST)
    snapshots = TrendSnapshot.objects.filter(as_of__range=around)
    wanted = snapshot.as_of - LOOKED_BACK
    return min(snapshots, key=lambda one: abs(one.as_of - wanted), default=None)


def _since(then: TrendSnapshot, now: TrendSnapshot, skills: list[int]) -> tuple[Floats, Floats]:
    """Return the ratio of shares of `now` to `then`, and its upper end, (skills,)."""
    rows = [_by_country(snapshot, skills) for snapshot in (now, then)]
    countries = sorted(set().union(*(platform for _, platform in rows)))
    (n_now, n_then) = (
        np.array([[of.get((skill, country), 0) for country in countries] for skill in skills])
        for of, _ in rows
    )
    (platform_now, platform_then) = (
        np.array([platform.get(country, 0) for country in countries]) for _, platform in rows
    )
    ratio = share_ratio(n_now, n_then, platform_now, platform_then)
    _, upper = shown_interval(
        ratio, n_c=n_now.sum(axis=1), n_w=n_then.sum(axis=1), noise=_noise(now, len(skills))
    )
    return ratio, upper


def _by_country(
    snapshot: TrendSnapshot, skills: list[int]
) -> tuple[dict[tuple[int, str], int], dict[str, int]]:
    """Count searchers by skill and country in the window that was current, and everybody's."""
    trends = SkillTrend.objects.filter(snapshot=snapshot, window=Window.HALF_YEAR)
    by_country = trends.exclude(country=WORLD)
    of_skills = by_country.filter(skill__in=skills)
    return {
        (skill, country): searchers
        for skill, country, searchers in of_skills.values_list("skill_id", "country", "current")
    }, dict(by_country.values_list("country", "platform_current").distinct())


def _noise(snapshot: TrendSnapshot, skills: int) -> Floats:
    """Return the market's usual noise of a half-year's log ratio; no skill's own is kept."""
    a0, kappa = snapshot.parameters["noise"]["skilltrend 001"]
    noise = Dispersion(a=np.full(skills, a0 * kappa), a0=a0, kappa=kappa)
    return noise.of_log_ratio(WEEKS[Window.HALF_YEAR])
