"""Reads frab schedule.xml."""

from __future__ import annotations

from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

from hallway.exchange.clocks import read_day
from hallway.exchange.draft import Draft
from hallway.exchange.findings import Unreadable, found
from hallway.exchange.frab import OUR_GENERATOR, choose_zone, declared_boundary, started
from hallway.exchange.identity import read_guid
from hallway.exchange.opening import as_xml
from hallway.exchange.programme import LinkIn, Programme, SpeakerIn
from hallway.exchange.strict import NO_ROOM
from hallway.exchange.text import one_line
from hallway.exchange.trust import web_address

_KNOWN = {
    *(
        "room",
        "title",
        "subtitle",
        "type",
        "date",
        "start",
        "duration",
        "end",
        "abstract",
        "slug",
        "track",
        "logo",
    ),
    *("persons", "language", "description", "recording", "links", "attachments", "video_download_url", "url"),
    *(
        "feedback_url",
        "origin_url",
        "do_not_stream",
        "do_not_record",
        "answers",
        "event",
        "conf_url",
        "full_conf_url",
    ),
}
_TRUE = {"true", "1", "yes"}


def read(data: bytes, *, zone: ZoneInfo | None = None) -> Programme:
    """A frab schedule.xml as a programme; `zone` wins over the zone the file names for showing times.

    Raises Unreadable for damaged or dangerous XML and for other dialects.
    """
    root = as_xml(data)
    conference = root.find("conference")
    if root.tag != "schedule" or conference is None:
        raise Unreadable(found("unknown-dialect", format="frab schedule.xml"))
    zoned = choose_zone(_text(conference, "time_zone_name"), zone, (e.text for e in root.iter("date")))
    draft = Draft("frab-xml", zoned.zone, zoned.origin)
    draft.base_url = web_address(_text(conference, "base_url"))
    if zoned.doubt:
        draft.report.note(zoned.doubt)
    for track in conference.findall("track"):
        draft.track(track.get("name") or track.text, colour=track.get("color"), slug=track.get("slug"))
    generator = root.find("generator")
    ours = generator is not None and generator.get("name") == OUR_GENERATOR
    for day in root.findall("day"):
        for room in day.findall("room"):
            for event in room.findall("event"):
                _read_event(draft, event, room, day.get("date"), ours=ours)
    days = [(day.get("start"), day.get("end")) for day in root.findall("day")]
    return draft.finish(
        title=_text(conference, "title") or _text(conference, "acronym"),
        starts_on=read_day(_text(conference, "start"), zoned.zone),
        ends_on=read_day(_text(conference, "end"), zoned.zone),
        day_boundary=declared_boundary(days, zoned.zone),
        slug=_text(conference, "acronym").lower(),
        source_version=_text(root, "version"),
        url=web_address(_text(conference, "url")),
        base_url=web_address(_text(conference, "base_url")),
        feed_url=web_address(_text(root, "url")),
        logo_url=web_address(_text(conference, "logo")),
        colour=_colour(conference),
        generator=_generator(generator),
    )


def _text(parent: Element, name: str) -> str:
    return (parent.findtext(name) or "").strip()


def _colour(conference: Element) -> str:
    element = conference.find("color")
    return (element.get("primary") or "").lower() if element is not None else ""


def _generator(element: Element | None) -> str:
    return one_line(f"{element.get('name', '')} {element.get('version', '')}") if element is not None else ""


def _read_event(draft: Draft, event: Element, room: Element, day: str | None, *, ours: bool) -> None:
    for child in event:
        if child.tag not in _KNOWN:
            draft.report.count("unknown-field", str(child.tag))
    if len(event.findall("answers/*")):
        draft.report.count("answers-dropped")
    title = one_line(event.findtext("title"))
    guid, number, code = event.get("guid"), event.get("id") or "", event.get("code") or ""
    if number and not (number.isascii() and number.isdigit() and int(number[:19]) > 0):
        draft.report.warn("id-not-a-number", title=title, value=number)
    recording = event.find("recording")
    session = draft.session(
        title,
        kind=event.findtext("type"),
        language=event.findtext("language"),
        guid=read_guid(guid),
        code=one_line(code),
        subtitle=event.findtext("subtitle"),
        abstract=event.findtext("abstract"),
        description=event.findtext("description"),
        track=draft.track(event.findtext("track")),
        speakers=_speakers(draft, event, title),
        links=_links(draft, event, "links/link", title),
        attachments=_links(draft, event, "attachments/attachment", title),
        url=event.findtext("url"),
        slug=_text(event, "slug"),
        picture_url=event.findtext("logo"),
        origin_url=event.findtext("origin_url"),
        feedback_url=event.findtext("feedback_url"),
        recording_url=_recording_url(event, recording),
        recording_licence=one_line(recording.findtext("license")) if recording is not None else "",
        do_not_record=_is_true(recording, "optout") or _is_true(event, "do_not_record"),
        do_not_stream=_is_true(event, "do_not_stream"),
    )
    name = event.findtext("room") or room.get("name")
    place = draft.room(name, guid=room.get("guid")) if one_line(name) != NO_ROOM else None
    slot = draft.slot(
        title,
        start=started(draft, day, event.findtext("date"), event.findtext("start")),
        end=event.findtext("end"),
        length=event.findtext("duration"),
        room=place,
        guid=guid,
        ident=number,
    )
    tokens = [("code", code), ("guid", guid), ("id", number), ("url", session.url if ours else "")]
    draft.add(session, slot, tokens)


def _is_true(parent: Element | None, name: str) -> bool:
    return parent is not None and _text(parent, name).lower() in _TRUE


def _recording_url(event: Element, recording: Element | None) -> str:
    candidates = [event.findtext("video_download_url")]
    if recording is not None:
        candidates = [recording.findtext("url"), recording.findtext("link"), *candidates]
    return next((address for address in map(web_address, candidates) if address), "")


def _speakers(draft: Draft, event: Element, title: str) -> tuple[SpeakerIn, ...]:
    speakers: dict[str, SpeakerIn] = {}
    for element in event.findall("persons/person"):
        key = draft.person(element.text, guid=element.get("guid"), ident=element.get("id"), code=element.get("code"))
        if key is None:
            draft.report.warn("person-without-name", title=title)
        else:
            speakers.setdefault(key, SpeakerIn(key))
    return tuple(speakers.values())


def _links(draft: Draft, event: Element, path: str, title: str) -> tuple[LinkIn, ...]:
    links = (
        draft.link(e.get("href"), e.text, e.get("type") or e.get("service"), of=title) for e in event.findall(path)
    )
    return tuple(link for link in links if link is not None)
