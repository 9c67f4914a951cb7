"""Who comes: registrations, what they answered, seats kept for them, and those who come every time."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hallway.gathering.communities.models import Series
from hallway.kit.privacy import Privacy
from hallway.people.models import Person

from .admissions import Admission, AdmissionQuestion


class Registration(models.Model):
    """A person and an admission: one row for good, whatever becomes of it."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("registration", "asked")
        WAITING = "waiting", pgettext_lazy("registration", "in line")
        OFFERED = "offered", pgettext_lazy("registration", "seat offered")
        GOING = "going", pgettext_lazy("registration", "going")
        GIVEN_UP = "given_up", pgettext_lazy("registration", "given up")
        DECLINED = "declined", pgettext_lazy("registration", "declined")

    class Shown(models.TextChoices):
        NOBODY = "nobody", _("nobody")
        GOING = "going", _("those who are going too")
        EVERYBODY = "everybody", _("everybody")

    class Cause(models.TextChoices):
        SELF = "self", _("by themselves")
        SILENCE = "silence", _("no answer in time")
        LEFT = "left", _("left Hallway")
        BANNED = "banned", _("banned by the team")

    admission = models.ForeignKey(Admission, on_delete=models.CASCADE, related_name="registrations")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="registrations")
    name = models.CharField(_("name at the door"), max_length=120, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices)
    guests = models.PositiveSmallIntegerField(_("guests"), default=0)
    online = models.BooleanField(_("takes part online"), default=False)
    seats = models.PositiveSmallIntegerField(default=1)
    position = models.BigIntegerField()
    lot = models.BigIntegerField(default=0)
    first_time = models.BooleanField(default=False)
    code = models.CharField(max_length=6)
    nonce = models.CharField(max_length=32)
    language = models.CharField(max_length=8, default="en")
    shown = models.CharField(_("who sees that you are going"), max_length=9, choices=Shown, default=Shown.NOBODY)
    message = models.CharField(_("to the team"), max_length=500, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    cause = models.CharField(max_length=7, choices=Cause.choices, blank=True)
    offered_until = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField()
    state_at = models.DateTimeField()
    came_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["admission", "person"], name="attendance_registered_once"),
            models.UniqueConstraint(fields=["admission", "position"], name="attendance_one_place_in_line"),
            models.UniqueConstraint(fields=["admission", "code"], name="attendance_code_once"),
            models.CheckConstraint(
                condition=Q(state="offered", offered_until__isnull=False)
                | (~Q(state="offered") & Q(offered_until__isnull=True)),
                name="attendance_offered_until",
            ),
            models.CheckConstraint(
                condition=Q(online=True, seats=0) | Q(online=False, seats=F("guests") + 1),
                name="attendance_seats_of_guests",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["admission", "state", "position"], name="attendance_line"),
            models.Index(fields=["offered_until"], condition=Q(state="offered"), name="attendance_offers_due"),
        ]

    privacy: ClassVar = Privacy(
        retention="until the person leaves; a row without words keeps the counts",
        community=(
            "id", "admission", "person", "name", "state", "guests", "online", "seats", "position", "first_time",
            "shown", "message", "reason", "cause", "offered_until", "asked_at", "state_at", "came_at",
        ),
        private=("code", "language"),
        secret=("nonce", "lot"),
    )  # fmt: skip


class AdmissionAnswer(models.Model):
    """What somebody answered; gone when its time is over."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(AdmissionQuestion, on_delete=models.CASCADE, related_name="answers")
    text = models.CharField(max_length=500)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["registration", "question"], name="attendance_answered_once"),
        ]

    privacy: ClassVar = Privacy(
        retention="as many days after the event as its question says",
        community=("id", "registration", "question", "text"),
    )


class SeatOffer(models.Model):
    """A seat was kept for somebody until an hour."""

    class Outcome(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted"
        GIVEN_UP = "given_up"
        ENDED = "ended"
        WITHDRAWN = "withdrawn"

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="offers")
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    outcome = models.CharField(max_length=9, choices=Outcome.choices, default=Outcome.OPEN)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["registration"], condition=Q(outcome="open"), name="attendance_one_open_offer"
            ),
        ]

    privacy: ClassVar = Privacy(
        retention="with its registration",
        community=("id", "registration", "made_at", "until", "outcome", "closed_at"),
    )


class StillComing(models.Model):
    """Somebody was asked, so many days before this start, whether they still come."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="asked_again")
    days = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    answer_by = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["registration", "days", "starts_at"], name="attendance_asked_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["answer_by"], condition=Q(answered_at=None), name="attendance_answers_due"),
        ]

    privacy: ClassVar = Privacy(
        retention="with its registration",
        community=("id", "registration", "days", "starts_at", "asked_at", "answer_by", "answered_at"),
    )


class StandingRegistration(models.Model):
    """A person wants to be counted in for every date of a series."""

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="standing")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="standing")
    guests = models.PositiveSmallIntegerField(_("guests"), default=0)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["series", "person"], condition=Q(ended_at=None), name="attendance_standing_once"
            ),
        ]

    privacy: ClassVar = Privacy(
        retention="until given up, then a year",
        community=("id", "series", "person", "guests", "since", "ended_at"),
    )
