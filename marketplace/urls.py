"""Every address of the site and the API."""

from django.contrib import admin
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from marketplace import health
from marketplace.searches.api import SearchesView

handler400 = "marketplace.error_pages.unreadable"
handler403 = "marketplace.error_pages.forbidden"
handler404 = "marketplace.error_pages.not_found"
handler500 = "marketplace.error_pages.broken"

urlpatterns = [
    path("", include("trends.urls")),
    path("api/v1/searches/", SearchesView.as_view(), name="api-searches"),
    # A language is nothing to forge: without a token no reader is given a cookie for it.
    path("language/", csrf_exempt(set_language), name="set_language"),
    path("admin/", admin.site.urls),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]
