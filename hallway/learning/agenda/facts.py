"""What happened to notes. Their facts have no scope: they show in nobody's trail but the writer's own export."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from hallway.kit.facts import Fact


@dataclass(frozen=True)
class NoteSaved(Fact):
    """Somebody wrote for themselves; said once in a quarter of an hour, however often it was saved."""

    kind = "agenda.note_saved"
    sentence = gettext_noop("%(by)s wrote a note for themselves")
    note_id: int


@dataclass(frozen=True)
class NoteSettled(Fact):
    """Two texts of one note became one."""

    kind = "agenda.note_settled"
    sentence = gettext_noop("%(by)s put two texts of a note together")
    note_id: int


@dataclass(frozen=True)
class NoteForgotten(Fact):
    """A note was deleted."""

    kind = "agenda.note_forgotten"
    sentence = gettext_noop("%(by)s deleted a note of theirs")
    note_id: int
