from django.apps import AppConfig


class GigsConfig(AppConfig):
    name = "marketplace.gigs"
    label = "gigs"
