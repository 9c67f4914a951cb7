"""Who may do what with a talk. No side effects."""

from __future__ import annotations

from hallway.gathering.events import policies as events
from hallway.kit.actors import Actor, SystemPerson
from hallway.people.models import Person

from . import queries
from .models import Talk


def can_write_talk(by: Actor | None) -> bool:
    """Everybody who signed in may write a talk."""
    return isinstance(by, (Person, SystemPerson))


def can_view_talk(person: Person | None, talk: Talk) -> bool:
    return queries.visible_to(person).filter(pk=talk.pk).exists()


def can_edit_talk(by: Actor | None, talk: Talk) -> bool:
    """Its speakers, whoever wrote it down, and the programme teams it was shared with."""
    if isinstance(by, SystemPerson):
        return True
    if not isinstance(by, Person):
        return False
    if by.is_administrator or talk.written_by == by.actor_key or talk.speakings.filter(person=by).exists():
        return True
    grants = talk.grants.select_related("event__community")
    return any(events.can_edit_programme(by, grant.event) for grant in grants)


def can_withdraw_talk(by: Actor | None, talk: Talk) -> bool:
    """A talk is its speakers'; where none of them has an account, whoever may correct it."""
    if isinstance(by, SystemPerson):
        return True
    if not isinstance(by, Person):
        return False
    if by.is_administrator or talk.speakings.filter(person=by).exists():
        return True
    claimed = talk.speakings.filter(person__claimed_at__isnull=False).exists()
    return not claimed and can_edit_talk(by, talk)


def can_change_materials(by: Actor | None, talk: Talk) -> bool:
    """Whoever may correct the talk. A speaker without an account acts by their mailed link."""
    return can_edit_talk(by, talk)


def can_hide_talk(by: Actor | None) -> bool:
    """Administrators: a talk belongs to its speakers, and to no team alone."""
    return isinstance(by, SystemPerson) or (isinstance(by, Person) and by.is_administrator)
