"""Floors: made with a release, set by the team, handed over in the room, opened again afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Min, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from hallway.gathering.events.models import Event
from hallway.kit.actors import Actor, SystemPerson
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.links import new_code, new_nonce
from hallway.kit.refusal import Refusal, require
from hallway.people.actions.staying import stay
from hallway.people.models import Person
from hallway.programme.schedule.models import Session

from .. import policies
from ..facts import FloorChanged, FloorHandedOver, FloorReopened, FloorsSettled, ModeratorLinkRenewed
from ..models import Floor
from ..models.floors import REOPENED_FOR
from ..tokens import moderator_token
from .room import NOT_MODERATOR
from .texts import CANCELLED, typed_name

GONE = "questions.floor_gone"
EDITABLE = frozenset({"queue", "order", "open_days", "paused"})
MOST_DAYS = 400
_AT_ONCE = 500


def settle_floors(*, sessions: QuerySet[Session], by: SystemPerson, at: datetime) -> int:
    """Give each released session its floor, and each floor the session's times. Doing it again changes nothing.

    A session without a place of its own has the event's times. Breaks have no floor. Returns how many changed.
    """
    released = Q(slots__public_at__isnull=False)
    rows = sessions.filter(public_at__isnull=False).exclude(kind=Session.Kind.BREAK).select_related("event", "floor")
    timed = rows.annotate(
        begins=Min("slots__public_starts_at", filter=released), ends=Max("slots__public_ends_at", filter=released)
    )
    changed: list[int] = []
    with transaction.atomic():
        for session in timed.order_by("floor", "pk"):
            starts, ends = _times(session, session.begins, session.ends)
            floor = getattr(session, "floor", None) or Floor(session=session, event=session.event)
            if floor.pk is not None and (floor.starts_at, floor.ends_at) == (starts, ends):
                continue
            floor.starts_at, floor.ends_at = starts, ends
            if floor.pk is None:
                floor.code, floor.nonce = _free_code(), new_nonce()
                floor.save()
            else:
                floor.save(update_fields=["starts_at", "ends_at"])  # a moderator may pause it at this moment
            changed.append(floor.pk)
        for start in range(0, len(changed), _AT_ONCE):
            announce(FloorsSettled(floor_ids=tuple(changed[start : start + _AT_ONCE])), by=by, at=at)
    return len(changed)


def _times(session: Session, begins: datetime | None, ends: datetime | None) -> tuple[datetime | None, datetime | None]:
    """When the session is: at its place in the programme, unless the event was moved away from there since."""
    event = session.event
    opens, closes = event.starts_at, event.ends_at or event.starts_at
    if opens is None or closes is None:
        return None, None
    if begins is None or ends is None or ends <= opens or begins > max(opens, closes):
        return opens, closes
    return begins, ends


def _free_code() -> str:
    code = new_code()
    while Floor.objects.filter(code=code).exists():
        code = new_code()
    return code


def change_floor(*, floor: Floor, changes: dict[str, Any], by: Actor, at: datetime) -> Floor:
    """Set ``queue``, ``order``, ``open_days`` (1 to 400), or ``paused``: nobody asks or votes meanwhile."""
    require(policies.can_moderate(by, floor), "questions.not_moderator", NOT_MODERATOR)
    if unknown := set(changes) - EDITABLE:
        raise ValueError(f"not fields of a floor: {sorted(unknown)}")
    days = changes.get("open_days", 1)
    if not 1 <= days <= MOST_DAYS:
        raise Refusal("questions.open_days", _("Give a number of days from 1 to 400."), field="open_days")
    if changes.get("order", Floor.Order.VOTES) not in Floor.Order.values:
        raise Refusal("questions.order", _("Choose one of the orders on the page."), status=400, field="order")
    with transaction.atomic():
        row = held(floor, GONE)
        wanted = {name: value for name, value in changes.items() if name != "paused"}
        if "paused" in changes and changes["paused"] != (row.paused_at is not None):
            wanted["paused_at"] = at if changes["paused"] else None
        fields = sorted(name for name, value in wanted.items() if getattr(row, name) != value)
        if fields:
            for name in fields:
                setattr(row, name, wanted[name])
            row.save(update_fields=fields)
            fact = FloorChanged(floor_id=row.pk, event_id=row.event_id, session_id=row.session_id, fields=tuple(fields))
            announce(fact, by=by, at=at)
    return row


def reopen_floor(*, floor: Floor, by: Actor, at: datetime) -> Floor:
    """Let people ask and answer for thirty days more, once the floor could only be read; or again after a pause.

    In the first case the days on which speakers are written to begin anew.
    """
    require(policies.can_moderate(by, floor), "questions.not_moderator", NOT_MODERATOR)
    with transaction.atomic():
        row = held(floor, GONE)
        closes = row.closes_at
        if closes is None:
            raise Refusal("questions.no_time", _("This session has no time yet. Release the programme with one first."))
        if row.event.state == Event.State.CANCELLED:
            raise Refusal("questions.cancelled", CANCELLED)
        if row.is_shut(at):
            row.paused_at = None
            if closes <= at:
                row.reopened_until, row.reopenings = at + REOPENED_FOR, row.reopenings + 1
            row.save(update_fields=["paused_at", "reopened_until", "reopenings"])
            fact = FloorReopened(floor_id=row.pk, event_id=row.event_id, session_id=row.session_id)
            announce(fact, by=by, at=at)
    return row


def hand_over_floor(*, floor: Floor, name: str = "", person: Person | None = None, by: Actor, at: datetime) -> Floor:
    """Say who looks after the questions now, so that two do not do the same; with neither, nobody does.

    ``person`` is somebody who may; ``name`` is for who has the link and no account.
    """
    require(policies.can_moderate(by, floor), "questions.not_moderator", NOT_MODERATOR)
    called = typed_name(name) if person is None else ""
    with transaction.atomic():
        if person is not None:
            person = stay(person)
            called = person.name
        row = held(floor, GONE)
        if person is not None and not policies.can_moderate(person, row):
            raise Refusal("questions.not_to_them", _("They are not in the team. Give them the link for moderators."))
        if (row.moderator, row.moderator_name) != (person, called):
            row.moderator, row.moderator_name = person, called
            row.save(update_fields=["moderator", "moderator_name"])
            fact = FloorHandedOver(floor_id=row.pk, event_id=row.event_id, session_id=row.session_id)
            announce(fact, by=by, at=at)
    return row


def renew_moderator_link(*, floor: Floor, by: Actor, at: datetime) -> str:
    """Make a new link for moderators without an account; those made before open nothing any more. Its token."""
    sentence = _("Only the event’s team and the speakers make this link.")
    require(policies.can_run_floor(by, floor), "questions.not_link", sentence)
    with transaction.atomic():
        row = held(floor, GONE)
        row.moderator_links += 1
        row.save(update_fields=["moderator_links"])
        fact = ModeratorLinkRenewed(floor_id=row.pk, event_id=row.event_id, session_id=row.session_id)
        announce(fact, by=by, at=at)
    return moderator_token(row)
