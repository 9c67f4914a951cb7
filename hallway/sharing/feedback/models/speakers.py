from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hallway.kit.privacy import Privacy
from hallway.people.models import Person
from hallway.programme.schedule.models import Session
from hallway.programme.talks.models import Talk


class Feedback(models.Model):
    """What somebody who was there says to the speakers: a few words to tap, and perhaps a text that is read first.

    Only the writer knows who wrote it, unless they chose to be named. ``about`` is who spoke when it was written:
    whoever is among them decides nothing about it, though they be taken out of the talk since. ``released_at`` is when
    the speakers could read it first: a text after the team let it through, words alone from the third voice on.
    """

    class State(models.TextChoices):
        WORDS = "words", _("words alone")
        HELD = "held", pgettext_lazy("feedback", "waits for the team")
        RELEASED = "released", pgettext_lazy("feedback", "with the speaker")
        REFUSED = "refused", pgettext_lazy("feedback", "not passed on")

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="feedback")
    talk = models.ForeignKey(Talk, on_delete=models.CASCADE, related_name="feedback")
    writer = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="feedback_written"
    )
    writer_key = models.CharField(max_length=100, blank=True)
    about = models.ManyToManyField(Person, blank=True, related_name="+")
    words = models.JSONField(_("words"), default=list, blank=True)
    text = models.TextField(_("text"), blank=True)
    language = models.CharField(max_length=8, default="en")
    named = models.BooleanField(_("with my name"), default=False)
    may_publish = models.BooleanField(_("may be published"), default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WORDS)
    revision = models.PositiveIntegerField(default=1)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["session", "writer_key"], condition=~Q(writer_key=""), name="feedback_once_a_session"
            ),
            models.CheckConstraint(
                condition=Q(state="words", text="") | (~Q(state="words") & ~Q(text="")), name="feedback_text_is_read"
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(state="released", may_publish=True),
                name="feedback_published_with_a_yes",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["session"], condition=Q(state="held"), name="feedback_waiting"),
            models.Index(fields=["released_at"], name="feedback_released"),
        ]

    privacy: ClassVar = Privacy(
        retention="with its talk; texts not passed on thirty days, the device behind one sixty days",
        public=("published_at",),
        event=("session", "talk", "words", "text", "language", "state", "reason", "hidden_at", "id"),
        private=(
            "writer", "about", "named", "may_publish", "written_at", "changed_at", "decided_at", "decided_by",
            "released_at", "revision",
        ),
        secret=("writer_key",),
    )  # fmt: skip


class FeedbackReader(models.Model):
    """A speaker who is told by mail what was said, once a day at most, by a link that opens their page."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="feedback_reader")
    nonce = models.CharField(max_length=32)
    told_at = models.DateTimeField(null=True, blank=True)
    told = models.ManyToManyField(Feedback, blank=True, related_name="+")

    privacy: ClassVar = Privacy(
        retention="until the person leaves", private=("id", "person", "told_at", "told"), secret=("nonce",)
    )
