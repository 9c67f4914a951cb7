"""Works off one import that was uploaded by browser; called by the sweep, in a process of its own."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from hallway.exchange.actions import work_off_import
from hallway.exchange.models import ImportRun
from hallway.kit import clock


class Command(BaseCommand):
    help = "Check or import one file that was uploaded."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        runs = ImportRun.objects.select_related("community", "into__community", "by_person")
        run = runs.filter(pk=options["run"]).first()
        if run is not None and run.state in {ImportRun.State.WAITING, ImportRun.State.AGREED}:
            work_off_import(run=run, by=run.by_person, at=clock.now())
