"""An event in the words of schema.org, for search engines and other readers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from hallway.gathering.communities.models import Community
from hallway.kit import text as user_text
from hallway.kit.localised import UNKNOWN, pick

from .models import Event

SUB_EVENTS: list[Callable[[Event, str], list[dict[str, Any]]]] = []
_MODES = {"on_site": "Offline", "online": "Online", "hybrid": "Mixed"}


def sub_events(maker: Callable[[Event, str], list[dict[str, Any]]]) -> Callable[[Event, str], list[dict[str, Any]]]:
    """Register what takes place within an event: ``(event, base_url) -> [schema.org Event, …]``, public ones only."""
    SUB_EVENTS.append(maker)
    return maker


def event_data(event: Event, hosts: list[Community], base_url: str) -> dict[str, Any]:
    """A schema.org ``Event``. Joining details are never in it."""
    address = base_url + reverse("events:page", args=[event.slug])
    title = pick(event.title)
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": address,
        "url": address,
        "name": title.text,
        "eventStatus": status_of(event),
        "eventAttendanceMode": mode_of(event),
        "location": _locations(event, address),
        "organizer": [_organisation(community, base_url) for community in (event.community, *hosts)],
        "image": f"{address}preview.png",
    }
    if event.starts_at:
        data["startDate"] = event.starts_at.astimezone(event.tz).isoformat()
    if event.ends_at:
        data["endDate"] = event.ends_at.astimezone(event.tz).isoformat()
    if event.previous_starts_at and data["eventStatus"] != "https://schema.org/EventScheduled":
        data["previousStartDate"] = event.previous_starts_at.astimezone(event.tz).isoformat()
    if words := pick(event.description).text or pick(event.tagline).text:
        data["description"] = user_text.plain(words)
    languages = event.languages or ([title.language] if title.language != UNKNOWN else [])
    if languages:
        data["inLanguage"] = languages
    if event.seats:
        data["maximumAttendeeCapacity"] = event.seats
    if event.series is not None:
        data["superEvent"] = {"@type": "EventSeries", "name": pick(event.series.title).text}
    if parts := [part for maker in SUB_EVENTS for part in maker(event, base_url)]:
        data["subEvent"] = parts
    return data


def status_of(event: Event) -> str:
    """Whether it takes place as announced, in schema.org's word."""
    status = "EventRescheduled" if event.previous_starts_at else "EventScheduled"
    if event.state == Event.State.CANCELLED:
        status = "EventCancelled"
    elif event.state == Event.State.POSTPONED:
        status = "EventPostponed"
    return f"https://schema.org/{status}"


def mode_of(event: Event) -> str:
    """On site, on line or both, in schema.org's word."""
    return f"https://schema.org/{_MODES[event.attendance]}EventAttendanceMode"


def _locations(event: Event, address: str) -> Any:
    places: list[dict[str, Any]] = []
    if event.attendance != Event.Attendance.ONLINE:
        places.append(_place(event))
    if event.attendance != Event.Attendance.ON_SITE:
        places.append({"@type": "VirtualLocation", "url": event.url or address})
    return places[0] if len(places) == 1 else places


def _place(event: Event) -> dict[str, Any]:
    venue = event.venue
    town = venue.place_name if venue else event.community.place_name
    country = venue.country if venue else event.community.country
    postal = {"streetAddress": venue.address if venue else "", "addressLocality": town, "addressCountry": country}
    place: dict[str, Any] = {
        "@type": "Place",
        "name": venue.name if venue else town or event.community.name,
        "address": {"@type": "PostalAddress"} | {key: value for key, value in postal.items() if value},
    }
    if venue and venue.latitude is not None and venue.longitude is not None:
        place["geo"] = {"@type": "GeoCoordinates", "latitude": venue.latitude, "longitude": venue.longitude}
    return place


def _organisation(community: Community, base_url: str) -> dict[str, Any]:
    return {
        "@type": "Organization",
        "name": community.name,
        "url": base_url + reverse("communities:page", args=[community.slug]),
    }
