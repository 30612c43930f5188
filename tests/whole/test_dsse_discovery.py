"""Real tags taken out of the taxonomy are proposed again when they rise, and little else is."""

import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command

from marketplace.skills.models import Skill, SkillAlias
from tests.tools.copies import filled
from tests.whole.test_dsse import DATA, in_order
from trends.counting.daily_rollup import roll_up

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not DATA.exists(), reason="the Stack Exchange data is not kept in the repository"
    ),
]

# When ten people had asked about each.
RISE = date(2019, 5, 7)
SUPPORT = 10


@pytest.fixture(scope="module", autouse=True)
def market(emptied: Callable[[], None]) -> None:
    """Ten years of tags with every skill; tests take skills away and are rolled back."""
    filled(in_order)


def without(*names: str) -> None:
    """Take skills out of the taxonomy: the name and every alias that names them."""
    assert Skill.objects.filter(name__in=names).count() == len(names)
    SkillAlias.objects.filter(skill__name__in=names).delete()
    roll_up()


def queue(as_of: date, *, min_searchers: int = SUPPORT) -> list[dict[str, Any]]:
    """What the command prints."""
    out = io.StringIO()
    call_command(
        "discover_terms", "--as-of", str(as_of), "--min-searchers", str(min_searchers), stdout=out
    )
    return [json.loads(line) for line in out.getvalue().splitlines()]


def proposed(as_of: date, *, min_searchers: int = SUPPORT) -> list[str]:
    return [one["term"] for one in queue(as_of, min_searchers=min_searchers)]


def test_bert_and_transformer_are_proposed_from_the_day_after_their_rise_and_nothing_else() -> None:
    without("bert", "transformer")
    assert proposed(RISE) == []
    for days in (1, 30):
        (first, second) = queue(RISE + timedelta(days=days))
        assert {first["term"], second["term"]} == {"bert", "transformer"}
        assert first["n_b"] == second["n_b"] == 0
        assert min(first["n_c"], second["n_c"]) >= SUPPORT
        assert first["priority"] >= second["priority"]
        assert first["first_seen"].startswith("2019-02")
