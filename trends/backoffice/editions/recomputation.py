"""An edition computed again from what it was computed from: the same numbers, or which differ."""

import hashlib
import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models, transaction

from trends.backoffice.editions.file import file_of
from trends.backoffice.editions.past_inputs import changed, figures, put_back
from trends.counting import sql
from trends.counting.progress import Progress
from trends.measuring.snapshot import measure, one_state_of_the_database
from trends.models import (
    CountrySupply,
    EarningsTotal,
    EarningsTrend,
    Edition,
    EditionProof,
    NextSkill,
    SkillMarket,
    TrendSnapshot,
)
from trends.published.rows import Reader

# Other machines add floats in another order; what agrees so far is the same number.
ALIKE = 1e-9
# Differences shown: enough to see what kind they are.
SHOWN = 10
# Whose figures come from orders, gigs and sellers, of which only the present is kept.
MONEY = (EarningsTrend, EarningsTotal, SkillMarket, CountrySupply, NextSkill)
PLACE = ("window", "country", "skill_id", "category_id")
OF_MONEY = {"gigs", "orders", "rates"}
# Columns that are younger than the first editions, which have nothing in them: nor are they
# compared there.
LATER: dict[type[models.Model], list[str]] = {EarningsTrend: ["newcomers_won"]}

_DIFFERENT = """
SELECT was, now FROM (
    SELECT {key} AS key, to_jsonb(t) - %(left_out)s::text[] AS was FROM public.{table} t
    WHERE snapshot_id = %(snapshot)s
) AS a FULL JOIN (
    SELECT {key} AS key, to_jsonb(t) - %(left_out)s::text[] AS now FROM pg_temp.{table} t
    WHERE snapshot_id = %(snapshot)s
) AS b USING (key)
WHERE was IS DISTINCT FROM now ORDER BY coalesce(was, now)::text
"""
_ROWS = """
SELECT greatest(
    (SELECT count(*) FROM public.{table} WHERE snapshot_id = %(snapshot)s),
    (SELECT count(*) FROM pg_temp.{table} WHERE snapshot_id = %(snapshot)s))
"""

_HELD = "SELECT count({name}) FROM public.{table} WHERE snapshot_id = %(snapshot)s"


@dataclass
class Recomputed:
    """What came of it: rows compared, those that differ with the first of them in words.

    `unproven` rows differ, too, but are of money, and orders, gigs, sellers or rates were changed
    since. `changed` names all inputs that are not what they were.
    """

    edition: str
    rows: int = 0
    different: int = 0
    unproven: int = 0
    changed: list[str] = field(default_factory=list)
    checksum: str = ""
    first: list[str] = field(default_factory=list)

    @property
    def equal(self) -> int:
        return self.rows - self.different - self.unproven


def recompute(
    edition: Edition, *, progress: Progress = lambda done, total, rows: None
) -> Recomputed:
    """Compute an edition again, compare every row, and leave nothing behind."""
    result = Recomputed(edition.slug)
    with transaction.atomic():
        one_state_of_the_database()
        result.changed = changed(edition)
        put_back(edition)
        _measure_again(edition, progress)
        for model in figures():
            _compare(model, edition, result)
        _compare_noise(edition, result)
        result.checksum = hashlib.sha256(b"".join(_file(edition))).hexdigest()
        transaction.set_rollback(True)
    return result


def next_proof(now: datetime) -> EditionProof | None:
    """Take the next proof somebody asked for and nobody works on."""
    with transaction.atomic():
        waiting = EditionProof.objects.waiting(now).select_related("edition__snapshot")
        proof = waiting.select_for_update(skip_locked=True, of=("self",)).first()
        if proof:
            proof.begun_at = now
            proof.save(update_fields=["begun_at"])
    return proof


def prove(
    proof: EditionProof,
    *,
    now: Callable[[], datetime],
    progress: Progress = lambda done, total, rows: None,
) -> None:
    """Do a proof somebody asked for, and write down what came of it."""
    try:
        result = recompute(proof.edition, progress=progress)
    except Exception as problem:
        proof.error, proof.finished_at = type(problem).__name__, now()
        proof.save()
        raise
    for name in ("rows", "equal", "different", "unproven", "changed", "checksum"):
        setattr(proof, name, getattr(result, name))
    proof.finished_at = now()
    proof.save()


