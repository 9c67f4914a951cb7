"""The door of the world's event: a helper's link that opens it now, and the code on its wall."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hallway.gathering.attendance.models import Admission, DoorHelper
from hallway.gathering.attendance.tokens import Right
from hallway.gathering.events.models import Event
from hallway.kit.links import token_of

LONG_AGO, FAR = datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)


def make_door(event: Event) -> dict[str, Any]:
    """Tokens by the beginning of the addresses they stand in. The event has a list already."""
    helper = DoorHelper.objects.create(
        event=event, name="Lerato", nonce=f"door-{event.pk}", made_at=LONG_AGO, opens_at=LONG_AGO, expires_at=FAR
    )
    admission = Admission.objects.get(event=event, is_event=True)
    admission.wall_nonce = f"wall-{event.pk}"
    admission.save(update_fields=["wall_nonce"])
    return {
        "door/": token_of(Right.DOOR, helper.pk, helper.nonce),
        "e/": token_of(Right.WALL, admission.pk, admission.wall_nonce),
    }
