"""A programme in the making: readers map their fields onto it, and every rule that holds for all formats is
kept here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from hallway.exchange.clocks import (
    Instant,
    Unreachable,
    is_skipped,
    quiet_boundary,
    read_instant,
    read_length,
)
from hallway.exchange.findings import Unreadable, found
from hallway.exchange.identity import Entry, gather, read_guid, short_key
from hallway.exchange.kinds import is_break_title, read_kind
from hallway.exchange.programme import (
    LinkIn,
    PersonIn,
    Programme,
    RoomIn,
    SessionIn,
    SlotIn,
    TrackIn,
    ZoneOrigin,
)
from hallway.exchange.report import Report
from hallway.exchange.text import one_line, to_markdown
from hallway.exchange.trust import holds_joining_details, web_address, without_contacts
from hallway.vocabulary.languages import parse_languages

MOST_SESSIONS = 20_000
NO_TITLE = "…"
_NO_LANGUAGE = {"mul", "mixed", "multilingual", "multiple", "und", "zxx", "none", "n/a", "any", "other", "-"}
_DAY_FROM, _DAY_TO = 7, 23


class Draft:
    """Collects rooms, tracks, people and entries in file order; `finish` makes the Programme."""

    def __init__(self, source_format: str, zone: ZoneInfo, zone_origin: ZoneOrigin = "file") -> None:
        self.report = Report()
        self.zone = zone
        self.base_url = ""
        self._format = source_format
        self._zone_origin = zone_origin
        self._rooms: dict[str, RoomIn] = {}
        self._room_keys: dict[str, str] = {}
        self._tracks: dict[str, TrackIn] = {}
        self._people: dict[str, PersonIn] = {}
        self._entries: list[Entry] = []
        self._instants: list[Instant] = []

    # Rooms, tracks, people

    def room(
        self,
        name: object,
        *,
        guid: object = "",
        ident: object = None,
        capacity: object = None,
        position: int | None = None,
    ) -> str | None:
        """The key of a room, made when it is new; None without a name. Known by guid, else id, else name."""
        label = one_line(name)
        if not label:
            return None
        uuid = read_guid(guid)
        token = f"guid:{uuid}" if uuid else "" if ident in (None, "") else f"id:{ident}"
        key = token or self._room_keys.get(label, f"name:{label}")
        if key in self._rooms and self._rooms[key].name != label:
            self.report.warn("repeated-room-id", value=key.partition(":")[2], name=label)
            key, uuid = f"{key}:{label}", ""
        key = short_key(key)
        self._room_keys.setdefault(label, key)
        if key not in self._rooms:
            seats = capacity if type(capacity) is int and capacity > 0 else None
            place = len(self._rooms) if position is None else position
            self._rooms[key] = RoomIn(key, label, uuid, place, seats)
        return key

    def room_with_id(self, ident: object, title: str) -> str | None:
        """The key of a room the file described; None, with a doubt, when it did not."""
        if ident in (None, ""):
            return None
        key = short_key(f"id:{ident}")
        if key in self._rooms:
            return key
        self.report.warn("unknown-room", title=title, value=str(ident))
        return None

    def track(self, name: object, *, colour: object = "", slug: object = "") -> str | None:
        """The key of a track, made when it is new; None without a name."""
        label = one_line(name)
        if not label:
            return None
        key = short_key(f"name:{label}")
        if key not in self._tracks:
            hue = colour.strip().lower() if isinstance(colour, str) else ""
            is_hex = len(hue) == 7 and hue[0] == "#" and all(digit in "0123456789abcdef" for digit in hue[1:])
            self._tracks[key] = TrackIn(key, label, hue if is_hex else "", one_line(slug))
        return key

    def person(
        self,
        name: object,
        *,
        guid: object = "",
        ident: object = None,
        code: object = "",
        biography: object = "",
        tagline: object = "",
        picture: object = "",
        url: object = "",
        links: Iterable[LinkIn] = (),
        private_labels: Iterable[str] = (),
        contacts: bool = False,
    ) -> str | None:
        """The key of a person, made when new; None without a name. Known by guid, else id, else code, else
        name.

        `contacts` says that the source also carried an address or number, which is not passed on.
        """
        label, in_name = without_contacts(one_line(name))
        label = label.strip(" <>()")
        if not label:
            if in_name:
                self.report.warn("contact-dropped", name="…")
            return None
        about, in_text = without_contacts(to_markdown(biography))
        line, in_line = without_contacts(one_line(tagline))
        made = PersonIn(
            key="",
            name=label,
            guid=read_guid(guid),
            id=_whole_number(ident),
            code=one_line(code),
            biography=about,
            tagline=line,
            picture_url=web_address(picture),
            url=web_address(url),
            links=tuple(links),
            emails_dropped=contacts or in_name or in_text or in_line,
            private_labels=tuple(private_labels),
        )
        key = self._person_key(made, ident)
        if contacts or in_name:
            self.report.warn("contact-dropped", key, name=label)
        if in_text or in_line:
            self.report.warn("contact-in-text", key, name=label)
        self._people[key] = _merged(self._people.get(key), replace(made, key=key))
        return key

    def person_with_id(self, ident: object, title: str) -> str | None:
        """The key of a person the file described under that identifier; None, with a doubt, else."""
        for key in (f"guid:{read_guid(ident)}", f"id:{ident}"):
            if key in self._people:
                return key
        self.report.warn("unknown-person", title=title, value=str(ident))
        return None

    def _person_key(self, person: PersonIn, ident: object) -> str:
        named = "" if ident is None else one_line(ident)
        tokens = (("guid", person.guid), ("id", named), ("code", person.code))
        key = next((f"{kind}:{value}" for kind, value in tokens if value), f"name:{person.name}")
        known = self._people.get(short_key(key))
        if known is not None and known.name.casefold() != person.name.casefold():
            self.report.warn("repeated-person-id", value=key.partition(":")[2])
            key = f"{key}:{person.name}"
        return short_key(key)

    # Sessions and slots

    def session(self, title: object, *, kind: object = "", language: object = "", **fields: Any) -> SessionIn:
        """A session without key and slots: texts become Markdown or one line, addresses are safe.
        doubts reported.

        `fields` are SessionIn's; `is_break` is also read from the kind and, without speakers, from the title.
        """
        label = one_line(title)
        if not label:
            label = NO_TITLE
            self.report.count("no-title")
        kind_raw, language_raw = one_line(kind), one_line(language)
        for name in ("abstract", "description"):
            fields[name] = to_markdown(fields.get(name))
        for name in ("url", "picture_url", "origin_url", "feedback_url", "recording_url", "joining_url"):
            fields[name] = web_address(fields.get(name))
        codes = tuple(parse_languages(language_raw))
        if language_raw and not codes and language_raw.casefold() not in _NO_LANGUAGE:
            self.report.count("language-unknown", language_raw)
        meant = read_kind(kind_raw)
        quiet = not fields.get("speakers") and meant in {"talk", "other"} and is_break_title(label)
        is_break = bool(fields.pop("is_break", False)) or meant == "break" or quiet
        if holds_joining_details(fields["abstract"]) or holds_joining_details(fields["description"]):
            self.report.warn("joining-details", title=label)
        if fields["joining_url"]:
            self.report.warn("joining-kept-back", title=label)
        return SessionIn(
            key="",
            title=label,
            kind="break" if is_break else meant,
            kind_raw=kind_raw,
            language_raw=language_raw,
            languages=codes,
            is_break=is_break,
            **{**fields, "subtitle": one_line(fields.get("subtitle"))},
        )

    def slot(
        self,
        title: str,
        *,
        start: object,
        end: object = None,
        length: object = None,
        room: str | None = None,
        guid: object = "",
        ident: object = None,
        zone: ZoneInfo | None = None,
    ) -> SlotIn | None:
        """A slot without key, from texts; None, with a doubt or refusal, when it has no usable time."""
        if start in (None, ""):
            self.report.warn("unscheduled", title=title)
            return None
        begins = self._instant(title, start, zone)
        if begins is None:
            return None
        ends_at = begins.at
        if end not in (None, ""):
            ends = self._instant(title, end, zone)
            ends_at = ends.at if ends else begins.at
        elif length not in (None, ""):
            ends_at = begins.at + self._length(title, length)
        else:
            self.report.warn("end-missing", title=title)
        return self.slot_between(title, begins.at, ends_at, room=room, guid=guid, ident=ident)

    def slot_between(
        self,
        title: str,
        starts_at: datetime,
        ends_at: datetime,
        *,
        room: str | None,
        guid: object = "",
        ident: object = None,
    ) -> SlotIn:
        """A slot without key, from instants."""
        if ends_at < starts_at:
            self.report.warn("end-before-start", title=title)
            ends_at = starts_at
        starts_at, ends_at = starts_at.astimezone(UTC), ends_at.astimezone(UTC)
        return SlotIn("", starts_at, ends_at, room, read_guid(guid), _whole_number(ident))

    def _instant(self, title: str, raw: object, zone: ZoneInfo | None) -> Instant | None:
        try:
            instant = read_instant(raw, zone or self.zone)
        except Unreachable:
            self.report.refuse("time-out-of-range", title=title, value=str(raw))
            return None
        except ValueError:
            self.report.refuse("time-unreadable", title=title, value=str(raw))
            return None
        self._instants.append(instant)
        if instant.kind == "local" and is_skipped(instant.wall, zone or self.zone):
            self.report.warn("clock-change", title=title, value=instant.wall.isoformat(" ", "minutes"))
        return instant

    def _length(self, title: str, raw: object) -> timedelta:
        length = read_length(raw)
        if length is None:
            self.report.warn("duration-unreadable", title=title, value=str(raw))
        return length or timedelta()

    def link(self, url: object, title: object = "", kind: object = "", *, of: str = "") -> LinkIn | None:
        """A safe link; None, with a doubt, when the address is no web address."""
        if isinstance(url, str) and url.startswith("/") and self.base_url:
            url = urljoin(self.base_url, url)
        address = web_address(url)
        if not address:
            if url:
                self.report.warn("unsafe-link", title=of, value=str(url))
            return None
        return LinkIn(address, one_line(title), one_line(kind))

    def add(self, session: SessionIn, slot: SlotIn | None, tokens: Iterable[tuple[str, object]] = ()) -> None:
        """Takes one entry. Tokens are (kind, value), strongest first; empty values are skipped."""
        if len(self._entries) >= MOST_SESSIONS:
            raise Unreadable(found("too-many", limit=MOST_SESSIONS))
        named = ((kind, one_line(value)) for kind, value in tokens)
        self._entries.append(Entry(session, slot, tuple(f"{kind}:{value}" for kind, value in named if value)))

    # The end

    def finish(
        self,
        *,
        title: object,
        starts_on: date | None = None,
        ends_on: date | None = None,
        day_boundary: int | None = None,
        **fields: Any,
    ) -> Programme:
        """The programme. Without a declared day boundary it is read from the quietest hour of the night."""
        sessions = gather(self._entries, self.report)
        self._warn_of_false_utc()
        self._warn_of_same_names()
        spans = [(slot.starts_at, slot.ends_at) for session in sessions for slot in session.slots]
        programme = Programme(
            title=one_line(title),
            source_format=self._format,
            zone=self.zone,
            zone_origin=self._zone_origin,
            day_boundary=quiet_boundary(spans, self.zone) if day_boundary is None else day_boundary,
            starts_on=starts_on,
            ends_on=ends_on,
            rooms=tuple(sorted(self._rooms.values(), key=lambda room: room.position)),
            tracks=tuple(self._tracks.values()),
            people=tuple(self._people.values()),
            sessions=sessions,
            warnings=self.report.warnings(),
            refused=self.report.refused(),
            **fields,
        )
        days = programme.days()
        return replace(programme, starts_on=days[0], ends_on=days[-1]) if days else programme

    def _warn_of_false_utc(self) -> None:
        """Times marked as UTC that only make sense as local times (every one at night, or only so in one
        reading).
        """
        if not self._instants or any(instant.kind != "utc" for instant in self._instants):
            return
        as_read = [instant.at.astimezone(self.zone) for instant in self._instants]
        nights = sum(_is_night(at) for at in as_read)
        nights_as_local = sum(_is_night(instant.wall) for instant in self._instants)
        if nights == len(as_read) or (nights and not nights_as_local):
            first = min(self._instants, key=lambda instant: instant.at)
            shown = first.at.astimezone(self.zone)
            if shown.replace(tzinfo=None) != first.wall.replace(tzinfo=None):
                self.report.warn(
                    "false-utc", as_read=f"{shown:%Y-%m-%d %H:%M}", as_local=f"{first.wall:%Y-%m-%d %H:%M}"
                )

    def _warn_of_same_names(self) -> None:
        seen: dict[str, str] = {}
        for person in self._people.values():
            if seen.setdefault(person.name.casefold(), person.key) != person.key:
                self.report.warn("same-name", name=person.name)


def _is_night(wall: datetime) -> bool:
    return not _DAY_FROM <= wall.hour < _DAY_TO


def _whole_number(raw: object) -> int | None:
    """A positive number of at most 18 digits, given as number or text."""
    text = str(raw) if isinstance(raw, int | str) and not isinstance(raw, bool) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 and int(text) > 0 else None


def _merged(known: PersonIn | None, more: PersonIn) -> PersonIn:
    """What is known of a person, with gaps filled from another mention."""
    if known is None:
        return more
    details = ("biography", "tagline", "picture_url", "url", "links", "id", "code")
    gaps = {name: getattr(more, name) for name in details if not getattr(known, name)}
    return replace(known, emails_dropped=known.emails_dropped or more.emails_dropped, **gaps)
