from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "hallway.notices"
    label = "notices"
