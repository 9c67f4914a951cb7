"""The wall: what a projector shows of one session, or of whatever is on in a room. The same for everybody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hallway.gathering.events.addresses import event_page
from hallway.gathering.events.models import Event, Room
from hallway.kit import access, clock, store
from hallway.kit.qr import qr_svg
from hallway.programme.schedule.models import Slot
from hallway.programme.schedule.queries.visible import title_of

from .. import queries
from ..addresses import floor_page, room_page
from ..models import Floor

MINUTE = timedelta(minutes=1)
LONGEST = 240  # characters of the question that is being answered
LONGEST_ROW = 130


@access.public
@require_safe
@floor_page
def wall(request: HttpRequest, floor: Floor) -> HttpResponse:
    """The wall of one session, with its questions and its code."""
    return _shown(request, floor.event, floor, clock.now(), [])


@access.public
@require_safe
@event_page
def wall_of_room(request: HttpRequest, event: Event, room_id: int) -> HttpResponse:
    """The wall of a room: of the session that is on there, else of the next one, by itself for the whole event."""
    room = get_object_or_404(Room, pk=room_id, event=event)
    at = clock.now()
    programme = queries.programme_in(room, event, at)
    slot = programme.now or programme.next
    changes = [programme.changes_at] if programme.changes_at else []
    floor = _floor_of(slot, event) if slot is not None else None
    return _shown(request, event, floor, at, changes, room=room, begins=None if programme.now else slot)


def _floor_of(slot: Slot, event: Event) -> Floor:
    floor: Floor = slot.session.floor
    floor.event, floor.session = event, slot.session
    return floor


def _shown(
    request: HttpRequest, event: Event, floor: Floor | None, at: datetime, changes: Iterable[datetime],
    *, room: Room | None = None, begins: Slot | None = None,
) -> HttpResponse:  # fmt: skip
    context: dict[str, Any] = {"event": event, "floor": floor, "room": room, "begins": begins, "at": at}
    tags, moments = [f"event:{event.pk}"], list(changes)
    if floor is not None:
        now = queries.wall_now(floor, at)
        address = room_page(floor)
        host = settings.HALLWAY_BASE_URL.partition("://")[2]
        context |= {
            "title": title_of(floor.session), "now": now, "live": f"/live/public/floor:{floor.pk}",
            "address": f"{host}{address.removesuffix(floor.code + '/')}", "on": floor.is_live(at),
            "code": qr_svg(settings.HALLWAY_BASE_URL + address, label=_("QR code to ask and vote")),
            "over": floor.is_over(at), "open": floor.is_open(at), "longest": LONGEST, "longest_row": LONGEST_ROW,
            "minutes": _minutes_left(floor, at), "closed": floor.closes_at is not None and floor.closes_at <= at,
        }  # fmt: skip
        tags += [f"floor:{floor.pk}", f"votes:{floor.pk}"]
        moments += [moment for moment in (floor.starts_at, floor.ends_at, floor.closes_at, now.fades_at) if moment]
        if floor.is_live(at):
            moments.append(at + MINUTE)
    until = min((moment for moment in moments if moment > at), default=None)
    context["until"] = int(until.timestamp() * 1000) if until else None
    response = render(request, "questions/wall.html", context)
    return store.keep(response, tags, good_until=until, query=("light",))


def _minutes_left(floor: Floor, at: datetime) -> int:
    left = floor.ends_at - at if floor.ends_at else timedelta()
    return max(-int(-left.total_seconds() // 60), 0)
