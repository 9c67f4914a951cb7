"""What is on around a place: where a visitor looks from, what lies near, and what else there is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import get_language

from hallway.gathering.communities import queries as communities
from hallway.gathering.communities.models import Community
from hallway.gathering.events import queries as events
from hallway.gathering.events.models import Event
from hallway.vocabulary.places import Place, distance_km, find_place, place

NEAR_KM = 600
SAME_TOWN_KM = 5
MOST_EVENTS = 400
MOST_COMMUNITIES = 2_000
SHOWN_EVENTS = 12
SHOWN_COMMUNITIES = 12
LONGEST_NEAR = 100


@dataclass(frozen=True)
class Centre:
    """Where one looks from, in degrees. ``place_id`` is 0 when nobody chose it."""

    name: str
    latitude: float
    longitude: float
    place_id: int = 0


@dataclass(frozen=True)
class Around:
    """What the first page shows. ``km`` of an event or a community is its distance, None where it is unknown."""

    centre: Centre | None
    is_wide: bool
    coming: list[Event]
    near_communities: list[Community]
    everything: list[Event] = field(default_factory=list)
    communities: list[Community] = field(default_factory=list)
    nothing_near: bool = False


def chosen_place(near: str) -> Place | None:
    """The place whose id stands in the address, if it is written as we write it."""
    if not near.isascii() or not near.isdigit() or near != str(int(near)):
        return None
    try:
        return place(int(near))
    except LookupError:
        return None


def suggestions(near: str) -> list[Place]:
    """Places whose names begin like what was typed, for a name nobody knows."""
    words = near[:LONGEST_NEAR].strip()
    for length in range(len(words) - 1, 2, -1):
        if found := find_place(words[:length], limit=5):
            return found
    return []


def position_of(event: Event) -> Centre | None:
    """Where an event is: its venue, else its community's town; None for one on line or nowhere yet."""
    if event.attendance == Event.Attendance.ONLINE:
        return None
    for spot in (event.venue, event.community):
        if spot is not None and spot.latitude is not None and spot.longitude is not None:
            return Centre(spot.place_name or event.community.place_name, spot.latitude, spot.longitude)
    return None


def home_of(community: Community) -> Centre | None:
    """Where a community is."""
    if community.latitude is None or community.longitude is None:
        return None
    return Centre(community.place_name, community.latitude, community.longitude)


def look_around(chosen: Place | None, *, wide: bool, now: datetime) -> Around:
    """What an anonymous reader finds around a place, or around the next event when none was chosen. Two queries."""
    everything = list(events.for_rows(events.to_come(events.visible_to(None), now))[:MOST_EVENTS])
    meeting = communities.visible_to(None).exclude(state=Community.State.DORMANT)
    known = list(meeting.order_by("name", "pk")[:MOST_COMMUNITIES])
    centre = _centre(chosen, everything, known)
    _measure(everything, known, centre)
    near = [event for event in everything if _is_near(event)]
    nothing_near = bool(everything) and not near
    return Around(
        centre=centre,
        is_wide=wide or centre is None,
        coming=(everything if wide or centre is None or nothing_near else near)[:SHOWN_EVENTS],
        near_communities=sorted(known, key=lambda one: (one.km is None, one.km or 0.0))[:SHOWN_COMMUNITIES],  # type: ignore[attr-defined]  # set by _measure
        everything=everything,
        communities=known,
        nothing_near=nothing_near,
    )


def _centre(chosen: Place | None, coming: Iterable[Event], known: Iterable[Community]) -> Centre | None:
    if chosen is not None:
        return Centre(chosen.called(get_language() or "en"), chosen.latitude, chosen.longitude, chosen.id)
    spots = [*map(position_of, coming), *map(home_of, known)]
    return next((spot for spot in spots if spot is not None and spot.name), None)


def _measure(coming: Iterable[Event], known: Iterable[Community], centre: Centre | None) -> None:
    for event in coming:
        event.km = _distance(centre, position_of(event))  # type: ignore[attr-defined]  # set by _measure
        event.distance = say_km(event.km)  # type: ignore[attr-defined]  # set by _measure
    for community in known:
        community.km = _distance(centre, home_of(community))  # type: ignore[attr-defined]  # set by _measure


def _distance(centre: Centre | None, spot: Centre | None) -> int | None:
    return None if centre is None or spot is None else round(distance_km(centre, spot))


def say_km(km: int | None) -> str:
    """A distance as people say it, ``8 300 km``; nothing for the same town."""
    if km is None or km < SAME_TOWN_KM:
        return ""
    # Thousands are parted by a narrow space that does not break: right in English and in French.
    return f"{round(km, 1 - len(str(km)) + 1):,}".replace(",", "\u202f") + "\u00a0km"


def _is_near(event: Event) -> bool:
    """Within reach; what is on line is near everybody."""
    km: int | None = event.km  # type: ignore[attr-defined]  # set by _measure
    return event.attendance == Event.Attendance.ONLINE or (km is not None and km <= NEAR_KM)
