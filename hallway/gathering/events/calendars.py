"""Events as iCalendar (RFC 5545, 7986). Deterministic: the same rows give the same bytes. Joining details never."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils import translation
from icalendar import Calendar, vDuration, vText, vUri
from icalendar import Event as Entry

from hallway.gathering.communities.models import Series
from hallway.kit import text as user_text
from hallway.kit.localised import pick
from hallway.notices.letters import Attachment

from .models import Event

HUE_NAMES = ("mediumpurple", "teal", "sienna", "seagreen", "mediumvioletred", "steelblue", "olive", "slategray")
REFRESH = timedelta(hours=6)
CONTENT_TYPE = "text/calendar; charset=utf-8"


def calendar_of(events: Iterable[Event], *, name: str, hue: int, page: str, source: str, base_url: str) -> bytes:
    """A calendar of events, each in its venue's zone with its VTIMEZONE.

    ``page`` and ``source`` are paths: of the web page it belongs to and of the feed itself.
    """
    calendar = _calendar("PUBLISH")
    calendar.add("name", vText(_line(name)))
    calendar.add("x-wr-calname", vText(_line(name)))
    calendar.add("color", vText(HUE_NAMES[hue - 1]))
    calendar.add("url", vUri(base_url + page))
    calendar.add("source", vUri(base_url + source), parameters={"VALUE": "URI"})
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    for event in events:
        for entry in entries_of(event, base_url):
            calendar.add_component(entry)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def entries_of(event: Event, base_url: str) -> list[Entry]:
    """The entry of an event; several days also as one all-day entry. None for an event that never had a date."""
    start = event.starts_at or event.previous_starts_at
    if start is None:
        return []
    local_start = start.astimezone(event.tz)
    end = event.ends_at.astimezone(event.tz) if event.starts_at and event.ends_at else None
    entry = _entry(event, _uid(event, base_url), base_url)
    entry.add("dtstart", local_start)
    if end is not None and end > local_start:
        entry.add("dtend", end)
    entries = [entry]
    if end is not None and _days_between(event, start, end) > 0:
        whole = _entry(event, _uid(event, base_url, "days"), base_url)
        first = date.fromisoformat(event.day_of(start))
        whole.add("dtstart", first)
        whole.add("dtend", first + timedelta(days=_days_between(event, start, end) + 1))
        whole.add("transp", "TRANSPARENT")
        entries.append(whole)
    return entries


@dataclass(frozen=True)
class OneOf:
    """What differs when somebody goes to a part of an event: a workshop with a time of its own.

    ``uid`` tells its entry from the event's and never changes; ``sequence`` grows with each change of its own.
    What is empty is the event's.
    """

    uid: str
    sequence: int
    summary: str
    starts_at: datetime
    ends_at: datetime | None = None
    place: str = ""


def calendar_for(
    event: Event,
    *,
    at: datetime,
    base_url: str,
    language: str,
    part: OneOf | None = None,
    is_off: bool = False,
    words: str = "",
    url: str = "",
) -> Attachment | None:
    """An event for somebody who goes, to come with a mail: what it adds, the feed's entry with this UID goes on with.

    ``is_off`` takes it out of their calendar again: they gave up. A cancelled event, or one without a date for now, is
    off for everybody. ``at`` is when the mail is written: of two with one sequence the later one holds. ``words`` stand
    before the description and may hold joining details, which no feed has; ``url`` is where the seat is kept.
    None for an event that never had a date.
    """
    start = part.starts_at if part else event.starts_at or event.previous_starts_at
    if start is None:
        return None
    end = part.ends_at if part else event.ends_at if event.starts_at else None
    off = is_off or status_of(event) == "CANCELLED"
    with translation.override(language):
        entry = _entry(event, _uid(event, base_url, part.uid if part else ""), base_url)
    _put(entry, "dtstamp", at)
    _put(entry, "status", "CANCELLED" if off else "CONFIRMED")
    entry.add("dtstart", start.astimezone(event.tz))
    if end is not None and end > start:
        entry.add("dtend", end.astimezone(event.tz))
    if part is not None:
        _put(entry, "sequence", part.sequence)
        _put(entry, "summary", _line(part.summary))
        if part.place:
            _put(entry, "location", _line(part.place))
    if words:
        _put(entry, "description", "\n\n".join(filter(None, (words, str(entry.get("description", ""))))))
    if url:
        _put(entry, "url", vUri(url))
    method = "CANCEL" if off else "PUBLISH"
    calendar = _calendar(method)
    calendar.add_component(entry)
    calendar.add_missing_timezones()
    content_type = f"text/calendar; method={method}; charset=utf-8"
    return Attachment(f"{event.slug}.ics", content_type, calendar.to_ical().decode())


def _put(entry: Entry, name: str, value: Any) -> None:
    """In place of what stands there."""
    entry.pop(name, None)
    entry.add(name, value)


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Hallway//Events//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _uid(event: Event, base_url: str, part: str = "") -> str:
    """The same in every feed and mail, for ever."""
    return f"event-{event.pk}{part and f'-{part}'}@{urlsplit(base_url).hostname or 'localhost'}"


def _days_between(event: Event, start: datetime, end: datetime) -> int:
    last = date.fromisoformat(event.day_of(end - timedelta(seconds=1)))
    days = (last - date.fromisoformat(event.day_of(start))).days
    # An evening that ends after midnight is one evening, not two days.
    return days if end - start >= timedelta(hours=12) else 0


def _entry(event: Event, uid: str, base_url: str) -> Entry:
    address = base_url + reverse("events:page", args=[event.slug])
    title, words = pick(event.title), _words(event)
    entry = Entry()
    entry.add("uid", uid)
    entry.add("dtstamp", event.updated_at)
    entry.add("last-modified", event.updated_at)
    entry.add("created", event.created_at)
    entry.add("sequence", event.revision)
    entry.add("summary", _line(title.text), parameters={} if title.language == "und" else {"LANGUAGE": title.language})
    if words:
        entry.add("description", words)
    entry.add("url", vUri(address))
    entry.add("status", status_of(event))
    entry.add("color", vText(HUE_NAMES[event.hue - 1]))
    entry.add("image", vUri(f"{address}preview.png"), parameters={"VALUE": "URI", "FMTTYPE": "image/png"})
    if place := place_line(event):
        entry.add("location", place)
    venue = event.venue
    if venue is not None and venue.latitude is not None and venue.longitude is not None:
        entry.add("geo", (venue.latitude, venue.longitude))
    return entry


def _line(text: str) -> str:
    """One line, whatever an import brought along."""
    return " ".join(text.split())


def status_of(event: Event) -> str:
    """A postponed event without a date leaves the day it was on."""
    gone = event.state in {Event.State.CANCELLED, Event.State.POSTPONED}
    return "CANCELLED" if gone else "CONFIRMED"


def _words(event: Event) -> str:
    parts = [
        user_text.plain(pick(event.reason).text, limit=1_000),
        user_text.plain(pick(event.tagline).text, limit=200),
        user_text.plain(pick(event.description).text, limit=2_000),
    ]
    return "\n\n".join(part for part in parts if part)


def place_line(event: Event) -> str:
    """Venue, street and town in one line."""
    venue = event.venue
    if venue is None:
        return ""
    return ", ".join(part for part in (venue.name, venue.address, venue.place_name) if part)


def series_name(series: Series) -> str:
    """What the calendar of a series is called."""
    return f"{pick(series.title).text} · {series.community.name}"
