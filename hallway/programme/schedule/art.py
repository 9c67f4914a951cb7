"""The drawings on covers: an event's programme, time across and rooms down; a community's year as doors.

An evening in one room is drawn as its doors, too: one for each talk, as wide as it is long.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import log

from django.db.models import Count
from django.db.models.functions import TruncMonth

from hallway.gathering.communities.models import Community
from hallway.gathering.events import queries as events
from hallway.gathering.events.models import Event
from hallway.gathering.events.wall_time import zone_named

from .models import Slot

WIDTH, BAR, GAP, MOST_ROOMS, MOST_DAYS = 344, 13, 3, 6, 4
DOOR, SMALLEST, MONTHS, ARCH = 96, 40, 12, 26
GREY = 8  # sessions without a track stay in the background
_Row = tuple[date, datetime, datetime, int | None, int, bool]


@dataclass(frozen=True)
class Bar:
    x: int
    y: int
    width: int
    height: int
    hue: int

    @property
    def right(self) -> int:
        """Where the arch of a door begins to fall."""
        return self.x + self.width - 13


@dataclass(frozen=True)
class Stripe:
    """One day of the drawing: when its columns of one width begin, and when the last ends, for the mark of now."""

    top: int
    height: int
    moments: list[datetime]


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    bars: list[Bar]
    stripes: list[Stripe] = field(default_factory=list)
    are_doors: bool = False


@dataclass(frozen=True)
class Month:
    """A month of a community: how many events, and how many talks were in their programmes."""

    begins: datetime
    events: int
    talks: int
    height: int


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
    if len(days) == 1 and len({row[3] for row in by_day[days[0]]}) == 1:
        return _evening(by_day[days[0]], event.hue)
    bars: list[Bar] = []
    stripes: list[Stripe] = []
    top = 0
    for day in days:
        drawn, stripe = _day(by_day[day], top, MOST_ROOMS if len(days) < 3 else MOST_ROOMS // 2)
        bars += drawn
        stripes.append(stripe)
        top += stripe.height + BAR + 2
    if len(bars) < 3:
        return None
    return Drawing(WIDTH, top - BAR - 2, bars, stripes)


def _evening(rows: Sequence[_Row], hue: int) -> Drawing:
    """One door for each session of a day in one room: as wide as it is long, in the hue of its track or the event's."""
    first, last = rows[0][1], max(row[2] for row in rows)
    whole = (last - first) / timedelta(minutes=1) or 1

    def place(moment: datetime) -> int:
        return round((moment - first) / timedelta(minutes=1) / whole * WIDTH)

    longest = max(row[2] - row[1] for row in rows)
    bars = []
    for _day, starts, ends, _room, track, _plenum in rows:
        height = round(DOOR * (0.55 + 0.45 * ((ends - starts) / longest if longest else 1)))
        width = max(ARCH, place(ends) - place(starts) - GAP)
        bars.append(Bar(place(starts), DOOR - height, width, height, hue if track == GREY else track))
    return Drawing(WIDTH, DOOR, bars, [Stripe(0, DOOR, [first, last])], are_doors=True)


def _day(rows: list[_Row], top: int, most_rooms: int) -> tuple[list[Bar], Stripe]:
    """The bars of one day below ``top``, and where its moments stand."""
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
    last = max(ends for _day, _starts, ends, _room, _hue, _plenum in rows)
    return bars, Stripe(top, height, [*begins, last])


def year_of(community: Community, now: datetime) -> list[Month]:
    """Twelve months, with the coming one if something is planned in it, oldest first; empty when there is nothing.

    A month's height grows with its talks, ever more slowly: a conference must not dwarf the evenings.
    """
    begins = _months_to(now.astimezone(zone_named(community.zone)))
    held = events.months_of(community, begins[0])
    coming = begins[-1]
    begins = begins[1:] if held.get((coming.year, coming.month)) else begins[:-1]
    if not any(held.get((month.year, month.month)) for month in begins):
        return []
    spoken = _talks_by_month(community, begins[0])
    counts = [spoken.get((month.year, month.month), 0) for month in begins]
    most = log(1 + max(max(counts), 1))
    return [
        Month(
            begins=month,
            events=held.get((month.year, month.month), 0),
            talks=count,
            height=round(SMALLEST + (DOOR + 16 - SMALLEST) * log(1 + count) / most),
        )
        for month, count in zip(begins, counts, strict=True)
    ]


def _months_to(now: datetime) -> list[datetime]:
    """The first instants of twelve months up to this one, and of the coming one, oldest first."""
    last = now.year * 12 + now.month
    begins = []
    for number in range(last - MONTHS, last + 1):
        year, month = divmod(number, 12)
        begins.append(now.replace(year=year, month=month + 1, day=1, hour=0, minute=0, second=0, microsecond=0))
    return begins


def _talks_by_month(community: Community, since: datetime) -> dict[tuple[int, int], int]:
    """How many talks stand in public programmes, by ``(year, month)`` in the community's zone."""
    among = events.of_community(events.visible_to(None), community).exclude(state=Event.State.CANCELLED)
    slots = Slot.objects.filter(
        session__event__in=among.values("pk"), session__talk__isnull=False, session__hidden_at=None,
        public_at__isnull=False, public_starts_at__gte=since,
    )  # fmt: skip
    rows = (
        slots.order_by()
        .annotate(month=TruncMonth("public_starts_at", tzinfo=zone_named(community.zone)))
        .values_list("month")
        .annotate(number=Count("session_id", distinct=True))
    )
    return {(month.year, month.month): number for month, number in rows if month}
