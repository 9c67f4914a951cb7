"""Every change of a note. Nothing somebody wrote is overwritten without their word."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.refusal import Refusal, require
from hallway.kit.text import clean
from hallway.people.actions.staying import stay
from hallway.people.models import Person
from hallway.programme.schedule.models import Session
from hallway.programme.schedule.queries import title_of

from . import policies
from .facts import NoteForgotten, NoteSaved, NoteSettled
from .models import Note

LONGEST = 20_000
LONGEST_OTHER = 4 * LONGEST
_SAID_AGAIN = timedelta(minutes=15)
_NOT_YOURS = _("This note is somebody else’s. Only whoever wrote it can change it.")


def save_note(*, session: Session, text: str, revision: int, by: Actor, at: datetime) -> Note | None:
    """Save what a person wrote during a session; ``revision`` is the one their text grew from, 0 for none.

    Text that grew from an older revision overwrites nothing: it is kept beside (``other_text``), and the writer puts
    both together. Returns None when there is nothing to save yet.
    """
    require(policies.can_write_note(by, session), "note.cannot_write", _("Sign in to keep notes of this session."))
    text = _cleaned(text)
    person = by if isinstance(by, Person) else None
    with transaction.atomic():
        stay(by)
        known = Note.objects.filter(person=person, session=session)
        if not text and not known.exists():
            return None
        fields = {"event": session.event, "title": title_of(session), "created_at": at, "updated_at": at}
        note, _made = Note.objects.get_or_create(person=person, session=session, defaults=fields)
        return _keep(held(note, "note.gone"), text, revision, by=by, at=at)


def rewrite_note(*, note: Note, text: str, revision: int, by: Actor, at: datetime) -> Note:
    """The same for a note that is there, also when its session is not any more."""
    require(policies.can_change_note(by, note), "note.not_yours", _NOT_YOURS)
    text = _cleaned(text)
    with transaction.atomic():
        return _keep(held(note, "note.gone"), text, revision, by=by, at=at)


def _keep(note: Note, text: str, revision: int, *, by: Actor, at: datetime) -> Note:
    """Put a text into the note, or beside it."""
    if text == note.text:
        return note
    # A device that missed its answer goes on from where it was: what holds all of the text overwrites nothing.
    if revision == note.revision or note.text in text:
        note.text = text
        note.revision += 1
    else:
        note.other_text = _beside(note.other_text, text)
    note.updated_at = at
    is_news = note.told_at is None or at - note.told_at > _SAID_AGAIN
    if is_news:
        note.told_at = at
    note.save(update_fields=["text", "other_text", "revision", "updated_at", "told_at"])
    if is_news:
        announce(NoteSaved(note_id=note.pk), by=by, at=at)
    return note


def _beside(other: str, text: str) -> str:
    """A device that goes on typing sends what it sent before with more: only what is new is added."""
    if text in other:
        return other
    together = text if not other or other in text else f"{other}\n\n{text}"
    if len(together) > LONGEST_OTHER:
        raise Refusal(
            "note.full", _("Two texts of this note wait to be put together. Open your notes and do that first.")
        )
    return together


def settle_note(*, note: Note, text: str, seen: datetime | None, by: Actor, at: datetime) -> Note:
    """Make one text of two. Refused when either changed since the writer ``seen`` them (the note's ``updated_at``)."""
    require(policies.can_change_note(by, note), "note.not_yours", _NOT_YOURS)
    text = _cleaned(text, limit=LONGEST + LONGEST_OTHER)
    with transaction.atomic():
        now = held(note, "note.gone")
        if now.updated_at != seen:
            raise Refusal("note.changed", _("This note was changed on another device just now. Look at it once more."))
        now.text, now.other_text, now.revision, now.updated_at = text, "", now.revision + 1, at
        now.save(update_fields=["text", "other_text", "revision", "updated_at"])
        announce(NoteSettled(note_id=now.pk), by=by, at=at)
    return now


def forget_note(*, note: Note, by: Actor, at: datetime) -> None:
    """Delete a note for good. Doing it twice does nothing."""
    require(policies.can_change_note(by, note), "note.not_yours", _NOT_YOURS)
    with transaction.atomic():
        gone, _rows = Note.objects.filter(pk=note.pk).delete()
        if gone:
            announce(NoteForgotten(note_id=note.pk), by=by, at=at)


def _cleaned(text: str, *, limit: int = LONGEST) -> str:
    try:
        return clean(text, limit=limit)
    except ValidationError as error:
        raise Refusal("note.too_long", error.messages[0], status=413, field="text") from error
