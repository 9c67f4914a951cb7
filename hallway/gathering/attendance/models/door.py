"""The door: who helps there, its book, and lists that were taken out."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hallway.gathering.events.models import Event
from hallway.kit.privacy import Privacy
from hallway.people.models import Person

from .admissions import Admission
from .registrations import Registration


class DoorHelper(models.Model):
    """A person at the entrance, let in by a link for an evening. They see names and states, nothing else."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="door_helpers")
    name = models.CharField(_("who it is for"), max_length=120)
    nonce = models.CharField(max_length=32)
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    opens_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    privacy: ClassVar = Privacy(
        retention="thirty days after the event",
        community=("id", "event", "name", "made_by", "made_at", "opens_at", "expires_at", "ended_at"),
        secret=("nonce",),
    )


class CheckIn(models.Model):
    """A line of the door's book: somebody came, or that was taken back. Lines are added, never changed.

    Devices without network write their own and bring them later; whatever the order, the last line by the clock of
    the door (then by ``uid``) says how it is.
    """

    class Kind(models.TextChoices):
        CAME = "came"
        UNDONE = "undone"

    class How(models.TextChoices):
        SELF = "self"
        SCANNED = "scanned"
        CODE = "code"
        LIST = "list"
        WALKED_IN = "walked_in"

    uid = models.UUIDField(unique=True)
    admission = models.ForeignKey(Admission, on_delete=models.CASCADE, related_name="check_ins")
    registration = models.ForeignKey(
        Registration, null=True, blank=True, on_delete=models.CASCADE, related_name="check_ins"
    )
    walk_in = models.UUIDField(null=True, blank=True)
    name = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    how = models.CharField(max_length=9, choices=How.choices)
    seats = models.PositiveSmallIntegerField(default=1)
    done_at = models.DateTimeField()
    received_at = models.DateTimeField()
    helper = models.ForeignKey(DoorHelper, null=True, blank=True, on_delete=models.SET_NULL, related_name="check_ins")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(registration__isnull=False, walk_in__isnull=True)
                | Q(registration__isnull=True, walk_in__isnull=False),
                name="attendance_registered_or_walked_in",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["admission", "id"], name="attendance_book")]

    privacy: ClassVar = Privacy(
        retention="the name of somebody who walked in thirty days after the event; the rest with its event",
        community=(
            "id", "uid", "admission", "registration", "walk_in", "name", "kind", "how", "seats", "done_at",
            "received_at", "helper",
        ),
    )  # fmt: skip


class ListExport(models.Model):
    """Somebody of the team took a list of people out. Those in it can see that."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="list_exports")
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    what = models.CharField(max_length=20)
    columns = models.JSONField(default=list)
    registrations = models.ManyToManyField(Registration, related_name="exports")

    privacy: ClassVar = Privacy(
        retention="with its event",
        community=("id", "event", "by", "at", "what", "columns", "registrations"),
    )
