"""The Celery application: messages say "look for work" and carry no data."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")

app = Celery("upcurrent")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
