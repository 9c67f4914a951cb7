from django.apps import AppConfig


class TalksConfig(AppConfig):
    name = "hallway.programme.talks"
    label = "talks"
