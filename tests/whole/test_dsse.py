"""Ten years of real searches: every count as computed apart with pandas, whatever the road in."""

import csv
import gzip
import io
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from marketplace.searches.models import ApiKey
from marketplace.skills.models import Skill, SkillAlias
from tests.tools.copies import filled
from trends.models import DailyDemand, SkillTrend

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "dsse"
SEARCHES = 114_073
AS_OF = ["2018-07-01", "2020-07-01"]
PIECES = 7

pytestmark = pytest.mark.skipif(
    not DATA.exists(), reason="the Stack Exchange data is not kept in the repository"
)

Table = list[tuple[Any, ...]]


def in_order() -> list[dict[str, int]]:
    """Import the data as it is, count and measure it; what the import said."""
    run("import_skills", DATA / "skills.csv")
    said = imported(DATA / "searches.csv.gz")
    measure()
    return [said]


def in_pieces() -> list[dict[str, int]]:
    """Import the data shuffled, in PIECES files, and all of them again in reverse."""
    run("import_skills", DATA / "skills.csv")
    with TemporaryDirectory() as folder:
        pieces = shuffled(DATA / "searches.csv.gz", Path(folder))
        said = [imported(*pieces), imported(*reversed(pieces))]
    measure()
    return said


def measure() -> None:
    for day in AS_OF:
        run("refresh_trends", "--as-of", day)


ROADS = {"in order": in_order, f"shuffled, in {PIECES} pieces, twice": in_pieces}
by_both_roads = pytest.mark.parametrize("tallies", ROADS, indirect=True, scope="module")
by_the_usual_road = pytest.mark.parametrize("tallies", ["in order"], indirect=True, scope="module")


@pytest.fixture(scope="module")
def tallies(request: pytest.FixtureRequest, emptied: Callable[[], None]) -> list[dict[str, int]]:
    """The data imported and measured by one of two roads; what each import said."""
    return filled(ROADS[request.param])


def run(command: str, *arguments: object) -> str:
    out = io.StringIO()
    call_command(command, *map(str, arguments), stdout=out, stderr=io.StringIO())
    return out.getvalue()


def imported(*files: Path) -> dict[str, int]:
    tally: dict[str, int] = json.loads(run("import_searches", *files).splitlines()[-1])
    return tally


def shuffled(file: Path, folder: Path) -> list[Path]:
    """The rows of a file in another order, as PIECES files with its header."""
    with gzip.open(file, "rt") as stream:
        header, *rows = stream.readlines()
    random.Random(1).shuffle(rows)
    pieces = [folder / f"{number}.csv" for number in range(PIECES)]
    for number, piece in enumerate(pieces):
        piece.write_text(header + "".join(rows[number::PIECES]))
    return pieces


@by_both_roads
def test_every_search_is_taken_once(tallies: list[dict[str, int]]) -> None:
    taken = {"received": SEARCHES, "accepted": SEARCHES, "duplicate": 0, "rejected": 0}
    known = {"received": SEARCHES, "accepted": 0, "duplicate": SEARCHES, "rejected": 0}
    assert tallies == [taken, known][: len(tallies)]


@by_the_usual_road
def test_importing_again_changes_nothing(tallies: list[dict[str, int]]) -> None:
    before = checksums()
    assert imported(DATA / "searches.csv.gz")["duplicate"] == SEARCHES
    skills = json.loads(run("import_skills", DATA / "skills.csv"))
    assert skills["duplicate"] == skills["received"]
    assert run("refresh_trends", "--as-of", AS_OF[-1])
    assert checksums() == before


def checksums() -> dict[str, str]:
    """A digest of all rows of each table that holds what was imported, or counted from it."""
    tables = ["skills_skill", "skills_skillalias", "skills_termskill", "searches_searchevent"]
    with connection.cursor() as cursor:
        found = {}
        for table in [*tables, "trends_dailydemand", "trends_dailytermdemand"]:
            # Recounted rows have new ids; everything else must stay.
            row = "to_jsonb(t) - 'id'" if table.startswith("trends_") else "to_jsonb(t)"
            cursor.execute(
                f"SELECT md5(string_agg(({row})::text, '' ORDER BY ({row})::text)) FROM {table} t"
            )
            (found[table],) = cursor.fetchone()
        return found


