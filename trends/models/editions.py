"""Editions: snapshots that were frozen, dated and signed off."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from trends.models.trends import TrendSnapshot


class Edition(models.Model):
    """A snapshot frozen for citation. Published it never changes; corrections stand beside it."""

    class State(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"

    slug = models.SlugField(max_length=20, unique=True, help_text="its date, e.g. 2026-11-01")
    snapshot = models.OneToOneField(TrendSnapshot, on_delete=models.PROTECT, related_name="edition")
    headline = models.CharField(max_length=200, blank=True)
    notes = models.TextField(blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    checksum = models.CharField(max_length=64, help_text="SHA-256 of its figures, hexadecimal")
    taxonomy = models.JSONField(help_text="all names and categories its figures stand on")
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-slug"]
        permissions = [("publish_edition", "Can publish editions")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", published_at=None)
                | Q(state="published", published_at__isnull=False),
                name="edition_published_has_its_date",
            ),
        ]

    def __str__(self) -> str:
        return f"Edition {self.slug}"


class EditionCorrection(models.Model):
    """What turned out to be wrong in a published edition, said beside it."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="corrections")
    text = models.TextField()
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.edition}: {self.text[:40]}"
