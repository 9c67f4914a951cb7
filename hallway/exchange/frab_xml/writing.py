"""Writes frab schedule.xml, valid against the schema for every programme we can hold.

Line by line: a tree of 20,000 elements would take twice the time and ten times the memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta

from hallway.exchange.findings import _
from hallway.exchange.frab import OUR_GENERATOR
from hallway.exchange.identity import read_guid
from hallway.exchange.programme import LinkIn, PersonIn, Programme
from hallway.exchange.strict import (
    XML_SLUG,
    StrictSlot,
    acronym,
    hours_minutes,
    legal,
    local,
    plain_slug,
    spoken,
    strict_days,
    type_of,
)
from hallway.exchange.text import one_line
from hallway.exchange.trust import web_address

MEDIA_TYPE = "application/vnd.c3voc.schedule+xml"

LOSSES: dict[str, str] = {
    "biographies": _("Biographies, pictures and links of speakers are left out; their names stay."),
    "roles": _("Hosts and moderators are listed as speakers."),
    "levels-tags": _("Levels and tags are left out."),
    "unscheduled": _("Sessions without a time are left out."),
    "no-stream": _("Only “do not record” is kept; “do not stream” is left out."),
    "codes": _("A session’s short code is on its first slot only."),
    "breaks": _("Breaks keep no type of their own."),
    "lengths": _("A slot of 100 hours or more is cut to 99:59."),
    "rooms": _("The capacity of rooms is left out, and so are rooms and tracks without sessions."),
    "private": _("Addresses for joining online and private labels are left out."),
    "cancelled": _("Cancelled slots are left out."),
    "plenum": _("That a session is for everyone is not marked."),
    "languages": _("Languages are written as codes."),
    "slugs": _("Short names in addresses are rewritten where other tools would refuse them."),
}

_LONGEST = timedelta(hours=99, minutes=59)


def write(programme: Programme) -> bytes:
    """The programme as UTF-8 XML, always the same bytes for the same programme."""
    generator = {"name": OUR_GENERATOR}
    if system := web_address(programme.base_url):
        generator["system"] = system
    lines = [_element(1, "generator", attributes=generator)]
    if feed := web_address(programme.feed_url):
        lines.append(_element(1, "url", feed))
    lines.append(_element(1, "version", programme.source_version or "1"))
    days = strict_days(programme, XML_SLUG)
    lines.append(_conference(programme, len(days)))
    people = {person.key: person for person in programme.people}
    tracks = {track.key: track.name for track in programme.tracks}
    for day in days:
        rooms = []
        for name, room, placed in day.rooms:
            attributes = {"name": name}
            if room is not None and (guid := read_guid(room.guid)):
                attributes["guid"] = guid
            rooms.append(_block(2, "room", (_event(entry, programme, people, tracks) for entry in placed), attributes))
        borders = {"start": day.starts_at.isoformat(), "end": day.ends_at.isoformat()}
        lines.append(_block(1, "day", rooms, {"index": str(day.index), "date": day.date.isoformat()} | borders))
    return ("<?xml version='1.0' encoding='UTF-8'?>\n" + _block(0, "schedule", lines)).encode()


def _element(depth: int, name: str, text: str = "", attributes: dict[str, str] | None = None) -> str:
    """One line: an element that holds a text, or nothing."""
    said = "".join([f' {key}="{_quoted(value)}"' for key, value in attributes.items()]) if attributes else ""
    inner = _escaped(legal(text))
    return f"{'  ' * depth}<{name}{said}>{inner}</{name}>\n" if text else f"{'  ' * depth}<{name}{said}/>\n"


def _block(depth: int, name: str, inner: Iterable[str], attributes: dict[str, str] | None = None) -> str:
    """An element that holds others, each on lines of its own."""
    lines = "".join(inner)
    begin = _element(depth, name, attributes=attributes)
    return f"{begin[:-3]}>\n{lines}{'  ' * depth}</{name}>\n" if lines else begin


def _escaped(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "&#13;")  # a reader would take it for the end of a line


def _quoted(text: str) -> str:
    return _escaped(legal(text)).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")


def _conference(programme: Programme, days: int) -> str:
    lines = [_element(2, "acronym", acronym(programme)), _element(2, "title", programme.title)]
    if programme.starts_on:
        lines.append(_element(2, "start", programme.starts_on.isoformat()))
    if programme.ends_on:
        lines.append(_element(2, "end", programme.ends_on.isoformat()))
    lines += [_element(2, "days", str(days)), _element(2, "timeslot_duration", "00:05")]
    lines += _addresses(2, (("base_url", programme.base_url), ("logo", programme.logo_url), ("url", programme.url)))
    lines.append(_element(2, "time_zone_name", programme.zone.key))
    if _is_colour(programme.colour):
        lines.append(_element(2, "color", attributes={"primary": programme.colour}))
    for track in programme.tracks:
        attributes = {"name": track.name}
        if _is_colour(track.colour):
            attributes["color"] = track.colour
        slug = plain_slug(track.slug or track.name)
        if re.fullmatch(r"[a-z][a-z0-9-]+", slug):
            attributes["slug"] = slug
        lines.append(_element(2, "track", attributes=attributes))
    return _block(1, "conference", lines)


def _is_colour(text: str) -> bool:
    return re.fullmatch(r"#[0-9a-fA-F]{6}", text) is not None


def _addresses(depth: int, named: Iterable[tuple[str, str]]) -> list[str]:
    """Those that are addresses at all."""
    return [_element(depth, name, safe) for name, address in named if (safe := web_address(address))]


def _event(entry: StrictSlot, programme: Programme, people: dict[str, PersonIn], tracks: dict[str, str]) -> str:
    session, slot = entry.session, entry.slot
    starts_at = local(slot.starts_at, programme)
    texts = (
        ("date", starts_at.isoformat()),
        ("start", f"{starts_at:%H:%M}"),
        ("duration", hours_minutes(min(slot.duration, _LONGEST))),
        ("room", entry.room_name),
        ("slug", entry.slug),
        ("title", one_line(session.title)),
        ("subtitle", one_line(session.subtitle)),
        ("track", tracks.get(session.track or "", "")),
        ("type", type_of(session)),
        ("language", spoken(session)),
        ("abstract", session.abstract),
        ("description", session.description),
    )
    addresses = (
        ("logo", session.picture_url),
        ("url", session.url),
        ("origin_url", session.origin_url),
        ("feedback_url", session.feedback_url),
    )
    named = (person for speaker in session.speakers if (person := people.get(speaker.person)))
    lines = [_element(4, name, text) for name, text in texts]
    lines += _addresses(4, addresses)
    lines += [
        _recording(entry),
        _block(4, "persons", [_person(person) for person in named if legal(person.name).strip()]),
        _block(4, "links", _links("link", session.links)),
        _block(4, "attachments", _links("attachment", session.attachments)),
    ]
    code = {"code": entry.code} if entry.code else {}
    return _block(3, "event", lines, {"id": str(entry.id), "guid": entry.guid} | code)


def _recording(entry: StrictSlot) -> str:
    session = entry.session
    lines = [
        _element(5, "license", session.recording_licence),
        _element(5, "optout", "true" if session.do_not_record else "false"),
    ]
    return _block(4, "recording", lines + _addresses(5, (("url", session.recording_url),)))


def _person(person: PersonIn) -> str:
    attributes = {"id": str(person.id)} if person.id is not None else {}
    if guid := read_guid(person.guid):
        attributes["guid"] = guid
    return _element(5, "person", person.name, attributes)


def _links(name: str, links: tuple[LinkIn, ...]) -> list[str]:
    lines = []
    for link in links:
        if safe := web_address(link.url):
            kind = {"type": link.kind} if link.kind else {}
            lines.append(_element(5, name, link.title, {"href": safe} | kind))
    return lines
