from django.apps import AppConfig


class CommunitiesConfig(AppConfig):
    name = "hallway.gathering.communities"
    label = "communities"
