from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from hallway.finding.indexing import index_everything


class Command(BaseCommand):
    help = "Build the search entries anew: once after an upgrade, and after rows were restored by other means."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{index_everything()} things can be found.")
