"""What was changed in the taxonomy, by whom and why, with all that is needed to undo it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from marketplace.skills.models.taxonomy import Skill


class TaxonomyEdit(models.Model):
    """One change of the taxonomy that somebody made, whole: undone it never was."""

    class Kind(models.TextChoices):
        ADD = "add"
        MERGE = "merge"
        SPLIT = "split"
        RENAME = "rename"
        RETIRE = "retire"
        RESTORE = "restore"
        MOVE = "move", "move to another category"
        ALIAS = "alias", "add an alias"
        UNALIAS = "unalias", "take an alias away"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    skill = models.ForeignKey(
        Skill, on_delete=models.PROTECT, related_name="edits", help_text="the skill that changed"
    )
    other = models.ForeignKey(
        Skill,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="merge: the survivor; split: the new skill",
    )
    before = models.JSONField(default=dict, help_text="every row it touched, as it was")
    after = models.JSONField(default=dict, help_text="the same rows, as it left them")
    reason = models.CharField(max_length=300)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=False) | Q(undone_by__isnull=True),
                name="taxonomy_edit_undone_by_somebody_has_its_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.skill}"
