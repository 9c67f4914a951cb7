"""The neutral form of a programme: what every reader returns and every writer takes.

All classes are frozen and hold plain values. Instants are aware and in UTC, so that they compare and
subtract exactly; show them in `Programme.zone`. Long texts are Markdown source (a reader has converted
HTML); titles and names are single lines of plain text. Keys are unique within their tuple of a programme
and stable between two readings of the same source.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from hallway.exchange.findings import Finding

Kind = Literal["talk", "workshop", "keynote", "lightning", "panel", "break", "other"]
ZoneOrigin = Literal["file", "asked", "guessed"]

MOST_DAYS = 62

_UTC_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class LinkIn:
    """An address beside a session, a person or an attachment. `url` is http or https; `kind` is the source's
    word for it.
    """

    url: str
    title: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class RoomIn:
    """A room. `position` orders rooms from 0; `capacity` in seats; `guid` a UUID as text or empty."""

    key: str
    name: str
    guid: str = ""
    position: int = 0
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class TrackIn:
    """A track. `colour` is `#rrggbb` or empty."""

    key: str
    name: str
    colour: str = ""
    slug: str = ""


@dataclass(frozen=True, slots=True)
class PersonIn:
    """A person as the source names them; the same name under two keys stays two people.

    `emails_dropped`: the source carried an e-mail address or telephone number of this person and it was
    left out. `private_labels` are the source's categories about the person; they are never public by
    default.
    """

    key: str
    name: str
    guid: str = ""
    id: int | None = None
    code: str = ""
    biography: str = ""
    tagline: str = ""
    picture_url: str = ""
    url: str = ""
    links: tuple[LinkIn, ...] = ()
    emails_dropped: bool = False
    private_labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SpeakerIn:
    """One person on a session: `person` is a `PersonIn.key`, `role` "speaker", "host", "moderator" or the
    source's word.
    """

    person: str
    role: str = "speaker"


@dataclass(frozen=True, slots=True)
class SlotIn:
    """A session in a room at a time. `room` is a `RoomIn.key` or None; `ends_at` >= `starts_at`.

    `guid` (UUID as text) and `id` (positive) are the source's, or empty and None. `sequence` counts
    published changes.
    """

    key: str
    starts_at: datetime
    ends_at: datetime
    room: str | None = None
    guid: str = ""
    id: int | None = None
    cancelled: bool = False
    sequence: int = 0
    updated_at: datetime | None = None

    @property
    def duration(self) -> timedelta:
        """How long the slot lasts; zero is allowed."""
        return self.ends_at - self.starts_at


@dataclass(frozen=True, slots=True)
class SessionIn:
    """What is announced. `slots` may be empty (never scheduled) or several.

    `languages` are ISO 639-1 codes where one exists, read from `language_raw`. `kind` is read from
    `kind_raw`. `track` is a `TrackIn.key` or None. `joining_url` is for attendees only. `private_labels`
    are never public by default.
    """

    key: str
    title: str
    guid: str = ""
    code: str = ""
    subtitle: str = ""
    abstract: str = ""
    description: str = ""
    language_raw: str = ""
    languages: tuple[str, ...] = ()
    kind: Kind = "talk"
    kind_raw: str = ""
    track: str | None = None
    level: str = ""
    tags: tuple[str, ...] = ()
    private_labels: tuple[str, ...] = ()
    speakers: tuple[SpeakerIn, ...] = ()
    links: tuple[LinkIn, ...] = ()
    attachments: tuple[LinkIn, ...] = ()
    url: str = ""
    slug: str = ""
    picture_url: str = ""
    origin_url: str = ""
    recording_url: str = ""
    recording_licence: str = ""
    feedback_url: str = ""
    joining_url: str = ""
    do_not_record: bool = False
    do_not_stream: bool = False
    is_break: bool = False
    plenum: bool = False
    slots: tuple[SlotIn, ...] = ()


@dataclass(frozen=True, slots=True)
class Programme:
    """A whole event. Days run from `day_boundary` (minutes after midnight in `zone`) to the next day's.

    `zone_origin` says whether the file named the zone, the caller gave it, or it was guessed (then a
    warning says so). `warnings` are doubts about what was kept, `refused` what was left out. `updated_at`
    stamps exports; None leaves the first instant of the programme, so that the same programme always gives
    the same bytes. `joining` holds what only attendees may see and is never exported.
    """

    title: str
    slug: str = ""
    source_format: str = ""
    source_version: str = ""
    zone: ZoneInfo = _UTC_ZONE
    zone_origin: ZoneOrigin = "file"
    starts_on: date | None = None
    ends_on: date | None = None
    day_boundary: int = 0
    url: str = ""
    base_url: str = ""
    feed_url: str = ""
    logo_url: str = ""
    colour: str = ""
    description: str = ""
    place: str = ""
    generator: str = ""
    updated_at: datetime | None = None
    cancelled: bool = False
    joining: str = ""
    rooms: tuple[RoomIn, ...] = ()
    tracks: tuple[TrackIn, ...] = ()
    people: tuple[PersonIn, ...] = ()
    sessions: tuple[SessionIn, ...] = ()
    warnings: tuple[Finding, ...] = ()
    refused: tuple[Finding, ...] = ()

    def slots(self) -> Iterator[tuple[SessionIn, SlotIn]]:
        """Every slot with its session, by start, then room, then key."""
        pairs = [(session, slot) for session in self.sessions for slot in session.slots]
        yield from sorted(pairs, key=lambda pair: (pair[1].starts_at, pair[1].room or "", pair[1].key))

    def day_of(self, instant: datetime) -> date:
        """The event day an aware instant belongs to: before the day boundary it is still the day before."""
        return (instant.astimezone(self.zone) - timedelta(minutes=self.day_boundary)).date()

    def days(self) -> tuple[date, ...]:
        """Every event day in order, with the empty ones between unless that spans over MOST_DAYS; may be
        empty.
        """
        found = [self.day_of(slot.starts_at) for _, slot in self.slots()]
        found += [day for day in (self.starts_on, self.ends_on) if day is not None]
        if not found:
            return ()
        first, last = min(found), max(found)
        if (last - first).days > MOST_DAYS:
            return tuple(sorted(set(found)))
        return tuple(first + timedelta(days=count) for count in range((last - first).days + 1))


def shifted(programme: Programme) -> Programme:
    """The other reading of a file that writes local time with a "Z" (warning `false-utc`).

    Every instant's UTC wall time is taken as wall time in the programme's zone; the warning is gone from
    the result.
    """

    def move(instant: datetime) -> datetime:
        return instant.astimezone(UTC).replace(tzinfo=programme.zone).astimezone(UTC)

    def moved(slot: SlotIn) -> SlotIn:
        starts_at = move(slot.starts_at)
        return replace(slot, starts_at=starts_at, ends_at=starts_at + slot.duration)

    sessions = tuple(replace(s, slots=tuple(moved(slot) for slot in s.slots)) for s in programme.sessions)
    warnings = tuple(finding for finding in programme.warnings if finding.code != "false-utc")
    changed = replace(programme, sessions=sessions, warnings=warnings, starts_on=None, ends_on=None)
    days = changed.days()
    return replace(changed, starts_on=days[0], ends_on=days[-1]) if days else changed
