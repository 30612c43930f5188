from django.apps import AppConfig


class SearchesConfig(AppConfig):
    name = "marketplace.searches"
    label = "searches"
