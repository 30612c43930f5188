"""The taxonomy out as a file and in again: every difference told before it is made."""

import csv
import io
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from marketplace.skills import edits
from marketplace.skills.matching import current_taxonomy
from marketplace.skills.models import Category, Skill, SkillAlias, TaxonomyEdit
from tests.conftest import signed_in

TAXONOMIES = Path(__file__).resolve().parents[3] / "shared" / "data" / "taxonomy"
# Rows of a real file: the rest of it tells nothing new, and takes minutes.
ENOUGH = 300
PAGE = "admin:skills_taxonomyedit_import"
FILE = """name,category,aliases,ai
Python,Design,py|python3,yes
React,Programming > Web,reactjs|py,
Ruby,Programming > Web,rb,
C++,Programming > Web,,
"""


def named() -> dict[str, tuple[str, str, bool]]:
    """What every text names, by names that outlive the rows."""
    skills = {
        skill.pk: (skill.name, str(skill.category), skill.is_ai)
        for skill in Skill.objects.select_related("category__parent")
    }
    return {text: skills[pk] for text, pk in current_taxonomy().phrases.items()}


def run(command: str, *arguments: object) -> list[str]:
    out = io.StringIO()
    call_command(command, *map(str, arguments), stdout=out, stderr=io.StringIO())
    return out.getvalue().splitlines()


@pytest.fixture
def edited(skills: dict[str, Skill]) -> dict[str, Skill]:
    """Five skills of which one was merged, one is retired, one renamed and its category, too."""
    why: dict[str, Any] = {"by": None, "reason": "so that files have something to lose"}
    edits.merge(skills["React Native"], into=skills["React"], **why)
    edits.retire(skills["Logo Design"], **why)
    edits.rename(skills["Python"], 'Snake, "the" one', **why)
    Category.objects.filter(name="Web").update(name="Sites, apps")
    Skill.objects.filter(name="C++").update(is_ai=True)
    return skills


def test_what_was_exported_changes_nothing_when_it_is_imported(
    edited: dict[str, Skill], tmp_path: Path
) -> None:
    before, count = named(), TaxonomyEdit.objects.count()
    assert run("export_skills", tmp_path / "skills.csv") == []
    *told, tally = run("import_skills", "--dry-run", tmp_path / "skills.csv")
    assert told == []
    assert json.loads(tally)["duplicate"] == 3
    run("import_skills", tmp_path / "skills.csv")
    assert (named(), TaxonomyEdit.objects.count()) == (before, count)
    assert run("export_skills") == (tmp_path / "skills.csv").read_text().splitlines()


def test_an_export_is_the_same_taxonomy_in_another_database(
    edited: dict[str, Skill], tmp_path: Path
) -> None:
    before = named()
    run("export_skills", tmp_path / "skills.csv")
    TaxonomyEdit.objects.all().delete()
    Skill.objects.filter(merged_into__isnull=False).delete()
    Skill.objects.all().delete()
    Category.objects.filter(parent__isnull=False).delete()
    Category.objects.all().delete()
    run("import_skills", tmp_path / "skills.csv")
    assert named() == before


DIFFERENCES = [
    "+ python3 → Python",
    "~ Python: Programming > Web → Design",
    "~ Python: works with AI: yes",
    '! line 3: aliases: "py" already names the skill "Python"',
    "+ Ruby (Programming > Web)",
    "+ rb → Ruby",
]


def test_a_dry_run_tells_every_difference_and_makes_none(
    skills: dict[str, Skill], tmp_path: Path
) -> None:
    (tmp_path / "skills.csv").write_text(FILE)
    before = named()
    *told, tally = run("import_skills", "--dry-run", tmp_path / "skills.csv")
    assert sorted(told) == sorted(DIFFERENCES)
    assert json.loads(tally) == {"received": 4, "accepted": 2, "duplicate": 1, "rejected": 1}
    assert named() == before
    run("import_skills", tmp_path / "skills.csv")
    assert named() == before | {
        "python": ("Python", "Design", True),
        "py": ("Python", "Design", True),
        "python3": ("Python", "Design", True),
        "ruby": ("Ruby", "Programming > Web", False),
        "rb": ("Ruby", "Programming > Web", False),
    }
    assert set(TaxonomyEdit.objects.values_list("kind", "reason")) == {
        ("move", "Imported from skills.csv"),
        ("alias", "Imported from skills.csv"),
        ("add", "Imported from skills.csv"),
    }


