"""The drawing on an event's cover: its programme, time across, rooms down, a block for each day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hallway.gathering.events.models import Event

from .models import Slot

WIDTH, BAR, GAP, MOST_ROOMS, MOST_DAYS = 344, 13, 3, 6, 4
_Row = tuple[date, datetime, datetime, int | None, int, bool]


@dataclass(frozen=True)
class Bar:
    x: int
    y: int
    width: int
    height: int
    hue: int


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    bars: list[Bar]


def art_of(event: Event) -> Drawing | None:
    """One query; None when there is too little to draw."""
    columns = ("public_starts_at", "public_ends_at", "public_room_id", "session__track__hue", "session__plenum")
    slots = (
        Slot.objects.filter(session__event=event, session__hidden_at=None, public_at__isnull=False)
        .exclude(session__kind="break")
        .order_by("public_starts_at", "public_room__position", "id")
        .values_list(*columns)
    )
    by_day: dict[date, list[_Row]] = defaultdict(list)
    for starts, ends, room, hue, plenum in slots:
        if starts is None or ends is None:
            continue
        local = starts.astimezone(event.tz) - timedelta(minutes=event.day_boundary)
        by_day[local.date()].append((local.date(), starts, ends, room, hue or 8, plenum))
    days = sorted(by_day)[:MOST_DAYS]
    bars: list[Bar] = []
    top = 0
    for day in days:
        drawn, height = _day(by_day[day], top, MOST_ROOMS if len(days) < 3 else MOST_ROOMS // 2)
        bars += drawn
        top += height + BAR + 2
    if len(bars) < 3:
        return None
    return Drawing(WIDTH, top - BAR - 2, bars)


def _day(rows: list[_Row], top: int, most_rooms: int) -> tuple[list[Bar], int]:
    """The bars of one day below ``top``, and how high they are together."""
    rooms = list(dict.fromkeys(room for _day, _starts, _ends, room, _hue, plenum in rows if not plenum))[:most_rooms]
    height = max(1, len(rooms)) * (BAR + GAP) - GAP
    begins = sorted({starts for _day, starts, _ends, _room, _hue, _plenum in rows})
    step = (WIDTH + GAP) / len(begins)
    bars = []
    for _date, starts, ends, room, hue, plenum in rows:
        first = begins.index(starts)
        wide = max(1, sum(1 for moment in begins if starts <= moment < ends))
        x, width = round(first * step), max(2, round(wide * step) - GAP)
        alone = plenum or sum(1 for row in rows if row[1] == starts) == 1
        if alone:
            bars.append(Bar(x, top, width, height, hue))
        elif room in rooms:
            bars.append(Bar(x, top + rooms.index(room) * (BAR + GAP), width, BAR, hue))
    return bars, height
