"""Editions: snapshots that were frozen, dated and signed off."""

import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from marketplace.skills.models import Category, Skill
from trends.models.trends import TrendSnapshot

# A piece of the file as it is sent: large enough to be quick, small enough to be nothing.
PIECE = 64 * 1024


class AlreadyPublished(ValueError):
    """A published edition is final: somebody else was quicker, or it was published long ago."""


class EditionQuerySet(models.QuerySet["Edition"]):
    def published(self) -> Self:
        """Return those everybody reads, the newest first."""
        return self.filter(state=Edition.State.PUBLISHED).order_by("-slug")

    def light(self) -> Self:
        """Defer what is large until it is read."""
        return self.defer("taxonomy", "file", "basis")


class Edition(models.Model):
    """A snapshot frozen for citation. Published it never changes; corrections stand beside it.

    `taxonomy` has the `phrases` with the id of the skill each named, and all `skills` and
    `categories` by id, as their rows were.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"

    slug = models.SlugField(max_length=20, unique=True, help_text="its date, e.g. 2026-11-01")
    snapshot = models.OneToOneField(TrendSnapshot, on_delete=models.PROTECT, related_name="edition")
    before = models.ForeignKey(
        TrendSnapshot,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="editions_after",
        help_text="the snapshot whose labels its own were held against",
    )
    headline = models.CharField(max_length=200, blank=True)
    notes = models.TextField(blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    checksum = models.CharField(max_length=64, help_text="SHA-256 of its file, hexadecimal")
    exact_checksum = models.CharField(
        max_length=64, help_text="SHA-256 of its rows as they are stored, unpublished figures too"
    )
    file = models.BinaryField(help_text="its published figures as CSV, compressed by zlib")
    taxonomy = models.JSONField(
        encoder=DjangoJSONEncoder, help_text="all names and categories its figures stand on"
    )
    basis = models.JSONField(
        encoder=DjangoJSONEncoder,
        help_text="where its inputs ended, and what of them may change: to compute it again",
    )
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = EditionQuerySet.as_manager()

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

    def get_absolute_url(self) -> str:
        return reverse("edition", args=[self.slug])

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    def publish(self, *, by: AbstractBaseUser | None, now: datetime) -> None:
        """Make it final; AlreadyPublished where it is."""
        self._change(state=self.State.PUBLISHED, published_at=now, published_by=by)

    def reword(self, *, headline: str, notes: str) -> None:
        """Change what it says about its figures, as long as it is a draft."""
        self._change(headline=headline, notes=notes)

    def _change(self, **fields: Any) -> None:
        # One statement, so that of two at once one finds a draft.
        drafts = Edition.objects.filter(pk=self.pk, state=self.State.DRAFT)
        if not drafts.update(**fields):
            raise AlreadyPublished(f"{self} is published already: nothing in it changes any more.")
        for name, value in fields.items():
            setattr(self, name, value)

    def csv(self) -> Iterator[bytes]:
        """Yield its file, piece by piece."""
        opened, rest = zlib.decompressobj(), bytes(self.file)
        while rest:
            yield opened.decompress(rest, PIECE)
            rest = opened.unconsumed_tail

    @cached_property
    def skills(self) -> dict[int, Skill]:
        """Its skills by id, named and placed as they were."""
        by_number = {row["id"]: Skill(**row) for row in self.taxonomy["skills"].values()}
        for skill in by_number.values():
            skill.category = self.categories[skill.category_id]
        return by_number

    @cached_property
    def categories(self) -> dict[int, Category]:
        """Its categories by id, named and placed as they were."""
        by_number = {row["id"]: Category(**row) for row in self.taxonomy["categories"].values()}
        for category in by_number.values():
            category.parent = by_number[category.parent_id] if category.parent_id else None
        return by_number

    def skills_in(self, category: str) -> list[int]:
        """Return the ids of the skills that were in a category, or in one of its children."""
        within = self.categories_in(category)
        return [pk for pk, skill in self.skills.items() if skill.category_id in within]

    def categories_in(self, category: str) -> list[int]:
        """Return the ids of a category and its children, as they were."""
        rows = self.categories.items()
        return [pk for pk, each in rows if category in {each.slug, each.top.slug}]


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


class EditionProofQuerySet(models.QuerySet["EditionProof"]):
    # Longer than any task may run: who took it then was killed.
    GIVEN_UP = timedelta(minutes=15)

    def waiting(self, now: datetime) -> Self:
        """Keep those that no worker has begun, the first asked for first."""
        lost = Q(begun_at__lt=now - self.GIVEN_UP)
        free = self.filter(Q(begun_at=None) | lost, finished_at=None)
        return free.order_by("pk")

    def finished(self) -> Self:
        """Return those with a result, the latest first."""
        return self.filter(finished_at__isnull=False, error="").order_by("-pk")


class EditionProof(models.Model):
    """One recomputation of an edition: asked for by a person, done by a worker."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="proofs")
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    begun_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    rows = models.IntegerField(default=0, help_text="rows compared")
    equal = models.IntegerField(default=0, help_text="rows with the same numbers")
    different = models.IntegerField(default=0, help_text="rows with others")
    unproven = models.IntegerField(
        default=0, help_text="rows of money whose orders or gigs were changed since"
    )
    changed = models.JSONField(default=list, help_text="inputs that are not what they were")
    checksum = models.CharField(max_length=64, blank=True, help_text="of the file made again")
    error = models.CharField(max_length=300, blank=True)

    objects = EditionProofQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.edition} recomputed"

    def in_words(self) -> str:
        """Return its result in a sentence."""
        said = f"{self.edition.slug}: {self.equal:,} of {self.rows:,} rows equal"
        return f"{said}, {self.different:,} different, {self.unproven:,} not provable"

    @property
    def holds(self) -> bool:
        """Whether every row that can be proven came out the same."""
        return self.finished_at is not None and not self.error and not self.different
