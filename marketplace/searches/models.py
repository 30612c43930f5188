"""Search events, the batches they came in, what was refused, and who may send."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from marketplace.skills.models import SearchTerm

# Nearer than that nobody wants to know, and a write a request would be dear.
USED_TO_THE = timedelta(minutes=1)
# ISO 3166 user-assigned code that CLDR reads as "unknown region".
UNKNOWN_COUNTRY = "ZZ"


class Role(models.IntegerChoices):
    """Who searched, as the marketplace says; staff and bots are never counted."""

    UNKNOWN = 0
    BUYER = 1
    SELLER = 2
    STAFF = 3
    BOT = 4


class Source(models.Model):
    """Where events come from: an integration, file imports, the site's own search."""

    name = models.CharField(max_length=80, unique=True)

    def __str__(self) -> str:
        return self.name


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def valid(self, now: datetime) -> "ApiKeyQuerySet":
        """Keep those that are not revoked, or only later."""
        return self.filter(Q(revoked_at=None) | Q(revoked_at__gt=now))

    def issue(self, source: Source) -> tuple["ApiKey", str]:
        """Issue a new key and its token, which cannot be shown again."""
        token = "up_" + secrets.token_urlsafe(32)
        return self.create(source=source, digest=ApiKey.digest_of(token)), token


class ApiKey(models.Model):
    """A key that may send and read exact figures; only its digest is kept."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="keys")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="to the minute"
    )

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        permissions = [("issue_apikey", "Can issue, rotate and revoke API keys")]

    def __str__(self) -> str:
        return f"{self.source} ({self.digest[:6]})"

    @staticmethod
    def digest_of(token: str) -> str:
        """Hash a token; plain SHA-256 is enough for 256 random bits, which cannot be guessed."""
        return hashlib.sha256(token.encode()).hexdigest()

    @classmethod
    def issue(cls, name: str) -> str:
        """Issue a key for the source NAME; return the token, which cannot be shown again."""
        source, _ = Source.objects.get_or_create(name=name)
        _, token = cls.objects.issue(source)
        return token

    def rotate(self, *, old_ends: datetime) -> tuple["ApiKey", str]:
        """Issue a key to follow this one, with its token; this one ends at `old_ends` or before."""
        with transaction.atomic():
            self.revoke(at=old_ends)
            return ApiKey.objects.issue(self.source)

    def revoke(self, *, at: datetime) -> None:
        """End it at a moment; one that ends earlier is not given more time."""
        if self.revoked_at is None or at < self.revoked_at:
            self.revoked_at = at
            self.save(update_fields=["revoked_at"])

    def touch(self, now: datetime) -> None:
        """Note that it is used, to the minute; whoever holds the row is not waited for."""
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - USED_TO_THE)
        if self.last_used_at and now - self.last_used_at < USED_TO_THE:
            return
        with transaction.atomic():
            free = ApiKey.objects.select_for_update(skip_locked=True).filter(stale, pk=self.pk)
            ApiKey.objects.filter(pk__in=free).update(last_used_at=now)


class SearchEvent(models.Model):
    """One search by one person: the durable log everything is counted from.

    The table is partitioned by month and its primary key in the database is (day, source,
    event_id); `id` is only what the admin needs, one column that tells rows apart.
    """

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    source = models.ForeignKey(Source, on_delete=models.PROTECT, db_constraint=False)
    event_id = models.CharField(max_length=64)
    second = models.IntegerField(help_text="second of the day, UTC")
    term = models.ForeignKey(SearchTerm, on_delete=models.PROTECT, db_constraint=False)
    searcher = models.BigIntegerField(help_text="pseudonym of the person who searched")
    country = models.CharField(max_length=2, default=UNKNOWN_COUNTRY)
    role = models.SmallIntegerField(choices=Role.choices, default=Role.UNKNOWN)
    results = models.IntegerField(null=True, help_text="how many results the search showed")

    def __str__(self) -> str:
        return f"{self.day} {self.source_id} {self.event_id}"


class IngestBatchQuerySet(models.QuerySet["IngestBatch"]):
    def waiting(self) -> "IngestBatchQuerySet":
        """Keep those accepted and committed, but not yet passed on to the rollups."""
        return self.filter(processed_at__isnull=True)


class IngestBatch(models.Model):
    """One accepted request or piece of a file: audit of what came, and the rollups' queue."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="batches")
    origin = models.CharField(max_length=200, blank=True, help_text="the file, where it was one")
    received_at = models.DateTimeField(default=timezone.now)
    received = models.IntegerField()
    accepted = models.IntegerField()
    duplicate = models.IntegerField()
    rejected = models.IntegerField()
    days = ArrayField(models.DateField(), default=list, help_text="days its new events fall on")
    processed_at = models.DateTimeField(null=True, blank=True)

    objects = IngestBatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "ingest batches"
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(processed_at__isnull=True),
                name="ingest_batch_waiting",
            ),
            # They come in the order of time: a range of it is a range of the table.
            BrinIndex(fields=["received_at"], autosummarize=True, name="ingest_batch_received"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    received=models.F("accepted") + models.F("duplicate") + models.F("rejected")
                ),
                name="ingest_batch_accounts_for_every_row",
            ),
        ]

    def __str__(self) -> str:
        return f"batch {self.pk}: {self.accepted} of {self.received}"


class RejectedRowQuerySet(models.QuerySet["RejectedRow"]):
    def waiting(self) -> "RejectedRowQuerySet":
        """Return those that can be replayed and were not."""
        return self.filter(kept__isnull=False, replayed_at=None)

    def forget_kept(self, *, before: datetime) -> int:
        """Drop what was kept of rows that came before a moment; of how many."""
        old = self.filter(batch__received_at__lt=before, kept__isnull=False)
        return old.update(kept=None, searcher=None)


class RejectedRow(models.Model):
    """A row that was refused, with the reason; never a user id, never what looks personal.

    `kept` holds the fields that are good, so that whoever supplies the others can replay it.
    """

    batch = models.ForeignKey(IngestBatch, on_delete=models.CASCADE, related_name="rejects")
    row = models.IntegerField(help_text="line of the file, or place in the request from 1")
    event_id = models.CharField(max_length=64, blank=True)
    field = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=300)
    kept = models.JSONField(null=True, blank=True, help_text="the fields that are good, cleaned")
    searcher = models.BigIntegerField(null=True, blank=True, help_text="pseudonym, if it is good")
    replayed_at = models.DateTimeField(null=True, blank=True)
    replayed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    outcome = models.CharField(max_length=300, blank=True, help_text="what the replay said")

    objects = RejectedRowQuerySet.as_manager()

    class Meta:
        permissions = [("replay_rejectedrow", "Can replay rejected rows")]

    def __str__(self) -> str:
        return f"row {self.row}: {self.reason}"

    def mended(self, supplied: Mapping[str, str]) -> dict[str, str]:
        """Return the kept fields, with the value supplied for the one it was refused for."""
        assert self.kept is not None, "only what was kept can be mended"
        value = supplied.get(self.field)
        return {**self.kept, self.field: value} if value else dict(self.kept)
