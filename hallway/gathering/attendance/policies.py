"""Who may do what with registrations and at the door. No side effects."""

from __future__ import annotations

from datetime import datetime, timedelta

from hallway.gathering.communities.queries import present_roles
from hallway.gathering.events import policies as events
from hallway.gathering.events.models import Event
from hallway.kit.actors import Actor, SystemPerson, Visitor
from hallway.people.models import Person

from .models import Admission, DoorHelper, Registration, StandingRegistration

STILL_BROUGHT = timedelta(hours=12)


def can_run_registrations(by: Actor | None, event: Event) -> bool:
    """Organisers of its community and of its hosts: settings, yes and no, lists; Hallway itself for them."""
    return isinstance(by, SystemPerson) or events.can_edit_event(by, event)


def can_change_seats(by: Actor | None, admission: Admission) -> bool:
    return can_run_registrations(by, admission.event)


def can_run_door(by: Actor | None, event: Event) -> bool:
    """The whole team of the community and organisers of hosts: door list, check-in, links for helpers."""
    if can_run_registrations(by, event):
        return True
    return isinstance(by, Person) and present_roles().filter(person=by, community=event.community_id).exists()


def can_open_door(helper: DoorHelper, at: datetime) -> bool:
    """Whether a helper's link opens the door now."""
    return helper.ended_at is None and helper.opens_at <= at < helper.expires_at


def door_ends(helper: DoorHelper) -> datetime:
    """When a helper's link ends, or ended."""
    return helper.expires_at if helper.ended_at is None else min(helper.ended_at, helper.expires_at)


def can_write_in_book(by: Actor | None, admission: Admission, helper: DoorHelper | None, at: datetime) -> bool:
    """The team; a helper from when their link opens. What they did before it ended they may bring for twelve hours."""
    if helper is None:
        return can_run_door(by, admission.event)
    mine = helper.event_id == admission.event_id
    return mine and helper.opens_at <= at < door_ends(helper) + STILL_BROUGHT


def can_check_self_in(by: Actor | None, registration: Registration) -> bool:
    """Whose registration it is, or a visitor who showed that it is theirs: by its code, or by their device."""
    return isinstance(by, Visitor) or (isinstance(by, Person) and by.pk == registration.person_id)


def can_walk_in(by: Actor | None) -> bool:
    """Whoever stands before the code on the wall."""
    return isinstance(by, Visitor | Person)


def can_register(by: Actor | None, person: Person) -> bool:
    """Everybody for themselves; Hallway itself for those who are counted in every time."""
    if person.left_at is not None or person.merged_into_id is not None:
        return False
    return isinstance(by, SystemPerson) or (isinstance(by, Person) and by.pk == person.pk)


def can_change_registration(by: Actor | None, registration: Registration) -> bool:
    """Whose it is: signed in, or holding the link from their mail; Hallway itself when time is over."""
    return isinstance(by, SystemPerson) or (isinstance(by, Person) and by.pk == registration.person_id)


def can_end_standing(by: Actor | None, standing: StandingRegistration) -> bool:
    return isinstance(by, SystemPerson) or (isinstance(by, Person) and by.pk == standing.person_id)
