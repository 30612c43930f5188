"""People who left an e-mail address: what they watch, and what they have been told."""

from datetime import date, datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q

from marketplace.skills.models import Skill

# A person gets one mail a week at most.
COOL_DOWN = timedelta(days=7)
# After half a year every window compared is made of other days: it is another fact.
FACTS_KEPT = timedelta(days=182)


class FollowerQuerySet(models.QuerySet["Follower"]):
    def known_by(self, email: str) -> "Follower | None":
        return self.filter(email=email.strip().lower()).first()

    def due(self, now: datetime, *, as_of: date) -> Self:
        """Keep those who watch something, had no mail for a week, and have news."""
        rested = Q(mailed_at=None) | Q(mailed_at__lte=now - COOL_DOWN)
        unseen = Q(looked=None) | Q(looked__lt=as_of)
        watching = Exists(Watch.objects.filter(follower=OuterRef("pk")))
        return self.filter(rested, unseen, watching).order_by("pk")


class Follower(models.Model):
    """A person by the e-mail address they confirmed; with an account, they can sign in.

    Nothing is stored of an address before its owner has followed the link sent to it.
    """

    email = models.EmailField(unique=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="follower"
    )
    site = models.URLField(help_text="where they confirmed it: links in mails lead there")
    language = models.CharField(max_length=10, default="en")
    skills = ArrayField(models.SlugField(max_length=120), default=list, help_text="their own")
    mailed_at = models.DateTimeField(null=True, help_text="when the last digest was made")
    looked = models.DateField(null=True, help_text="day of the last figures looked through")

    objects = FollowerQuerySet.as_manager()

    def __str__(self) -> str:
        return self.email

    def watch(self, *, skill: Skill | None = None, query: str = "", as_of: date | None) -> None:
        """Watch a skill, or the list an address asks for, from the figures of a day on."""
        Watch.objects.get_or_create(
            follower=self, skill=skill, query=query, defaults={"compared": as_of}
        )

    def unsubscribe(self) -> None:
        """End all mail; who has no account is forgotten."""
        if self.user is None:
            self.forget()
        else:
            self.watches.all().delete()
            self.digests.waiting().delete()

    def forget(self) -> None:
        """Delete everything there is of this person."""
        with transaction.atomic():
            if self.user:
                self.user.delete()
            Follower.objects.filter(pk=self.pk).delete()


class WatchQuerySet(models.QuerySet["Watch"]):
    def of(self, follower: Follower) -> Self:
        """Return all of a person, each with the skill that has its figures today."""
        watches = self.filter(follower=follower).select_related("skill__merged_into")
        return watches.order_by("pk")


class Watch(models.Model):
    """One skill, or one list of skills, that somebody is told about when something changes."""

    follower = models.ForeignKey(Follower, on_delete=models.CASCADE, related_name="watches")
    skill = models.ForeignKey(Skill, null=True, on_delete=models.CASCADE, related_name="+")
    query = models.CharField(max_length=300, blank=True, help_text="of the list's address")
    compared = models.DateField(null=True, help_text="the figures changes are told against")

    objects = WatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["follower", "skill", "query"],
                name="a_thing_is_watched_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.follower_id}: {self.skill_id or self.query}"


class DigestQuerySet(models.QuerySet["Digest"]):
    def waiting(self) -> Self:
        """Keep those that nobody has begun to send."""
        return self.filter(begun_at=None).order_by("pk")

    def claim(self, number: int, now: datetime) -> "Digest | None":
        """Claim this one for the caller alone to send; None where another sender has it."""
        with transaction.atomic():
            free = self.waiting().filter(pk=number).select_related("follower")
            digest = free.select_for_update(skip_locked=True, of=("self",)).first()
            if digest:
                digest.begun_at = now
                digest.save(update_fields=["begun_at"])
        return digest

    def forget_old(self, today: date) -> int:
        """Delete mails of half a year ago; how many that were."""
        return self.filter(as_of__lt=today - FACTS_KEPT).delete()[0]


class Digest(models.Model):
    """One mail: what changed by a snapshot for one person. Made, begun and sent are three commits.

    Who is killed between begun and sent may have handed it over: it is never sent again.
    """

    follower = models.ForeignKey(Follower, on_delete=models.CASCADE, related_name="digests")
    as_of = models.DateField()
    facts = models.JSONField(help_text="what it tells, in the order it is told")
    begun_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    objects = DigestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follower", "as_of"], name="a_snapshot_is_told_once"),
        ]

    def __str__(self) -> str:
        return f"{self.follower_id} as of {self.as_of}"

    def put_back(self) -> None:
        """Let it be sent again: it did not go out."""
        self.begun_at = None
        self.save(update_fields=["begun_at"])

    def mark_sent(self, now: datetime) -> None:
        self.sent_at = now
        self.save(update_fields=["sent_at"])


class ToldFactQuerySet(models.QuerySet["ToldFact"]):
    def news(self, follower: Follower, facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the facts that this person has not had yet."""
        known = set(self.filter(follower=follower).values_list("fact", flat=True))
        return [fact for fact in facts if fact["fact"] not in known]

    def forget_old(self, today: date) -> int:
        """Forget what was told half a year ago; how much that was."""
        return self.filter(told_on__lt=today - FACTS_KEPT).delete()[0]


class ToldFact(models.Model):
    """Something a person has been told, so that they are not told it again."""

    follower = models.ForeignKey(Follower, on_delete=models.CASCADE, related_name="+")
    fact = models.CharField(max_length=300)
    told_on = models.DateField()

    objects = ToldFactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follower", "fact"], name="a_fact_is_told_once"),
        ]

    def __str__(self) -> str:
        return f"{self.follower_id}: {self.fact}"
