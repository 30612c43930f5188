"""How much of a skill's rise comes from edits of the taxonomy, and how much from people.

Every count is read anew with the names of today, in all windows alike, so an edit by itself is no
growth. It can still change the growth: a name added may have risen faster than the rest.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from marketplace.skills.matching import current_taxonomy
from marketplace.skills.models import Skill, TaxonomyEdit
from marketplace.skills.phrases_then import phrases_at
from trends.backoffice.taxonomy.hypothetical import (
    NEW,
    count_as_if,
    measure_as_if,
    people,
    terms_as_if,
)
from trends.counting.windows import periods
from trends.models import TrendSnapshot, Window
from trends.wording import numbers

# Edits that may change which searches count for a skill; the others change what it is called.
COUNTED = (
    *(TaxonomyEdit.Kind.MERGE, TaxonomyEdit.Kind.SPLIT, TaxonomyEdit.Kind.RENAME),
    *(TaxonomyEdit.Kind.RESTORE, TaxonomyEdit.Kind.ALIAS, TaxonomyEdit.Kind.UNALIAS),
)


@dataclass(frozen=True, slots=True)
class Impact:
    """A skill's half-years with the names of today and with those at the start of the current one.

    `gained` are the people of the current window who come through the edits, negative where more
    went; `ratio_then` is None where no name of then is left to compare.
    """

    since: date
    current: int
    previous: int
    ratio: float | None
    current_then: int
    previous_then: int
    ratio_then: float | None

    @property
    def gained(self) -> int:
        return self.current - self.current_then

    @property
    def lost(self) -> int:
        return -self.gained

    @property
    def growth(self) -> str:
        return numbers.growth(self.ratio) if self.ratio is not None else ""

    @property
    def growth_then(self) -> str:
        return numbers.growth(self.ratio_then) if self.ratio_then is not None else ""


def edits_since(skill: Skill, day: date) -> list[TaxonomyEdit]:
    """Return the edits since a day that may change what counts for a skill, the last first."""
    edits = TaxonomyEdit.objects.about(skill).filter(kind__in=COUNTED, undone_at=None)
    return list(edits.filter(made_at__gte=_midnight(day)))


def impact(skill: Skill, snapshot: TrendSnapshot) -> Impact | None:
    """Return what the edits of the current half-year changed; None for the same names."""
    start = periods(Window.HALF_YEAR, snapshot.as_of)["c"].start
    now, then = current_taxonomy().phrases, phrases_at(_midnight(start))
    texts = {text for text, named in now.items() if named == skill.pk}
    texts_then = {text for text, named in then.items() if named == skill.pk}
    if texts == texts_then:
        return None
    # How other skills were edited is not what is asked: their names stay those of today.
    others = {text: named for text, named in now.items() if named != skill.pk}
    edited = texts ^ texts_then
    terms = terms_as_if(now, [skill.pk], near=skill.pk, texts=edited)
    terms |= terms_as_if(
        others | dict.fromkeys(texts_then, NEW), [NEW], near=skill.pk, texts=edited
    )
    counts = count_as_if(terms, offered=[skill.pk], as_of=snapshot.as_of)
    measured = measure_as_if(snapshot, counts, gone=[skill.pk])
    return Impact(
        since=start,
        current=people(counts, skill.pk, "c"),
        previous=people(counts, skill.pk, "b"),
        ratio=measured.ratio(skill.pk) if measured else None,
        current_then=people(counts, NEW, "c"),
        previous_then=people(counts, NEW, "b"),
        ratio_then=measured.ratio(NEW) if measured and texts_then else None,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
