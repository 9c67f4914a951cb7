"""Reads iCalendar: zones without VTIMEZONE, lengths in place of ends, cancelled occurrences, HTML."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hallway.exchange.clocks import read_length, read_zone
from hallway.exchange.draft import Draft
from hallway.exchange.findings import Unreadable, found
from hallway.exchange.frab import Zoned
from hallway.exchange.ical.lines import Component, Line, parse
from hallway.exchange.identity import read_guid
from hallway.exchange.opening import as_text
from hallway.exchange.programme import LinkIn, Programme, SlotIn, SpeakerIn
from hallway.exchange.text import one_line, to_markdown
from hallway.exchange.trust import web_address

_SPEAKERS = re.compile(
    r"(?:speakers?|presenters?|presented by|host|intervenante?s?|orateurs?|oratrices?|avec"
    r"|referent(?:en|in)?|vortragende[r]?)\s*:\s*([^\n]{2,300})(?:\n|\Z)",
    re.IGNORECASE,
)
_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z?))?")


def read(data: bytes, *, zone: ZoneInfo | None = None) -> Programme:
    """A calendar's events as sessions. Times with a TZID or Z are exact; others are taken in `zone` or the
    calendar's.

    Raises Unreadable for files that are no calendar.
    """
    root = parse(as_text(data))
    calendars = list(root.all("VCALENDAR"))
    if not calendars:
        raise Unreadable(found("unknown-dialect", format="iCalendar"))
    calendar = calendars[0]
    events = [event for each in calendars for event in each.all("VEVENT")]
    zones = _Zones(calendar)
    zoned = _choose_zone(calendar, events, zones, zone)
    draft = Draft("ical", zoned.zone, zoned.origin)
    if zoned.doubt:
        draft.report.note(zoned.doubt)
    title = one_line(calendar.text("NAME", "X-WR-CALNAME", "X-WR-CALDESC"))
    whole = _whole_event(events, title)
    for event in events:
        if event is not whole:
            _read_event(draft, event, zones)
    if calendar.text("METHOD").upper() == "CANCEL":
        draft.report.warn("event-cancelled")
    first_on, last_on = _span(whole)
    return draft.finish(
        title=title or (one_line(whole.text("SUMMARY")) if whole else ""),
        starts_on=first_on,
        ends_on=last_on,
        url=web_address(calendar.text("URL")) or (web_address(whole.text("URL")) if whole else ""),
        feed_url=web_address(calendar.text("SOURCE")),
        description=to_markdown(calendar.text("DESCRIPTION")),
        place=one_line(whole.text("LOCATION")) if whole else "",
        generator=one_line(calendar.text("PRODID")),
        cancelled=calendar.text("METHOD").upper() == "CANCEL",
    )


class _Zones:
    """The zones a calendar's TZIDs mean."""

    def __init__(self, calendar: Component) -> None:
        self._known: dict[str, ZoneInfo | None] = {}
        self._hints = {zone.text("TZID"): zone.text("X-LIC-LOCATION") for zone in calendar.all("VTIMEZONE")}

    def find(self, name: str) -> ZoneInfo | None:
        """The zone of a TZID: by name, by the tail of a path, by the calendar's hint, by Windows' names."""
        if name not in self._known:
            tails = ["/".join(name.split("/")[-count:]) for count in (3, 2)] if name.count("/") > 1 else []
            candidates = (name, *tails, self._hints.get(name, ""), _windows_zone(name))
            self._known[name] = next((zone for each in candidates if (zone := read_zone(each))), None)
        return self._known[name]


def _windows_zone(name: str) -> str:
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON  # a slow import that few files need

    return str(WINDOWS_TO_OLSON.get(name, ""))


def _choose_zone(calendar: Component, events: list[Component], zones: _Zones, asked: ZoneInfo | None) -> Zoned:
    if asked is not None:
        return Zoned(asked, "asked")
    starts = [line for event in events if (line := event.first("DTSTART")) is not None]
    tzids = Counter(tzid for line in starts if (tzid := line.parameters.get("TZID")))
    names = [calendar.text("X-WR-TIMEZONE", "TIMEZONE-ID"), *(tzid for tzid, _count in tzids.most_common())]
    named = [name for name in names if name]
    zone = next((zone for name in named if (zone := zones.find(name)) is not None), None)
    if zone is not None:
        return Zoned(zone, "file")
    zone = ZoneInfo("UTC")
    if named:
        return Zoned(zone, "guessed", found("zone-unknown", value=named[0], zone=zone.key))
    code = "zone-guessed" if starts and all(line.value.endswith("Z") for line in starts) else "zone-assumed"
    return Zoned(zone, "guessed", found(code, zone=zone.key))


