"""Who may do what with a note. No side effects."""

from __future__ import annotations

from hallway.kit.actors import Actor
from hallway.people.models import Person
from hallway.programme.schedule.models import Session
from hallway.programme.schedule.policies import can_view_session

from .models import Note


def can_write_note(by: Actor | None, session: Session) -> bool:
    """Whoever is signed in and may read the session."""
    return isinstance(by, Person) and can_view_session(by, session)


def can_change_note(by: Actor | None, note: Note) -> bool:
    """Its writer, and nobody else: no organiser, no administrator."""
    return isinstance(by, Person) and note.person_id == by.pk
