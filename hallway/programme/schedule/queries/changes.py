"""What a release would change, and where everything stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q

from hallway.gathering.events.models import Event
from hallway.programme.schedule.models import Slot

from .visible import title_of

ROOM_DIFFERS = (
    (Q(public_room__isnull=False) & Q(room__isnull=True))
    | (Q(public_room__isnull=True) & Q(room__isnull=False))
    | (Q(public_room__isnull=False) & Q(room__isnull=False) & ~Q(public_room=F("room")))
)


@dataclass(frozen=True)
class Place:
    """A room (its name may be empty: not settled) and two instants."""

    room: str
    starts_at: datetime
    ends_at: datetime

    def as_json(self) -> dict[str, str]:
        return {"room": self.room, "starts_at": self.starts_at.isoformat(), "ends_at": self.ends_at.isoformat()}


@dataclass(frozen=True)
class Change:
    """One difference between the draft and the last release: ``what`` is new, moved or removed."""

    what: str
    session_id: int
    slot_id: int
    title: dict[str, str]
    before: Place | None = None
    after: Place | None = None

    def as_json(self) -> dict[str, object]:
        return {
            "what": self.what,
            "session": self.session_id,
            "slot": self.slot_id,
            "title": self.title,
            "before": self.before.as_json() if self.before else None,
            "after": self.after.as_json() if self.after else None,
        }


def changes_since_release(event: Event) -> list[Change]:
    """What a release would change now, in order of time: one query whatever the size."""
    slots = (
        Slot.objects.filter(session__event=event)
        .filter(
            Q(public_at=None)
            | Q(removed_at__isnull=False)
            | ~Q(public_starts_at=F("starts_at"))
            | ~Q(public_ends_at=F("ends_at"))
            | ROOM_DIFFERS
        )
        .select_related("room", "public_room", "session__talk")
        .order_by("starts_at", "id")
    )
    return [_change(slot) for slot in slots]


def _change(slot: Slot) -> Change:
    title = title_of(slot.session)
    before = after = None
    if slot.public_starts_at and slot.public_ends_at:
        before = Place(slot.public_room.name if slot.public_room else "", slot.public_starts_at, slot.public_ends_at)
    if slot.removed_at is None:
        after = Place(slot.room.name if slot.room else "", slot.starts_at, slot.ends_at)
    what = "removed" if after is None else "moved" if before else "new"
    return Change(what, slot.session_id, slot.pk, title, before, after)


def placements(event: Event) -> list[list[object]]:
    """Where everything stands publicly: rows of slot, session, room (id or None), start and end (ISO)."""
    rows = Slot.objects.filter(session__event=event, public_at__isnull=False).order_by("public_starts_at", "id")
    return [
        [slot, session, room, starts.isoformat(), ends.isoformat()]
        for slot, session, room, starts, ends in rows.values_list(
            "pk", "session_id", "public_room_id", "public_starts_at", "public_ends_at"
        )
        if starts and ends
    ]
