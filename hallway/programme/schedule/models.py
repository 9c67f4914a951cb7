from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hallway.gathering.attendance.models import Admission
from hallway.gathering.events.models import Event, Room
from hallway.kit.localised import LocalisedField
from hallway.kit.privacy import Privacy
from hallway.people.models import Person
from hallway.programme.talks.models import Talk


class Track(models.Model):
    """A thread of sessions through an event, with a colour."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="tracks")
    name = models.CharField(_("name"), max_length=120)
    hue = models.PositiveSmallIntegerField(_("colour"), default=1)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "name"], name="schedule_track_once")]

    privacy: ClassVar = Privacy(retention="with its event", public=("id", "event", "name", "hue", "position"))

    def __str__(self) -> str:
        return self.name


class Session(models.Model):
    """What is announced at an event: a talk, a workshop, or a break. It may have several slots.

    Empty texts mean "as in the talk". A session without a talk carries its own title. One with an ``admission`` has
    seats of its own: one registers for it beside the event.
    """

    class Kind(models.TextChoices):
        TALK = "talk", _("talk")
        KEYNOTE = "keynote", _("keynote")
        WORKSHOP = "workshop", _("workshop")
        LIGHTNING = "lightning", _("lightning talk")
        PANEL = "panel", _("panel")
        OTHER = "other", _("something else")
        BREAK = "break", _("break")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="sessions")
    talk = models.ForeignKey(Talk, null=True, blank=True, on_delete=models.SET_NULL, related_name="sessions")
    guid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=20, blank=True)
    slug = models.CharField(max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.TALK)
    kind_raw = models.CharField(max_length=120, blank=True)
    title = LocalisedField(_("title"), max_length=300)
    abstract = LocalisedField(_("abstract"), max_length=20_000, multiline=True)
    track = models.ForeignKey(Track, null=True, blank=True, on_delete=models.SET_NULL, related_name="sessions")
    admission = models.OneToOneField(
        Admission, null=True, blank=True, on_delete=models.SET_NULL, related_name="session"
    )
    plenum = models.BooleanField(_("for everybody, in all rooms"), default=False)
    recording_url = models.URLField(_("recording"), max_length=500, blank=True)
    feedback_url = models.URLField(max_length=500, blank=True)
    origin_url = models.URLField(max_length=500, blank=True)
    do_not_record = models.BooleanField(_("do not record"), default=False)
    do_not_stream = models.BooleanField(_("do not stream"), default=False)
    public_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="break", talk=None) | ~Q(kind="break"), name="schedule_break_no_talk"
            ),
        ]

    privacy: ClassVar = Privacy(
        retention="with its event",
        public=(
            "id", "event", "talk", "guid", "code", "slug", "kind", "title", "abstract", "track", "plenum",
            "admission", "recording_url", "feedback_url", "origin_url", "do_not_record", "do_not_stream", "updated_at",
        ),
        community=("kind_raw", "public_at", "hidden_at", "removed_at"),
    )  # fmt: skip


class Slot(models.Model):
    """A session in a room at a time. The first three columns are the draft; the public ones are as last released.

    ``public_at`` is set by a release; a removed slot that was public stays until the next release.
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="slots")
    guid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.SET_NULL, related_name="slots")
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    removed_at = models.DateTimeField(null=True, blank=True)
    public_room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.SET_NULL, related_name="public_slots")
    public_starts_at = models.DateTimeField(null=True, blank=True)
    public_ends_at = models.DateTimeField(null=True, blank=True)
    public_at = models.DateTimeField(null=True, blank=True)
    sequence = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gte=F("starts_at")), name="schedule_slot_end_after_start"),
            models.CheckConstraint(
                condition=Q(public_at=None, public_starts_at=None, public_ends_at=None)
                | Q(public_at__isnull=False, public_starts_at__isnull=False, public_ends_at__isnull=False),
                name="schedule_slot_public_whole",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["public_starts_at"], name="schedule_slot_public_start")]

    privacy: ClassVar = Privacy(
        retention="with its event",
        public=(
            "id",
            "session",
            "guid",
            "public_room",
            "public_starts_at",
            "public_ends_at",
            "public_at",
            "sequence",
        ),
        community=("room", "starts_at", "ends_at", "removed_at"),
    )


class Release(models.Model):
    """A published version of the schedule: what changed in it, and where everything stood."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="releases")
    number = models.PositiveIntegerField()
    version = models.CharField(_("version"), max_length=60)
    note = LocalisedField(_("what to say about it"), max_length=1_000)
    released_at = models.DateTimeField()
    released_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    placements = models.JSONField(default=list)
    changes = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "number"], name="schedule_release_once")]

    privacy: ClassVar = Privacy(
        retention="with its event",
        public=("id", "event", "number", "version", "note", "released_at", "placements", "changes"),
        community=("released_by",),
    )


class SlidesRequest(models.Model):
    """Somebody would like the slides of a session: counted once, told once when they are there.

    ``asker`` is a person or a device (``person:12``, ``visitor:…``); ``due_at`` is set when the slides arrive.
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="slides_requests")
    asker = models.CharField(max_length=100)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    address = models.EmailField(blank=True)
    language = models.CharField(max_length=8, blank=True)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "asker"], name="schedule_slides_asked_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(told_at=None), name="schedule_slides_due"),
        ]

    privacy: ClassVar = Privacy(
        retention="with its session; an address until its mail is sent, half a year at most",
        public=("id", "session"),
        private=("person", "address", "language", "asked_at", "due_at", "told_at"),
        secret=("asker",),
    )


class SlidesReminder(models.Model):
    """A speaker was reminded that the slides of an event are missing, so many days after the session."""

    talk = models.ForeignKey(Talk, on_delete=models.CASCADE, related_name="slides_reminders")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    days = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["talk", "event", "person", "days"], name="schedule_slides_reminded_once"),
        ]

    privacy: ClassVar = Privacy(retention="with the talk", private=("id", "talk", "event", "person", "days", "at"))
