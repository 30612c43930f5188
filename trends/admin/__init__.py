"""The trends in the admin: what people there look at and decide."""

from django.contrib import admin

from trends.admin import demand, figures, flags, people
from trends.backoffice.candidates import admin as candidates
from trends.backoffice.candidates import thresholds_admin
from trends.backoffice.editions import admin as editions
from trends.backoffice.pipeline import admin as pipeline
from trends.backoffice.taxonomy import admin as taxonomy

__all__ = [
    "candidates",
    "demand",
    "editions",
    "figures",
    "flags",
    "people",
    "pipeline",
    "taxonomy",
    "thresholds_admin",
]

admin.site.site_title = admin.site.site_header = "Upcurrent"
admin.site.index_title = "What waits for you"
# The index and the path above each page lead everywhere; tables need the width.
admin.site.enable_nav_sidebar = False
