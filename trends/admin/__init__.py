"""The trends in the admin: what people there look at and decide."""

from django.contrib import admin

from trends.admin import (
    candidates,
    demand,
    editions,
    figures,
    flags,
    people,
    pipeline,
    taxonomy,
    thresholds,
)

__all__ = [
    "candidates",
    "demand",
    "editions",
    "figures",
    "flags",
    "people",
    "pipeline",
    "taxonomy",
    "thresholds",
]

admin.site.site_title = admin.site.site_header = "Upcurrent"
admin.site.index_title = "What waits for you"
# The index and the path above each page lead everywhere; tables need the width.
admin.site.enable_nav_sidebar = False
