"""GET /api/v1/compare/: up to five skills side by side."""

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.skills.models.taxonomy import near
from trends.models import SkillTrend
from trends.pages.compare.chosen import MOST_COMPARED, Asked, asked_for
from trends.published import rows, schema
from trends.published.api import SnapshotView
from trends.published.queries import CompareQuery, chosen
from trends.published.serializers import serializer


class Compared(SnapshotView):
    """Up to five skills side by side, in the order asked for, with everybody's weeks beside."""

    @extend_schema(parameters=[CompareQuery], responses=serializer(schema.Compared))
    def get(self, request: Request) -> Response:
        query = chosen(CompareQuery, request)
        asked = asked_for(query["skills"].split(","))
        if asked.unknown or asked.too_many or not asked.skills:
            raise ValidationError({"skills": _refused(asked)})
        reader = self.reader()
        trends = SkillTrend.objects.of(
            reader.snapshot, window=query["window"], country=query["country"]
        )
        compared = trends.filter(skill__in=[skill.pk for skill in asked.skills])
        measured = {
            row["skill"]["slug"]: row
            for row in rows.skill_rows(compared.select_related("skill__category"), reader)
        }
        return Response(
            {
                "snapshot": rows.snapshot_row(reader),
                "platform_weekly": reader.snapshot.platform_weekly.get(query["country"], []),
                "results": [
                    measured[skill.slug] for skill in asked.skills if skill.slug in measured
                ],
            }
        )


def _refused(asked: Asked) -> str:
    """Return what is wrong with the skills asked for, and what was probably meant."""
    if asked.unknown:
        text = asked.unknown[0]
        alike = ", ".join(skill.slug for skill in near(text))
        return f"There is no skill {text!r}." + (f" Near it: {alike}." if alike else "")
    if asked.too_many:
        return f"Those are more than {MOST_COMPARED} skills; ask for fewer."
    return "No skill is named; expected slugs separated by commas, e.g. ai-agents,n8n."
