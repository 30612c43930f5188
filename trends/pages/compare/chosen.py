"""Up to five skills side by side: which are asked for, and their weeks on one scale."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marketplace.skills.models import Skill
from trends.arithmetic.digits import rounded
from trends.wording.figures import Weekly
from trends.wording.numbers import figure as written

# More lines than this nobody can follow.
MOST_COMPARED = 5
# A quarter: long enough that no single wave sets the hundred.
INDEX_WEEKS = 13


class Scale(TextChoices):
    """What the lines show."""

    SHARE = "share", _("Share of all searchers")
    INDEX = "index", _("Index: first quarter = 100")
    SEARCHERS = "searchers", _("Searchers a week")


@dataclass(frozen=True, slots=True)
class Asked:
    """The skills of an address, in its order, and what was asked for that there is not."""

    skills: list[Skill]
    unknown: list[str]
    too_many: bool

    @property
    def slugs(self) -> str:
        """As the shortest address writes them."""
        return ",".join(skill.slug for skill in self.skills)


def asked_for(texts: Sequence[str]) -> Asked:
    """Return the skills of "a,b", each by slug, name or alias; merged ones by their survivor."""
    wanted = list(dict.fromkeys(part for text in texts if (part := text.strip())))
    wanted = wanted[: 4 * MOST_COMPARED]
    by_slug = Skill.objects.by_slug(wanted)
    by_number: dict[int, Skill] = {}
    unknown = []
    for text in wanted:
        skill = by_slug.get(text) or Skill.objects.named(text)
        if skill is None:
            unknown.append(text[:80])
        else:
            skill = skill.merged_into or skill
            by_number.setdefault(skill.pk, skill)
    skills = list(by_number.values())
    return Asked(skills[:MOST_COMPARED], unknown, too_many=len(skills) > MOST_COMPARED)


def on_scale(scale: str, weekly: Weekly, platform: Weekly) -> list[float | None]:
    """Put weekly searchers on a `scale`; None where a count it needs is not published.

    Shares are in percent of everybody who searched that week. The index is of that share, so that
    a growing marketplace alone lifts no line; it is unknown where a week of the first quarter is.
    """
    if scale == Scale.SEARCHERS:
        return list(weekly)
    shares = [
        100 * people / everybody if people is not None and everybody else None
        for people, everybody in zip(weekly, platform, strict=True)
    ]
    if scale == Scale.SHARE:
        return shares
    first = [share for share in shares[:INDEX_WEEKS] if share is not None]
    if len(first) < INDEX_WEEKS or not sum(first):
        return [None] * len(shares)
    base = sum(first) / INDEX_WEEKS
    return [share and 100 * share / base for share in shares]


def in_words(
    scale: str, figure: float | None, people: float | None, everybody: float | None
) -> str:
    """Return one week of one line as it is read out, a share with both its counts."""
    if figure is None:
        return gettext("no figure")
    if scale == Scale.INDEX:
        return written(figure, ",.0f")
    if scale == Scale.SEARCHERS:
        return gettext("%(people)s people") % {"people": written(figure, ",.0f")}
    return gettext("%(share)s %%: %(people)s of %(everybody)s people") % {
        "share": written(rounded(figure), ",g"),
        "people": written(people or 0, ",.0f"),
        "everybody": written(everybody or 0, ",.0f"),
    }
