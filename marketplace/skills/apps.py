from django.apps import AppConfig


class SkillsConfig(AppConfig):
    name = "marketplace.skills"
    label = "skills"
