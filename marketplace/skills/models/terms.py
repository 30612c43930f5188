"""Search terms, and what each of them names in which state of the taxonomy."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from marketplace.skills.models.taxonomy import Category, Skill


class TaxonomyVersion(models.Model):
    """One state of all names, aliases and categories, known by the digest of what they match."""

    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        get_latest_by = "id"

    def __str__(self) -> str:
        return f"taxonomy {self.pk} ({self.digest[:8]})"


class SearchTerm(models.Model):
    """A normalised query, once, however often it is searched."""

    text = models.CharField(max_length=200, unique=True)
    matched = models.ForeignKey(
        TaxonomyVersion,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        help_text="the taxonomy its skills were read with; empty for a term not yet read",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="search_term_is_not_empty"),
        ]

    def __str__(self) -> str:
        return self.text


class TermSkill(models.Model):
    """A skill that a term names."""

    term = models.ForeignKey(SearchTerm, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="terms")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["term", "skill"], name="term_names_a_skill_once"),
        ]

    def __str__(self) -> str:
        return f"{self.term} → {self.skill}"


class TermCategory(models.Model):
    """A category that a term names through its skills; the parent of one is named too."""

    term = models.ForeignKey(SearchTerm, on_delete=models.CASCADE, related_name="categories")
    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="terms")

    class Meta:
        verbose_name_plural = "term categories"
        constraints = [
            models.UniqueConstraint(fields=["term", "category"], name="term_names_a_category_once"),
        ]

    def __str__(self) -> str:
        return f"{self.term} → {self.category}"
