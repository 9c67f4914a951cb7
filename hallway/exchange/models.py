from __future__ import annotations

from typing import ClassVar

from django.db import models

from hallway.gathering.communities.models import Community
from hallway.gathering.events.models import Event
from hallway.kit.privacy import Privacy


class ImportRun(models.Model):
    """One reading of a file into an event, with its report and what undoing it needs."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="import_runs")
    event = models.ForeignKey(Event, null=True, blank=True, on_delete=models.SET_NULL, related_name="import_runs")
    made_event = models.BooleanField(default=False)
    format = models.CharField(max_length=40)
    filename = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    zone = models.CharField(max_length=64, blank=True)
    by_key = models.CharField(max_length=100)
    at = models.DateTimeField()
    report = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)

    privacy: ClassVar = Privacy(
        retention="a year; the report stays with the event",
        community=(
            "id", "community", "event", "made_event", "format", "filename", "sha256", "zone", "by_key", "at",
            "report", "undone_at",
        ),
        secret=("before",),
    )  # fmt: skip


class ImportedThing(models.Model):
    """Which row here came from which thing there, and the values last read, so that an edit made here wins."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="imported_things")
    kind = models.CharField(max_length=20)
    source_key = models.CharField(max_length=500)
    object_id = models.BigIntegerField()
    last_values = models.JSONField(default=dict)
    last_run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="things")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "kind", "source_key"], name="exchange_thing_once"),
        ]

    privacy: ClassVar = Privacy(
        retention="with its event",
        community=("id", "event", "kind", "source_key", "object_id", "last_values", "last_run"),
    )
