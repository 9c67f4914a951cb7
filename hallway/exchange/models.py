from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from hallway.gathering.communities.models import Community
from hallway.gathering.events.models import Event
from hallway.kit.privacy import Privacy
from hallway.people.models import Person


class ImportRun(models.Model):
    """One reading of a file into an event: first a rehearsal with its report, then the import, perhaps its undo."""

    class State(models.TextChoices):
        COLUMNS = "columns", _("waiting to hear what its columns hold")
        WAITING = "waiting", _("waiting to be checked")
        CHECKED = "checked", _("checked, nothing stored yet")
        AGREED = "agreed", _("waiting to be imported")
        DONE = "done", _("imported")
        REFUSED = "refused", _("refused")
        UNDONE = "undone", _("undone")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="import_runs")
    event = models.ForeignKey(Event, null=True, blank=True, on_delete=models.SET_NULL, related_name="import_runs")
    into = models.ForeignKey(Event, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    made_event = models.BooleanField(default=False)
    format = models.CharField(max_length=40, blank=True)
    filename = models.CharField(max_length=200, blank=True)
    stored_file = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    zone = models.CharField(max_length=64, blank=True)
    options = models.JSONField(default=dict)
    by_person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by_key = models.CharField(max_length=100)
    at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    report = models.JSONField(default=dict)
    journal = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "at"], name="exchange_run_state")]

    privacy: ClassVar = Privacy(
        retention="a year; the file itself a day",
        community=(
            "id", "community", "event", "into", "state", "made_event", "format", "filename", "sha256", "zone",
            "options", "by_person", "by_key", "at", "report", "undone_at",
        ),
        secret=("stored_file", "claimed_until", "attempts", "journal"),
    )  # fmt: skip


class ImportedThing(models.Model):
    """Which row here came from which thing there, and the values last read, so that an edit made here wins."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="imported_things")
    kind = models.CharField(max_length=20)
    source_key = models.CharField(max_length=500)
    object_id = models.BigIntegerField()
    last_values = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "kind", "source_key"], name="exchange_thing_once"),
        ]

    privacy: ClassVar = Privacy(
        retention="with its event",
        community=("id", "event", "kind", "source_key", "object_id", "last_values"),
    )
