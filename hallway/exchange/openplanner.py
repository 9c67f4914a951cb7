"""Reads OpenPlanner's static JSON and Conference Hall's schedule export, the French DevFest chain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from hallway.exchange.draft import Draft
from hallway.exchange.findings import Unreadable, found
from hallway.exchange.frab import choose_zone
from hallway.exchange.opening import as_json
from hallway.exchange.programme import LinkIn, Programme, SpeakerIn
from hallway.exchange.shapes import first, listing, mapping, objects, words
from hallway.exchange.text import one_line


def is_openplanner(source: Mapping[str, Any]) -> bool:
    """Whether a JSON object has OpenPlanner's or Conference Hall's shape."""
    sessions = objects(source.get("sessions"))
    if not sessions or not isinstance(source["sessions"], list):
        return False
    planner = any(session.keys() & {"dateStart", "speakerIds", "trackId"} for session in sessions)
    return (planner and "event" in source) or (
        "timeZone" in source and any("proposal" in session for session in sessions)
    )


def read(data: bytes, *, zone: ZoneInfo | None = None) -> Programme:
    """The export as a programme; instants carry offsets, others are taken in `zone` or the file's zone.

    Raises Unreadable for other shapes.
    """
    root = mapping(as_json(data))
    if not is_openplanner(root):
        raise Unreadable(found("unknown-dialect", format="OpenPlanner"))
    event = mapping(root.get("event"))
    sessions = objects(root["sessions"])
    named = first(root, "timeZone") or first(event, "timeZone", "timezone")
    zoned = choose_zone(named, zone, (first(s, "dateStart", "start") for s in sessions))
    draft = Draft("openplanner", zoned.zone, zoned.origin)
    if zoned.doubt:
        draft.report.note(zoned.doubt)
    tracks = _names(event, root, "tracks")
    for track_id, name in tracks.items():
        draft.room(name, ident=track_id)
    for speaker in objects(root.get("speakers")):
        _read_speaker(draft, speaker)
    formats, categories = _names(event, root, "formats"), _names(event, root, "categories")
    for session in sessions:
        _read_session(draft, session, tracks, formats, categories)
    return draft.finish(title=words(first(root, "name") or first(event, "name")), generator="OpenPlanner")


def _names(event: Mapping[str, Any], root: Mapping[str, Any], field: str) -> dict[str, str]:
    entries = objects(event.get(field)) or objects(root.get(field))
    return {words(entry.get("id")): words(entry.get("name")) for entry in entries}


def _read_speaker(draft: Draft, speaker: Mapping[str, Any]) -> str | None:
    links: list[LinkIn] = []
    for social in listing(first(speaker, "socials", "socialLinks")):
        source = social if isinstance(social, dict) else {"link": social}
        link = draft.link(
            first(source, "link", "url"),
            words(source.get("name")),
            words(source.get("icon")),
            of=words(speaker.get("name")),
        )
        links.extend([link] if link else [])
    return draft.person(
        words(speaker.get("name")),
        ident=speaker.get("id"),
        biography=words(speaker.get("bio")),
        tagline=", ".join(filter(None, (words(first(speaker, "jobTitle")), words(speaker.get("company"))))),
        picture=first(speaker, "photoUrl", "picture"),
        links=links,
        contacts=bool(first(speaker, "email", "phone")),
    )


def _read_session(
    draft: Draft,
    source: Mapping[str, Any],
    tracks: Mapping[str, str],
    formats: Mapping[str, str],
    categories: Mapping[str, str],
) -> None:
    proposal = mapping(source.get("proposal"))
    title = one_line(words(source.get("title")))
    keys = [_read_speaker(draft, speaker) for speaker in objects(proposal.get("speakers"))]
    keys += [draft.person_with_id(words(ident), title) for ident in listing(source.get("speakerIds"))]
    topics = [words(name) for name in listing(proposal.get("categories"))] + [
        categories.get(words(source.get("categoryId")), "")
    ]
    tags = [*(words(tag) for tag in listing(source.get("tags"))), *topics]
    kinds = [words(name) for name in listing(proposal.get("formats"))] + [
        formats.get(words(source.get("formatId")), "")
    ]
    is_service = "proposal" in source and not proposal
    session = draft.session(
        title,
        kind=next(filter(None, kinds), ""),
        language=words(first(source, "language")),
        abstract=words(first(source, "abstract") or first(proposal, "abstract")),
        level=one_line(words(first(source, "level") or first(proposal, "level"))),
        tags=tuple(dict.fromkeys(tag for tag in tags if tag)),
        speakers=tuple(SpeakerIn(key) for key in dict.fromkeys(keys) if key is not None),
        recording_url=first(source, "videoLink"),
        is_break=is_service or words(source.get("extendHeight")) == "break",
    )
    track = words(source.get("trackId"))
    room = draft.room(tracks.get(track) or words(source.get("track")) or track, ident=track)
    slot = draft.slot(
        session.title,
        start=first(source, "dateStart", "start"),
        end=first(source, "dateEnd", "end"),
        length=source.get("durationMinutes"),
        room=room,
        guid=source.get("id"),
    )
    draft.add(session, slot, [("id", words(source.get("id")))])
