"""Reads frab schedule.json: version 1 with days and rooms, version 2 with flat events and persons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from hallway.exchange.clocks import read_day
from hallway.exchange.draft import Draft
from hallway.exchange.findings import Unreadable, found
from hallway.exchange.frab import OUR_GENERATOR, choose_zone, declared_boundary, started
from hallway.exchange.identity import read_guid
from hallway.exchange.opening import as_json
from hallway.exchange.programme import LinkIn, Programme, SlotIn, SpeakerIn
from hallway.exchange.shapes import first, mapping, objects, strays, words
from hallway.exchange.strict import NO_ROOM
from hallway.exchange.text import one_line
from hallway.exchange.trust import web_address

_KNOWN = {
    *(
        "url",
        "id",
        "guid",
        "code",
        "logo",
        "date",
        "start",
        "end",
        "duration",
        "room",
        "slug",
        "title",
        "subtitle",
        "track",
    ),
    *(
        "type",
        "language",
        "abstract",
        "description",
        "recording_license",
        "do_not_record",
        "do_not_stream",
        "persons",
    ),
    *(
        "links",
        "attachments",
        "answers",
        "feedback_url",
        "origin_url",
        "participants",
        "recording_url",
        "video_download_url",
    ),
}
_CONTACTS = (
    "email",
    "mail",
    "phone",
    "mobile",
    "telephone",
    "email_addresses",
    "phone_numbers",
    "im_accounts",
)
_ROLES = {"speaker": "speaker", "moderator": "moderator", "host": "host", "": "speaker"}


def read(data: bytes, *, zone: ZoneInfo | None = None) -> Programme:
    """A frab schedule.json as a programme; `zone` wins over the zone the file names for showing times.

    Raises Unreadable for damaged JSON and for other dialects.
    """
    root = mapping(as_json(data))
    schedule = mapping(root.get("schedule"))
    conference = mapping(schedule.get("conference"))
    flat = isinstance(schedule.get("events"), list)
    if not conference or not (flat or isinstance(conference.get("days"), list)):
        raise Unreadable(found("unknown-dialect", format="frab schedule.json"))
    events = list(_flat_events(schedule) if flat else _day_events(conference))
    dates = (first(event, "date", "start") for event, *_ in events)
    zoned = choose_zone(conference.get("time_zone_name"), zone, dates)
    draft = Draft("frab-json", zoned.zone, zoned.origin)
    draft.base_url = web_address(schedule.get("base_url"))
    if zoned.doubt:
        draft.report.note(zoned.doubt)
    tracks = _read_tracks(draft, conference)
    _read_rooms(draft, [*objects(conference.get("rooms")), *objects(schedule.get("rooms"))])
    for person in objects(schedule.get("persons")):
        _read_person(draft, person)
    for stray in _strays(schedule, conference):
        draft.report.refuse("not-an-entry", value=stray)
    ours = words(mapping(root.get("generator")).get("name")) == OUR_GENERATOR
    for event, day, room in events:
        _read_event(draft, event, day, room, tracks, ours=ours)
    days = [(first(d, "day_start", "start"), first(d, "day_end", "end")) for d in objects(conference.get("days"))]
    return _finished(draft, root, schedule, conference, declared_boundary(days, zoned.zone))


def _finished(
    draft: Draft,
    root: Mapping[str, Any],
    schedule: Mapping[str, Any],
    conference: Mapping[str, Any],
    boundary: int | None,
) -> Programme:
    generator = mapping(root.get("generator"))
    return draft.finish(
        title=words(first(conference, "title", "acronym")),
        starts_on=read_day(conference.get("start"), draft.zone),
        ends_on=read_day(conference.get("end"), draft.zone),
        day_boundary=boundary,
        slug=words(conference.get("acronym")).lower(),
        source_version=words(schedule.get("version")),
        url=web_address(conference.get("url")),
        base_url=web_address(schedule.get("base_url")),
        logo_url=web_address(conference.get("logo")),
        colour=words(mapping(conference.get("colors")).get("primary")),
        description=words(conference.get("description")),
        generator=one_line(f"{words(generator.get('name'))} {words(generator.get('version'))}"),
    )


def _day_events(conference: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], object, str]]:
    for day in objects(conference.get("days")):
        for name, events in mapping(day.get("rooms")).items():
            for event in objects(events):
                yield event, day.get("date"), name


def _flat_events(schedule: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], object, str]]:
    for event in objects(schedule["events"]):
        yield event, None, ""


def _strays(schedule: Mapping[str, Any], conference: Mapping[str, Any]) -> list[str]:
    days = objects(conference.get("days"))
    rooms = [room for day in days for room in mapping(day.get("rooms")).values()]
    return [stray for entries in (*rooms, schedule.get("events")) for stray in strays(entries)]


def _read_tracks(draft: Draft, conference: Mapping[str, Any]) -> dict[str, str]:
    """Takes the declared tracks; answers slugs to names."""
    names = {}
    for track in objects(conference.get("tracks")):
        colours = mapping(track.get("colors"))
        colour = words(first(track, "color")) or words(first(colours, "light", "primary", "dark"))
        name, slug = words(track.get("name")), words(track.get("slug"))
        draft.track(name, colour=colour, slug=slug)
        names[slug] = name
    return names


def _read_rooms(draft: Draft, rooms: list[Mapping[str, Any]]) -> None:
    for room in rooms:
        draft.room(words(room.get("name")), guid=room.get("guid"), capacity=room.get("capacity"))


def _read_person(draft: Draft, person: Mapping[str, Any]) -> str | None:
    name = words(first(person, "name", "public_name", "full_public_name"))
    links = (
        draft.link(first(link, "url", "href"), link.get("title"), words(link.get("type")), of=name)
        for link in objects(person.get("links"))
    )
    avatar = person.get("avatar")
    if person.get("answers"):
        draft.report.count("answers-dropped")
    return draft.person(
        name,
        guid=person.get("guid"),
        ident=person.get("id"),
        code=words(person.get("code")),
        biography=words(first(person, "biography", "description")),
        tagline=words(person.get("abstract")),
        picture=mapping(avatar).get("url") or avatar or person.get("avatar_url"),
        url=person.get("url"),
        links=[link for link in links if link is not None],
        contacts=any(person.get(name) for name in _CONTACTS),
    )


def _read_event(
    draft: Draft,
    event: Mapping[str, Any],
    day: object,
    room_name: str,
    tracks: Mapping[str, str],
    *,
    ours: bool,
) -> None:
    for name in event.keys() - _KNOWN:
        draft.report.count("unknown-field", name)
    if event.get("answers"):
        draft.report.count("answers-dropped")
    title = one_line(words(event.get("title")))
    number = words(event.get("id"))
    if number and not (isinstance(event.get("id"), int) and event["id"] > 0):
        draft.report.warn("id-not-a-number", title=title, value=number)
    track = event.get("track")
    track_name = words(mapping(track).get("name")) or tracks.get(words(mapping(track).get("slug")), words(track))
    links = objects(event.get("links"))
    pages = {words(link.get("type")).lower(): link.get("url") for link in links}
    session = draft.session(
        title,
        kind=words(event.get("type")),
        language=words(event.get("language")),
        guid=read_guid(event.get("guid")),
        code=one_line(words(event.get("code"))),
        subtitle=words(event.get("subtitle")),
        abstract=words(event.get("abstract")),
        description=words(event.get("description")),
        track=draft.track(track_name),
        speakers=_speakers(draft, event, title),
        links=_links(draft, [link for link in links if words(link.get("type")) not in {"ORIGIN", "FEEDBACK"}], title),
        attachments=_links(draft, objects(event.get("attachments")), title),
        url=event.get("url"),
        slug=words(event.get("slug")),
        picture_url=mapping(event.get("logo")).get("url") or event.get("logo"),
        origin_url=event.get("origin_url") or pages.get("origin"),
        feedback_url=event.get("feedback_url") or pages.get("feedback"),
        recording_url=first(event, "recording_url", "video_download_url"),
        recording_licence=one_line(words(event.get("recording_license"))),
        do_not_record=event.get("do_not_record") is True,
        do_not_stream=event.get("do_not_stream") in (True, "true", "True"),
    )
    own_url = session.url if ours else ""
    tokens = [("code", session.code), ("guid", event.get("guid")), ("id", number), ("url", own_url)]
    draft.add(session, _slot(draft, event, title, day, room_name), tokens)


def _slot(draft: Draft, event: Mapping[str, Any], title: str, day: object, room_name: str) -> SlotIn | None:
    room = event.get("room")
    name = words(mapping(room).get("name")) or words(room) or room_name
    date, start = (
        (event["start"], "") if "date" not in event and event.get("start") else (event.get("date"), event.get("start"))
    )
    return draft.slot(
        title,
        start=started(draft, day, date, start),
        end=event.get("end"),
        length=event.get("duration"),
        room=draft.room(name, guid=mapping(room).get("guid")) if name != NO_ROOM else None,
        guid=event.get("guid"),
        ident=event.get("id"),
    )


def _speakers(draft: Draft, event: Mapping[str, Any], title: str) -> tuple[SpeakerIn, ...]:
    speakers: dict[str, SpeakerIn] = {}
    for person in objects(first(event, "persons", "participants", "speakers")):
        key = _read_person(draft, person)
        if key is None:
            draft.report.warn("person-without-name", title=title)
        else:
            role = words(person.get("role")).lower()
            speakers.setdefault(key, SpeakerIn(key, _ROLES.get(role, role)))
    return tuple(speakers.values())


def _links(draft: Draft, links: list[Mapping[str, Any]], title: str) -> tuple[LinkIn, ...]:
    kept = (
        draft.link(first(link, "url", "href"), words(link.get("title")), words(link.get("type")).lower(), of=title)
        for link in links
    )
    return tuple(link for link in kept if link is not None)
