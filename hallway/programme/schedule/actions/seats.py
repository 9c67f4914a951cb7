"""Seats of its own for a session: a workshop one registers for beside the event.

The list itself is attendance's; here it is given, taken away, and kept as the last release says.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hallway.gathering.attendance import actions as attendance
from hallway.gathering.attendance.models import Admission
from hallway.gathering.attendance.queries import ALIVE
from hallway.kit import store
from hallway.kit.actors import Actor, SystemPerson
from hallway.kit.facts import announce
from hallway.kit.refusal import Refusal, require
from hallway.programme.schedule import policies, queries
from hallway.programme.schedule.facts import SessionChanged
from hallway.programme.schedule.models import Session

from .checks import held_session

MOST_SEATS = 10_000
NOT_ORGANISER = _("Only organisers of this event decide who has a seat. Ask one of them.")


def give_session_seats(*, session: Session, seats: int, by: Actor, at: datetime) -> Admission:
    """Let people register for a session that has so many seats, or change how many it has.

    The list opens with the release that shows the session; before that nobody reads of it.
    """
    require(policies.can_give_seats(by, session.event), "schedule.cannot_give_seats", NOT_ORGANISER)
    if not 1 <= seats <= MOST_SEATS:
        raise Refusal("schedule.seats", _("Give a number of seats from 1 to 10,000."), field="seats")
    with transaction.atomic(), store.bumped_last():
        held = held_session(session)
        if held.removed_at is not None:
            raise Refusal("schedule.session_removed", _("This session was removed. Add it again first."))
        if held.kind == Session.Kind.BREAK:
            raise Refusal("schedule.break_with_seats", _("Nobody registers for a break. Choose another session."))
        if held.admission is not None:
            return attendance.change_seats(admission=held.admission, seats=seats, by=by, at=at)
        place = queries.first_place(held)
        admission = attendance.add_workshop(
            event=held.event,
            title=queries.title_of(held),
            capacity=seats,
            starts_at=place.starts_at if place else None,
            ends_at=place.ends_at if place else None,
            place=place.room if place else "",
            is_off=held.public_at is None,
            by=by,
            at=at,
        )
        _point(session, admission, by=by, at=at)
    return admission


def take_seats_from_session(*, session: Session, by: Actor, at: datetime) -> None:
    """Take a session's own seats away: whoever comes has a place again. Refused while people are registered."""
    require(policies.can_give_seats(by, session.event), "schedule.cannot_give_seats", NOT_ORGANISER)
    with transaction.atomic(), store.bumped_last():
        held = held_session(session)
        if held.admission is None:
            return
        attendance.remove_workshop(admission=held.admission, by=by, at=at)
        _point(session, None, by=by, at=at)


def _point(session: Session, admission: Admission | None, *, by: Actor, at: datetime) -> None:
    session.admission = admission
    session.save(update_fields=["admission"])
    fact = SessionChanged(event_id=session.event_id, session_id=session.pk, fields=["admission"])
    announce(fact, by=by, at=at)


def settle_seats(*, sessions: QuerySet[Session], gone: bool = False, by: SystemPerson, at: datetime) -> None:
    """Write down in the lists of these sessions what the last release says of them. Doing it again changes nothing.

    A session that is out of the programme closes its list. Where somebody is registered, the list stays and they hear
    it once; where nobody is, it goes with a session that was removed (or is ``gone``).
    """
    with transaction.atomic(), store.bumped_last():
        lists = Admission.objects.filter(session__in=sessions).select_related("event", "session__talk")
        for admission in lists.order_by("pk"):
            _settle(admission, admission.session, gone=gone, by=by, at=at)


def _settle(admission: Admission, session: Session, *, gone: bool, by: SystemPerson, at: datetime) -> None:
    place = queries.first_place(session) if session.public_at is not None and not gone else None
    if place is not None:
        attendance.place_workshop(
            admission=admission,
            title=queries.title_of(session),
            starts_at=place.starts_at,
            ends_at=place.ends_at,
            place=place.room,
            by=by,
            at=at,
        )
    elif (gone or session.removed_at is not None) and not admission.registrations.filter(state__in=ALIVE).exists():
        attendance.remove_workshop(admission=admission, by=by, at=at)
    else:
        attendance.call_off_workshop(admission=admission, by=by, at=at)
