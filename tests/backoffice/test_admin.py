"""The admin: every page opens, in few queries, and the taxonomy's rules hold there too."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.readonly import ReadOnlyAdmin
from marketplace.skills.models import Category, Skill, SkillAlias
from tests.conftest import signed_in
from tests.markets.full_market import full_market
from tests.markets.reference import Market
from tests.tools.copies import filled
from trends.models import DiscoveryThresholds

# Session, user, counts, filters, the rows with what they name: more would grow with the rows.
MOST_QUERIES = 14
REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label)
every_model = pytest.mark.parametrize(
    "model", REGISTERED, ids=[model._meta.model_name for model in REGISTERED]
)


@pytest.fixture(scope="module")
def market(emptied: Callable[[], None]) -> Market:
    return filled(full_market)


@pytest.fixture
def staff(market: Market) -> Client:
    user, _ = User.objects.get_or_create(username="boss", is_staff=True, is_superuser=True)
    return signed_in(user)


def opens(staff: Client, address: str) -> str:
    with CaptureQueriesContext(connection) as queries:
        response = staff.get(address)
    assert response.status_code == 200, address
    assert len(queries) <= MOST_QUERIES, [query["sql"][:100] for query in queries]
    return response.content.decode()


def address(model: type[models.Model], page: str, *arguments: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=arguments)


def test_the_index_and_each_app_open(staff: Client) -> None:
    opens(staff, reverse("admin:index"))
    for label in {model._meta.app_label for model in REGISTERED}:
        opens(staff, reverse("admin:app_list", args=[label]))


@every_model
def test_its_list_its_search_and_one_of_it_open(staff: Client, model: type[models.Model]) -> None:
    one = model._default_manager.first()
    assert one is not None, "without a row the page proves nothing"
    listing = address(model, "changelist")
    assert "result_list" in opens(staff, listing)
    if admin.site._registry[model].search_fields:
        opens(staff, f"{listing}?q=1")
    opens(staff, address(model, "change", one.pk))
    opens(staff, address(model, "history", one.pk))


@every_model
def test_it_can_be_added_where_hands_may_add_it(staff: Client, model: type[models.Model]) -> None:
    response = staff.get(address(model, "add"))
    # There is one set of thresholds; it is changed and never added to.
    closed = isinstance(admin.site._registry[model], ReadOnlyAdmin) or model is DiscoveryThresholds
    assert response.status_code == (403 if closed else 200)


def test_nobody_else_gets_in(market: Market) -> None:
    assert Client().get(reverse("admin:index")).status_code == 302


def alias_forms(*texts: str) -> dict[str, object]:
    """What the browser sends for new rows of the aliases under a skill."""
    counts = {"TOTAL_FORMS": len(texts), "INITIAL_FORMS": 0}
    return {f"aliases-{name}": value for name, value in counts.items()} | {
        f"aliases-{number}-text": text for number, text in enumerate(texts)
    }


def skill_form(name: str, **fields: object) -> dict[str, object]:
    return {
        "name": name,
        "slug": "-".join(name.lower().split()),
        "category": Category.objects.get(name="Web").pk,
        "status": "active",
        "tracked_since": "2024-01-01",
        "reason": "people ask for it",
    } | fields


def test_a_skill_added_by_hand_claims_its_name_and_its_aliases(staff: Client) -> None:
    form = skill_form("Type Script") | alias_forms("TS!", "typed  JS")
    response = staff.post(address(Skill, "add"), form)
    assert response.status_code == 302, response.content.decode()
    texts = SkillAlias.objects.filter(skill__name="Type Script").values_list("text", flat=True)
    assert set(texts) == {"type script", "ts", "typed js"}


def test_a_name_or_alias_of_another_skill_is_refused_naming_the_owner(staff: Client) -> None:
    taken = "&quot;python&quot; already names the skill &quot;Python&quot;"
    form = skill_form("Snakes") | alias_forms("Python!")
    assert taken in staff.post(address(Skill, "add"), form).content.decode()
    assert not Skill.objects.filter(name="Snakes").exists()
    form = skill_form("PYTHON.", slug="python-2") | alias_forms()
    assert taken in staff.post(address(Skill, "add"), form).content.decode()
    react = Skill.objects.get(name="React")
    alias = {"text": "python", "skill": react.pk}
    assert taken in staff.post(address(SkillAlias, "add"), alias).content.decode()
    assert SkillAlias.objects.get(text="python").skill.name == "Python"


def test_a_renamed_skill_keeps_its_old_name_as_an_alias(staff: Client) -> None:
    skill = Skill.objects.get(name="Logo Design")
    aliases = alias_forms() | {"aliases-TOTAL_FORMS": 1, "aliases-INITIAL_FORMS": 1}
    of_old = {"id": skill.aliases.get().pk, "skill": skill.pk, "text": "logo design"}
    form = skill_form("Logos") | aliases | {f"aliases-0-{k}": v for k, v in of_old.items()}
    response = staff.post(address(Skill, "change", skill.pk), form)
    assert response.status_code == 302, response.content.decode()
    assert {alias.text for alias in skill.aliases.all()} == {"logo design", "logos"}
