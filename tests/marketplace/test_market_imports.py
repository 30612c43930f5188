"""Skills, gigs, orders and rates from files: added, updated, and each bad row explained."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from marketplace.gigs.models import ExchangeRate, Gig, Order, Seller
from marketplace.skills.models import Skill, SkillAlias
from tests.conftest import Fields
from tests.tools.importing import rejects, run

pytestmark = pytest.mark.django_db

SKILLS = b"""name,category,aliases
Python,Programming > Web,py|python3
C++,Programming > Web,cpp|c plus plus
Logo Design,Design,
"""


def test_skills_come_with_categories_and_aliases_and_nothing_is_taken_away(tmp_path: Path) -> None:
    file = tmp_path / "skills.csv"
    file.write_bytes(SKILLS)
    assert run("import_skills", file).sums == [3, 3, 0, 0]
    assert run("import_skills", file).sums == [3, 0, 3, 0]
    changed = SKILLS.replace(b"py|python3", b"snake").replace(b",Design,", b",Art,")
    file.write_bytes(changed)
    assert run("import_skills", file).sums == [3, 2, 1, 0]
    assert set(SkillAlias.objects.filter(skill__name="Python").values_list("text", flat=True)) == {
        *("python", "py", "python3", "snake")
    }
    assert str(Skill.objects.get(name="Logo Design").category) == "Art"
    assert SkillAlias.objects.get(text="c plus plus").skill.name == "C++"


def test_a_bad_skill_is_explained_and_leaves_no_trace(tmp_path: Path) -> None:
    file = tmp_path / "skills.csv"
    bad = [b"React,Web,py", b"py,Web,", b"!!,Web,", b"Vue,,", b"=1+1(),Web,", b"Vue,Web", b""]
    file.write_bytes(SKILLS + b"\n".join(bad) + b"\nVue,Web,\n")
    ended = run("import_skills", file)
    assert (ended.code, ended.sums) == (0, [11, 4, 0, 7])
    found = rejects(file)
    assert [field for field, _ in found.values()] == [
        *("aliases", "name", "name", "category", "name", "", "")
    ]
    assert '"py" already names the skill "Python"' in found[5][1]
    assert not Skill.objects.filter(name="React").exists()


GIG: Fields = {
    "gig_id": "g1",
    "seller_id": "s1",
    "title": "I will write Python",
    "category": "programming > web",
    "skills": "Python|PY|unheard of",
    "price": "49.90",
    "currency": "usd",
    "created_at": "2024-01-01T00:00:00Z",
    "status": "active",
}
ORDER: Fields = {
    "order_id": "o1",
    "gig_id": "g1",
    "buyer_id": "b1",
    "amount": "49.90",
    "refunded": "",
    "currency": "USD",
    "ordered_at": "2024-01-02T00:00:00Z",
    "completed_at": "2024-01-03T00:00:00Z",
    "status": "completed",
}
RATE: Fields = {"date": "2024-01-02", "currency": "EUR", "rate": "1.0825"}


def ndjson(path: Path, *rows: Fields) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_gigs_are_added_and_updated_and_bad_ones_explained(
    tmp_path: Path, skills: dict[str, Skill]
) -> None:
    wrong: list[Fields] = [
        {"category": "Basket weaving"},
        {"price": "-1"},
        {"price": "1.999"},
        {"price": "NaN"},
        {"currency": "XYZ"},
        {"created_at": "today"},
        {"status": "sold"},
        {"title": "=1+1"},
        {"seller_id": None},
        {"gig_id": "g\0"},
    ]
    bad = [GIG | {"gig_id": f"bad{number}"} | fields for number, fields in enumerate(wrong)]
    file = ndjson(tmp_path / "gigs.ndjson", GIG, *bad)
    assert run("import_gigs", file).sums == [11, 1, 0, 10]
    assert [field for field, _ in rejects(file).values()] == [next(iter(one)) for one in wrong]
    gig = Gig.objects.get()
    assert gig.tags == ["python", "py", "unheard of"]
    assert gig.currency == "USD"
    again = run("import_gigs", ndjson(tmp_path / "again.ndjson", GIG, GIG | {"status": "paused"}))
    assert again.sums == [2, 1, 1, 0]
    assert Gig.objects.get().status == "paused"


def test_a_gig_may_tell_where_its_seller_works_and_silence_takes_nothing_away(
    tmp_path: Path, skills: dict[str, Skill]
) -> None:
    def sums(*countries: str | None) -> list[int]:
        rows = [GIG if where is None else GIG | {"country": where} for where in countries]
        numbered = [row | {"gig_id": f"g{number}"} for number, row in enumerate(rows)]
        return run("import_gigs", ndjson(tmp_path / "gigs.ndjson", *numbered)).sums

    def country() -> str:
        return Seller.objects.get().country

    assert (sums(None, ""), country()) == ([2, 2, 0, 0], "")
    # The last row that says where counts; the gigs themselves are all known.
    assert (sums("de", "fr", ""), country()) == ([3, 2, 1, 0], "FR")
    assert sums("de", "fr", "") == [3, 0, 3, 0]
    assert (sums("", None), country()) == ([2, 0, 2, 0], "FR")
    assert (sums("FR", "Atlantis"), country()) == ([2, 0, 1, 1], "FR")
    assert rejects(tmp_path / "gigs.ndjson")[2] == (
        "country",
        "is not an ISO 3166-1 country: 'Atlantis'; expected e.g. DE, or nothing",
    )
    assert (sums("", "DE"), country()) == ([2, 1, 1, 0], "DE")


def test_orders_are_added_and_updated_and_bad_ones_explained(
    tmp_path: Path, skills: dict[str, Skill]
) -> None:
    run("import_gigs", ndjson(tmp_path / "gigs.ndjson", GIG))
    wrong: list[Fields] = [
        {"gig_id": "unknown"},
        {"gig_id": "\0"},
        {"refunded": "50"},
        {"amount": "1e12"},
        {"completed_at": ""},
        {"buyer_id": ""},
        {"status": "lost"},
    ]
    bad = [ORDER | {"order_id": f"bad{number}"} | fields for number, fields in enumerate(wrong)]
    file = ndjson(tmp_path / "orders.ndjson", ORDER, *bad)
    assert run("import_orders", file).sums == [8, 1, 0, 7]
    assert [field for field, _ in rejects(file).values()] == [next(iter(one)) for one in wrong]
    refund = ORDER | {"refunded": "10"}
    again = run("import_orders", ndjson(tmp_path / "again.ndjson", ORDER, refund))
    assert again.sums == [2, 1, 1, 0]
    order = Order.objects.get()
    assert (order.amount, order.refunded) == (Decimal("49.90"), Decimal(10))


def test_rates_are_added_and_updated_and_bad_ones_explained(tmp_path: Path) -> None:
    wrong = [{"rate": "0"}, {"rate": "much"}, {"rate": "Infinity"}, {"date": "soon"}]
    rows = [RATE, *(RATE | fields for fields in wrong), RATE | {"rate": "1.09"}, RATE]
    file = ndjson(tmp_path / "rates.ndjson", *rows)
    # Of several rows of one day the last counts; what came before it was of no use.
    assert run("import_rates", file).sums == [7, 1, 2, 4]
    assert ExchangeRate.objects.get().rate == Decimal("1.0825")
    assert run("import_rates", ndjson(tmp_path / "b.ndjson", RATE)).sums == [1, 0, 1, 0]
