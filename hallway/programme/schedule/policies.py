"""Who may do what with a schedule. No side effects."""

from __future__ import annotations

from hallway.gathering.attendance.policies import can_run_registrations
from hallway.gathering.communities.queries import present_roles
from hallway.gathering.events import policies as event_policies
from hallway.gathering.events.models import Event
from hallway.kit.actors import Actor, Visitor
from hallway.people.models import Person

from . import queries
from .models import Session


def can_edit_schedule(by: Actor | None, event: Event) -> bool:
    """Organisers and programme editors of the community, organisers of its co-hosts."""
    return event_policies.can_edit_programme(by, event)


def can_give_seats(by: Actor | None, event: Event) -> bool:
    """Say that one registers for a session, and for how many seats: who may edit the programme and run registrations.

    A list of people comes with it, and mail to them, so an editor of the programme alone may not.
    """
    return can_edit_schedule(by, event) and can_run_registrations(by, event)


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


def can_ask_for_slides(by: Actor | None, session: Session) -> bool:
    """Whoever may read the session and is not shut out of its event, with an account or without."""
    reader = by if isinstance(by, Person) else None
    may_ask = isinstance(by, (Person, Visitor)) and event_policies.may_take_part(by, session.event)
    return may_ask and can_view_session(reader, session)
