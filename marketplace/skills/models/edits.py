"""What was changed in the taxonomy, by whom and why, with all that is needed to undo it."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from marketplace.skills.models.taxonomy import Skill


class TaxonomyEditQuerySet(models.QuerySet["TaxonomyEdit"]):
    def about(self, skill: Skill) -> Self:
        """Return those that changed a skill, or one that was merged into it."""
        concerned = Q(skill=skill) | Q(other=skill) | Q(skill__merged_into=skill)
        return self.filter(concerned).select_related("skill", "other", "made_by", "undone_by")


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
        Skill, on_delete=models.CASCADE, related_name="edits", help_text="the skill that changed"
    )
    other = models.ForeignKey(
        Skill,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
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

    objects = TaxonomyEditQuerySet.as_manager()

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

    def in_words(self) -> str:
        """Return what was done, with the names as they are today."""
        texts = ", ".join(f"“{text}”" for text in self.after["aliases"])
        skill = f"“{self.skill}”"
        other = f"“{self.other}”" if self.other else "a skill that is gone"
        return {
            self.Kind.ADD: f"{skill} was added",
            self.Kind.MERGE: f"{skill} was merged into {other}",
            self.Kind.SPLIT: f"{other} was split off {skill}: {texts}",
            self.Kind.RENAME: f"“{self._was('name')}” was renamed “{self._is('name')}”",
            self.Kind.RETIRE: f"{skill} was retired",
            self.Kind.RESTORE: f"{skill} was restored",
            self.Kind.MOVE: f"{skill} was moved to another category",
            self.Kind.ALIAS: f"{texts} became an alias of {skill}",
            self.Kind.UNALIAS: f"{texts} ceased to name {skill}",
        }[self.Kind(self.kind)]

    def _was(self, field: str) -> Any:
        return self.before["skills"].get(str(self.skill_id), {}).get(field)

    def _is(self, field: str) -> Any:
        return self.after["skills"].get(str(self.skill_id), {}).get(field)

    def standing_on_it(self) -> "TaxonomyEdit | None":
        """Return the last later edit, not undone, that needs what this one made; None if free."""
        later = TaxonomyEdit.objects.filter(pk__gt=self.pk, undone_at=None).filter(
            Q(after__skills__has_any_keys=list(self.after["skills"]))
            | Q(after__aliases__has_any_keys=list(self.after["aliases"]))
            | Q(skill__in=self._made())
            | Q(other__in=self._made())
        )
        return next(filter(self._carries, later.select_related("skill", "other")), None)

    def _made(self) -> list[int]:
        """Return the skill that is there because of this edit, if one is."""
        made = {self.Kind.ADD: self.skill_id, self.Kind.SPLIT: self.other_id}.get(
            self.Kind(self.kind)
        )
        return [made] if made else []

    def _carries(self, later: "TaxonomyEdit") -> bool:
        """Return whether another edit changed the same fields, aliases, or the new skill."""
        if {later.skill_id, later.other_id} & set(self._made()):
            return True
        mine, theirs = self.after["skills"], later.after["skills"]
        fields = any(mine[pk].keys() & theirs[pk].keys() for pk in mine.keys() & theirs.keys())
        return fields or bool(self.after["aliases"].keys() & later.after["aliases"].keys())
