"""Writes frab schedule.json version 1, valid against the schema for every programme we can hold."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

from hallway.exchange.findings import _
from hallway.exchange.frab import OUR_GENERATOR
from hallway.exchange.identity import read_guid
from hallway.exchange.programme import LinkIn, PersonIn, Programme
from hallway.exchange.strict import (
    JSON_SLUG,
    StrictSlot,
    acronym,
    hours_minutes,
    legal,
    local,
    plain_slug,
    room_names,
    spoken,
    strict_days,
    type_of,
)
from hallway.exchange.text import one_line
from hallway.exchange.trust import web_address

MEDIA_TYPE = "application/json"

LOSSES: dict[str, str] = {
    "roles": _("Hosts and moderators are listed as speakers."),
    "levels-tags": _("Levels and tags are left out."),
    "unscheduled": _("Sessions without a time are left out."),
    "recordings": _("Recordings are kept as links."),
    "codes": _("A session’s short code is on its first slot only."),
    "breaks": _("Breaks keep no type of their own."),
    "taglines": _("The one-line descriptions of speakers are left out."),
    "private": _("Addresses for joining online and private labels are left out."),
    "cancelled": _("Cancelled slots are left out."),
    "plenum": _("That a session is for everyone is not marked."),
    "languages": _("Languages are written as codes."),
    "link-kinds": _("Kinds of links that the schema does not know are left out."),
    "slugs": _("Short names in addresses are rewritten where other tools would refuse them."),
}

_LINK_KINDS = {"slides", "paper", "web", "blog", "article", "media", "related", "activitypub"}
_ZONE = re.compile(r"[A-Z][a-z]+/[A-Z][a-z]+.*|UTC|.*/UTC")


def write(programme: Programme) -> bytes:
    """The programme as UTF-8 JSON, always the same bytes for the same programme."""
    schedule: dict[str, Any] = {"version": legal(programme.source_version) or "1"}
    if base := web_address(programme.base_url):
        schedule["base_url"] = base
    schedule["conference"] = _conference(programme)
    generator = {"name": OUR_GENERATOR} | ({"url": base} if base else {})
    root = {"$schema": "https://c3voc.de/schedule/schema.json", "generator": generator, "schedule": schedule}
    return json.dumps(root, ensure_ascii=False, separators=(",", ":")).encode()


def _conference(programme: Programme) -> dict[str, Any]:
    days = strict_days(programme, JSON_SLUG)
    first, last = programme.starts_on or days[0].date, programme.ends_on or days[-1].date
    people = {person.key: _person(person) for person in programme.people if legal(person.name).strip()}
    tracks = {track.key: legal(track.name) for track in programme.tracks}
    conference: dict[str, Any] = {
        "acronym": acronym(programme).replace("-", "_"),
        "title": legal(programme.title),
        "start": first.isoformat(),
        "end": last.isoformat(),
        "daysCount": len(days),
        "timeslot_duration": "00:05",
    }
    if _ZONE.fullmatch(programme.zone.key):
        conference["time_zone_name"] = programme.zone.key
    for name, address in (("url", programme.url), ("logo", programme.logo_url)):
        if safe := web_address(address):
            conference[name] = safe
    if programme.description:
        conference["description"] = legal(programme.description)
    if programme.colour:
        conference["colors"] = {"primary": legal(programme.colour)}
    conference["tracks"] = [_track(track.name, track.colour, track.slug) for track in programme.tracks]
    conference["rooms"] = _rooms(programme)
    conference["days"] = [
        {
            "index": day.index,
            "date": day.date.isoformat(),
            "day_start": day.starts_at.isoformat(),
            "day_end": day.ends_at.isoformat(),
            "rooms": {
                name: [_event(entry, programme, people, tracks) for entry in entries]
                for name, _room, entries in day.rooms
            },
        }
        for day in days
    ]
    return conference


def _rooms(programme: Programme) -> list[dict[str, Any]]:
    """Rooms with a guid; the schema refuses others, whose names the days hold anyway."""
    names = room_names(programme)
    return [
        {"name": names[room.key], "guid": read_guid(room.guid), "capacity": room.capacity}
        for room in programme.rooms
        if read_guid(room.guid)
    ]


def _track(name: str, colour: str, slug: str) -> dict[str, str]:
    track = {"name": legal(name)} | ({"color": colour} if colour else {})
    plain = plain_slug(slug or name)
    return track | ({"slug": plain} if len(plain) > 1 else {})


def _person(person: PersonIn) -> dict[str, Any]:
    written: dict[str, Any] = {"name": legal(person.name)}
    if guid := read_guid(person.guid):
        written["guid"] = guid
    if person.id is not None:
        written["id"] = person.id
    if re.fullmatch(r"[A-Z0-9]+", person.code):
        written["code"] = person.code
    if person.biography:
        written["biography"] = legal(person.biography)
    for name, address in (("avatar", person.picture_url), ("url", person.url)):
        if safe := web_address(address):
            written[name] = safe
    if links := _links(person.links):
        written["links"] = links
    return written


def _links(links: tuple[LinkIn, ...]) -> list[dict[str, str]]:
    written = []
    for link in links:
        if safe := web_address(link.url):
            titled = {"url": safe, "title": legal(link.title)}
            written.append(titled | ({"type": link.kind} if link.kind in _LINK_KINDS else {}))
    return written


def _event(
    entry: StrictSlot, programme: Programme, people: dict[str, dict[str, Any]], tracks: dict[str, str]
) -> dict[str, Any]:
    session, slot = entry.session, entry.slot
    starts_at = local(slot.starts_at, programme)
    recording = web_address(session.recording_url)
    written: dict[str, Any] = {
        "id": entry.id,
        "guid": entry.guid,
        "date": starts_at.isoformat(),
        "start": f"{starts_at:%H:%M}",
        "duration": hours_minutes(slot.duration - slot.duration % timedelta(minutes=1)),
        "end": local(slot.ends_at, programme).isoformat(),
        "room": entry.room_name,
        "slug": entry.slug,
        "url": web_address(session.url) or f"urn:uuid:{entry.guid}",
        "title": legal(one_line(session.title)),
        "subtitle": legal(one_line(session.subtitle)),
        "track": tracks.get(session.track or ""),
        "type": legal(type_of(session)),
        "language": legal(spoken(session)) or None,
        "abstract": legal(session.abstract),
        "description": legal(session.description),
        "recording_license": legal(session.recording_licence),
        "do_not_record": session.do_not_record,
        "do_not_stream": session.do_not_stream,
        "persons": [people[speaker.person] for speaker in session.speakers if speaker.person in people],
        "links": _links(session.links) + ([{"url": recording, "title": "", "type": "media"}] if recording else []),
        "attachments": _links(session.attachments),
    }
    if entry.code:
        written["code"] = entry.code
    addresses = (
        ("logo", session.picture_url),
        ("feedback_url", session.feedback_url),
        ("origin_url", session.origin_url),
    )
    return written | {name: safe for name, address in addresses if (safe := web_address(address))}
