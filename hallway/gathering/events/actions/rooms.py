"""Rooms of an event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.refusal import Refusal, require

from .. import policies
from ..facts import RoomAdded, RoomEdited, RoomRemoved
from ..models import Event, Room
from ..provisions import ACCESS, EQUIPMENT, known
from .rows import refuse_unless_known

FIELDS = frozenset({"name", "capacity", "equipment", "access", "note", "position", "guid"})
NOT_YOURS = _("Only organisers and programme editors of this event may change its rooms.")


def add_room(*, event: Event, name: str, by: Actor, at: datetime, **fields: Any) -> Room:
    """Add a room, last in the order unless ``position`` says otherwise. Two rooms of an event differ in name."""
    require(policies.can_edit_programme(by, event), "room.not_yours", NOT_YOURS)
    refuse_unless_known(fields, FIELDS)
    with transaction.atomic():
        _check_name(name, event.pk)
        if "position" not in fields:
            fields["position"] = (event.rooms.aggregate(last=Max("position"))["last"] or 0) + 1
        room = Room.objects.create(event=event, name=name, **_cleaned(fields))
        announce(RoomAdded(room_id=room.pk, event_id=event.pk), by=by, at=at)
    return room


def edit_room(*, room: Room, changes: Mapping[str, Any], by: Actor, at: datetime) -> Room:
    """Give a room's fields new values. What is the same does nothing."""
    require(policies.can_edit_programme(by, room.event), "room.not_yours", NOT_YOURS)
    refuse_unless_known(changes, FIELDS)
    with transaction.atomic():
        row = held(room, "room.gone")
        cleaned = _cleaned(changes)
        changed = [name for name, value in cleaned.items() if getattr(row, name) != value]
        if not changed:
            return row
        if "name" in changed:
            _check_name(cleaned["name"], row.event_id, but=row.pk)
        for name in changed:
            setattr(row, name, cleaned[name])
        row.save(update_fields=changed)
        announce(RoomEdited(room_id=row.pk, event_id=row.event_id), by=by, at=at)
    return row


def remove_room(*, room: Room, by: Actor, at: datetime) -> None:
    """Remove a room; what was placed in it has no room then. Twice does nothing."""
    require(policies.can_edit_programme(by, room.event), "room.not_yours", NOT_YOURS)
    with transaction.atomic():
        gone, _rows = Room.objects.filter(pk=room.pk).delete()
        if gone:
            announce(RoomRemoved(room_id=room.pk, event_id=room.event_id, name=room.name), by=by, at=at)


def _cleaned(fields: Mapping[str, Any]) -> dict[str, Any]:
    cleaned = dict(fields)
    for name, vocabulary in (("access", ACCESS), ("equipment", EQUIPMENT)):
        if name in cleaned:
            cleaned[name] = known(cleaned[name], vocabulary)
    return cleaned


def _check_name(name: str, event_id: int, *, but: int = 0) -> None:
    if not name.strip():
        raise Refusal("room.no_name", _("Say what the room is called."), field="name")
    if Room.objects.filter(event=event_id, name__iexact=name).exclude(pk=but).exists():
        raise Refusal("room.name_taken", _("Another room of this event has that name."), field="name")
