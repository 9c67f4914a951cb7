"""What events put on the pages of communities: the next one, what is coming, a hallway of doors."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from hallway.gathering.communities.models import Community
from hallway.kit import clock
from hallway.kit.panels import panel
from hallway.kit.templatetags.hallway import say_when

from . import policies, queries
from .models import Event
from .wall_time import zone_named

MONTHS = 12
TALLEST, SMALLEST = 112, 40


def _to_come(community: Community, reader: Any, most: int) -> list[Event]:
    among = queries.of_community(queries.visible_to(reader), community).exclude(state=Event.State.CANCELLED)
    return list(queries.for_rows(queries.to_come(among, clock.now()))[:most])


@panel("community_page.next")
def next_event(community: Community, *, reader: Any, request: HttpRequest | None) -> str:
    """The next event as a card."""
    coming = _to_come(community, reader, 1)
    if not coming:
        return ""
    return render_to_string("events/next_panel.html", {"event": coming[0]}, request)


@panel("community_page.main")
def coming_events(community: Community, *, reader: Any, request: HttpRequest | None) -> str:
    """The events after the next one; where nothing is to come, the latest that are over."""
    coming = _to_come(community, reader, 6)[1:]
    events = coming
    if not events:
        among = queries.of_community(queries.visible_to(reader), community)
        events = list(queries.for_rows(queries.gone_by(among, clock.now()))[:5])
    if not events:
        return ""
    context = {"events": events, "coming": bool(coming), "community": community}
    return render_to_string("events/main_panel.html", context, request)


@panel("community_page.art")
def doors(community: Community, *, reader: Any, request: HttpRequest | None) -> str:
    """Twelve months as doors, the last one, with what is to come this month or next, open."""
    months = _last_months(clock.now().astimezone(zone_named(community.zone)))
    numbers = queries.months_of(community, months[0])
    counts = [numbers.get((month.year, month.month), 0) for month in months]
    if not any(counts):
        return ""
    tallest = max(counts)
    drawn = [_door(index, month, counts[index], tallest) for index, month in enumerate(months)]
    return render_to_string("events/doors.html", {"doors": drawn, "hue": community.hue}, request)


def _last_months(now: datetime) -> list[datetime]:
    """The first instants of eleven months and the coming one, oldest first."""
    last = now.year * 12 + now.month
    begins = []
    for number in range(last - MONTHS + 1, last + 1):
        year, month = divmod(number, 12)
        begins.append(now.replace(year=year, month=month + 1, day=1, hour=0, minute=0, second=0, microsecond=0))
    return begins


def _door(index: int, month: datetime, number: int, tallest: int) -> dict[str, Any]:
    height = SMALLEST + (TALLEST - SMALLEST) * number / tallest
    top = 134 - height + 13
    return {
        "x": index * 36,
        "y": round(top),
        "knob": index * 36 + 20,
        "knob_y": round(134 - height * 0.42),
        "shade": f"{0.4 + 0.05 * index:.2f}",
        "open": index == MONTHS - 1 and number > 0,
        "number": number,
        "month": say_when(month, "yMMMM"),
    }


@panel("community_page.organise")
def organise(community: Community, *, reader: Any, request: HttpRequest | None) -> str:
    """Planning an event, the venues and invitations to co-host, among what organisers do."""
    if not policies.can_create_event(reader, community):
        return ""
    asked = queries.unanswered_hosts(community, clock.now())
    return render_to_string("events/organise_panel.html", {"community": community, "asked": asked}, request)
