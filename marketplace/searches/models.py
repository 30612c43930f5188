"""Search events, the batches they came in, what was refused, and who may send."""

import hashlib
import secrets

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from marketplace.skills.models import SearchTerm

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


class ApiKey(models.Model):
    """A key that may send and read exact figures; only its digest is kept."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="keys")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="to the minute"
    )

    class Meta:
        permissions = [("issue_apikey", "Can issue, rotate and revoke API keys")]

    def __str__(self) -> str:
        return f"{self.source} ({self.digest[:6]})"

    @staticmethod
    def digest_of(token: str) -> str:
        """Plain SHA-256 suffices: a token has 256 bits of its own, there is nothing to guess."""
        return hashlib.sha256(token.encode()).hexdigest()

    @classmethod
    def issue(cls, name: str) -> str:
        """A new key for the source NAME; returns the token, which nobody can show again."""
        token = "up_" + secrets.token_urlsafe(32)
        source, _ = Source.objects.get_or_create(name=name)
        cls.objects.create(source=source, digest=cls.digest_of(token))
        return token


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
        """Accepted, committed, not yet passed on to the rollups."""
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

    class Meta:
        permissions = [("replay_rejectedrow", "Can replay rejected rows")]

    def __str__(self) -> str:
        return f"row {self.row}: {self.reason}"
