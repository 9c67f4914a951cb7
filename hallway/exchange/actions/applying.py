"""Brings a programme into the rows of an event, through the actions of those who own the rows.

What is new is made, what changed there is changed here unless somebody edited it here, what is gone there is taken
out of the draft. Nothing is decided by name alone.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hallway.exchange import values as v
from hallway.exchange.programme import Programme, SessionIn, SlotIn
from hallway.exchange.queries import event_keys
from hallway.gathering.events.actions import add_room, edit_room
from hallway.gathering.events.models import Event, Room
from hallway.kit.actors import Actor
from hallway.kit.localised import pick
from hallway.people.actions import NewPerson, add_persons_in_bulk
from hallway.people.models import Person
from hallway.programme.schedule import actions as schedule
from hallway.programme.schedule.actions import NewSession, NewSlot
from hallway.programme.schedule.models import Session, Slot, Track
from hallway.programme.schedule.queries import title_of
from hallway.programme.talks.actions import NewTalk, edit_talk, set_speakers, share_talks_in_bulk, write_talks_in_bulk
from hallway.programme.talks.models import Talk

from .known import Known


@dataclass
class Tally:
    """What happened to the rows, and which edits made here were kept."""

    made: int = 0
    changed: int = 0
    gone: int = 0
    taken_out: list[str] = field(default_factory=list)
    kept: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Applying:
    """One programme on its way into one event."""

    programme: Programme
    event: Event
    by: Actor
    at: datetime
    tally: Tally = field(default_factory=Tally)

    def __post_init__(self) -> None:
        self.known = Known(self.event)
        self.rooms: dict[str, Room] = {}
        self.people: dict[str, Person] = {}
        self.people_by_id: dict[int, Person] = {}
        self.tracks: dict[str, Track] = {}
        self.track_names = {track.key: track.name for track in self.programme.tracks}

    def run(self) -> Tally:
        self._rooms()
        self._tracks()
        fresh = self.known.adopt(self.programme)
        self._people()
        self._add_sessions(fresh)
        self._update_sessions()
        if self.programme.sessions and self._came_before():
            self._take_out_gone()
        self.known.save()
        return self.tally

    def _came_before(self) -> bool:
        """Whether this event was read from this very source before: only then does "not in the file" mean "gone"."""
        return any(self.known.last("event", key) for key in event_keys(self.programme))

    def _keep(self, kind: str, name: str, field_name: str) -> None:
        self.tally.kept.append({"kind": kind, "name": name, "field": field_name})

    def merged(self, kind: str, key: str, new: v.Values, now: v.Values, name: str) -> dict[str, Any]:
        """The fields to change: changed there and not edited here. Edits that were kept are noted.

        What was recognised just now was never read under this key: it is read, and nothing changes.
        """
        last = self.known.last(kind, key)
        changes: dict[str, Any] = {}
        if not last:
            self.known.read(kind, key, new)
            return changes
        for field_name, value in new.items():
            if value == last.get(field_name) or value == now.get(field_name):
                continue
            if now.get(field_name) == last.get(field_name):
                changes[field_name] = value
            else:
                self._keep(kind, name, field_name)
        self.known.read(kind, key, new)
        return changes

    def _rooms(self) -> None:
        for place in self.programme.rooms:
            new = v.of_room(place)
            row = self.known.room(place.key, new["name"])
            if row is None:
                row = add_room(
                    event=self.event, name=new["name"], capacity=new["capacity"], position=place.position,
                    guid=uuid.UUID(place.guid) if place.guid else None, by=self.by, at=self.at,
                )  # fmt: skip
                self.tally.made += 1
                self.known.note("room", place.key, row.pk, new)
            elif changes := self._room_changes(place.key, new, row):
                row = edit_room(room=row, changes=changes, by=self.by, at=self.at)
                self.tally.changed += 1
            self.rooms[place.key] = row

    def _room_changes(self, key: str, new: v.Values, row: Room) -> dict[str, Any]:
        changes = self.merged("room", key, new, v.now_room(row), row.name)
        other = self.known.room_named(changes.get("name", row.name))
        if other is not None and other.pk != row.pk:
            self._keep("room", row.name, "name")
            del changes["name"]
        return changes

    def _tracks(self) -> None:
        there = {track.name: track for track in self.event.tracks.all()}
        for number, thread in enumerate(self.programme.tracks):
            name = self.track_names[thread.key]
            if name not in there:
                there[name] = schedule.add_track(event=self.event, name=name, position=number, by=self.by, at=self.at)
                self.tally.made += 1
        self.tracks = there

    def _people(self) -> None:
        new_ones = []
        for person in self.programme.people:
            row = self.known.person(person.key)
            new = v.of_person(person)
            if row is None:
                new_ones.append((person.key, new))
                continue
            self.people[person.key] = row
            changes = self.merged("person", person.key, new, v.now_person(row), row.name)
            # A claimed profile is its owner's; a file never changes it.
            if changes and row.claimed_at is None:
                self.known.change_person(row, changes, by=self.by, at=self.at)
                self.tally.changed += 1
        made = add_persons_in_bulk(
            persons=[NewPerson(**new, public=False) for _key, new in new_ones],
            by=self.by,
            at=self.at,
        )
        for (key, new), row in zip(new_ones, made, strict=True):
            self.people[key] = row
            self.known.note("person", key, row.pk, new)
        self.people_by_id = {person.pk: person for person in self.people.values()}
        self.tally.made += len(made)

    def _speakers(self, ids: Iterable[int]) -> list[Person]:
        return [self.people_by_id[pk] for pk in ids]

    def _read(self, session: SessionIn) -> v.Values:
        return v.of_session(session, self.track_names, self.people)

    def _add_sessions(self, fresh: list[SessionIn]) -> None:
        read = [(session, self._read(session)) for session in fresh]
        with_talk = [(session, new) for session, new in read if v.keeps_talk(new)]
        talks = write_talks_in_bulk(
            talks=[
                NewTalk(speakers=self._speakers(new["speakers"]), **{name: new[name] for name in v.TALK_FIELDS})
                for _session, new in with_talk
            ],
            by=self.by,
            at=self.at,
        )
        by_key = {session.key: talk for (session, _new), talk in zip(with_talk, talks, strict=True)}
        taken = self.known.guids_taken(session.guid for session in fresh)
        slots_taken = self.known.slot_guids_taken(slot.guid for session in fresh for slot in session.slots)
        plans = [self._plan(session, new, by_key.get(session.key), taken, slots_taken) for session, new in read]
        made = schedule.add_sessions_in_bulk(event=self.event, sessions=plans, by=self.by, at=self.at)
        rows: dict[uuid.UUID | None, int] = {
            slot.guid: slot.pk for slot in Slot.objects.filter(session__event=self.event).only("guid")
        }
        for (session, new), row, plan in zip(read, made, plans, strict=True):
            self.known.note("session", session.key, row.pk, new)
            for place, planned in zip(session.slots, plan.slots, strict=True):
                self.known.note("slot", place.key, rows[planned.guid], v.of_slot(place, self.rooms))
        self.tally.made += len(made)

    def _plan(
        self, session: SessionIn, new: v.Values, talk: Talk | None, taken: set[uuid.UUID], slots_taken: set[uuid.UUID]
    ) -> NewSession:
        own = {} if talk else {"title": new["title"], "abstract": new["abstract"]}
        return NewSession(
            talk=talk,
            guid=_free(session.guid, taken),
            track=self.tracks.get(new["track"]),
            slots=[self._new_slot(slot, slots_taken) for slot in session.slots],
            **{name: new[name] for name in v.SESSION_FIELDS if name != "track"},
            **own,
        )

    def _new_slot(self, slot: SlotIn, taken: set[uuid.UUID]) -> NewSlot:
        return NewSlot(slot.starts_at, slot.ends_at, self.rooms.get(slot.room or ""), _free(slot.guid, taken))

    def _update_sessions(self) -> None:
        for session in self.programme.sessions:
            if self.known.is_removed_here("session", session.key):
                self._keep("session", session.title, "removed")
                continue
            row = self.known.session(session.key)
            if row is None:
                continue
            new = self._read(session)
            speakings = row.talk.speakings.all() if row.talk else []
            speakers = [speaking.person_id for speaking in speakings]
            now = v.now_session(row, row.talk, speakers, row.track)
            changes = self.merged("session", session.key, new, now, session.title)
            if changes:
                self._change(row, changes, new)
                self.tally.changed += 1
            self._update_slots(session, row)

    def _change(self, row: Session, changes: dict[str, Any], new: v.Values) -> None:
        of_talk = {name: value for name, value in changes.items() if name in v.TALK_FIELDS}
        of_session = {name: value for name, value in changes.items() if name in v.SESSION_FIELDS}
        if "track" in of_session:
            of_session["track"] = self.tracks.get(of_session["track"])
        if row.talk is None and v.keeps_talk(new):
            of_session |= {"talk": self._write_talk(new), "title": {}, "abstract": {}}
        elif row.talk is None:
            of_session |= {name: of_talk[name] for name in ("title", "abstract") if name in of_talk}
        elif of_talk:
            edit_talk(talk=row.talk, changes=of_talk, by=self.by, at=self.at)
        if row.talk is not None and "speakers" in changes:
            set_speakers(talk=row.talk, people=self._speakers(changes["speakers"]), by=self.by, at=self.at)
        if of_session.get("kind") == Session.Kind.BREAK and row.talk is not None:
            of_session["kind"] = Session.Kind.OTHER
        if of_session:
            schedule.edit_session(session=row, changes=of_session, by=self.by, at=self.at)

    def _write_talk(self, new: v.Values) -> Talk:
        """For a session that was a bare title or a break before, and is a talk now."""
        fields = {name: new[name] for name in v.TALK_FIELDS}
        talks = write_talks_in_bulk(
            talks=[NewTalk(speakers=self._speakers(new["speakers"]), **fields)], by=self.by, at=self.at
        )
        share_talks_in_bulk(talks=talks, event=self.event, by=self.by, at=self.at)
        return talks[0]

    def _update_slots(self, session: SessionIn, row: Session) -> None:
        for place in session.slots:
            if self.known.is_removed_here("slot", place.key):
                self._keep("slot", session.title, "removed")
                continue
            slot = self.known.slot(place.key)
            room = self.rooms.get(place.room or "")
            starts_at, ends_at = place.starts_at, place.ends_at
            if slot is None:
                guid = _free(place.guid, self.known.slot_guids_taken([place.guid]))
                slot = schedule.add_slot(
                    session=row, room=room, guid=guid, starts_at=starts_at, ends_at=ends_at, by=self.by, at=self.at
                )
                self.known.note("slot", place.key, slot.pk, v.of_slot(place, self.rooms))
                self.tally.made += 1
            elif self.merged("slot", place.key, v.of_slot(place, self.rooms), v.now_slot(slot), session.title):
                schedule.move_slot(slot=slot, room=room, starts_at=starts_at, ends_at=ends_at, by=self.by, at=self.at)
                self.tally.changed += 1

    def _take_out_gone(self) -> None:
        """What the file no longer has goes from the draft, unless somebody moved it here."""
        for key, slot in self.known.unread_slots():
            if slot.removed_at is not None:
                continue
            title = pick(title_of(slot.session)).text
            if v.now_slot(slot) != self.known.last("slot", key):
                self._keep("slot", title, "moved")
                continue
            schedule.remove_slot(slot=slot, by=self.by, at=self.at)
            self.known.took_out("slot", self.known.object_of("slot", key))
            self.tally.gone += 1
        # Some formats hold no sessions without a time: from a file without any, none of them is missing.
        holds_unplaced = any(not session.slots for session in self.programme.sessions)
        for key, row in self.known.unread_sessions():
            if not holds_unplaced and not self.known.was_placed(row):
                continue
            if row.removed_at is None and not row.slots.filter(removed_at=None).exists():
                self.tally.taken_out.append(pick(title_of(row)).text)
                schedule.remove_session(session=row, by=self.by, at=self.at)
                self.known.took_out("session", self.known.object_of("session", key))
                self.tally.gone += 1


def _free(guid: str, taken: set[uuid.UUID]) -> uuid.UUID:
    """The file's own id where nobody has it yet (it is then taken), else a new one."""
    wanted = uuid.UUID(guid) if guid else uuid.uuid4()
    if wanted in taken:
        wanted = uuid.uuid4()
    taken.add(wanted)
    return wanted
