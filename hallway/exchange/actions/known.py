"""What earlier imports left: which row is which thing of the source, and the values last read."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from hallway.exchange import values as v
from hallway.exchange.models import ImportedThing
from hallway.exchange.programme import Programme, SessionIn
from hallway.gathering.events.models import Event, Room
from hallway.kit.actors import Actor
from hallway.kit.localised import pick
from hallway.kit.text import fold
from hallway.people.actions import change_unclaimed
from hallway.people.models import Person
from hallway.programme.schedule.models import Session, Slot
from hallway.programme.schedule.queries import title_of
from hallway.programme.talks.models import Speaking

_AT_ONCE = 400
_TAKEN_OUT = {"taken_out": True}


def _was_taken_out(thing: ImportedThing) -> bool:
    return bool(thing.last_values == _TAKEN_OUT)


class Known:
    """The imported things of an event, loaded with a handful of queries whatever the size."""

    def __init__(self, event: Event) -> None:
        self.event = event
        self._things: dict[tuple[str, str], ImportedThing] = {
            (thing.kind, thing.source_key): thing for thing in ImportedThing.objects.filter(event=event)
        }
        self._read: set[tuple[str, str]] = set()
        self._new: set[tuple[str, str]] = set()
        self._changed: set[tuple[str, str]] = set()
        self._rooms = {room.pk: room for room in Room.objects.filter(event=event)}
        sessions = Session.objects.filter(event=event).select_related("talk", "track")
        self._sessions = {row.pk: row for row in sessions.prefetch_related("talk__speakings")}
        self._slots = {slot.pk: slot for slot in Slot.objects.filter(session__event=event).select_related("session")}
        for slot in self._slots.values():
            slot.session = self._sessions.get(slot.session_id, slot.session)
            slot.session.event = event
        self._people = self._load_people()

    def _load_people(self) -> dict[int, Person]:
        ids = sorted({thing.object_id for (kind, _key), thing in self._things.items() if kind == "person"})
        found: dict[int, Person] = {}
        for start in range(0, len(ids), _AT_ONCE):
            for person in Person.objects.filter(pk__in=ids[start : start + _AT_ONCE]).select_related("merged_into"):
                found[person.pk] = person.merged_into or person
        return found

    # --- what is known -------------------------------------------------------------------------------------------
    def _row(self, kind: str, key: str, rows: dict[int, Any]) -> Any:
        thing = self._things.get((kind, key))
        return rows.get(thing.object_id) if thing and not _was_taken_out(thing) else None

    def is_removed_here(self, kind: str, key: str) -> bool:
        """Whether an import brought this session or slot and somebody removed it here since."""
        thing = self._things.get((kind, key))
        if thing is None or _was_taken_out(thing) or (kind, key) in self._new:
            return False
        row = (self._sessions if kind == "session" else self._slots).get(thing.object_id)
        return row is None or row.removed_at is not None

    def room(self, key: str, name: str) -> Room | None:
        """The room of this key, else the one of this name: an event has no two of one name."""
        row: Room | None = self._row("room", key, self._rooms)
        if row is None:
            row = self.room_named(name)
            if row is not None:
                self.note("room", key, row.pk, {"name": name, "capacity": row.capacity})
        return row

    def room_named(self, name: str) -> Room | None:
        """The room of this name that was there before."""
        return next((row for row in self._rooms.values() if row.name.casefold() == name.casefold()), None)

    def person(self, key: str) -> Person | None:
        row: Person | None = self._row("person", key, self._people)
        return row

    def session(self, key: str) -> Session | None:
        row: Session | None = self._row("session", key, self._sessions)
        return row if ("session", key) not in self._new else None

    def slot(self, key: str) -> Slot | None:
        row: Slot | None = self._row("slot", key, self._slots)
        return row

    def last(self, kind: str, key: str) -> v.Values:
        thing = self._things.get((kind, key))
        return thing.last_values if thing else {}

    def object_of(self, kind: str, key: str) -> int:
        """The id of the row a key stands for, also after the row is gone."""
        return self._things[kind, key].object_id

    def took_out(self, kind: str, object_id: int) -> None:
        """The file no longer has this; if it comes back, it is new."""
        for entry, thing in self._things.items():
            if entry[0] == kind and thing.object_id == object_id:
                thing.last_values = dict(_TAKEN_OUT)
                self._changed.add(entry)

    @property
    def is_changed(self) -> bool:
        """Whether the book of imported things has to be written."""
        return bool(self._new or self._changed)

    # --- what this file says -------------------------------------------------------------------------------------
    def read(self, kind: str, key: str, new: v.Values) -> None:
        """Remember the values the file has now."""
        thing = self._things[kind, key]
        self._read.add((kind, key))
        if thing.last_values != new:
            thing.last_values = new
            self._changed.add((kind, key))

    def note(self, kind: str, key: str, object_id: int, new: v.Values) -> None:
        """A thing of the file and its row, seen together for the first time."""
        self._read.add((kind, key))
        if (kind, key) in self._things:
            thing = self._things[kind, key]
            thing.object_id, thing.last_values = object_id, new
            self._changed.add((kind, key))
            return
        self._things[kind, key] = ImportedThing(
            event=self.event, kind=kind, source_key=key[:500], object_id=object_id, last_values=new
        )
        self._new.add((kind, key))

    def adopt(self, programme: Programme) -> list[SessionIn]:
        """The sessions that are new. Those that another format brought in before are recognised.

        By their id, or by title, start and room together; then their speakers of the same name are the same people.
        """
        by_guid = self._by_guid()
        by_place = self._by_place()
        fresh = []
        for session in programme.sessions:
            if self.session(session.key) is not None or self.is_removed_here("session", session.key):
                continue
            guids = [session.guid, *(slot.guid for slot in session.slots)]
            row = next((by_guid[uuid.UUID(guid)] for guid in guids if guid and uuid.UUID(guid) in by_guid), None)
            if row is None:
                row = next((by_place[p] for p in self._places(session, programme) if p in by_place), None)
            if row is None:
                fresh.append(session)
                continue
            self._adopt_session(session, row)
        self._adopt_people(programme)
        return fresh

    def _by_guid(self) -> dict[uuid.UUID, Session]:
        out = {thing.object_id for thing in self._things.values() if thing.kind == "session" and _was_taken_out(thing)}
        there = {slot.guid: slot.session for slot in self._slots.values() if slot.session_id not in out}
        return there | {row.guid: row for row in self._sessions.values() if row.pk not in out}

    def _places(self, session: SessionIn, programme: Programme) -> Iterator[tuple[str, datetime, str]]:
        names = {room.key: room.name for room in programme.rooms}
        for slot in session.slots:
            yield fold(session.title), slot.starts_at, names.get(slot.room or "", "")

    def _by_place(self) -> dict[tuple[str, datetime, str], Session]:
        there = {}
        for slot in self._slots.values():
            if slot.removed_at is not None or slot.session.removed_at is not None:
                continue
            room = self._rooms[slot.room_id].name if slot.room_id else ""
            there[fold(pick(title_of(slot.session)).text), slot.starts_at, room] = slot.session
        return there

    def _adopt_session(self, session: SessionIn, row: Session) -> None:
        self.note("session", session.key, row.pk, {})
        self._new_here("session", session.key)
        slots = {slot.starts_at: slot for slot in self._slots.values() if slot.session_id == row.pk}
        for place in session.slots:
            if slot := slots.get(place.starts_at):
                self.note("slot", place.key, slot.pk, {})
                self._new_here("slot", place.key)

    def _new_here(self, kind: str, key: str) -> None:
        """A new name for a row that was there: it has to be written, but is not a new row."""
        self._new.discard((kind, key))
        self._changed.add((kind, key))

    def _adopt_people(self, programme: Programme) -> None:
        """Somebody who speaks under the same name in the same session is the same person, whatever the key."""
        names = {p.key: fold(p.name) for p in programme.people if ("person", p.key) not in self._things}
        if not names or not self._sessions:
            return
        there: dict[int, dict[str, Person]] = {}
        for speaking in Speaking.objects.filter(talk__sessions__event=self.event).select_related("person"):
            there.setdefault(speaking.talk_id, {})[fold(speaking.person.name)] = speaking.person
        for session in programme.sessions:
            row = self.session(session.key)
            here = there.get(row.talk_id or 0, {}) if row else {}
            for speaker in session.speakers:
                person = here.get(names.get(speaker.person, ""))
                if person is not None and ("person", speaker.person) not in self._things:
                    self._people[person.pk] = person
                    self.note("person", speaker.person, person.pk, v.now_person(person))

    def was_placed(self, session: Session) -> bool:
        """Whether the session had a slot before this import."""
        return any(slot.session_id == session.pk for slot in self._slots.values())

    def unread_slots(self) -> Iterator[tuple[str, Slot]]:
        """Slots an earlier file brought that this one does not have, and no other key stands for."""
        yield from self._unread("slot", self._slots)

    def unread_sessions(self) -> Iterator[tuple[str, Session]]:
        """The same for sessions."""
        yield from self._unread("session", self._sessions)

    def _unread(self, kind: str, rows: dict[int, Any]) -> Iterator[tuple[str, Any]]:
        present = {self._things[entry].object_id for entry in self._read if entry[0] == kind}
        done = {thing.object_id for thing in self._things.values() if thing.kind == kind and _was_taken_out(thing)}
        for (name, key), thing in list(self._things.items()):
            if name == kind and thing.object_id in rows and thing.object_id not in present | done:
                done.add(thing.object_id)
                yield key, rows[thing.object_id]

    # --- ids and writing -----------------------------------------------------------------------------------------
    def guids_taken(self, guids: Iterable[str]) -> set[uuid.UUID]:
        """Those of the ids that some session of the instance has."""
        return _taken(Session, guids)

    def slot_guids_taken(self, guids: Iterable[str]) -> set[uuid.UUID]:
        """Those of the ids that some slot of the instance has."""
        return _taken(Slot, guids)

    def change_person(self, person: Person, changes: dict[str, Any], *, by: Actor, at: datetime) -> None:
        """What the file says anew of somebody without an account."""
        change_unclaimed(person=person, changes=changes, by=by, at=at)

    def save(self) -> None:
        """Write what was read into the book of imported things."""
        new = [self._things[entry] for entry in sorted(self._new)]
        ImportedThing.objects.bulk_create([thing for thing in new if thing.pk is None], batch_size=_AT_ONCE)
        changed = [self._things[entry] for entry in sorted(self._changed - self._new)]
        ImportedThing.objects.bulk_create([thing for thing in changed if thing.pk is None], batch_size=_AT_ONCE)
        ImportedThing.objects.bulk_update(
            [thing for thing in changed if thing.pk is not None], ["object_id", "last_values"], batch_size=_AT_ONCE
        )


def _taken(model: type[Session] | type[Slot], guids: Iterable[str]) -> set[uuid.UUID]:
    wanted = sorted({uuid.UUID(guid) for guid in guids if guid})
    found: set[uuid.UUID] = set()
    for start in range(0, len(wanted), _AT_ONCE):
        found |= set(model.objects.filter(guid__in=wanted[start : start + _AT_ONCE]).values_list("guid", flat=True))
    return found
