"""What surrounds a skill: its sellers and buyers month by month, and what else people look for."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from marketplace.skills.models import Skill
from trends.models.trends import TrendSnapshot


def _months(help_text: str) -> ArrayField[list[int], list[int]]:
    return ArrayField(models.IntegerField(), help_text=f"{help_text} a month, oldest first")


class SkillMarket(models.Model):
    """Who offered a skill, bought it and searched for it in each of the months before a snapshot.

    A month is four weeks. Counts are exact; to the public they are told in tens.
    """

    snapshot = models.ForeignKey(TrendSnapshot, on_delete=models.CASCADE, db_index=False)
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="+")
    sellers = _months("sellers with an active gig")
    buyers = _months("distinct buyers")
    searchers = _months("distinct searchers")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "skill"], name="one_market_a_skill_and_snapshot"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.skill_id} {self.snapshot_id}"


class CountrySupply(models.Model):
    """How many sellers of one country offered a skill on the eve of a snapshot.

    Of sellers whose country is known; the row of WORLD counts all of these. `sellers` is exact;
    `public_sellers` is what of it is published: about so many, null where nothing is.
    """

    snapshot = models.ForeignKey(TrendSnapshot, on_delete=models.CASCADE, db_index=False)
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="+")
    country = models.CharField(max_length=3)
    sellers = models.IntegerField(help_text="distinct sellers with an active gig")
    public_sellers = models.IntegerField(null=True, help_text="to the nearest ten")

    class Meta:
        verbose_name_plural = "country supplies"
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "skill", "country"],
                name="one_supply_a_country_skill_and_snapshot",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.skill_id} {self.snapshot_id} {self.country}"


class SkillNeighbours(models.Model):
    """Searches that name a skill with other words, and skills the same people search for.

    Of the half-year before a snapshot, each of ten people or more; people in tens.
    """

    snapshot = models.ForeignKey(TrendSnapshot, on_delete=models.CASCADE, db_index=False)
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="+")
    searches = models.JSONField(help_text="[text, people], most people first")
    skills = models.JSONField(help_text="[skill, people, lift], the surest first")

    class Meta:
        verbose_name_plural = "skill neighbours"
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "skill"], name="one_neighbourhood_a_skill_and_snapshot"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.skill_id} {self.snapshot_id}"
