from django.apps import AppConfig


class FindingConfig(AppConfig):
    name = "hallway.finding"
    label = "finding"
