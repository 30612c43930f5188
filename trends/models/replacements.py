"""What people who left one skill search now, and how many of a category look for its AI skills."""

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import Q

from marketplace.skills.models import Category, Skill
from trends.models.trends import TrendSnapshot


class ReplacementQuerySet(models.QuerySet["Replacement"]):
    def of(self, snapshot: TrendSnapshot) -> Self:
        """Return all of a snapshot, those most people took first; with skills and categories."""
        return (
            self.filter(snapshot=snapshot)
            .select_related("left__category__parent", "found__category__parent")
            .order_by("-told", "left__name", "found__name")
        )

    def from_category(self, slug: str) -> Self:
        """Return those whose fading skill is in a category or one of its children."""
        return self.filter(Q(left__category__slug=slug) | Q(left__category__parent__slug=slug))

    def out_of(self, category: Category | None) -> Self:
        """Return those from a category as somebody chose it; None is all."""
        return self.from_category(category.slug) if category else self


class Replacement(models.Model):
    """People who searched a fading skill, left it, and search another they did not search before.

    Of the half-year before a snapshot against the one before that. Counts are exact; to the public
    they are told in tens.
    """

    snapshot = models.ForeignKey(TrendSnapshot, on_delete=models.CASCADE, db_index=False)
    left = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="replaced_by")
    found = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="replaces")
    former = models.IntegerField(help_text="searched the one before, and since then only others")
    moved = models.IntegerField(help_text="those of them who newly search the other")
    told = models.IntegerField(help_text="moved, to the nearest ten: what lists go by")
    back = models.IntegerField(help_text="people who went the other way")
    comparable = models.IntegerField(help_text="people who left another skill of its category")
    lift = models.FloatField(help_text="how many times as many moved as of the comparable")
    lower = models.FloatField(help_text="lower end of the 95 % interval of lift")
    upper = models.FloatField(help_text="upper end of the 95 % interval of lift")
    p_value = models.FloatField(help_text="chance of as many without any preference")

    objects = ReplacementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "left", "found"], name="a_skill_replaces_another_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.left_id} → {self.found_id}: {self.moved}"


class CategoryFlowQuerySet(models.QuerySet["CategoryFlow"]):
    def of(self, snapshot: TrendSnapshot) -> Self:
        """Return all of a snapshot, those most people took first; with the categories."""
        rows = self.filter(snapshot=snapshot).select_related("left", "found")
        return rows.order_by("-told", "left__name", "found__name")


class CategoryFlow(models.Model):
    """People who went along any replacement from a skill of one top category to one of another."""

    snapshot = models.ForeignKey(TrendSnapshot, on_delete=models.CASCADE, db_index=False)
    left = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="+")
    found = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="+")
    moved = models.IntegerField(help_text="distinct people")
    told = models.IntegerField(help_text="moved, to the nearest ten: what lists go by")

    objects = CategoryFlowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "left", "found"], name="a_category_flows_to_another_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.left_id} → {self.found_id}: {self.moved}"


class AiShareQuerySet(models.QuerySet["AiShare"]):
    def of(self, snapshot: TrendSnapshot) -> Self:
        """Return all of a snapshot, category by category, oldest first; with the category."""
        rows = self.filter(snapshot=snapshot).select_related("category__parent")
        return rows.order_by("category_id", "days", "start")

    def of_top(self) -> Self:
        """Return those of the platform and of the first level."""
        return self.filter(Q(category=None) | Q(category__parent=None))

    def within(self, slug: str) -> Self:
        """Return those of a category and its children."""
        return self.filter(Q(category__slug=slug) | Q(category__parent__slug=slug))


class AiShare(models.Model):
    """Searchers of a category, or (no category) of anything, and those who sought its AI skills.

    Counts are exact; to the public they are told in tens.
    """

    snapshot = models.ForeignKey(TrendSnapshot, on_delete=models.CASCADE, db_index=False)
    category = models.ForeignKey(Category, null=True, on_delete=models.CASCADE, related_name="+")
    start = models.DateField(help_text="first day")
    days = models.SmallIntegerField(help_text="28, or 182 for a half-year")
    searchers = models.IntegerField(help_text="distinct people")
    of_ai = models.IntegerField(help_text="those of them who searched an AI skill of it")

    objects = AiShareQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "category", "days", "start"],
                name="an_ai_share_is_counted_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category_id} {self.start}: {self.of_ai} of {self.searchers}"

    @property
    def last_day(self) -> date:
        return self.start + timedelta(days=self.days - 1)
