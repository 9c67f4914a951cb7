"""Who may do what with a schedule. No side effects."""

from __future__ import annotations

from hallway.gathering.events import policies as events
from hallway.gathering.events.models import Event
from hallway.kit.actors import Actor
from hallway.people.models import Person

from . import queries
from .models import Session


def can_edit_schedule(by: Actor | None, event: Event) -> bool:
    """Organisers and programme editors of the community, organisers of its co-hosts."""
    return events.can_edit_programme(by, event)


def can_view_session(person: Person | None, session: Session) -> bool:
    return queries.visible_to(person).filter(pk=session.pk).exists()
