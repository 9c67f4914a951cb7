from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "hallway.site"
    label = "site"
