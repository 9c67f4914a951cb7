from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "hallway.site"
    label = "site"

    def ready(self) -> None:
        """Register the checks that stop a start."""
        from . import checks  # noqa: F401 - registers itself, and needs the loaded apps
