"""What happened: skills, gigs and orders, searches, and the wiring of the project."""

from marketplace.celery import app as celery_app

__all__ = ["celery_app"]
