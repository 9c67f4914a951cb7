"""Changes of slots: where and when, in the draft."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.gathering.events.models import Room
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.refusal import Refusal
from hallway.programme.schedule.facts import SlotAdded, SlotMoved, SlotRemoved
from hallway.programme.schedule.models import Session, Slot

from .checks import held_session, held_slot, require_own_room, require_team, require_times


def add_slot(
    *,
    session: Session,
    room: Room | None,
    starts_at: datetime,
    ends_at: datetime,
    by: Actor,
    at: datetime,
    guid: uuid.UUID | None = None,
) -> Slot:
    """Give a session a place in the draft; a session may have several. ``room`` None means "not settled"."""
    require_team(by, session.event)
    require_own_room(session.event, room)
    require_times(starts_at, ends_at)
    with transaction.atomic():
        if held_session(session).removed_at is not None:
            raise Refusal("schedule.session_removed", _("This session was removed. Add it again first."))
        slot = Slot.objects.create(
            session=session, room=room, starts_at=starts_at, ends_at=ends_at, guid=guid or uuid.uuid4()
        )
        announce(SlotAdded(event_id=session.event_id, session_id=session.pk, slot_id=slot.pk), by=by, at=at)
    return slot


def move_slot(
    *, slot: Slot, room: Room | None, starts_at: datetime, ends_at: datetime, by: Actor, at: datetime
) -> None:
    """Put a slot elsewhere in the draft. The same place again changes nothing."""
    session = slot.session
    require_team(by, session.event)
    require_own_room(session.event, room)
    require_times(starts_at, ends_at)
    place = (room.pk if room else None, starts_at, ends_at)
    if (slot.room_id, slot.starts_at, slot.ends_at) == place and slot.removed_at is None:
        return
    with transaction.atomic():
        held_slot(slot)
        slot.room, slot.starts_at, slot.ends_at, slot.removed_at = room, starts_at, ends_at, None
        slot.save(update_fields=["room", "starts_at", "ends_at", "removed_at"])
        announce(SlotMoved(event_id=session.event_id, session_id=session.pk, slot_id=slot.pk), by=by, at=at)


def remove_slot(*, slot: Slot, by: Actor, at: datetime) -> None:
    """Take a slot out of the draft; a public one stays readable until the next release."""
    session = slot.session
    require_team(by, session.event)
    with transaction.atomic():
        held = held_slot(slot)  # a release at this moment may be making it public
        if held.removed_at is not None:
            return
        announce(SlotRemoved(event_id=session.event_id, session_id=session.pk, slot_id=slot.pk), by=by, at=at)
        if held.public_at is None:
            slot.delete()
            return
        slot.removed_at = at
        slot.save(update_fields=["removed_at"])