@by_both_roads
def test_every_skill_has_its_golden_count_on_every_day(tallies: list[dict[str, int]]) -> None:
    with gzip.open(DATA / "golden_daily.csv.gz", "rt") as stream:
        golden = {(r["day"], r["query"]): int(r["searches"]) for r in csv.DictReader(stream)}
    counted = DailyDemand.objects.worldwide().filter(skill__isnull=False)
    assert {
        (day.isoformat(), name): searches
        for day, name, searches in counted.values_list("day", "skill__name", "searches")
    } == golden


@pytest.fixture(scope="module")
def reader(tallies: list[dict[str, int]]) -> Client:
    """A client with a key: it gets exact figures."""
    return Client(headers={"authorization": "Bearer " + ApiKey.issue("reader")})


@by_both_roads
@pytest.mark.parametrize("as_of", AS_OF)
def test_the_api_tells_the_golden_growth(reader: Client, as_of: str) -> None:
    run("refresh_trends", "--as-of", as_of)
    rows = {row["skill"]["name"]: row for row in every_row(reader, as_of)}
    with (DATA / "golden_growth.csv").open() as stream:
        golden = [row for row in csv.DictReader(stream) if row["as_of"] == as_of]
    assert golden
    measured = {name: counts(row) for name, row in rows.items()}
    for row in golden:
        wanted = tuple(int(row[f"{count}_{window}"]) for count in "nN" for window in "cby")
        # A skill nobody searched for in these periods has no row, and nothing to tell.
        assert measured.get(row["skill"], (0, 0, 0, *wanted[3:])) == wanted, row["skill"]
        if row["skill"] in rows:
            ratio = rows[row["skill"]]["growth"]["ratio"]
            assert ratio == pytest.approx(float(row["rr_b"]), abs=5e-7), row["skill"]


def every_row(reader: Client, as_of: str) -> Iterator[dict[str, Any]]:
    address: str | None = "/api/v1/trends/skills/?limit=300"
    while address:
        page = reader.get(address).json()
        assert page["snapshot"]["as_of"] == as_of
        yield from page["results"]
        address = page["next"]


def counts(row: dict[str, Any]) -> tuple[int, ...]:
    periods = [row[name] for name in ("current", "previous", "season")]
    people = [period["searchers"] for period in periods]
    return (*people, *(period["platform_searchers"] for period in periods))


@by_the_usual_road
def test_an_alias_taken_away_and_given_back_restores_every_figure(
    tallies: list[dict[str, int]],
) -> None:
    before = figures()
    # A text somebody did search for, else its loss would change nothing anyway.
    alias = SkillAlias.objects.get(text="svm")
    owner = alias.skill
    alias.delete()
    run("refresh_trends", "--as-of", AS_OF[-1])
    assert all(now != then for now, then in zip(figures(), before, strict=True))
    Skill.objects.get(pk=owner.pk).claim("svm")
    run("refresh_trends", "--as-of", AS_OF[-1])
    assert figures() == before


def figures() -> tuple[Table, Table]:
    """All daily demand and all trends of the last day, but for the ids of rows and snapshots."""
    demand = [f.attname for f in DailyDemand._meta.concrete_fields if f.name != "id"]
    trend = [
        f.attname for f in SkillTrend._meta.concrete_fields if f.name not in {"id", "snapshot"}
    ]
    of_last = SkillTrend.objects.filter(snapshot__as_of=AS_OF[-1])
    return (
        list(DailyDemand.objects.order_by(*demand).values_list(*demand)),
        list(of_last.order_by("country", "window", "skill").values_list(*trend)),
    )
