"""The reading half of /api/v1/: trends, skills and their series, from the published snapshot."""

from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Max, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.searches.models import ApiKey
from marketplace.skills.models import Skill
from marketplace.skills.normalise import normalise
from trends import rows, schema
from trends.explain import explain
from trends.models import CategoryTrend, EarningsTrend, SkillTrend, TrendSnapshot, Window
from trends.queries import (
    EARNER_ORDERS,
    MOST_SEARCHED,
    TREND_ORDERS,
    Chosen,
    EarnerQuery,
    Page,
    TrendQuery,
    WindowQuery,
    chosen,
    cursor_parts,
)
from trends.series import daily_series

# Names a person would look through when choosing.
MOST_FOUND = 20
# Below this nobody would call two names alike.
LEAST_ALIKE = 0.25


class SnapshotView(APIView):
    """A view of the current snapshot, or of the one its cursor began with."""

    def reader(self, pk: int | None = None) -> rows.Reader:
        snapshots = TrendSnapshot.objects.all()
        snapshot = snapshots.filter(pk=pk).first() if pk else snapshots.current()
        if snapshot is None:
            raise Http404(
                "The snapshot this cursor began with has been replaced; start again without it."
                if pk
                else "No snapshot is published yet; run manage.py refresh_trends."
            )
        return rows.Reader(snapshot, exact=sees_exact(self.request))

    def listing(
        self, request: Request, reader: rows.Reader, page: Page[Any], found: list[rows.Row]
    ) -> Response:
        return Response(
            {
                "snapshot": rows.snapshot_row(reader),
                "results": found,
                "next": page.next_address(request, reader.snapshot.pk),
            }
        )


def sees_exact(request: Request) -> bool:
    """Whether the asker is the marketplace itself: by one of its keys, or as staff."""
    return isinstance(request.auth, ApiKey) or bool(getattr(request.user, "is_staff", False))


class SkillTrends(SnapshotView):
    """Every measured skill, the rising ones first."""

    @extend_schema(parameters=[TrendQuery], responses=schema.SkillTrendList)
    def get(self, request: Request) -> Response:
        query = chosen(TrendQuery, request)
        reader = self.reader(cursor_parts(query)[0])
        trends = narrowed(SkillTrend.objects.all(), reader, query)
        if category := query.get("category"):
            trends = trends.in_category(category)
        page = Page(trends.select_related("skill__category"), query)
        return self.listing(request, reader, page, rows.skill_rows(page.items, reader))


class CategoryTrends(SnapshotView):
    """Every category anybody searched in, the rising ones first."""

    @extend_schema(parameters=[TrendQuery], responses=schema.CategoryTrendList)
    def get(self, request: Request) -> Response:
        query = chosen(TrendQuery, request)
        reader = self.reader(cursor_parts(query)[0])
        trends = narrowed(CategoryTrend.objects.all(), reader, query)
        if category := query.get("category"):
            trends = trends.filter(Q(category__slug=category) | Q(category__parent__slug=category))
        page = Page(trends.select_related("category__parent"), query)
        return self.listing(request, reader, page, rows.category_rows(page.items, reader))


def narrowed(trends: Any, reader: rows.Reader, query: Chosen) -> Any:
    """The trends a query asks for, in its order."""
    trends = trends.of(reader.snapshot, window=query["window"], country=query["country"])
    if label := query.get("label"):
        trends = trends.filter(label=label)
    if query["listed"]:
        trends = trends.listed()
    return trends.order_by(*TREND_ORDERS[query["order"]])


class Earners(SnapshotView):
    """What the sellers of each skill earned in the last half-year, the best paid first."""

    @extend_schema(parameters=[EarnerQuery], responses=schema.EarnerList)
    def get(self, request: Request) -> Response:
        query = chosen(EarnerQuery, request)
        reader = self.reader(cursor_parts(query)[0])
        found = earners(reader.snapshot, query.get("category")).order_by(
            *EARNER_ORDERS[query["order"]]
        )
        page = Page(found, query)
        return self.listing(request, reader, page, rows.earner_rows(page.items, reader))


def earners(snapshot: TrendSnapshot, category: str | None) -> QuerySet[EarningsTrend]:
    """The earnings of every skill of a snapshot, or of those in a category."""
    found = EarningsTrend.objects.filter(snapshot=snapshot).select_related("skill__category")
    if category:
        found = found.filter(
            Q(skill__category__slug=category) | Q(skill__category__parent__slug=category)
        )
    return found


class Skills(APIView):
    """Skills by name or alias, the most alike first; without `q` by name."""

    @extend_schema(
        operation_id="skills_list", parameters=[schema.SkillQuery], responses=schema.SkillList
    )
    def get(self, request: Request) -> Response:
        found = named_like(normalise(request.query_params.get("q", "")[:200]))
        return Response({"results": [rows.skill_summary(skill) for skill in found[:MOST_FOUND]]})


def named_like(text: str) -> QuerySet[Skill]:
    """Active skills with a name or alias that begins with, or resembles, a normalised text."""
    skills = Skill.objects.active().select_related("category").prefetch_related("aliases")
    if not text:
        return skills
    resembling = skills.annotate(alike=Max(TrigramSimilarity("aliases__text", text)))
    named = Q(alike__gte=LEAST_ALIKE) | Q(aliases__text__startswith=text)
    return resembling.filter(named).order_by("-alike", "name").distinct()


class SkillDetail(SnapshotView):
    """One skill: its names, and its trend in the world and in each country."""

    @extend_schema(responses=schema.SkillDetail)
    def get(self, request: Request, slug: str) -> Response:
        skill = known_skill(slug)
        reader = self.reader()
        trends = SkillTrend.objects.filter(
            snapshot=reader.snapshot, skill=skill, window=Window.HALF_YEAR
        )
        found = trends.select_related("skill__category").order_by(MOST_SEARCHED, "country")
        return Response(
            {
                "snapshot": rows.snapshot_row(reader),
                **rows.skill_summary(skill),
                "trends": rows.skill_rows(found, reader),
                "outlook": rows.outlook_row(skill, reader),
            }
        )


class SkillExplained(SnapshotView):
    """Why a skill is, or is not, on the rising list of a window and country: every gate."""

    @extend_schema(parameters=[WindowQuery], responses=schema.SkillExplained)
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

    @extend_schema(responses=schema.SkillSeries)
    def get(self, request: Request, slug: str) -> Response:
        skill = known_skill(slug)
        return Response(daily_series(skill, exact=sees_exact(request)))


def known_skill(slug: str) -> Skill:
    """The skill of this slug, or 404; a merged one answers for the one it became."""
    skills = Skill.objects.select_related("category", "merged_into__category")
    skill = get_object_or_404(skills.prefetch_related("aliases"), slug=slug)
    return skill.merged_into or skill
