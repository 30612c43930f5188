"""Sellers, the gigs they offer, and the orders these got."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q

from marketplace.skills.models import Category


class GigStatus(models.TextChoices):
    ACTIVE = "active"
    PAUSED = "paused"
    DELETED = "deleted"


class OrderStatus(models.TextChoices):
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class Seller(models.Model):
    """A person who offers gigs, known by the pseudonym their own searches carry too."""

    pseudonym = models.BigIntegerField(unique=True)
    country = models.CharField(
        max_length=2, blank=True, help_text="where the seller works; empty if not known"
    )

    def __str__(self) -> str:
        return f"seller {self.pk}"


class Gig(models.Model):
    """An offer by a seller. Its tags name skills; which, the aliases of the day decide."""

    gig_id = models.CharField(max_length=64, unique=True)
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="gigs")
    title = models.CharField(max_length=200)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="gigs")
    tags = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    price = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField()
    status = models.CharField(max_length=8, choices=GigStatus.choices)
    search = models.GeneratedField(
        expression=SearchVector("title", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        indexes = [
            GinIndex(fields=["search"], name="gig_search"),
            GinIndex(fields=["title"], opclasses=["gin_trgm_ops"], name="gig_title_trigrams"),
            GinIndex(fields=["tags"], name="gig_tags"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=0), name="gig_price_is_not_negative"),
        ]

    def __str__(self) -> str:
        return self.title


class Order(models.Model):
    """What one buyer paid for one gig, and what came of it."""

    order_id = models.CharField(max_length=64, unique=True)
    gig = models.ForeignKey(Gig, on_delete=models.PROTECT, related_name="orders")
    buyer = models.BigIntegerField(help_text="pseudonym of the buyer")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    refunded = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    currency = models.CharField(max_length=3)
    ordered_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=11, choices=OrderStatus.choices)

    class Meta:
        indexes = [models.Index(fields=["completed_at"], name="order_completed_at")]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="order_amount_is_not_negative"),
            models.CheckConstraint(
                condition=Q(refunded__gte=0, refunded__lte=F("amount")),
                name="order_refund_lies_between_nothing_and_the_amount",
            ),
            models.CheckConstraint(
                condition=Q(status=OrderStatus.COMPLETED, completed_at__isnull=False)
                | ~Q(status=OrderStatus.COMPLETED),
                name="order_completed_has_its_date",
            ),
        ]

    def __str__(self) -> str:
        return self.order_id


class ExchangeRate(models.Model):
    """What one unit of a currency was worth in the reporting currency on a day."""

    day = models.DateField()
    currency = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=18, decimal_places=8)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["currency", "day"], name="one_rate_a_currency_and_day"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="exchange_rate_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.day}: {self.rate}"
