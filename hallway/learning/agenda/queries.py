"""Reads of notes: always of one person, their own."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from hallway.kit.export import Part
from hallway.kit.localised import pick
from hallway.kit.text import fold
from hallway.people.models import Person
from hallway.programme.schedule import queries as schedule
from hallway.programme.schedule.models import Session

from .models import Note


def visible_to(person: Person | None) -> QuerySet[Note]:
    """A person's own notes; of nobody else's, not even for an administrator."""
    return Note.objects.filter(person=person) if person is not None else Note.objects.none()


def note_of(person: Person, session: Session) -> Note | None:
    """What a person wrote during a session."""
    return visible_to(person).filter(session=session).first()


def zone_of_notes(person: Person) -> str:
    """On which clock a note's time is said, beside its session and among all notes: the reader's."""
    return person.zone or timezone.get_current_timezone_name()


def written_notes(person: Person, words: str = "") -> list[Note]:
    """All one's notes, latest first, or those that have each of these words in title or text."""
    rows = visible_to(person).exclude(text="", other_text="").select_related("session__event", "event")
    wanted = fold(words).split()
    found = rows.order_by("-updated_at", "-pk")
    return [note for note in found if all(word in _folded(note) for word in wanted)] if wanted else list(found)


def number_of_notes(person: Person) -> int:
    """How many there are, without reading any."""
    return visible_to(person).exclude(text="", other_text="").count()


def _folded(note: Note) -> str:
    event = pick(note.event.title).text if note.event else ""
    return fold(f"{pick(note.title).text} {event} {note.text} {note.other_text}")


def sessions_still_open(person: Person, notes: list[Note]) -> set[int]:
    """Ids of the sessions of these notes whose page the person may open."""
    ids = [note.session_id for note in notes if note.session_id]
    return set(schedule.visible_to(person).filter(pk__in=ids).values_list("pk", flat=True))


def as_markdown(notes: list[Note]) -> str:
    """All of them as one Markdown file."""
    beside = _("Written on another device at the same time")
    parts = ["# " + _("Your notes")]
    for note in notes:
        event = pick(note.event.title).text if note.event else ""
        parts.append("\n\n".join(part for part in (f"## {pick(note.title).text}", event, note.text) if part))
        if note.other_text:
            parts.append(f"### {beside}\n\n{note.other_text}")
    return "\n\n".join(parts) + "\n"


def own_data(person: Person) -> Part:
    """For the export: every note as data, and all of them as a text one can read."""
    notes = written_notes(person)
    rows: list[dict[str, Any]] = [
        {
            "title": note.title,
            "event": note.event.title if note.event else None,
            "text": note.text,
            "other_text": note.other_text,
            "created_at": note.created_at,
            "updated_at": note.updated_at,
        }
        for note in notes
    ]
    return Part(rows, {"notes.md": as_markdown(notes).encode()} if notes else {})