def test_a_row_of_a_merged_or_retired_skill_brings_neither_back(
    edited: dict[str, Skill], tmp_path: Path
) -> None:
    file = tmp_path / "skills.csv"
    lines = ["name,category,aliases", "React Native,Mobile,rn", "Logo Design,Mobile,"]
    file.write_text("\n".join([*lines, "Logo Design,Mobile,ld"]))
    *told, _ = run("import_skills", "--dry-run", file)
    assert told == [
        "+ rn → React Native",
        '! line 4: "Logo Design" is retired; restore it first.',
    ]
    run("import_skills", file)
    assert SkillAlias.objects.get(text="rn").skill.name == "React"
    assert named()["rn"] == named()["react"]


@pytest.fixture
def ada(db: None) -> Client:
    return signed_in(User.objects.create_superuser("ada"))


def upload(client: Client, content: str) -> str:
    """Upload a file; the signed copy that comes with the page of its differences."""
    file = SimpleUploadedFile("skills.csv", content.encode())
    answer = client.post(reverse(PAGE), {"file": file})
    return str(answer.context["form"].initial["signed"])


def test_what_was_looked_through_is_what_is_applied(skills: dict[str, Skill], ada: Client) -> None:
    before = named()
    signed = upload(ada, FILE)
    assert named() == before
    for wrong in (signed[:-1], signed + "x", "x", ""):
        ada.post(reverse(PAGE), {"signed": wrong, "reason": "they asked"})
    bob = signed_in(User.objects.create_superuser("bob"))
    bob.post(reverse(PAGE), {"signed": signed, "reason": "they asked"})
    ada.post(reverse(PAGE), {"signed": signed, "reason": ""})
    assert named() == before
    ada.post(reverse(PAGE), {"signed": signed, "reason": "they asked"})
    assert {"ruby", "python3"} <= named().keys()
    edit = TaxonomyEdit.objects.filter(kind="add").get()
    assert (str(edit.made_by), edit.reason) == ("ada", "they asked")


def test_a_file_that_is_none_is_refused_in_words(skills: dict[str, Skill], ada: Client) -> None:
    for content in (b"", b"\xff\xfe", b"name,aliases\n"):
        file = SimpleUploadedFile("skills.csv", content or b"\n")
        answer = ada.post(reverse(PAGE), {"file": file}, follow=True)
        assert "The file " in answer.content.decode()


def test_the_admin_exports_what_the_command_does(skills: dict[str, Skill], ada: Client) -> None:
    answer = ada.get(reverse("admin:skills_taxonomyedit_export"))
    assert answer.content.decode().splitlines() == run("export_skills")


def stack_overflow() -> Iterator[list[str]]:
    """Tag synonyms: an alias each, the master tag its skill."""
    aliases: dict[str, list[str]] = {}
    for row in rows("so_tag_synonyms.csv"):
        aliases.setdefault(row["tag"], []).append(row["alias"])
    for tag, of_tag in aliases.items():
        yield [tag.replace("-", " "), "Programming", "|".join(of_tag)]


def github() -> Iterator[list[str]]:
    for row in rows("github_topics.csv"):
        aliases = "|".join(part.strip() for part in row["aliases"].split(","))
        yield [row["display_name"] or row["topic"], "Topics", f"{row['topic']}|{aliases}"]


def linguist() -> Iterator[list[str]]:
    for row in rows("linguist_languages.csv"):
        yield [row["language"], f"Languages > {row['type']}", row["aliases"].replace(",", "|")]


def rows(name: str) -> Iterator[dict[str, str]]:
    with (TAXONOMIES / name).open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


@pytest.mark.skipif(not TAXONOMIES.exists(), reason="these files are not kept in the repository")
@pytest.mark.parametrize("mapped", [stack_overflow, github, linguist])
@pytest.mark.django_db
def test_a_real_taxonomy_goes_in_and_out_and_in_again(mapped: object, tmp_path: Path) -> None:
    assert callable(mapped)
    with (tmp_path / "in.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["name", "category", "aliases"], *islice(mapped(), ENOUGH)])
    first = json.loads(run("import_skills", tmp_path / "in.csv")[-1])
    assert first["accepted"] > 0.8 * first["received"]
    before = named()
    again = json.loads(run("import_skills", tmp_path / "in.csv")[-1])
    assert again["accepted"] == 0
    run("export_skills", tmp_path / "out.csv")
    *told, tally = run("import_skills", "--dry-run", tmp_path / "out.csv")
    assert told == []
    assert json.loads(tally)["duplicate"] == Skill.objects.active().count()
    assert named() == before
