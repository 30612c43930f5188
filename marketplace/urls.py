"""Every address of the site and the API."""

from django.contrib import admin
from django.urls import include, path

from marketplace import health
from marketplace.gigs.pages import search
from marketplace.searches.api import SearchesView

urlpatterns = [
    path("", include("trends.urls")),
    path("search/", search, name="search"),
    path("api/v1/searches/", SearchesView.as_view(), name="api-searches"),
    path("admin/", admin.site.urls),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]
