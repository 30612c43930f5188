"""The review queue: people decide what becomes of a phrase that no skill answers to."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction

from marketplace.celery import follow_soon
from marketplace.skills import edits
from marketplace.skills.models import AliasTaken, Category, Skill, SkillAlias
from marketplace.skills.normalise import normalise
from trends.models import CandidateDecision, CandidateTerm, DiscoveryThresholds

Kind = CandidateDecision.Kind
State = CandidateTerm.State

# What a decision changes of a candidate, and undoing it restores.
RESTORED = ("state", "skill_id", "merged_into_id", "snoozed_until")
# What makes use of the spellings that were merged into a candidate.
ON_SPELLINGS = (Kind.ACCEPT, Kind.ALIAS, Kind.MERGE)
# What changes the taxonomy.
EDITING = (Kind.ACCEPT, Kind.ALIAS)


class Refused(ValueError):
    """A decision that cannot be made; the message is for the person who wanted it."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as it was made, and what was said of spellings that stay with another skill."""

    decision: CandidateDecision
    kept: list[str] = field(default_factory=list)

    @property
    def candidate(self) -> CandidateTerm:
        return self.decision.candidate


def accept(
    pk: int,
    *,
    name: str = "",
    category: Category | None = None,
    by: User,
    now: datetime,
    note: str = "",
) -> Decided:
    """Make the candidate a skill that answers for all its spellings; as proposed if not told."""
    with _deciding(pk, Kind.ACCEPT, by=by, now=now, reason=note) as made:
        candidate = made.candidate
        category = category or candidate.proposed_category()
        if category is None:
            raise Refused("no skill is named alike, so choose a category")
        edit = edits.add_skill(
            name or candidate.proposed_name,
            category,
            aliases=_free(made),
            by=by,
            reason=_why(candidate, note),
        )
        made.decision.edits.add(edit)
        candidate.state, candidate.skill = State.ACCEPTED, edit.skill
    return made


def alias(pk: int, *, skill: Skill, by: User, now: datetime, note: str = "") -> Decided:
    """Let an existing skill answer for the candidate's spellings."""
    with _deciding(pk, Kind.ALIAS, by=by, now=now, reason=note) as made:
        candidate = made.candidate
        for text in _free(made, owner=skill):
            edit = edits.add_alias(skill, text, by=by, reason=_why(candidate, note))
            made.decision.edits.add(edit)
        candidate.state, candidate.skill = State.ALIAS, skill
    return made


def merge(pk: int, *, into: int, by: User, now: datetime, note: str = "") -> Decided:
    """Make the candidate a spelling of another one, to be decided with it."""
    with transaction.atomic():
        locked = {candidate.pk: candidate for candidate in _lock(pk, into)}
        with _deciding(pk, Kind.MERGE, by=by, now=now, reason=note) as made:
            if pk == into or into not in locked:
                raise Refused("choose another candidate to merge it with")
            _ensure_free(locked[into], by=by, now=now)
            made.candidate.state, made.candidate.merged_into = State.MERGED, locked[into]
    return made


def reject(pk: int, *, reason: str, by: User, now: datetime) -> Decided:
    """Keep the candidate out of the queue for good."""
    with _deciding(pk, Kind.REJECT, by=by, now=now, reason=reason) as made:
        made.candidate.state = State.REJECTED
    return made


def snooze(pk: int, *, by: User, now: datetime) -> Decided:
    """Let the candidate rest for the days the thresholds say."""
    with _deciding(pk, Kind.SNOOZE, by=by, now=now) as made:
        made.candidate.state = State.SNOOZED
        made.candidate.snoozed_until = now.date() + timedelta(
            days=DiscoveryThresholds.now().snooze_days
        )
    return made


def decide_each(
    pks: Iterable[int], decide: Callable[[int], Decided]
) -> tuple[list[Decided], list[str]]:
    """Decide each candidate by itself: what was decided, and why the others were not."""
    decided, refused = [], []
    for pk in pks:
        try:
            decided.append(decide(pk))
        except Refused as problem:
            refused.append(str(problem))
    return decided, refused


