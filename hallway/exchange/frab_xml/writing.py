"""Writes frab schedule.xml, valid against the schema for every programme we can hold."""

from __future__ import annotations

import re
from datetime import timedelta

from lxml import etree

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
    root = etree.Element("schedule")
    generator = etree.SubElement(root, "generator", name=OUR_GENERATOR)
    if system := web_address(programme.base_url):
        generator.set("system", system)
    if feed := web_address(programme.feed_url):
        _put(root, "url", feed)
    _put(root, "version", programme.source_version or "1")
    days = strict_days(programme, XML_SLUG)
    _put_conference(root, programme, len(days))
    people = {person.key: person for person in programme.people}
    tracks = {track.key: track.name for track in programme.tracks}
    for day in days:
        day_element = etree.SubElement(root, "day", index=str(day.index), date=day.date.isoformat())
        day_element.set("start", day.starts_at.isoformat())
        day_element.set("end", day.ends_at.isoformat())
        for name, room, placed in day.rooms:
            room_element = etree.SubElement(day_element, "room", name=name)
            if room is not None and (guid := read_guid(room.guid)):
                room_element.set("guid", guid)
            for entry in placed:
                _put_event(room_element, entry, programme, people, tracks)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _put(parent: etree._Element, name: str, text: str = "") -> etree._Element:
    element = etree.SubElement(parent, name)
    if text:
        element.text = legal(text)
    return element


def _put_conference(root: etree._Element, programme: Programme, days: int) -> None:
    conference = etree.SubElement(root, "conference")
    _put(conference, "acronym", acronym(programme))
    _put(conference, "title", programme.title)
    if programme.starts_on:
        _put(conference, "start", programme.starts_on.isoformat())
    if programme.ends_on:
        _put(conference, "end", programme.ends_on.isoformat())
    _put(conference, "days", str(days))
    _put(conference, "timeslot_duration", "00:05")
    for name, address in (
        ("base_url", programme.base_url),
        ("logo", programme.logo_url),
        ("url", programme.url),
    ):
        if safe := web_address(address):
            _put(conference, name, safe)
    _put(conference, "time_zone_name", programme.zone.key)
    if _is_colour(programme.colour):
        etree.SubElement(conference, "color", primary=programme.colour)
    for track in programme.tracks:
        element = etree.SubElement(conference, "track", name=legal(track.name))
        if _is_colour(track.colour):
            element.set("color", track.colour)
        slug = plain_slug(track.slug or track.name)
        if re.fullmatch(r"[a-z][a-z0-9-]+", slug):
            element.set("slug", slug)


def _is_colour(text: str) -> bool:
    return re.fullmatch(r"#[0-9a-fA-F]{6}", text) is not None


def _put_event(
    parent: etree._Element,
    entry: StrictSlot,
    programme: Programme,
    people: dict[str, PersonIn],
    tracks: dict[str, str],
) -> None:
    session, slot = entry.session, entry.slot
    event = etree.SubElement(parent, "event", id=str(entry.id), guid=entry.guid)
    if entry.code:
        event.set("code", entry.code)
    starts_at = local(slot.starts_at, programme)
    for name, text in (
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
    ):
        _put(event, name, text)
    for name, address in (
        ("logo", session.picture_url),
        ("url", session.url),
        ("origin_url", session.origin_url),
        ("feedback_url", session.feedback_url),
    ):
        if safe := web_address(address):
            _put(event, name, safe)
    _put_recording(event, entry)
    persons = etree.SubElement(event, "persons")
    for speaker in session.speakers:
        if (person := people.get(speaker.person)) and legal(person.name).strip():
            _put_person(persons, person)
    _put_links(event, "links", "link", session.links)
    _put_links(event, "attachments", "attachment", session.attachments)


def _put_recording(event: etree._Element, entry: StrictSlot) -> None:
    session = entry.session
    recording = etree.SubElement(event, "recording")
    _put(recording, "license", session.recording_licence)
    _put(recording, "optout", "true" if session.do_not_record else "false")
    if safe := web_address(session.recording_url):
        _put(recording, "url", safe)


def _put_person(parent: etree._Element, person: PersonIn) -> None:
    element = _put(parent, "person", person.name)
    if person.id is not None:
        element.set("id", str(person.id))
    if guid := read_guid(person.guid):
        element.set("guid", guid)


def _put_links(event: etree._Element, outer: str, inner: str, links: tuple[LinkIn, ...]) -> None:
    parent = etree.SubElement(event, outer)
    for link in links:
        if safe := web_address(link.url):
            element = _put(parent, inner, link.title)
            element.set("href", safe)
            if link.kind:
                element.set("type", legal(link.kind))
