"""An event's rows as a neutral programme, for every export: a fixed handful of queries whatever the size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

from hallway.gathering.events.models import Event, Room
from hallway.kit.localised import pick
from hallway.people.models import Person
from hallway.programme.schedule.models import Session, Slot
from hallway.programme.talks.models import Speaking

from .programme import Kind, LinkIn, PersonIn, Programme, RoomIn, SessionIn, SlotIn, SpeakerIn, TrackIn

GENERATOR = "Hallway"
_OF_SESSION = (
    "pk", "guid", "code", "slug", "kind", "kind_raw", "title", "abstract", "track_id", "plenum", "recording_url",
    "feedback_url", "origin_url", "do_not_record", "do_not_stream", "updated_at", "talk_id", "talk__title",
    "talk__subtitle", "talk__abstract", "talk__description", "talk__language_raw", "talk__languages", "talk__level",
    "talk__tags", "talk__links", "talk__hidden_at",
)  # fmt: skip
_OF_PERSON = ("name", "slug", "biography", "tagline", "picture", "links", "public_at")
_OF_SLOT = ("pk", "session_id", "guid", "public_room_id", "public_starts_at", "public_ends_at", "public_at", "sequence")
_KINDS: dict[str, Kind] = {
    "talk": "talk", "keynote": "keynote", "workshop": "workshop", "lightning": "lightning", "panel": "panel",
    "other": "other", "break": "break",
}  # fmt: skip


def public_programme(event: Event) -> Programme:
    """The released schedule of an event. Nothing of the draft, nothing private, no joining details. Seven queries."""
    rooms = list(event.rooms.all())
    tracks = list(event.tracks.all())
    slots = _slots(event)
    sessions = _sessions(event, slots)
    speakers = _speakers(event, sessions)
    people = _people(event, speakers)
    version, released_at = event.releases.values_list("version", "released_at").first() or ("", None)
    base = settings.HALLWAY_BASE_URL
    making = _Making(_language(), people, speakers, slots, _addresses(event))
    return Programme(
        title=pick(event.title).text,
        slug=event.slug,
        source_version=version,
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
        updated_at=_updated(event, sessions, released_at),
        cancelled=event.state == Event.State.CANCELLED,
        rooms=tuple(_room(room, number) for number, room in enumerate(rooms)),
        tracks=tuple(TrackIn(key=str(track.pk), name=track.name) for track in tracks),
        people=tuple(making.person(person) for person in people.values()),
        sessions=tuple(making.session(session) for session in sessions),
    )


def _language() -> str:
    return get_language() or "en"


def _addresses(event: Event) -> Callable[[Any], str]:
    """From a session to its page, without asking Django's resolver a thousand times."""
    before, after = f"{settings.HALLWAY_BASE_URL}{reverse('session', args=[event.slug, 0, 'x'])}".rsplit("0-x", 1)
    return lambda session: f"{before}{session.pk}-{session.slug}{after}"


def _updated(event: Event, sessions: Iterable[Any], released_at: datetime | None) -> datetime:
    moments: list[datetime] = [event.updated_at, *(session.updated_at for session in sessions)]
    return max([*moments, released_at] if released_at else moments)


def _slots(event: Event) -> dict[int, list[SlotIn]]:
    """By session, sessions in the order of their first slot."""
    rows = Slot.objects.filter(session__event=event, session__hidden_at=None, public_at__isnull=False)
    ordered = rows.order_by("public_starts_at", "public_room__position", "public_room_id", "id")
    found: defaultdict[int, list[SlotIn]] = defaultdict(list)
    for pk, session, guid, room, starts_at, ends_at, public_at, sequence in ordered.values_list(*_OF_SLOT):
        if starts_at is None or ends_at is None:
            raise ValueError("a public slot has both times, the table sees to it")
        key = str(room) if room else None
        slot = SlotIn(
            key=str(pk), starts_at=starts_at, ends_at=ends_at, room=key, guid=str(guid), id=pk,
            sequence=sequence, updated_at=public_at,
        )  # fmt: skip
        found[session].append(slot)
    return found


def _sessions(event: Event, slots: dict[int, list[SlotIn]]) -> list[Any]:
    """Plain rows: a thousand sessions with their talks cost twice as much as objects."""
    rows = Session.objects.filter(event=event, public_at__isnull=False, hidden_at=None)
    order = {pk: number for number, pk in enumerate(slots)}
    found = rows.values_list(*_OF_SESSION, named=True)
    return sorted((row for row in found if row.pk in order), key=lambda row: order[row.pk])


