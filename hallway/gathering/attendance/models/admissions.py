"""What one registers for, and how one asks to."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hallway.gathering.events.models import Event
from hallway.kit.localised import LocalisedField
from hallway.kit.privacy import Privacy
from hallway.people.models import Person


def seven_and_one() -> list[int]:
    """How many days before the start people are asked whether they still come, unless somebody says otherwise."""
    return [7, 1]


class Admission(models.Model):
    """What one registers for: an event, or a workshop in it. Its row is the lock under which seats change hands.

    ``off_at`` says since when a workshop is not in the programme everybody reads: not yet, or no longer. ``hurried_at``
    is when those in line were last called to free seats in the last hours, ``call_owed`` that more are free since.
    """

    class How(models.TextChoices):
        OPEN = "open", _("everybody")
        APPROVAL = "approval", _("people the team says yes to")
        INVITATION = "invitation", _("people the team invited")
        NONE = "none", _("nobody here: no registration, or elsewhere")

    class Rule(models.TextChoices):
        IN_ORDER = "in_order", _("in order: who came first is next")
        LOTTERY = "lottery", _("by lot: chance decides who is next")
        FIRST_TIMERS = "first_timers", _("first those who come for the first time, then in order")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="admissions")
    is_event = models.BooleanField(default=True)
    title = LocalisedField(_("title"), max_length=200)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    place = models.CharField(_("room"), max_length=120, blank=True)
    how = models.CharField(_("who may register"), max_length=10, choices=How.choices, default=How.OPEN)
    reason = LocalisedField(_("why not everybody, and what you look at"), max_length=1_000, multiline=True)
    rule = models.CharField(_("who is next in line"), max_length=12, choices=Rule.choices, default=Rule.IN_ORDER)
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    extra = models.PositiveIntegerField(_("seats beyond, because some never come"), default=0)
    guests_most = models.PositiveSmallIntegerField(_("guests one may bring"), default=1)
    opens_at = models.DateTimeField(_("registration opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("registration closes"), null=True, blank=True)
    ask_days = models.JSONField(_("ask “still coming?” so many days before"), default=seven_and_one, blank=True)
    must_answer = models.BooleanField(_("a seat without an answer goes to the next in line"), default=False)
    offer_hours = models.PositiveSmallIntegerField(_("hours an offered seat waits, at most"), default=24)
    first_come_hours = models.PositiveSmallIntegerField(_("last hours in which the first to come gets it"), default=3)
    last_position = models.BigIntegerField(default=0)
    hurried_at = models.DateTimeField(null=True, blank=True)
    call_owed = models.BooleanField(default=False)
    told_revision = models.PositiveIntegerField(default=0)
    told = models.JSONField(default=dict, blank=True)
    moved_at = models.DateTimeField(null=True, blank=True)
    off_at = models.DateTimeField(null=True, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    wall_nonce = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event"], condition=Q(is_event=True), name="attendance_one_for_the_event"),
            models.CheckConstraint(condition=Q(guests_most__lte=10), name="attendance_ten_guests_at_most"),
            models.CheckConstraint(condition=Q(offer_hours__gte=1), name="attendance_offers_last_an_hour"),
        ]

    privacy: ClassVar = Privacy(
        retention="with its event",
        public=(
            "id", "event", "is_event", "title", "starts_at", "ends_at", "place", "how", "reason", "rule", "capacity",
            "guests_most", "opens_at", "closes_at", "ask_days", "must_answer", "offer_hours", "first_come_hours",
        ),
        community=(
            "extra", "last_position", "hurried_at", "call_owed", "told_revision", "told", "moved_at", "off_at",
            "sequence", "created_at",
        ),
        secret=("wall_nonce",),
    )  # fmt: skip

    @property
    def seats(self) -> int | None:
        """How many people it lets in, those beyond the chairs among them; None for any number."""
        return None if self.capacity is None else self.capacity + self.extra

    @property
    def begins_at(self) -> datetime | None:
        """When it begins: a workshop at its own time, the event at the event's."""
        return self.event.starts_at if self.is_event else self.starts_at or self.event.starts_at

    @property
    def finishes_at(self) -> datetime | None:
        if not self.is_event and self.starts_at:
            return self.ends_at or self.starts_at
        return self.event.ends_at or self.event.starts_at

    def is_over(self, at: datetime) -> bool:
        return self.finishes_at is not None and self.finishes_at <= at

    def is_first_come(self, at: datetime) -> bool:
        """Whether the last hours have come, in which a free seat is for whoever takes it."""
        begins = self.begins_at
        return begins is not None and at >= begins - timedelta(hours=self.first_come_hours)

    @property
    def first_come_from(self) -> datetime | None:
        """From when on a free seat is for whoever takes it; None where the line goes on until the start."""
        if self.begins_at is None or not self.first_come_hours:
            return None
        return self.begins_at - timedelta(hours=self.first_come_hours)


