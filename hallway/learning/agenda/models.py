from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from hallway.gathering.events.models import Event
from hallway.kit.localised import LocalisedField
from hallway.kit.privacy import Privacy
from hallway.people.models import Person
from hallway.programme.schedule.models import Session


class Note(models.Model):
    """What somebody wrote for themselves during a session. Nobody else ever reads it.

    ``revision`` counts what was saved: a device that saves from an older one does not overwrite, its text is kept in
    ``other_text`` until the writer put both together. ``title`` is the session's, for when that is gone.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notes")
    session = models.ForeignKey(Session, null=True, blank=True, on_delete=models.SET_NULL, related_name="notes")
    event = models.ForeignKey(Event, null=True, blank=True, on_delete=models.SET_NULL, related_name="notes")
    title = LocalisedField(_("title"), max_length=300)
    text = models.TextField(_("your notes"), blank=True)
    other_text = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    told_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "session"], name="agenda_note_once")]

    privacy: ClassVar = Privacy(
        retention="until the person deletes it or leaves",
        private=(
            "id", "person", "session", "event", "title", "text", "other_text", "revision", "created_at", "updated_at",
        ),
        secret=("told_at",),
    )  # fmt: skip