def _whole_event(events: list[Component], title: str) -> Component | None:
    """The entry that stands for the event itself: all-day, over several days or named as the calendar, among
    others.
    """
    for event in events:
        first, last = _span(event)
        if first is None or last is None or len(events) < 2:
            continue
        if last > first or one_line(event.text("SUMMARY")) == title:
            return event
    return None


def _span(event: Component | None) -> tuple[date | None, date | None]:
    """First and last day of an all-day entry; None for others."""
    start = event.first("DTSTART") if event else None
    if event is None or start is None or (first := _day(start)) is None:
        return None, None
    end = event.first("DTEND")
    after = _day(end) if end else None
    return first, max(first, after - timedelta(days=1)) if after else first


def _day(line: Line) -> date | None:
    match = _STAMP.fullmatch(line.value.strip())
    if match is None or match.group(4):
        return None
    try:
        return date(*(int(part) for part in match.groups()[:3]))
    except ValueError:
        return None


def _read_event(draft: Draft, event: Component, zones: _Zones) -> None:
    title = one_line(event.text("SUMMARY"))
    uid = event.text("UID")
    described = to_markdown(event.text("X-ALT-DESC") if not event.text("DESCRIPTION") else event.text("DESCRIPTION"))
    names, text = _split_speakers(described)
    speakers = [key for name in names if (key := draft.person(name)) is not None]
    if event.first("RRULE") or event.first("RDATE"):
        draft.report.warn("recurring", title=title)
    session = draft.session(
        title,
        language=_language(event),
        guid=read_guid(uid.partition("@")[0]),
        description=text,
        tags=tuple(
            dict.fromkeys(tag for line in event.lines if line.name == "CATEGORIES" for tag in line.texts if tag)
        ),
        speakers=tuple(SpeakerIn(key) for key in dict.fromkeys(speakers)),
        url=event.text("URL"),
        joining_url=event.text("CONFERENCE"),
        attachments=_attachments(draft, event, title),
    )
    tokens = [("uid", uid)]
    draft.add(session, _slot(draft, event, zones, title, uid), tokens)


def _language(event: Component) -> str:
    line = event.first("SUMMARY")
    return line.parameters.get("LANGUAGE", "") if line else ""


def _split_speakers(text: str) -> tuple[list[str], str]:
    """The names on a leading "Speakers:" line, and the rest of the text."""
    match = _SPEAKERS.match(text)
    if match is None:
        return [], text
    names = re.split(r"\s*[,;]\s*|\s+(?:and|et|und|&)\s+", match.group(1).strip())
    return [name for name in names if name], text[match.end() :].strip()


def _attachments(draft: Draft, event: Component, title: str) -> tuple[LinkIn, ...]:
    lines = (line for line in event.lines if line.name == "ATTACH" and line.parameters.get("VALUE") != "BINARY")
    links = (draft.link(line.value, line.parameters.get("FILENAME", ""), of=title) for line in lines)
    return tuple(link for link in links if link is not None)


def _slot(draft: Draft, event: Component, zones: _Zones, title: str, uid: str) -> SlotIn | None:
    start, end = event.first("DTSTART"), event.first("DTEND")
    length = event.text("DURATION")
    zone = zones.find(start.parameters["TZID"]) if start and "TZID" in start.parameters else None
    if start and "TZID" in start.parameters and zone is None:
        draft.report.warn("zone-unknown", value=start.parameters["TZID"], zone=draft.zone.key)
    all_day = start is not None and _day(start) is not None
    if all_day:
        draft.report.warn("all-day", title=title)
    if length and (parsed := read_length(length.lstrip("+"))) is not None:
        length = f"PT{int(parsed.total_seconds())}S"
    slot = draft.slot(
        title,
        start=_iso(start),
        end=_iso(end) if end else ("" if length or not all_day else _iso(start, days=1)),
        length=length,
        room=draft.room(event.text("LOCATION")),
        guid=uid.partition("@")[0] if not event.first("RECURRENCE-ID") else "",
        zone=zone,
    )
    return _with_status(slot, event)


def _iso(line: Line | None, days: int = 0) -> str:
    """A DATE or DATE-TIME as ISO 8601, `days` later; what is neither stays as it is."""
    if line is None:
        return ""
    match = _STAMP.fullmatch(line.value.strip())
    if match is None:
        return line.value.strip()
    year, month, day, hour, minute, second, utc = match.groups()
    if days and (first := _day(line)) is not None:
        year, month, day = (first + timedelta(days=days)).isoformat().split("-")
    return f"{year}-{month}-{day}T{hour or '00'}:{minute or '00'}:{min(second or '00', '59')}{utc or ''}"


def _with_status(slot: SlotIn | None, event: Component) -> SlotIn | None:
    if slot is None:
        return None
    sequence = event.text("SEQUENCE")
    return replace(
        slot,
        cancelled=event.text("STATUS").upper() == "CANCELLED",
        sequence=int(sequence) if sequence.isascii() and sequence.isdigit() and len(sequence) < 9 else 0,
    )
