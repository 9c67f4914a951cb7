"""A session in the words of schema.org, on its own page and as a part of its event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from hallway.gathering.events.models import Event
from hallway.gathering.events.structured import mode_of, status_of
from hallway.kit.localised import pick
from hallway.people.models import Person

from .models import Session


def session_data(
    session: Session,
    *,
    title: str,
    summary: str,
    speakers: Sequence[Person],
    when: tuple[datetime, datetime, str] | None,
    base_url: str,
) -> dict[str, Any]:
    """A schema.org ``Event`` within its event; ``when`` is start, end and room of its first place."""
    event, talk = session.event, session.talk
    address = base_url + reverse("session", args=[event.slug, session.pk, session.slug])
    whole = f"{base_url}/e/{event.slug}/"
    thing = part_data(event, title, address, when, base_url) | {
        "@context": "https://schema.org",
        "@type": "EducationEvent" if session.kind == Session.Kind.WORKSHOP else "Event",
        "description": summary,
        "image": base_url + reverse("session_preview", args=[event.slug, session.pk]),
        "superEvent": {"@type": "Event", "@id": whole, "name": pick(event.title).text, "url": whole},
        "performer": [
            {"@type": "Person", "name": person.name, "url": f"{base_url}/p/{person.slug}/"} for person in speakers
        ],
    }
    return thing | ({"inLanguage": talk.languages} if talk and talk.languages else {})


def part_data(
    event: Event, title: str, address: str, when: tuple[datetime, datetime, str] | None, base_url: str
) -> dict[str, Any]:
    """What a session says of itself as a ``subEvent``: name, time, place, and whether it takes place."""
    thing: dict[str, Any] = {
        "@type": "Event",
        "name": title,
        "url": address,
        "eventStatus": status_of(event),
        "eventAttendanceMode": mode_of(event),
        "location": _location(event, when[2] if when else "", base_url),
    }
    if when:
        thing |= {"startDate": when[0].isoformat(), "endDate": when[1].isoformat()}
    return thing


def _location(event: Event, room: str, base_url: str) -> dict[str, Any]:
    if event.attendance == Event.Attendance.ONLINE:
        return {"@type": "VirtualLocation", "url": event.url or f"{base_url}/e/{event.slug}/"}
    venue = event.venue
    town = venue.place_name if venue else event.community.place_name
    where = ", ".join(part for part in (room, venue.name if venue else "") if part)
    return {
        "@type": "Place",
        "name": where or town or event.community.name,
        "address": (venue.address if venue else "") or town or event.community.name,
    }
