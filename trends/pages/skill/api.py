"""The reading half of /api/v1/: trends, skills and their series, from the published snapshot."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.searches.models import ApiKey
from marketplace.skills.models import Skill
from marketplace.skills.normalise import normalise
from trends.models import (
    WORLD,
    CategoryTrend,
    EarningsTrend,
    Edition,
    SkillTrend,
    TrendSnapshot,
    Window,
)
from trends.pages.editions import schema as edition_schema
from trends.pages.skill import schema as skill_schema
from trends.pages.skill.countries import supply_by_country
from trends.pages.skill.explain import explain
from trends.pages.skill.series import daily_series
from trends.pages.skill.surroundings import surroundings_row
from trends.published import rows, schema
from trends.published.competition import with_competition_in
from trends.published.queries import (
    MOST_SEARCHED,
    SKILL_ORDERS,
    Chosen,
    EarnerQuery,
    Page,
    SkillTrendQuery,
    TrendQuery,
    WindowQuery,
    chosen,
    cursor_parts,
    earner_order,
)

# Names a person would look through when choosing.
MOST_FOUND = 20
# Who sees the trends in the admin sees exact figures there; others learn nothing of a few people.
SEES_EXACT = "trends.view_skilltrend"


class SnapshotView(APIView):
    """A view of the current snapshot, or of the one its cursor began with."""

    def reader(self, pk: int | None = None, edition: str | None = None) -> rows.Reader:
        if edition:
            found = published_edition(edition)
            return rows.Reader(found.snapshot, exact=sees_exact(self.request), edition=found)
        snapshots = TrendSnapshot.objects.published()
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


def published_edition(slug: str) -> Edition:
    """A published edition with its snapshot, or 404: nobody reads a draft."""
    editions = Edition.objects.published().select_related("snapshot").defer("file", "basis")
    return get_object_or_404(editions, slug=slug)


def sees_exact(request: Request) -> bool:
    """Whether the asker is the marketplace itself: by one of its keys, or as staff who may."""
    user = request.user
    return isinstance(request.auth, ApiKey) or bool(user and user.has_perm(SEES_EXACT))


class SkillTrends(SnapshotView):
    """Every measured skill, the rising ones first."""

    @extend_schema(parameters=[SkillTrendQuery], responses=schema.SkillTrendList)
    def get(self, request: Request) -> Response:
        query = chosen(SkillTrendQuery, request)
        reader = self.reader(cursor_parts(query)[0], query.get("edition"))
        trends = narrowed(SkillTrend.objects.with_earnings(reader.snapshot), reader, query)
        if category := query.get("category"):
            trends = trends.filter(reader.skills_in(category))
        if query["country"] != WORLD:
            trends = with_competition_in(trends, reader.snapshot, country=query["country"])
        page = Page(trends.select_related("skill__category"), query)
        return self.listing(request, reader, page, rows.skill_rows(page.items, reader))


class CategoryTrends(SnapshotView):
    """Every category anybody searched in, the rising ones first."""

    @extend_schema(parameters=[TrendQuery], responses=schema.CategoryTrendList)
    def get(self, request: Request) -> Response:
        query = chosen(TrendQuery, request)
        reader = self.reader(cursor_parts(query)[0], query.get("edition"))
        trends = narrowed(CategoryTrend.objects.all(), reader, query)
        if category := query.get("category"):
            trends = trends.filter(reader.categories_in(category))
        page = Page(trends.select_related("category__parent"), query)
        return self.listing(request, reader, page, rows.category_rows(page.items, reader))


def narrowed(trends: Any, reader: rows.Reader, query: Chosen) -> Any:
    """The trends a query asks for, in its order."""
    trends = trends.of(reader.snapshot, window=query["window"], country=query["country"])
    if label := query.get("label"):
        trends = trends.filter(label=label)
    if query["listed"]:
        trends = trends.listed()
    return trends.order_by(*SKILL_ORDERS[query["order"]])


class Earners(SnapshotView):
    """What the sellers of each skill earned in the last half-year, the best paid first."""

    @extend_schema(parameters=[EarnerQuery], responses=schema.EarnerList)
    def get(self, request: Request) -> Response:
        query = chosen(EarnerQuery, request)
        reader = self.reader(cursor_parts(query)[0], query.get("edition"))
        found = earners(reader, query.get("category")).order_by(*earner_order(query))
        page = Page(found, query)
        return self.listing(request, reader, page, rows.earner_rows(page.items, reader))


def earners(reader: rows.Reader, category: str | None) -> QuerySet[EarningsTrend]:
    """The earnings of every skill of a snapshot, or of those in a category."""
    found = EarningsTrend.objects.filter(snapshot=reader.snapshot)
    found = found.select_related("skill__category")
    return found.filter(reader.skills_in(category)) if category else found


class Editions(APIView):
    """Every published edition, the newest first: what can be cited."""

    @extend_schema(operation_id="editions_list", responses=edition_schema.EditionList)
    def get(self, request: Request) -> Response:
        editions = Edition.objects.published().light()
        found = editions.select_related("snapshot").prefetch_related("corrections")
        return Response({"results": [edition_row(request, one) for one in found]})


class EditionDetail(APIView):
    """One published edition; its figures are those of the lists of trends with `edition`."""

    @extend_schema(responses=edition_schema.Edition)
    def get(self, request: Request, slug: str) -> Response:
        return Response(edition_row(request, published_edition(slug)))


def edition_row(request: Request, edition: Edition) -> rows.Row:
    """An edition as it is cited, and the addresses of its figures."""
    named = {"page": "edition", "csv": "edition-file"}
    trends = reverse("api-skill-trends")
    return rows.edition_row(edition) | {
        **{
            name: request.build_absolute_uri(reverse(of, args=[edition.slug]))
            for name, of in named.items()
        },
        "trends": request.build_absolute_uri(f"{trends}?edition={edition.slug}"),
    }


class Skills(APIView):
    """Skills by name or alias, the most alike first; without `q` by name."""

    @extend_schema(
        operation_id="skills_list", parameters=[schema.SkillQuery], responses=schema.SkillList
    )
    def get(self, request: Request) -> Response:
        skills = Skill.objects.select_related("category").prefetch_related("aliases")
        text = normalise(request.query_params.get("q", "")[:200])
        found = skills.like(text) if text else skills.active()
        return Response({"results": [rows.skill_summary(skill) for skill in found[:MOST_FOUND]]})


class SkillDetail(SnapshotView):
    """One skill: its names, its trend in the world and in each country, and what surrounds it."""

    @extend_schema(responses=skill_schema.SkillDetail)
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
                **surroundings_row(skill, reader),
                "supply_by_country": supply_by_country(skill, reader),
            }
        )


class SkillExplained(SnapshotView):
    """Why a skill is, or is not, on the rising list of a window and country: every gate."""

    @extend_schema(parameters=[WindowQuery], responses=skill_schema.SkillExplained)
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

    @extend_schema(responses=skill_schema.SkillSeries)
    def get(self, request: Request, slug: str) -> Response:
        skill = known_skill(slug)
        return Response(daily_series(skill, exact=sees_exact(request)))


def known_skill(slug: str) -> Skill:
    """The skill of this slug, or 404; a merged one answers for the one it became."""
    skills = Skill.objects.select_related("category", "merged_into__category")
    skill = get_object_or_404(skills.prefetch_related("aliases"), slug=slug)
    return skill.merged_into or skill
