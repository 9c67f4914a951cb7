from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from hallway.kit.privacy import Privacy
from hallway.people.models import Person
from hallway.programme.schedule.models import Session


class Takeaway(models.Model):
    """What somebody took home from a session and shows to others, named or as “an attendee”.

    Its writer can take it back at any time; then, and when they leave, the text is erased and the row stays as a count.
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="takeaways")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="takeaways")
    is_named = models.BooleanField(_("show my name"), default=True)
    text = models.TextField(_("what you take home"))
    language = models.CharField(_("language"), max_length=8, blank=True)
    shown_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["session", "shown_at"], name="takeaways_of_session")]

    privacy: ClassVar = Privacy(
        retention="until its writer takes it back or leaves; a row without text keeps the count",
        public=("id", "session", "is_named", "text", "language", "shown_at", "updated_at"),
        community=("hidden_at",),
        private=("person", "withdrawn_at"),
    )


class HelpedMark(models.Model):
    """A takeaway helped somebody. The writer's own mark does not exist."""

    takeaway = models.ForeignKey(Takeaway, on_delete=models.CASCADE, related_name="marks")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["takeaway", "person"], name="takeaways_helped_once")]

    privacy: ClassVar = Privacy(
        retention="with the takeaway; without the person when they leave",
        public=("id", "takeaway", "at"),
        private=("person",),
    )


class SharedNotes(models.Model):
    """The page of notes that everybody who may take part writes together. ``number`` is that of the last revision.

    It closes ninety days after the session, unless its team decided otherwise (``lock``).
    """

    class Lock(models.TextChoices):
        BY_TIME = "", _("closes ninety days after the session")
        OPEN = "open", _("stays open")
        CLOSED = "closed", _("is closed")

    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="shared_notes")
    number = models.PositiveIntegerField(default=0)
    lock = models.CharField(max_length=6, choices=Lock.choices, blank=True)

    privacy: ClassVar = Privacy(retention="with its session", public=("id", "session", "number", "lock"))


class SharedNotesRevision(models.Model):
    """The page as somebody left it. One that was written beside another (``is_aside``) never became the page."""

    page = models.ForeignKey(SharedNotes, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    is_aside = models.BooleanField(default=False)
    back_to = models.PositiveIntegerField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["page", "number"], name="takeaways_revision_once")]

    privacy: ClassVar = Privacy(
        retention="with its session; without the name of who left",
        public=("id", "page", "number", "text", "person", "at", "is_aside", "back_to"),
        community=("hidden_at",),
    )
