"""Each page and action of the admin is for whom it is meant: a walk over all its addresses."""

import re
from collections.abc import Callable, Iterator
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client

from marketplace.readonly import GuardedAdmin
from tests.conftest import member, signed_in
from tests.markets.full_market import full_market
from tests.tools.admin_walk import Page, all_pages, answer, content, posts, undone
from tests.tools.copies import filled
from trends.admin.groups import make_groups

GROUPS = ("viewer", "reviewer", "editor", "operator")
REVIEWERS = {"reviewer", "editor"}
EDITORS = {"editor"}
OPERATORS = {"operator"}

# Who may change something there, by the name of the address and the action of a list. What is not
# named is for nobody but superusers, or only to look at: a new page stands here first.
CHANGES: dict[str, set[str]] = {
    "searches_apikey_add": OPERATORS,
    "searches_apikey_revoke": OPERATORS,
    "searches_apikey_rotate": OPERATORS,
    "searches_rejectedrow_changelist": OPERATORS,
    "searches_rejectedrow_changelist replay": OPERATORS,
    "searches_source_change": OPERATORS,
    "skills_category_add": EDITORS,
    "skills_category_change": EDITORS,
    "skills_skill_add": EDITORS,
    "skills_skill_change": EDITORS,
    "skills_skillalias_add": EDITORS,
    "skills_taxonomyedit_import": EDITORS,
    "skills_taxonomyedit_merge": EDITORS,
    "skills_taxonomyedit_restore": EDITORS,
    "skills_taxonomyedit_retire": EDITORS,
    "skills_taxonomyedit_split": EDITORS,
    "skills_taxonomyedit_undo": EDITORS,
    "trends_candidatedecision_undo": REVIEWERS,
    "trends_candidateterm_decide": REVIEWERS,
    "trends_candidateterm_hold": REVIEWERS,
    "trends_candidateterm_release": REVIEWERS,
    "trends_discoverythresholds_change": EDITORS,
    "trends_discoverythresholds_preview": EDITORS,
    "trends_edition_change": EDITORS,
    "trends_edition_correct": EDITORS,
    "trends_edition_discard": EDITORS,
    "trends_edition_draft": EDITORS,
    "trends_edition_prove": EDITORS,
    "trends_edition_publish": EDITORS,
    "trends_pipelinerun_retry": OPERATORS,
    "trends_pipelinerun_start": OPERATORS,
    "trends_reviewflag_change": REVIEWERS,
    "trends_reviewflag_changelist": REVIEWERS,
    "trends_reviewflag_changelist clear": REVIEWERS,
    "trends_reviewflag_changelist uphold": REVIEWERS,
}
# Everybody's own: signing in and out, the own password.
OWN = {"login", "logout", "password_change", "password_change_done"}
# What shows or sends on and does nothing else, whatever it is asked; redirects have no name.
SHOWN = {"index", "app_list", "jsi18n", "autocomplete", "view_on_site", ""}
# Django's pages that show a row to those who may see it and change it for those who may.
BOTH = ("_change", "_changelist", "_history")
REFUSED = {403, 404, 405}


@pytest.fixture(scope="module")
def pages(emptied: Callable[[], None]) -> list[Page]:
    filled(full_market)
    return all_pages()


@pytest.fixture(autouse=True)
def _nothing_is_left_behind(pages: list[Page], people: dict[str, User]) -> Iterator[None]:
    """Nor by another connection than ours."""
    before = content()
    yield
    assert content() == before


@pytest.fixture(scope="module")
def people(pages: list[Page]) -> dict[str, User]:
    return {name: member(name) for name in GROUPS}


def changers(page: Page, action: str = "") -> set[str]:
    return CHANGES.get(f"{page.name} {action}".strip(), set())


def test_every_page_of_the_admin_is_guarded(pages: list[Page]) -> None:
    """Those of Django's own users and groups are for superusers."""
    ours = [one for model, one in admin.site._registry.items() if model not in {User, Group}]
    assert [str(one) for one in ours if not isinstance(one, GuardedAdmin)] == []


