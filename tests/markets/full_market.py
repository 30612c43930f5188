"""A market with something in every table the admin shows."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.contrib.postgres.fields import ArrayField
from django.db import models

from marketplace.gigs.importing import import_orders, import_rates
from marketplace.imports.rows import Row
from marketplace.searches.intake import take_in
from marketplace.searches.models import ApiKey
from marketplace.skills import edits
from marketplace.skills.models import Skill
from tests.conftest import NOON, TODAY, search_row
from tests.markets.reference import Market, event, flood
from trends.backoffice.candidates import queue
from trends.counting.daily_rollup import mark_dirty, roll_up
from trends.measuring.snapshot import compute
from trends.models import CandidateTerm, ReviewFlag

# What a field holds in a row made only to be looked at.
ANYTHING: dict[type[models.Field[Any, Any]], Any] = {
    models.CharField: "python",
    models.TextField: "python",
    models.DateField: TODAY,
    models.DateTimeField: NOON,
    models.IntegerField: 12,
    models.FloatField: 1.5,
    models.BinaryField: b"",
    models.JSONField: dict,
    ArrayField: list,
}


def full_market() -> Market:
    """Fill the empty database."""
    market = Market()
    ApiKey.issue("shop")
    Group.objects.get_or_create(name="editors")
    market.send([*(event(number) for number in range(60)), *flood("u1", queries=61)])
    market.send(event(number, day=TODAY - timedelta(days=400)) for number in range(60))
    take_in([Row(1, search_row(query=""))], source=market.source, now=NOON)
    for number in range(20):
        market.offer(f"g{number}", f"seller {number}", "python", 1)
    day = NOON.isoformat()
    order = {"buyer_id": "u2", "amount": "5", "currency": "USD", "status": "completed"}
    order |= {"ordered_at": day, "completed_at": day}
    import_orders([Row(n, order | {"order_id": f"o{n}", "gig_id": f"g{n}"}) for n in range(20)])
    import_rates([Row(1, {"date": day, "currency": "EUR", "rate": "1.1"})])
    roll_up()
    compute(TODAY + timedelta(days=1))
    ReviewFlag.objects.create(
        skill=Skill.objects.get(name="Python"),
        reason="largest_searcher",
        value=0.2,
        threshold=0.1,
        first_raised=TODAY,
        last_raised=TODAY,
    )
    mark_dirty([TODAY])
    curate()
    for model in admin.site._registry:
        one_of(model)
    return market


def curate() -> None:
    """An edit of the taxonomy and a decision about a candidate, both to be undone."""
    somebody = User.objects.create_user("somebody", is_staff=True)
    edits.add_alias(Skill.objects.get(name="Python"), "snake", by=somebody, reason="a test")
    queue.reject(one_of(CandidateTerm).pk, reason="a test", by=somebody, now=NOON)


def one_of(model: type[models.Model]) -> models.Model:
    """A row of the model: the first there is, or one made up."""
    manager = model._default_manager
    return manager.first() or manager.create(**{f.name: anything(f) for f in _asked_for(model)})


def anything(field: models.Field[Any, Any]) -> Any:
    if isinstance(field, models.ForeignKey):
        return one_of(field.related_model)
    if field.choices:
        return field.choices[0][0]
    found = next(value for kind, value in ANYTHING.items() if isinstance(field, kind))
    return found() if callable(found) else found


def _asked_for(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The fields of a row that nothing is assumed of."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    return [field for field in fields if not (field.null or field.has_default())]
