"""What replaces what: where people who left a fading skill went, more than chance would take them.

A former searcher searched the skill in the half-year before, and in the last one only others. Who
moved to a skill searches it in the last half-year and did not before. Both are held against
comparable people: those who left another skill of the same top category, and searched for as many.
"""

import numpy as np

from trends.arithmetic.disclosure import in_tens
from trends.arithmetic.labels import Label
from trends.arithmetic.lift import Lift, found, lift, one_way
from trends.measuring.flows.flow_counts import Flows, count_between, count_flows, forget
from trends.models import CategoryFlow, Replacement, SkillTrend, TrendSnapshot, Window

FADING = frozenset({Label.DECLINING, Label.COOLING})
# With fewer comparable people what is usual is not known, and nothing is called a replacement.
FEWEST_COMPARABLE = 100


def store_replacements(snapshot: TrendSnapshot) -> None:
    """Store what replaces the fading skills of a snapshot whose trends are stored.

    Within a transaction. Source: the method page, What is replacing what.
    """
    flows = count_flows(snapshot.as_of, _fading(snapshot))
    measured = lift(flows.moved, flows.former, flows.others_moved, flows.others)
    compared = flows.others.sum(axis=1) >= FEWEST_COMPARABLE
    moved = flows.moved.sum(axis=1)
    holds = compared & found(measured, tests=flows.tests) & one_way(moved, flows.back)
    Replacement.objects.bulk_create(
        _row(snapshot, flows, measured, pair) for pair in np.flatnonzero(holds).tolist()
    )
    between = count_between(flows.left[holds].tolist(), flows.found[holds].tolist())
    CategoryFlow.objects.bulk_create(
        CategoryFlow(
            snapshot=snapshot, left_id=left, found_id=to, moved=people, told=in_tens(people)
        )
        for left, to, people in between
    )
    forget()


def _fading(snapshot: TrendSnapshot) -> list[int]:
    trends = SkillTrend.objects.of(snapshot, window=Window.HALF_YEAR).filter(label__in=FADING)
    return sorted(trends.values_list("skill_id", flat=True))


def _row(snapshot: TrendSnapshot, flows: Flows, measured: Lift, pair: int) -> Replacement:
    moved = int(flows.moved[pair].sum())
    return Replacement(
        snapshot=snapshot,
        left_id=int(flows.left[pair]),
        found_id=int(flows.found[pair]),
        former=int(flows.former[pair].sum()),
        moved=moved,
        told=in_tens(moved),
        back=int(flows.back[pair]),
        comparable=int(flows.others[pair].sum()),
        lift=measured.ratio[pair],
        lower=measured.lower[pair],
        upper=measured.upper[pair],
        p_value=measured.p_value[pair],
    )
