"""Categories, skills, and the texts that name them."""

from collections.abc import Iterable
from typing import Self

from django.contrib.postgres.search import TrigramSimilarity
from django.db import models
from django.db.models import F, Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from simple_history.models import HistoricalRecords

from marketplace.skills.normalise import normalise

# Below this nobody would call two names alike.
LEAST_ALIKE = 0.25


class AliasTaken(ValueError):
    """A text cannot name two skills; `alias` already names `owner`."""

    def __init__(self, *, alias: str, owner: "Skill") -> None:
        self.alias, self.owner = alias, owner
        super().__init__(f'"{alias}" already names the skill "{owner.name}"')


class CategoryQuerySet(models.QuerySet["Category"]):
    def at_path(self, path: str) -> "Category":
        """Return the category of "Parent > Child" (or of "Parent" alone), made if missing."""
        category: Category | None = None
        for name in (part.strip() for part in path.split(">", 1)):
            slug = "-".join(filter(None, [category.slug if category else "", slugify(name)]))
            # By its name first: one that was renamed keeps the slug of its old name.
            named = self.filter(name=name, parent=category).order_by("pk").first()
            category = (
                named
                or self.get_or_create(
                    slug=slug or "other", defaults={"name": name, "parent": category}
                )[0]
            )
        assert category is not None
        return category

    def like(self, text: str) -> Self:
        """Return those with a name that resembles TEXT, best first."""
        ranked = self.annotate(alike=TrigramSimilarity("name", text))
        return ranked.filter(alike__gte=LEAST_ALIKE).order_by("-alike", "name")


class Category(models.Model):
    """A field of work, at most two levels deep."""

    slug = models.SlugField(max_length=120, unique=True)
    name = models.CharField(max_length=80)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )

    objects = CategoryQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "categories"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(parent=F("id")), name="category_is_not_its_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parent.name} > {self.name}" if self.parent else self.name

    @property
    def top(self) -> "Category":
        """The category's own first level."""
        return self.parent or self


class SkillStatus(models.TextChoices):
    ACTIVE = "active"
    RETIRED = "retired"
    MERGED = "merged"


class SkillQuerySet(models.QuerySet["Skill"]):
    def active(self) -> Self:
        return self.filter(status=SkillStatus.ACTIVE)

    def named(self, text: str) -> "Skill | None":
        """Return the skill this text names, by name or alias, or None."""
        alias = SkillAlias.objects.select_related("skill").filter(text=normalise(text)).first()
        return alias.skill if alias else None

    def by_slug(self, slugs: Iterable[str]) -> dict[str, "Skill"]:
        """Return the skill that each of these slugs leads to, with categories; merged lead on."""
        skills = self.filter(slug__in=slugs).select_related(
            "category__parent", "merged_into__category__parent"
        )
        return {skill.slug: skill.merged_into or skill for skill in skills}

    def like(self, text: str) -> Self:
        """Return active skills whose name or alias begins with, or resembles, TEXT, best first."""
        text = normalise(text)
        ranked = self.active().annotate(alike=Max(TrigramSimilarity("aliases__text", text)))
        named = Q(alike__gte=LEAST_ALIKE) | Q(aliases__text__startswith=text)
        return ranked.filter(named).order_by("-alike", "name").distinct()

    def add(self, *, name: str, category: Category) -> "Skill":
        """Add a skill that owns its name; AliasTaken where the name belongs to another skill."""
        SkillAlias.objects.ensure_free(name)
        skill = self.create(name=name, slug=self.free_slug(name), category=category)
        skill.claim(name)
        return skill

    def free_slug(self, name: str) -> str:
        """Return a slug for NAME that no skill has; c++ and c# must not both become "c"."""
        spelled = name.lower().replace("+", " plus").replace("#", " sharp").replace(".", " dot ")
        stem = slugify(spelled)[:110] or slugify(spelled, allow_unicode=True)[:110] or "skill"
        if not stem.isascii():
            stem = "skill-" + stem.encode().hex()[:40]
        taken = set(self.filter(slug__startswith=stem).values_list("slug", flat=True))
        numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
        return next(slug for slug in (stem, *numbered) if slug not in taken)


class Skill(models.Model):
    """Something a freelancer can offer, as the editors name it."""

    slug = models.SlugField(max_length=120, unique=True)
    name = models.CharField(max_length=120, unique=True)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="skills")
    status = models.CharField(max_length=8, choices=SkillStatus.choices, default=SkillStatus.ACTIVE)
    tracked_since = models.DateField(default=timezone.localdate)
    is_ai = models.BooleanField(
        "works with AI", default=False, help_text="counts for the AI share of its category"
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )

    objects = SkillQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=SkillStatus.MERGED, merged_into__isnull=False)
                | (~Q(status=SkillStatus.MERGED) & Q(merged_into__isnull=True)),
                name="skill_is_merged_into_another_exactly_when_merged",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="skill_is_not_merged_into_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("skill", args=[self.slug])

    def claim(self, text: str) -> bool:
        """Let `text` name this skill; False where it did, AliasTaken where another owns it."""
        text = normalise(text)
        if not text:
            return False
        alias, new = SkillAlias.objects.select_related("skill").get_or_create(
            text=text, defaults={"skill": self}
        )
        if alias.skill_id != self.pk:
            raise AliasTaken(alias=text, owner=alias.skill)
        return new


class SkillAliasQuerySet(models.QuerySet["SkillAlias"]):
    def answering_for(self, skill: Skill) -> Self:
        """Return every text a skill answers to: its own, and those of skills merged into it."""
        return self.filter(Q(skill=skill) | Q(skill__merged_into=skill))

    def ensure_free(self, *texts: str, owner: Skill | None = None) -> None:
        """Raise AliasTaken for the first of `texts` that names a skill other than `owner`."""
        wanted = [normalise(text) for text in texts]
        others = self.select_related("skill").filter(text__in=wanted).exclude(skill=owner)
        if taken := others.first():
            raise AliasTaken(alias=taken.text, owner=taken.skill)


class SkillAlias(models.Model):
    """A normalised text that names one skill; a skill's own name is one of them."""

    text = models.CharField(max_length=200, unique=True)
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="aliases")

    objects = SkillAliasQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "skill aliases"
        ordering = ["text"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="skill_alias_is_not_empty"),
        ]

    def __str__(self) -> str:
        return self.text


# Near names offered for one that is not known.
NEAR = 3


def near(text: str) -> list[Skill]:
    """Return skills somebody may have meant."""
    return list(Skill.objects.like(text)[:NEAR])
