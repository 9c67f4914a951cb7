"""Who stands at the door, the code on the wall, and lists on paper."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hallway.gathering.events.models import Event
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.links import new_nonce, token_of
from hallway.kit.pace import require_pace
from hallway.kit.refusal import Refusal, require
from hallway.people.models import Person

from .. import policies
from ..entries import OPENS_BEFORE
from ..facts import HelperEnded, HelperInvited, HelpersMoved, WallChanged
from ..models import Admission, DoorHelper, ListExport, Registration
from ..tokens import Right
from .lists import note_list
from .rows import locked

State = Registration.State
ON_PAPER = {"list": ("name", "guests", "code", "state", "came"), "badges": ("name", "guests", "code")}
STAYS_AFTER = timedelta(hours=6)
MOST_A_DAY = 100
NOT_DOOR = _("Only the team of this event may do that. Ask one of them for a link to the door.")


def invite_helper(*, event: Event, name: str, by: Actor, at: datetime) -> tuple[DoorHelper, str]:
    """A link to the door for somebody without an account: twelve hours before the start until six after the end.

    Returns the helper and the token of their link.
    """
    require(policies.can_run_door(by, event), "attendance.not_door", NOT_DOOR)
    with transaction.atomic():
        row = held(event, "events.gone")
        if row.state != Event.State.PUBLISHED or row.starts_at is None:
            raise Refusal("attendance.no_door", _("Publish the event with a date first. Then it has a door."))
        expires_at = (row.ends_at or row.starts_at) + STAYS_AFTER
        if expires_at <= at:
            raise Refusal("attendance.door_over", _("This event is over, and its door is closed."))
        require_pace(HelperInvited, most=MOST_A_DAY, by=by, at=at)
        helper = DoorHelper.objects.create(
            event=row, name=name, nonce=new_nonce(), made_by=by if isinstance(by, Person) else None, made_at=at,
            opens_at=row.starts_at - OPENS_BEFORE, expires_at=expires_at,
        )  # fmt: skip
        announce(HelperInvited(helper_id=helper.pk, event_id=row.pk), by=by, at=at)
    return helper, token_of(Right.DOOR, helper.pk, helper.nonce)


def move_helpers(*, event: Event, by: Actor, at: datetime) -> int:
    """Links to the door open when the event does: after it moved, at its new time. Returns how many moved with it."""
    require(policies.can_run_door(by, event), "attendance.not_door", NOT_DOOR)
    if event.starts_at is None:
        return 0
    opens_at, expires_at = event.starts_at - OPENS_BEFORE, (event.ends_at or event.starts_at) + STAYS_AFTER
    with transaction.atomic():
        rows = DoorHelper.objects.filter(event=event, ended_at=None).exclude(opens_at=opens_at, expires_at=expires_at)
        moved = rows.update(opens_at=opens_at, expires_at=expires_at)
        if moved:
            announce(HelpersMoved(event_id=event.pk, number=moved), by=by, at=at)
    return moved


def end_helper(*, helper: DoorHelper, by: Actor, at: datetime) -> DoorHelper:
    """End a link to the door. Twice is once; what was done before stays in the book."""
    require(policies.can_run_door(by, helper.event), "attendance.not_door", NOT_DOOR)
    with transaction.atomic():
        row = held(helper, "attendance.helper_gone")
        if row.ended_at is None:
            row.ended_at = at
            row.save(update_fields=["ended_at"])
            announce(HelperEnded(helper_id=row.pk, event_id=row.event_id), by=by, at=at)
    return row


def change_wall(*, admission: Admission, by: Actor, at: datetime) -> str:
    """A new code for the wall; the old one opens nothing any more. Returns its token."""
    require(policies.can_run_door(by, admission.event), "attendance.not_door", NOT_DOOR)
    with transaction.atomic():
        row = locked(admission)
        row.wall_nonce = new_nonce()
        row.save(update_fields=["wall_nonce"])
        announce(WallChanged(admission_id=row.pk, event_id=row.event_id), by=by, at=at)
    return token_of(Right.WALL, row.pk, row.wall_nonce)


def print_people(*, admission: Admission, what: str, by: Person, at: datetime) -> ListExport:
    """Note that the door list, or the badges, are printed, and who is on them; they see that.

    ``what`` is a key of :data:`ON_PAPER`. Raises Refusal when nobody is on it.
    """
    require(policies.can_run_door(by, admission.event), "attendance.not_door", NOT_DOOR)
    with transaction.atomic():
        ids = list(people_on_paper(admission, what).values_list("pk", flat=True))
        return note_list(admission.event, what, ON_PAPER[what], ids, by=by, at=at)


def people_on_paper(admission: Admission, what: str) -> QuerySet[Registration]:
    """On the list whoever may come in; on badges those who have a seat in the room."""
    if what == "badges":
        return admission.registrations.filter(state=State.GOING, online=False)
    return admission.registrations.filter(state__in=(State.GOING, State.OFFERED, State.WAITING))
