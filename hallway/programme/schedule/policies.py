"""Who may do what with a schedule. No side effects."""

from __future__ import annotations

from hallway.gathering.communities.queries import present_roles
from hallway.gathering.events import policies as event_policies
from hallway.gathering.events.models import Event
from hallway.kit.actors import Actor
from hallway.people.models import Person

from . import queries
from .models import Session


def can_edit_schedule(by: Actor | None, event: Event) -> bool:
    """Organisers and programme editors of the community, organisers of its co-hosts."""
    return event_policies.can_edit_programme(by, event)


def can_invite_speaker(by: Person, person: Person) -> bool:
    """Hand a page to somebody without an account: the team of the programme that names them.

    Not where a public programme of others names them as well. Any team may write a known speaker down, so each of
    them could take over what the others' programmes say; then an administrator decides.
    """
    if not present_roles().filter(person=by).exists():
        return False
    named = Session.objects.filter(talk__speakings__person=person, removed_at=None).select_related("event__community")
    events = {session.event_id: session.event for session in named}
    mine = {pk for pk, event in events.items() if can_edit_schedule(by, event)}
    elsewhere = named.filter(public_at__isnull=False, event__public_at__isnull=False).exclude(event__in=mine)
    return bool(mine) and not elsewhere.exists()


def can_view_session(person: Person | None, session: Session) -> bool:
    return queries.visible_to(person).filter(pk=session.pk).exists()
