"""Demand by day: what the workers count, and what they leave out."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from marketplace.skills.models import Category, SearchTerm, Skill

# UN M49 code of the world, as CLDR uses it: the row over all countries.
WORLD = "001"


class DirtyDay(models.Model):
    """A day whose rollup is out of date; only ever inserted, deleted by who recounts the day."""

    day = models.DateField()
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["day"], name="dirty_day")]

    def __str__(self) -> str:
        return f"{self.day} since {self.since:%Y-%m-%d %H:%M}"


class ExcludedSearcher(models.Model):
    """A person whose searches of a day are left out of every count, and why."""

    class Reason(models.TextChoices):
        FLOOD = "flood"

    day = models.DateField()
    searcher = models.BigIntegerField()
    reason = models.CharField(max_length=10, choices=Reason.choices)
    searches = models.IntegerField(help_text="how many searches that leaves out")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "searcher"], name="searcher_is_excluded_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.searches} by one person ({self.reason})"


class KnownOffer(models.Model):
    """A skill a person offers, and since when, as the daily figures know it."""

    seller = models.BigIntegerField(help_text="pseudonym of the person")
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="+")
    since = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "skill"], name="an_offer_is_known_once"),
        ]

    def __str__(self) -> str:
        return f"{self.skill_id} since {self.since}"


class DailyTermDemand(models.Model):
    """How often a term was searched on a day, and by how many people."""

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    term = models.ForeignKey(SearchTerm, on_delete=models.CASCADE, db_index=False)
    searches = models.IntegerField()
    searchers = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["day"], name="daily_term_demand_day")]
        constraints = [
            models.UniqueConstraint(fields=["term", "day"], name="daily_term_demand_counts_once"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.term_id}: {self.searchers}"


class DailyDemandQuerySet(models.QuerySet["DailyDemand"]):
    def of_all(self) -> Self:
        """Keep the demand for anything at all."""
        return self.filter(skill=None, category=None)

    def worldwide(self) -> Self:
        return self.filter(country=WORLD)

    def between(self, start: date, end: date) -> Self:
        """Return days from `start` up to, not including, `end`."""
        return self.filter(day__gte=start, day__lt=end)


class DailyDemand(models.Model):
    """Searches and distinct searchers of a day for a skill, a category, or (neither) for anything.

    `country` is a country, ZZ where unknown, or 001 for the world. A search that names two skills
    counts for both, but once in their category; a query repeated by the same person within the
    same half hour (paging, refresh) counts once.
    """

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    skill = models.ForeignKey(Skill, null=True, on_delete=models.CASCADE, db_index=False)
    category = models.ForeignKey(Category, null=True, on_delete=models.CASCADE, db_index=False)
    country = models.CharField(max_length=3)
    searches = models.IntegerField()
    searchers = models.IntegerField()
    excluded = models.IntegerField(default=0, help_text="searches left out of both counts")

    objects = DailyDemandQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "daily demand"
        constraints = [
            models.UniqueConstraint(
                fields=["skill", "category", "country", "day"],
                name="daily_demand_counts_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(skill=None) | Q(category=None),
                name="daily_demand_is_for_a_skill_or_a_category",
            ),
        ]
        indexes = [models.Index(fields=["day"], name="daily_demand_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.skill_id or self.category_id or 'all'} {self.country}"