def _measure_again(edition: Edition, progress: Progress) -> None:
    before = edition.before_id and TrendSnapshot.objects.get(pk=edition.before_id)
    snapshot = edition.snapshot
    again = measure(
        snapshot.as_of, taxonomy=snapshot.taxonomy, before=before or None, progress=progress
    )
    assert again.pk == snapshot.pk, "its rows stand where the edition's stand"


def _file(edition: Edition) -> Iterator[bytes]:
    return file_of(Reader(edition.snapshot, edition=edition))


def _compare(model: type[models.Model], edition: Edition, result: Recomputed) -> None:
    """Count the rows of a table, and those that are not the same."""
    known: dict[str, Any] = {"snapshot": edition.snapshot_id, "left_out": _left_out(model, edition)}
    table, excused = model._meta.db_table, model in MONEY and _inputs(model) & set(result.changed)
    result.rows += sql.value(_ROWS.format(table=table), known)
    for row_was, row_now in sql.rows(_DIFFERENT.format(table=table, key=_key(model)), known):
        was, now = _row(row_was), _row(row_now)
        if not _alike(was, now):
            _note(result, _in_words(table, was, now), excused=bool(excused))


def _inputs(model: type[models.Model]) -> set[str]:
    """Return the inputs of a table that may have changed; countries of sellers have only one."""
    return {"gigs", "sellers"} if model is CountrySupply else OF_MONEY


def _left_out(model: type[models.Model], edition: Edition) -> list[str]:
    """Return the columns that are not compared: keys, and what the edition is too old for."""
    known, columns = {"snapshot": edition.snapshot_id}, ["id", "snapshot_id"]
    for name in LATER.get(model, []):
        if not sql.value(_HELD.format(name=name, table=model._meta.db_table), known):
            columns.append(name)
    return columns


def _compare_noise(edition: Edition, result: Recomputed) -> None:
    """Compare the noise that was found, one row more."""
    again = TrendSnapshot.objects.get(pk=edition.snapshot_id)
    result.rows += 1
    if not _alike(edition.snapshot.parameters, again.parameters):
        _note(result, "the noise of the market differs", excused=False)


def _note(result: Recomputed, difference: str, *, excused: bool) -> None:
    if excused:
        result.unproven += 1
    else:
        result.different += 1
    if len(result.first) < SHOWN:
        result.first.append(difference)


def _key(model: type[models.Model]) -> str:
    """Return the expression by which rows of one snapshot differ, nulls included."""
    (unique,) = (
        constraint
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
    )
    fields = [model._meta.get_field(name) for name in unique.fields]
    columns = [f't."{constraint.column}"' for constraint in fields if constraint.name != "snapshot"]  # type: ignore[union-attr]
    return f"jsonb_build_array({', '.join(columns)})"


def _row(text: Any) -> Any:
    return json.loads(text) if isinstance(text, str) else text


def _alike(was: Any, now: Any) -> bool:
    """Return whether two values are equal: counts exactly, other numbers to ALIKE."""
    if isinstance(was, float) or isinstance(now, float):
        numbers = isinstance(was, int | float) and isinstance(now, int | float)
        return numbers and math.isclose(was, now, rel_tol=ALIKE)
    if isinstance(was, dict) and isinstance(now, dict):
        return was.keys() == now.keys() and all(_alike(was[key], now[key]) for key in was)
    if isinstance(was, list) and isinstance(now, list):
        return len(was) == len(now) and all(map(_alike, was, now))
    return bool(was == now)


def _in_words(table: str, was: Any, now: Any) -> str:
    if was is None or now is None:
        return f"{table}: a row {'more' if was is None else 'less'}: {was or now}"
    figures = {name: (was[name], now[name]) for name in was if not _alike(was[name], now[name])}
    place = {name: was[name] for name in PLACE if name in was}
    return f"{table} {place}: {figures}"