def _speakers(event: Event, sessions: Iterable[Any]) -> dict[int, list[int]]:
    """Ids of speakers by talk, in their order; not of hidden talks."""
    shown = {row.talk_id for row in sessions if row.talk_id and row.talk__hidden_at is None}
    found: defaultdict[int, list[int]] = defaultdict(list)
    talks = Session.objects.filter(event=event, talk__isnull=False).values("talk_id")
    rows = Speaking.objects.filter(talk__in=talks, person__left_at=None).order_by("position", "id")
    for talk, person in rows.values_list("talk_id", "person_id"):
        if talk in shown:
            found[talk].append(person)
    return found


def _people(event: Event, speakers: dict[int, list[int]]) -> dict[int, Person]:
    named = {person for people in speakers.values() for person in people}
    talks = Session.objects.filter(event=event, talk__isnull=False).values("talk_id")
    rows = Person.objects.filter(pk__in=Speaking.objects.filter(talk__in=talks).values("person_id"))
    return {row.pk: row for row in rows.only(*_OF_PERSON).order_by("pk") if row.pk in named}


def _room(room: Room, number: int) -> RoomIn:
    return RoomIn(key=str(room.pk), name=room.name, guid=str(room.guid or ""), position=number, capacity=room.capacity)


def _links(links: Iterable[dict[str, str]], *, attached: bool) -> tuple[LinkIn, ...]:
    return tuple(
        LinkIn(link["url"], link.get("title", ""), link.get("kind", ""))
        for link in links
        if isinstance(link, dict) and link.get("url") and (link.get("kind") == "attachment") == attached
    )


@dataclass(frozen=True)
class _Making:
    """What sessions and people are made with: the reader's language, and what belongs to what."""

    language: str
    people: dict[int, Person]
    speakers: dict[int, list[int]]
    slots: dict[int, list[SlotIn]]
    address_of: Callable[[Any], str]

    def text(self, value: dict[str, str] | None) -> str:
        return pick(value, self.language).text if value else ""

    def person(self, person: Person) -> PersonIn:
        base = settings.HALLWAY_BASE_URL
        return PersonIn(
            key=str(person.pk),
            id=person.pk,
            name=person.name,
            biography=self.text(person.biography),
            tagline=person.tagline,
            picture_url=f"{base}/media/{person.picture}" if person.picture else "",
            url=f"{base}/p/{person.slug}/" if person.public_at else "",
            links=tuple(LinkIn(link) for link in person.links if isinstance(link, str)),
        )

    def session(self, row: Any) -> SessionIn:
        has_talk = bool(row.talk_id) and row.talk__hidden_at is None
        return SessionIn(
            key=str(row.pk),
            # A talk that is hidden keeps its title in programmes.
            title=self.text(row.title or row.talk__title),
            guid=str(row.guid),
            code=row.code,
            abstract=self.text(row.abstract or (row.talk__abstract if has_talk else None)),
            kind=_KINDS.get(row.kind, "other"),
            kind_raw=row.kind_raw,
            track=str(row.track_id) if row.track_id else None,
            speakers=tuple(
                SpeakerIn(str(person)) for person in self.speakers.get(row.talk_id, ()) if person in self.people
            ),
            url=self.address_of(row),
            slug=row.slug,
            origin_url=row.origin_url,
            recording_url=row.recording_url,
            feedback_url=row.feedback_url,
            do_not_record=row.do_not_record,
            do_not_stream=row.do_not_stream,
            is_break=row.kind == Session.Kind.BREAK,
            plenum=row.plenum,
            slots=tuple(self.slots[row.pk]),
            **(self._of_talk(row) if has_talk else {}),
        )

    def _of_talk(self, row: Any) -> dict[str, Any]:
        return {
            "subtitle": self.text(row.talk__subtitle),
            "description": self.text(row.talk__description),
            "language_raw": row.talk__language_raw,
            "languages": tuple(row.talk__languages),
            "level": row.talk__level,
            "tags": tuple(row.talk__tags),
            "links": _links(row.talk__links, attached=False),
            "attachments": _links(row.talk__links, attached=True),
        }
