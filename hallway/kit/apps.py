from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class KitConfig(AppConfig):
    name = "hallway.kit"
    label = "kit"

    def ready(self) -> None:
        """Load what packages register with the kit: receivers, panels and sweeps."""
        autodiscover_modules("facts", "receivers", "panels", "sweeps", "live")
