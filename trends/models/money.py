"""What sellers earned: by skill, and in all."""

from django.db import models

from marketplace.skills.models import Category, Skill
from trends.models.trends import TrendSnapshot


class Paid(models.Model):
    """Money and completed orders of the 182 days before a snapshot.

    Net of refunds, in the snapshot's currency. An order with k skills counts 1/k for each.
    Figures are exact; what of them is not published, and why, `hidden` says.
    """

    snapshot = models.ForeignKey(TrendSnapshot, on_delete=models.CASCADE, db_index=False)
    orders = models.FloatField()
    total = models.FloatField()
    hidden = models.CharField(max_length=20, blank=True, help_text="why not published, if not")

    class Meta:
        abstract = True


class EarningsTrend(Paid):
    """Supply of a skill, what its sellers earned in half a year, and how that compares.

    Growth is of shares, 1.0 = no change, against the 182 days before, at the mean rate of both.
    """

    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="earnings")
    gigs = models.IntegerField(help_text="active gigs that offer the skill")
    offering = models.IntegerField(help_text="sellers with an active gig that offers the skill")
    offering_before = models.IntegerField(help_text="those of them who did so half a year ago")
    sellers = models.IntegerField(help_text="sellers who completed an order")
    buyers = models.IntegerField()
    provisional = models.FloatField(help_text="part of the total that is of the last 14 days")
    largest = models.FloatField(null=True, help_text="part of the largest seller, 0 to 1")
    two_largest = models.FloatField(null=True, help_text="part of the two largest together")
    p25 = models.FloatField(null=True, help_text="a quarter of the sellers earned less")
    median = models.FloatField(null=True, help_text="of what a seller earned")
    p75 = models.FloatField(null=True)
    p90 = models.FloatField(null=True)
    median_lower = models.FloatField(null=True, help_text="lower end of the 95 % interval")
    median_upper = models.FloatField(null=True, help_text="upper end of the 95 % interval")
    median_order = models.FloatField(null=True)
    shrunk_median = models.FloatField(null=True, help_text="moderated by those of the category")
    orders_before = models.FloatField()
    total_constant = models.FloatField(help_text="at the mean rate of both half-years")
    total_before = models.FloatField(help_text="of the half-year before, at the same rate")
    hidden_before = models.CharField(max_length=20, blank=True)
    orders_ratio = models.FloatField(null=True)
    orders_lower = models.FloatField(null=True)
    orders_upper = models.FloatField(null=True)
    orders_bound = models.FloatField(null=True, help_text="grew at least this, 95 in 100 times")
    money_ratio = models.FloatField(null=True)
    money_lower = models.FloatField(null=True)
    money_upper = models.FloatField(null=True)
    money_bound = models.FloatField(null=True, help_text="grew at least this, 95 in 100 times")
    best_rank = models.IntegerField(null=True, help_text="by shrunk median")
    total_rank = models.IntegerField(null=True, help_text="by total")
    rising_rank = models.IntegerField(null=True, help_text="by the bounds of growth, if rising")
    hype_gap = models.CharField(max_length=30, blank=True)
    searchers = models.IntegerField(help_text="distinct, of 91 days")
    searchers_told = models.BooleanField(help_text="whether `searchers` is published")
    usual_searchers = models.FloatField(null=True, help_text="for each seller in the category")
    new_gigs = models.JSONField(default=dict, help_text="days: gigs, sellers, won, winners, others")
    newcomers_won = models.FloatField(
        null=True, help_text="at least this part of new gigs sold in a month, as published"
    )

    class Meta:
        verbose_name_plural = "earnings trends"
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "skill"], name="one_earnings_trend_a_skill_and_snapshot"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.skill_id} {self.snapshot_id}"


class EarningsTotal(Paid):
    """What all sellers of a category, or (without one) of the world, earned with its skills."""

    category = models.ForeignKey(
        Category, null=True, on_delete=models.CASCADE, related_name="earnings"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "category"],
                name="one_total_a_category_and_snapshot",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category_id or 'world'} {self.snapshot_id}"
