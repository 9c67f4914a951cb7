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
from hallway.programme.talks.models import Speaking, Talk

from .programme import Kind, LinkIn, PersonIn, Programme, RoomIn, SessionIn, SlotIn, SpeakerIn, TrackIn

GENERATOR = "Hallway"
_OF_TALK = (
    "title", "subtitle", "abstract", "description", "language_raw", "languages", "level", "tags", "links", "hidden_at",
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


def _addresses(event: Event) -> Callable[[Session], str]:
    """From a session to its page, without asking Django's resolver a thousand times."""
    before, after = f"{settings.HALLWAY_BASE_URL}{reverse('session', args=[event.slug, 0, 'x'])}".rsplit("0-x", 1)
    return lambda session: f"{before}{session.pk}-{session.slug}{after}"


def _updated(event: Event, sessions: Iterable[Session], released_at: datetime | None) -> datetime:
    return max(
        [event.updated_at, *(session.updated_at for session in sessions), *([released_at] if released_at else [])]
    )


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


def _sessions(event: Event, slots: dict[int, list[SlotIn]]) -> list[Session]:
    rows = Session.objects.filter(event=event, public_at__isnull=False, hidden_at=None).select_related("talk")
    order = {pk: number for number, pk in enumerate(slots)}
    fields = (field.name for field in Session._meta.concrete_fields if field.name not in {"event", "removed_at"})
    only = rows.only(*fields, *(f"talk__{name}" for name in _OF_TALK))
    return sorted((row for row in only if row.pk in order), key=lambda row: order[row.pk])


def _speakers(event: Event, sessions: Iterable[Session]) -> dict[int, list[int]]:
    """Ids of speakers by talk, in their order; not of hidden talks."""
    shown = {row.talk_id for row in sessions if row.talk is not None and row.talk.hidden_at is None}
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
    address_of: Callable[[Session], str]

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

    def session(self, session: Session) -> SessionIn:
        talk = session.talk if session.talk and session.talk.hidden_at is None else None
        speakers = self.speakers.get(session.talk_id or 0, [])
        return SessionIn(
            key=str(session.pk),
            # A talk that is hidden keeps its title in programmes.
            title=self.text(session.title or (session.talk.title if session.talk else {})),
            guid=str(session.guid),
            code=session.code,
            abstract=self.text(session.abstract or (talk.abstract if talk else {})),
            kind=_KINDS.get(session.kind, "other"),
            kind_raw=session.kind_raw,
            track=str(session.track_id) if session.track_id else None,
            speakers=tuple(SpeakerIn(str(person)) for person in speakers if person in self.people),
            url=self.address_of(session),
            slug=session.slug,
            origin_url=session.origin_url,
            recording_url=session.recording_url,
            feedback_url=session.feedback_url,
            do_not_record=session.do_not_record,
            do_not_stream=session.do_not_stream,
            is_break=session.kind == Session.Kind.BREAK,
            plenum=session.plenum,
            slots=tuple(self.slots[session.pk]),
            **(self._of_talk(talk) if talk else {}),
        )

    def _of_talk(self, talk: Talk) -> dict[str, Any]:
        return {
            "subtitle": self.text(talk.subtitle),
            "description": self.text(talk.description),
            "language_raw": talk.language_raw,
            "languages": tuple(talk.languages),
            "level": talk.level,
            "tags": tuple(talk.tags),
            "links": _links(talk.links, attached=False),
            "attachments": _links(talk.links, attached=True),
        }