@transaction.atomic
def undo(pk: int, *, by: User, now: datetime) -> CandidateDecision:
    """Take a decision back, and all it changed, where nothing that came after stands on it."""
    candidate = CandidateTerm.objects.get(decisions=pk)
    _lock(candidate.pk, candidate.merged_into_id)
    # Read under the lock: somebody else may have been first.
    decision = CandidateDecision.objects.select_related("candidate", "undone_by").get(pk=pk)
    try:
        _ensure_nothing_stands_on(decision)
        for edit in decision.edits.order_by("-pk"):
            edits.undo(edit, by=by)
    except ValueError as problem:
        raise Refused(f"“{candidate}”: {problem}") from problem
    for name in RESTORED:
        setattr(decision.candidate, name, decision.before[name])
    decision.candidate.save(update_fields=RESTORED)
    decision.undone_at, decision.undone_by = now, by
    decision.save(update_fields=["undone_at", "undone_by"])
    if decision.kind in EDITING:
        follow_soon()
    return decision


@contextmanager
def _deciding(
    pk: int, kind: Kind, *, by: User, now: datetime, reason: str = ""
) -> Iterator[Decided]:
    """Decide one candidate, alone: it, the decision and the taxonomy change together or not."""
    with transaction.atomic():
        locked = _lock(pk)
        if not locked:
            raise Refused("there is no such candidate any more")
        (candidate,) = locked
        try:
            _ensure_free(candidate, by=by, now=now)
            before = {name: getattr(candidate, name) for name in RESTORED}
            decision = CandidateDecision.objects.create(
                candidate=candidate,
                kind=kind,
                reason=reason,
                before=before,
                made_at=now,
                made_by=by,
            )
            yield Decided(decision)
        except ValueError as problem:
            raise Refused(f"“{candidate}”: {problem}") from problem
        candidate.held_by = candidate.held_at = None
        candidate.save(update_fields=[*RESTORED, "held_by", "held_at"])
        if kind in EDITING:
            follow_soon()


def _lock(*pks: int | None) -> list[CandidateTerm]:
    """Lock candidates, in one order: people who merge crosswise do not wait for each other."""
    known = [pk for pk in pks if pk is not None]
    candidates = CandidateTerm.objects.select_for_update(of=["self"]).select_related("held_by")
    return list(candidates.filter(pk__in=known).order_by("pk"))


def _ensure_free(candidate: CandidateTerm, *, by: User, now: datetime) -> None:
    """Refuse what somebody has decided or is looking at."""
    if candidate.state not in CandidateTerm.UNDECIDED:
        last = candidate.decisions.standing().select_related("made_by").first()
        who = last.made_by if last else "somebody"
        raise Refused(f"{who} has decided it already: {candidate.get_state_display()}")
    if holder := candidate.held_from(by, now):
        raise Refused(f"{holder} is looking at it")


def _ensure_nothing_stands_on(decision: CandidateDecision) -> None:
    """Refuse to undo what has been undone, or what a later decision was made upon."""
    if decision.undone_at:
        raise Refused(f"{decision.undone_by} has undone that already")
    later = CandidateDecision.objects.standing().filter(pk__gt=decision.pk)
    above = later.filter(candidate=decision.candidate)
    if decision.kind == Kind.MERGE:
        above |= later.filter(candidate=decision.candidate.merged_into_id, kind__in=ON_SPELLINGS)
    if newer := above.select_related("candidate", "made_by").first():
        raise Refused(f"undo first what {newer.made_by} decided since: {newer}")


def _free(made: Decided, *, owner: Skill | None = None) -> list[str]:
    """Return the candidate's spellings that no skill owns; note the variants that one does."""
    texts = [normalise(text) for text in made.candidate.spellings()]
    owned = SkillAlias.objects.select_related("skill__merged_into").filter(text__in=texts)
    free = dict.fromkeys(text for text in texts if text)
    for alias in owned:
        answers = alias.skill.merged_into or alias.skill
        if answers != owner and alias.text == texts[0]:
            raise AliasTaken(alias=alias.text, owner=answers)
        if answers != owner:
            made.kept.append(str(AliasTaken(alias=alias.text, owner=answers)))
        del free[alias.text]
    return list(free)


def _why(candidate: CandidateTerm, note: str) -> str:
    return note or f"Candidate “{candidate}”: {candidate.current:,} searchers in half a year"
