from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from hallway.kit.privacy import Privacy
from hallway.people.models import Person

from .questions import Question


class Answer(models.Model):
    """What somebody answered after the session, or beside it. ``by_speaker`` is as it was when they wrote."""

    class Kind(models.TextChoices):
        ANSWER = "answer", _("answer")
        ANOTHER_WAY = "another_way", _("another way")

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    kind = models.CharField(max_length=11, choices=Kind.choices, default=Kind.ANSWER)
    text = models.TextField(_("answer"), blank=True)
    language = models.CharField(_("language"), max_length=8)
    author = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="answers")
    by_speaker = models.BooleanField(default=False)
    helped = models.PositiveIntegerField(default=0)
    tried = models.PositiveIntegerField(default=0)
    written_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["question", "written_at"], name="questions_answers_in_time"),
            models.Index(fields=["written_at"], name="questions_answers_lately"),
        ]

    privacy: ClassVar = Privacy(
        retention="with its question; text and name until its writer leaves or withdraws it",
        public=(
            "id", "question", "kind", "text", "language", "author", "by_speaker", "helped", "tried", "written_at",
            "edited_at", "withdrawn_at", "erased_at",
        ),
        community=("hidden_at",),
    )  # fmt: skip


class Mark(models.Model):
    """Somebody says that an answer helped them, or that they tried it, or no longer. Writers cannot mark their own."""

    class Kind(models.TextChoices):
        HELPED = "helped", _("this helped me")
        TRIED = "tried", _("I tried it")

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="marks")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    marker_key = models.CharField(max_length=43)
    is_meant = models.BooleanField(default=True)
    taps = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["answer", "kind", "marker_key"], name="questions_mark_once")
        ]
        indexes: ClassVar = [models.Index(fields=["marker_key", "at"], name="questions_marks_of_one")]

    privacy: ClassVar = Privacy(
        retention="with its answer",
        private=("id", "answer", "kind", "is_meant", "taps", "at"),
        secret=("marker_key",),
    )


class Rendezvous(models.Model):
    """The people of a question agree to go on with it in person: a time and a place at the event."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="rendezvous")
    place = models.CharField(_("where"), max_length=160)
    starts_at = models.DateTimeField(_("when"))
    proposed_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    proposed_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["starts_at", "id"]

    privacy: ClassVar = Privacy(
        retention="with its question",
        public=("id", "question", "place", "starts_at", "proposed_by", "proposed_at", "cancelled_at"),
        community=("hidden_at",),
    )


class RendezvousJoin(models.Model):
    """Somebody comes to a rendezvous. Shown as a number; names only to those who come as well."""

    rendezvous = models.ForeignKey(Rendezvous, on_delete=models.CASCADE, related_name="joins")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["rendezvous", "person"], name="questions_join_once")]

    privacy: ClassVar = Privacy(retention="with its question", private=("id", "rendezvous", "person", "at"))