def test_who_is_not_signed_in_is_sent_to_the_login(pages: list[Page]) -> None:
    for one in pages:
        if one.name in OWN:
            continue
        for form in (None, *posts(one)):
            back, traced = answer(Client(), one, form)
            assert (back.status_code, traced) == (302, False), one
            assert back["Location"].startswith("/admin/login/?next="), one


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_changes_what_it_may_and_nothing_else(
    pages: list[Page], people: dict[str, User], group: str
) -> None:
    client, wrong = signed_in(people[group]), []
    for one in pages:
        if one.name in OWN:
            continue
        for form in posts(one):
            back, traced = answer(client, one, form)
            if group in changers(one, form.get("action", "")):
                # It may be that nothing is there to be done, as with a skill never retired.
                well = back.status_code < 500 and back.status_code not in {403, 405}
            else:
                well = not traced and (one.name in SHOWN or back.status_code in REFUSED)
            if not well:
                wrong.append(f"{one} {form} {back.status_code} {'wrote' if traced else ''}")
    assert "\n".join(wrong) == ""


@pytest.mark.parametrize("group", GROUPS)
def test_a_look_changes_nothing_and_shows_what_the_group_may_see(
    pages: list[Page], people: dict[str, User], group: str
) -> None:
    client, wrong = signed_in(people[group]), []
    for one in pages:
        if one.name in {*OWN, *SHOWN}:
            continue
        changes = one.name.endswith(("_add", "_delete")) or one.name in CHANGES
        to_look_at = one.name.endswith(BOTH) or not changes
        may = one.seen_by(people[group]) if to_look_at else group in changers(one)
        back, traced = answer(client, one, None)
        only_posted = changes and back.status_code == 405
        if traced or not (only_posted or (back.status_code == 403) != may):
            wrong.append(f"{one} {back.status_code} {'wrote' if traced else ''}")
    assert "\n".join(wrong) == ""


def permissions(group: str) -> set[str]:
    found = Group.objects.get(name=group).permissions
    return {
        f"{app}.{name}" for app, name in found.values_list("content_type__app_label", "codename")
    }


def test_each_group_may_what_the_one_before_may_and_nobody_sees_single_people(
    pages: list[Page],
) -> None:
    viewer, reviewer, editor, operator = (permissions(group) for group in GROUPS)
    assert viewer < reviewer < editor
    assert viewer < operator
    assert all(".view_" in permission for permission in viewer)
    about_one = {"searchevent", "excludedsearcher", "knownoffer", "order", "gig", "seller"}
    of_few = {"searchterm", "termskill", "termcategory", "dailytermdemand", "dailydemand"}
    granted = {one.split("_", 1)[1] for one in editor | operator}
    assert granted.isdisjoint(about_one | of_few | {"user", "group", "permission"})
    assert {one for one in viewer if "reviewflag" in one or "rejectedrow" in one} == set()


def test_groups_somebody_has_edited_stay_as_they_are(pages: list[Page]) -> None:
    with undone():
        Group.objects.get(name="viewer").permissions.clear()
        Group.objects.get(name="operator").delete()
        make_groups()
        assert permissions("viewer") == set()
        assert "trends.retry_pipelinerun" in permissions("operator")


def test_taken_back_the_groups_go_unless_somebody_is_in(people: dict[str, User]) -> None:
    remove = import_module("trends.migrations.0006_groups").remove_groups
    with undone(), connection.schema_editor() as editor:
        people["viewer"].groups.clear()
        remove(apps, editor)
        left = Group.objects.filter(name__in=GROUPS).values_list("name", flat=True)
        assert set(left) == {"reviewer", "editor", "operator"}


def test_the_index_shows_each_what_waits_for_them(people: dict[str, User]) -> None:
    waits = {
        "viewer": [],
        "reviewer": ["Phrases without a skill", "Flags to decide"],
        "editor": ["Phrases without a skill", "Flags to decide", "Drafts of editions"],
        "operator": ["Runs that broke", "Rows to replay"],
    }
    for group, expected in waits.items():
        found = re.findall(r"<dt><a[^>]*>([^<]+)</a></dt>", index_of(people[group]))
        assert found == expected
    flags = re.search(r"Flags to decide</a></dt>\s*<dd>(\d+)<", index_of(people["reviewer"]))
    assert flags is not None
    assert flags[1] == "1"


def test_who_is_in_no_group_is_told_whom_to_ask(pages: list[Page]) -> None:
    with undone():
        assert "You are in no group yet" in index_of(member())


def index_of(user: User) -> str:
    return signed_in(user).get("/admin/").content.decode()