class AdmissionQuestion(models.Model):
    """Something the team has to know of those who come, why, and how long it keeps the answer."""

    class Kind(models.TextChoices):
        DIET = "diet", _("what somebody eats")
        ACCESS = "access", _("what somebody needs to take part")
        PHOTO = "photo", _("consent to be in pictures")
        TEXT = "text", _("a line of text")
        YES_NO = "yes_no", _("yes or no")
        CHOICE = "choice", _("one of several")

    admission = models.ForeignKey(Admission, on_delete=models.CASCADE, related_name="questions")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.TEXT)
    text = LocalisedField(_("question"), max_length=200, blank=False)
    purpose = LocalisedField(_("what the answer is for"), max_length=300, blank=False)
    choices = models.JSONField(_("choices"), default=list, blank=True)
    kept_days = models.PositiveSmallIntegerField(_("days the answers are kept after the event"), default=7)
    required = models.BooleanField(_("must be answered"), default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kept_days__lte=365), name="attendance_answers_kept_a_year_at_most"),
        ]

    privacy: ClassVar = Privacy(
        retention="with its event",
        public=("id", "admission", "kind", "text", "purpose", "choices", "kept_days", "required", "position"),
    )

    def words(self, answer: str) -> str:
        """An answer as people read it: yes and no are kept as such, whatever the language."""
        if self.kind in {self.Kind.PHOTO, self.Kind.YES_NO}:
            return {"yes": gettext("Yes"), "no": gettext("No")}.get(answer, answer)
        return answer


class RegistrationRequest(models.Model):
    """Somebody typed an address. It holds no seat until its owner presses the button behind the mailed link."""

    admission = models.ForeignKey(Admission, on_delete=models.CASCADE, related_name="requests")
    address = models.EmailField(_("e-mail address"))
    language = models.CharField(max_length=8, default="en")
    nonce = models.CharField(max_length=32)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    registration = models.ForeignKey(
        "Registration", null=True, blank=True, on_delete=models.CASCADE, related_name="requests"
    )

    class Meta:
        indexes: ClassVar = [models.Index(fields=["address", "created_at"], name="attendance_request_address")]

    privacy: ClassVar = Privacy(
        retention="two days; once confirmed, thirty days after the event",
        private=("id", "admission", "address", "language", "created_at", "expires_at", "registration"),
        secret=("nonce",),
    )


class AdmissionInvitation(models.Model):
    """The team asked an address to come, where others cannot register or would have to wait for a yes."""

    admission = models.ForeignKey(Admission, on_delete=models.CASCADE, related_name="invitations")
    address = models.EmailField(_("e-mail address"))
    nonce = models.CharField(max_length=32)
    invited_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    registration = models.ForeignKey(
        "Registration", null=True, blank=True, on_delete=models.CASCADE, related_name="invitations"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["admission", "address"], name="attendance_invited_once"),
        ]

    privacy: ClassVar = Privacy(
        retention="thirty days after the event",
        community=(
            "id", "admission", "address", "invited_by", "created_at", "withdrawn_at", "registration",
        ),
        secret=("nonce",),
    )  # fmt: skip
