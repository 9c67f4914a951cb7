from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hallway.gathering.events.models import Event
from hallway.kit.privacy import Privacy
from hallway.people.models import Person
from hallway.programme.schedule.models import Session

OPENS_BEFORE = timedelta(days=14)
REOPENED_FOR = timedelta(days=30)
FORGOTTEN_AFTER = timedelta(hours=1)  # a session may run over, and a room goes on speaking; not for so long


class Floor(models.Model):
    """Where the questions of one session are asked, answered and kept. It is made when the session is released.

    ``starts_at`` and ``ends_at`` are the session's as last released, None while it has no time.
    ``code`` is what the code on a slide says; ``nonce`` makes the links of its speakers and moderators, and
    ``moderator_links`` counts those made for moderators: only the newest opens anything.
    ``reopenings`` counts how often it was opened again: each time speakers are written to as after the session.
    """

    class Order(models.TextChoices):
        VOTES = "votes", _("most wanted first")
        TIME = "time", _("oldest first")
        NEXT = "next", _("whose turn it is")

    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="floor")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="floors")
    code = models.CharField(max_length=6, unique=True)
    nonce = models.CharField(max_length=32)
    moderator_links = models.PositiveIntegerField(default=0)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    queue = models.BooleanField(_("somebody looks at each question before it is shown"), default=False)
    order = models.CharField(_("order"), max_length=5, choices=Order.choices, default=Order.VOTES)
    open_days = models.PositiveSmallIntegerField(_("days it stays open after the session"), default=30)
    paused_at = models.DateTimeField(null=True, blank=True)
    reopened_until = models.DateTimeField(null=True, blank=True)
    reopenings = models.PositiveSmallIntegerField(default=0)
    moderator = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    moderator_name = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["ends_at"], name="questions_floor_ends")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(open_days__lte=400), name="questions_floor_open_days"),
        ]

    privacy: ClassVar = Privacy(
        retention="with its session",
        public=("id", "session", "event", "code", "starts_at", "ends_at", "queue", "order", "open_days", "paused_at",
                "reopened_until", "reopenings"),
        community=("moderator", "moderator_name"),
        secret=("nonce", "moderator_links"),
    )  # fmt: skip

    @property
    def address(self) -> str:
        """Where one asks, and reads what was asked."""
        return f"/q/{self.code}/"

    @property
    def closes_at(self) -> datetime | None:
        """When questions are only read; None while the session has no time."""
        ends = self.ends_at + timedelta(days=self.open_days) if self.ends_at else None
        return max((moment for moment in (ends, self.reopened_until) if moment is not None), default=None)

    @property
    def opens_at(self) -> datetime | None:
        """From when one may ask: two weeks before the session, so that the speaker can prepare."""
        return self.starts_at - OPENS_BEFORE if self.starts_at else None

    def is_open(self, at: datetime) -> bool:
        """Whether one may ask and answer now."""
        closes, opens = self.closes_at, self.opens_at
        if self.paused_at is not None or closes is None or opens is None:
            return False
        return opens <= at < closes and self.event.state != Event.State.CANCELLED

    def is_shut(self, at: datetime) -> bool:
        """Whether it takes nothing now and could again: its time is over, or somebody paused it."""
        closes = self.closes_at
        if closes is None or self.event.state == Event.State.CANCELLED:
            return False
        return self.paused_at is not None or closes <= at

    def is_live(self, at: datetime) -> bool:
        """Whether the session is on now."""
        return bool(self.starts_at and self.ends_at and self.starts_at <= at < self.ends_at)

    def is_over(self, at: datetime) -> bool:
        return bool(self.ends_at and self.ends_at <= at)


class Digest(models.Model):
    """A speaker was written which questions are open, so many days after the session: once each.

    ``round`` is how often the floor had been opened again: the days count from the last time.
    """

    floor = models.ForeignKey(Floor, on_delete=models.CASCADE, related_name="digests")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    round = models.PositiveSmallIntegerField(default=0)
    day = models.PositiveSmallIntegerField()
    open_count = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["floor", "person", "round", "day"], name="questions_digest_once")
        ]

    privacy: ClassVar = Privacy(
        retention="with its session", community=("id", "floor", "round", "day", "open_count", "at"), private=("person",)
    )


class MutedAsker(models.Model):
    """Somebody may ask no more at an event. Known by their trace: who it is stays unknown to the team as well."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="muted_askers")
    asker_key = models.CharField(max_length=43)
    muted_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    muted_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "asker_key"], name="questions_muted_once")]

    privacy: ClassVar = Privacy(
        retention="with its event",
        community=("id", "event", "muted_by", "muted_at", "lifted_at"),
        secret=("asker_key",),
    )


class MuteCause(models.Model):
    """Why somebody is muted. The mute stands as long as one of these does; what is taken back has no row.

    ``cause`` names a decision of moderation, and is empty for a press in the room: that is its moderator's, about the
    ``question`` they pressed it on.
    """

    muted = models.ForeignKey(MutedAsker, on_delete=models.CASCADE, related_name="causes")
    cause = models.CharField(max_length=40, blank=True)
    question = models.ForeignKey("Question", null=True, on_delete=models.SET_NULL, related_name="+")
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    privacy: ClassVar = Privacy(
        retention="until it is taken back, or with its event",
        community=("id", "muted", "cause", "question", "by", "at"),
    )
