"""GET /api/v1/skills/: skills by name, and each one's trends, gates and daily series."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.skills.models import Skill
from marketplace.skills.normalise import normalise
from trends.models import (
    SkillTrend,
    Window,
)
from trends.pages.skill import schema as skill_schema
from trends.pages.skill.countries import supply_by_country
from trends.pages.skill.explain import explain
from trends.pages.skill.series import daily_series
from trends.pages.skill.surroundings import surroundings_row
from trends.published import rows, schema
from trends.published.api import SnapshotView, known_skill
from trends.published.queries import (
    MOST_SEARCHED,
    SkillQuery,
    WindowQuery,
    chosen,
)
from trends.published.serializers import serializer
from trends.published.who_sees_exact import sees_exact

# Names a person would look through when choosing.
MOST_FOUND = 20


class Skills(APIView):
    """Skills by name or alias, the most alike first; without `q` by name."""

    @extend_schema(
        operation_id="skills_list", parameters=[SkillQuery], responses=serializer(schema.SkillList)
    )
    def get(self, request: Request) -> Response:
        skills = Skill.objects.select_related("category").prefetch_related("aliases")
        text = normalise(request.query_params.get("q", "")[:200])
        skills = skills.like(text) if text else skills.active()
        return Response({"results": [rows.skill_summary(skill) for skill in skills[:MOST_FOUND]]})


class SkillDetail(SnapshotView):
    """One skill: its names, its trend in the world and in each country, and what surrounds it."""

    @extend_schema(responses=serializer(skill_schema.SkillDetail))
    def get(self, request: Request, slug: str) -> Response:
        skill = known_skill(slug)
        reader = self.reader()
        trends = SkillTrend.objects.filter(
            snapshot=reader.snapshot, skill=skill, window=Window.HALF_YEAR
        )
        placed = trends.select_related("skill__category").order_by(MOST_SEARCHED, "country")
        return Response(
            {
                "snapshot": rows.snapshot_row(reader),
                **rows.skill_summary(skill),
                "trends": rows.skill_rows(placed, reader),
                "outlook": rows.outlook_row(skill, reader),
                **surroundings_row(skill, reader),
                "supply_by_country": supply_by_country(skill, reader),
            }
        )


class SkillExplained(SnapshotView):
    """Why a skill is, or is not, on the rising list of a window and country: every gate."""

    @extend_schema(parameters=[WindowQuery], responses=serializer(skill_schema.SkillExplained))
    def get(self, request: Request, slug: str) -> Response:
        query = chosen(WindowQuery, request)
        skill, reader = known_skill(slug), self.reader()
        return Response(
            {
                "snapshot": rows.snapshot_row(reader),
                "skill": {"slug": skill.slug, "name": skill.name},
                **explain(
                    skill,
                    reader.snapshot,
                    window=Window(query["window"]),
                    country=query["country"],
                    exact=reader.exact,
                ),
            }
        )


class SkillSeries(APIView):
    """Searches and searchers of a skill, day by day, up to the last minute."""

    @extend_schema(responses=serializer(skill_schema.SkillSeries))
    def get(self, request: Request, slug: str) -> Response:
        skill = known_skill(slug)
        return Response(daily_series(skill, exact=sees_exact(request)))
