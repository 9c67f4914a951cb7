"""An event's rows as a neutral programme, for every export: a fixed handful of queries whatever the size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Prefetch
from django.urls import reverse

from hallway.gathering.events.models import Event, Room
from hallway.kit.localised import pick
from hallway.people.models import Person
from hallway.programme.schedule.models import Session, Slot
from hallway.programme.schedule.queries import abstract_of, title_of
from hallway.programme.talks.models import Speaking

from .programme import Kind, LinkIn, PersonIn, Programme, RoomIn, SessionIn, SlotIn, SpeakerIn, TrackIn

GENERATOR = "Hallway"


def public_programme(event: Event) -> Programme:
    """The released schedule of an event. Nothing of the draft, nothing private, no joining details."""
    rooms = list(event.rooms.all())
    tracks = list(event.tracks.all())
    slots = _slots(event)
    by_session: defaultdict[int, list[Slot]] = defaultdict(list)
    for slot in slots:
        by_session[slot.session_id].append(slot)
    sessions = _sessions(event, by_session)
    people = _people(sessions)
    release = event.releases.only("version", "released_at").first()
    base = settings.HALLWAY_BASE_URL
    return Programme(
        title=pick(event.title).text,
        slug=event.slug,
        source_version=release.version if release else "",
        zone=ZoneInfo(event.zone),
        starts_on=event.starts_at.astimezone(event.tz).date() if event.starts_at else None,
        ends_on=event.ends_at.astimezone(event.tz).date() if event.ends_at else None,
        day_boundary=event.day_boundary,
        url=event.url or f"{base}{reverse('events:page', args=[event.slug])}",
        base_url=f"{base}/e/{event.slug}/",
        feed_url=f"{base}/e/{event.slug}/schedule.xml",
        description=pick(event.description).text,
        place=event.venue.name if event.venue else "",
        generator=GENERATOR,
        updated_at=_updated(event, sessions, release.released_at if release else None),
        cancelled=event.state == Event.State.CANCELLED,
        rooms=tuple(_room(room, number) for number, room in enumerate(rooms)),
        tracks=tuple(TrackIn(key=str(track.pk), name=track.name) for track in tracks),
        people=tuple(_person(person) for person in people.values()),
        sessions=tuple(_session(session, by_session[session.pk], event) for session in sessions),
    )


def _updated(event: Event, sessions: Iterable[Session], released_at: datetime | None) -> datetime:
    return max(
        [event.updated_at, *(session.updated_at for session in sessions), *([released_at] if released_at else [])]
    )


def _slots(event: Event) -> list[Slot]:
    rows = Slot.objects.filter(session__event=event, session__hidden_at=None, public_at__isnull=False)
    return list(rows.order_by("public_starts_at", "public_room__position", "public_room_id", "id"))


def _sessions(event: Event, by_session: dict[int, list[Slot]]) -> list[Session]:
    speakings = Speaking.objects.select_related("person").order_by("position", "id")
    rows = (
        Session.objects.filter(event=event, public_at__isnull=False, hidden_at=None)
        .select_related("talk")
        .prefetch_related(Prefetch("talk__speakings", speakings))
    )
    order = {pk: number for number, pk in enumerate(by_session)}
    return sorted((row for row in rows if row.pk in by_session), key=lambda row: order[row.pk])


def _shown(session: Session) -> list[Person]:
    if session.talk is None or session.talk.hidden_at is not None:
        return []
    return [s.person for s in session.talk.speakings.all() if s.person.left_at is None]


def _people(sessions: Iterable[Session]) -> dict[int, Person]:
    people = {person.pk: person for session in sessions for person in _shown(session)}
    return dict(sorted(people.items()))


def _room(room: Room, number: int) -> RoomIn:
    return RoomIn(key=str(room.pk), name=room.name, guid=str(room.guid or ""), position=number, capacity=room.capacity)


def _person(person: Person) -> PersonIn:
    url = f"{settings.HALLWAY_BASE_URL}{reverse('person', args=[person.slug])}" if person.public_at else ""
    return PersonIn(
        key=str(person.pk),
        id=person.pk,
        name=person.name,
        biography=pick(person.biography).text,
        tagline=person.tagline,
        picture_url=f"{settings.HALLWAY_BASE_URL}/media/{person.picture}" if person.picture else "",
        url=url,
        links=tuple(LinkIn(link) for link in person.links if isinstance(link, str)),
    )


_KINDS: dict[str, Kind] = {
    "talk": "talk", "keynote": "keynote", "workshop": "workshop", "lightning": "lightning", "panel": "panel",
    "other": "other", "break": "break",
}  # fmt: skip


def _links(links: Iterable[dict[str, str]], *, attached: bool) -> tuple[LinkIn, ...]:
    return tuple(
        LinkIn(link["url"], link.get("title", ""), link.get("kind", ""))
        for link in links
        if link.get("url") and (link.get("kind") == "attachment") == attached
    )


def _session(session: Session, slots: list[Slot], event: Event) -> SessionIn:
    talk = session.talk if session.talk and session.talk.hidden_at is None else None
    links = talk.links if talk else []
    path = reverse("session", args=[event.slug, session.pk, session.slug])
    return SessionIn(
        key=str(session.pk),
        title=pick(title_of(session)).text,
        guid=str(session.guid),
        code=session.code,
        subtitle=pick(talk.subtitle).text if talk else "",
        abstract=pick(abstract_of(session)).text,
        description=pick(talk.description).text if talk else "",
        language_raw=talk.language_raw if talk else "",
        languages=tuple(talk.languages) if talk else (),
        kind=_KINDS.get(session.kind, "other"),
        kind_raw=session.kind_raw,
        track=str(session.track_id) if session.track_id else None,
        level=talk.level if talk else "",
        tags=tuple(talk.tags) if talk else (),
        speakers=tuple(SpeakerIn(str(person.pk)) for person in _shown(session)),
        links=_links(links, attached=False),
        attachments=_links(links, attached=True),
        url=f"{settings.HALLWAY_BASE_URL}{path}",
        slug=session.slug,
        origin_url=session.origin_url,
        recording_url=session.recording_url,
        feedback_url=session.feedback_url,
        do_not_record=session.do_not_record,
        do_not_stream=session.do_not_stream,
        is_break=session.kind == Session.Kind.BREAK,
        plenum=session.plenum,
        slots=tuple(_slot(slot) for slot in slots),
    )


def _slot(slot: Slot) -> SlotIn:
    if slot.public_starts_at is None or slot.public_ends_at is None:
        raise ValueError("a public slot has both times, the table sees to it")
    return SlotIn(
        key=str(slot.pk),
        starts_at=slot.public_starts_at,
        ends_at=slot.public_ends_at,
        room=str(slot.public_room_id) if slot.public_room_id else None,
        guid=str(slot.guid),
        id=slot.pk,
        sequence=slot.sequence,
        updated_at=slot.public_at,
    )
