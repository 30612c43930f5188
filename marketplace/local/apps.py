"""The local servers as a Django app: it has one command, `serve`, and no tables."""

from django.apps import AppConfig


class LocalConfig(AppConfig):
    name = "marketplace.local"
    label = "local"
