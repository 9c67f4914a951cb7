"""Who may do what with takeaways and shared notes. No side effects."""

from __future__ import annotations

from datetime import datetime

from hallway.gathering.events import policies as events
from hallway.kit.actors import Actor, SystemPerson
from hallway.people.models import Person
from hallway.programme.schedule.models import Session
from hallway.programme.schedule.policies import can_view_session

from . import queries
from .models import SharedNotesRevision, Takeaway


def can_write_here(by: Actor | None, session: Session) -> bool:
    """Show a takeaway, write in the shared notes: whoever is signed in, may read the session, and may take part."""
    return isinstance(by, Person) and can_view_session(by, session) and events.may_take_part(by, session.event)


def can_change_takeaway(by: Actor | None, takeaway: Takeaway) -> bool:
    """Its writer alone."""
    return isinstance(by, Person) and takeaway.person_id == by.pk and takeaway.withdrawn_at is None


def can_mark_takeaway(by: Actor | None, takeaway: Takeaway) -> bool:
    """Whoever may read it and take part, but its writer: where a block stands between the two, what has no name.

    A button that refused there would say whose it is.
    """
    if not isinstance(by, Person) or takeaway.person_id == by.pk:
        return False
    return queries.visible_to(by).filter(pk=takeaway.pk).exists() and events.may_take_part(by, takeaway.session.event)


def can_hide_here(by: Actor | None, session: Session) -> bool:
    """Hide what somebody wrote, or show it again: who may mute at the event, and Hallway itself."""
    return isinstance(by, SystemPerson) or events.can_mute(by, session.event)


def can_show_again(by: Actor | None, said: Takeaway | SharedNotesRevision, session: Session) -> bool:
    """Put back what was hidden: who may hide, but nobody what they wrote themselves."""
    return can_hide_here(by, session) and not (isinstance(by, Person) and said.person_id == by.pk)


def can_lock_notes(by: Actor | None, session: Session) -> bool:
    """The programme's team."""
    return events.can_edit_programme(by, session.event)


def can_write_notes(by: Actor | None, session: Session, at: datetime) -> bool:
    """As above, while the page is open; its team may put things right after that too."""
    return can_write_here(by, session) and (queries.are_notes_open(session, at) or can_lock_notes(by, session))
