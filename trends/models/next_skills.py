"""What sellers of a skill, or of a category, took up next, and how soon they sold it."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from marketplace.skills.models import Category, Skill
from trends.models.trends import TrendSnapshot


class NextSkillQuerySet(models.QuerySet["NextSkill"]):
    def after(self, skills: list[Skill], snapshot: TrendSnapshot) -> Self:
        """Return what sellers of these skills, or in their categories, took up beyond them.

        Most people first, those with a skill before those of its category.
        """
        fields = {pk for skill in skills for pk in (skill.category_id, skill.category.parent_id)}
        near = Q(having__in=skills) | Q(category__in=fields - {None})
        taken_up = self.filter(near, snapshot=snapshot).exclude(added__in=skills)
        taken_up = taken_up.select_related("having", "category")
        return taken_up.order_by(F("having").asc(nulls_last=True), "-told", "added__name")


class NextSkill(models.Model):
    """Sellers who offered one skill, or one of a category, a year ago and since then another.

    Counts are exact; to the public they are told in tens.
    """

    snapshot = models.ForeignKey(TrendSnapshot, on_delete=models.CASCADE, db_index=False)
    having = models.ForeignKey(Skill, null=True, on_delete=models.CASCADE, related_name="+")
    category = models.ForeignKey(Category, null=True, on_delete=models.CASCADE, related_name="+")
    added = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="+")
    had = models.IntegerField(help_text="offered the first and not the second a year before")
    took = models.IntegerField(help_text="those of them who offered the second since")
    told = models.IntegerField(help_text="took, to the nearest ten: what lists go by")
    comparable = models.IntegerField(help_text="sellers who offered neither a year before")
    lift = models.FloatField(help_text="how many times as many took it up as of the comparable")
    lower = models.FloatField(help_text="lower end of the 95 % interval of lift")
    upper = models.FloatField(help_text="upper end of the 95 % interval of lift")
    p_value = models.FloatField(help_text="chance of as many without any preference")
    tried = models.IntegerField(help_text="those who took it up long enough ago to have sold it")
    sold = models.IntegerField(help_text="those of them with a paid order of it soon after")

    objects = NextSkillQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "having", "category", "added"],
                name="a_skill_follows_another_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(having=None) ^ Q(category=None),
                name="a_skill_follows_a_skill_or_a_category",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.having_id or self.category_id} + {self.added_id}: {self.took}"
