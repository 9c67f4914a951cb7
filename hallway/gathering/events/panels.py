"""What events put on the pages of communities: the next one and what is coming."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from hallway.gathering.communities.models import Community
from hallway.kit import clock
from hallway.kit.panels import panel
from hallway.kit.store import carry

from . import policies, queries
from .models import Event


def _to_come(community: Community, reader: Any, most: int) -> list[Event]:
    among = queries.of_community(queries.visible_to(reader), community).exclude(state=Event.State.CANCELLED)
    return list(queries.for_rows(queries.to_come(among, clock.now()))[:most])


@panel("community_page.next")
def next_event(community: Community, *, reader: Any, request: HttpRequest | None) -> str:
    """The next event as a card."""
    coming = _to_come(community, reader, 1)
    if not coming:
        return ""
    carry(request, *queries.seat_tags(coming))
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
    carry(request, *queries.seat_tags(events))
    context = {"events": events, "coming": bool(coming), "community": community}
    return render_to_string("events/main_panel.html", context, request)


@panel("community_page.organise")
def organise(community: Community, *, reader: Any, request: HttpRequest | None) -> str:
    """Planning an event, the venues and invitations to co-host, among what organisers do."""
    if not policies.can_create_event(reader, community):
        return ""
    asked = queries.unanswered_hosts(community, clock.now())
    return render_to_string("events/organise_panel.html", {"community": community, "asked": asked}, request)
