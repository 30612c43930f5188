"""The addresses of the pages and of the API's reading half."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from trends import api, pages

urlpatterns = [
    path("", pages.rising, name="rising"),
    path("skills/<slug:slug>/", pages.skill, name="skill"),
    path("categories/", pages.categories, name="categories"),
    path("earners/", pages.earners, name="earners"),
    path("method/", pages.method, name="method"),
    path("api/v1/trends/skills/", api.SkillTrends.as_view(), name="api-skill-trends"),
    path("api/v1/trends/categories/", api.CategoryTrends.as_view(), name="api-category-trends"),
    path("api/v1/trends/earners/", api.Earners.as_view(), name="api-earners"),
    path("api/v1/skills/", api.Skills.as_view(), name="api-skills"),
    path("api/v1/skills/<slug:slug>/", api.SkillDetail.as_view(), name="api-skill"),
    path(
        "api/v1/skills/<slug:slug>/explain/", api.SkillExplained.as_view(), name="api-skill-explain"
    ),
    path("api/v1/skills/<slug:slug>/series/", api.SkillSeries.as_view(), name="api-skill-series"),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path(
        "api/v1/docs/",
        SpectacularSwaggerSplitView.as_view(
            url_name="api-schema", template_name="trends/docs.html"
        ),
        name="api-docs",
    ),
]
