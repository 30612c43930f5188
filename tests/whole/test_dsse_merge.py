"""Ten years of real searches: two skills merged and parted again leave no trace in any figure."""

from collections.abc import Callable
from typing import Any

import pytest

from marketplace.skills import edits
from marketplace.skills.models import Skill
from tests.backoffice.test_taxonomy_impact import figures, half_year
from tests.tools.copies import filled
from tests.whole.test_dsse import DATA, in_order
from trends.backoffice.taxonomy.following import follow
from trends.counting.daily_rollup import dirty_days, match_terms
from trends.models import WORLD, DailyDemand

pytestmark = pytest.mark.skipif(
    not DATA.exists(), reason="the Stack Exchange data is not kept in the repository"
)

WHY: dict[str, Any] = {"by": None, "reason": "a trial"}


def test_a_merger_undone_gives_every_figure_back(emptied: Callable[[], None]) -> None:
    filled(in_order)
    before = figures()
    skill, into = (Skill.objects.get(name=name) for name in ("keras", "tensorflow"))
    apart = half_year(skill).current + half_year(into).current
    edit = edits.merge(skill, into=into, **WHY)
    match_terms()
    touched = DailyDemand.objects.filter(skill=skill, country=WORLD)
    assert dirty_days() == sorted(touched.values_list("day", flat=True))
    assert follow()
    assert half_year(into).current < apart, "who searched for both counts once"
    edits.undo(edit, by=None)
    assert follow()
    for now, then in zip(figures(), before, strict=True):
        assert now == then
