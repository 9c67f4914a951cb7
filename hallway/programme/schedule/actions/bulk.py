"""Many sessions at once, for imports and their undo."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from hallway.gathering.events.models import Event, Room
from hallway.kit import store
from hallway.kit.actors import Actor, SystemPerson
from hallway.kit.facts import announce
from hallway.programme.schedule.facts import SessionsAdded, SessionsDeleted
from hallway.programme.schedule.models import Session, Slot, Track
from hallway.programme.schedule.queries import title_of
from hallway.programme.talks.actions import share_talks_in_bulk
from hallway.programme.talks.models import Talk

from .checks import require_own_room, require_own_track, require_team, require_times, require_title
from .seats import settle_seats
from .sessions import slug_for

_AT_ONCE = 500


@dataclass(frozen=True)
class NewSlot:
    """A place and a time not yet in the draft."""

    starts_at: datetime
    ends_at: datetime
    room: Room | None = None
    guid: uuid.UUID | None = None


@dataclass(frozen=True)
class NewSession:
    """A session not yet in the draft; the fields are those of ``add_session``, and its slots."""

    kind: str
    talk: Talk | None = None
    title: dict[str, str] = field(default_factory=dict)
    abstract: dict[str, str] = field(default_factory=dict)
    track: Track | None = None
    code: str = ""
    guid: uuid.UUID | None = None
    kind_raw: str = ""
    plenum: bool = False
    recording_url: str = ""
    feedback_url: str = ""
    origin_url: str = ""
    do_not_record: bool = False
    do_not_stream: bool = False
    slots: Sequence[NewSlot] = ()


def add_sessions_in_bulk(*, event: Event, sessions: Sequence[NewSession], by: Actor, at: datetime) -> list[Session]:
    """Put many sessions with their slots into the draft, in the given order, and say so once.

    The talks have to be written by the same hand just before, or be public: only the former are shared with the team.
    """
    require_team(by, event)
    made = [_session(event, new, at) for new in sessions]
    if not made:
        return []
    with transaction.atomic():
        Session.objects.bulk_create(made)
        Slot.objects.bulk_create(
            Slot(
                session=session,
                room=place.room,
                starts_at=place.starts_at,
                ends_at=place.ends_at,
                guid=place.guid or uuid.uuid4(),
            )
            for session, new in zip(made, sessions, strict=True)
            for place in new.slots
        )
        share_talks_in_bulk(talks=[new.talk for new in sessions if new.talk], event=event, by=by, at=at)
        ids = [session.pk for session in made]
        announce(SessionsAdded(event_id=event.pk, session_ids=ids, count=len(ids)), by=by, at=at)
    return made


def _session(event: Event, new: NewSession, at: datetime) -> Session:
    require_own_track(event, new.track)
    for place in new.slots:
        require_own_room(event, place.room)
        require_times(place.starts_at, place.ends_at)
    session = Session(
        event=event, talk=new.talk, kind=new.kind, title=new.title, abstract=new.abstract, track=new.track,
        code=new.code, guid=new.guid or uuid.uuid4(), kind_raw=new.kind_raw, plenum=new.plenum,
        recording_url=new.recording_url, feedback_url=new.feedback_url, origin_url=new.origin_url,
        do_not_record=new.do_not_record, do_not_stream=new.do_not_stream, updated_at=at,
    )  # fmt: skip
    require_title(session)
    session.slug = slug_for(title_of(session))
    return session


def delete_sessions_in_bulk(*, event: Event, sessions: Sequence[Session], by: Actor, at: datetime) -> None:
    """Delete sessions and their slots altogether, public or not: for the undo of an import. Talks stay.

    Whoever registered for one of them hears that it is off.
    """
    require_team(by, event)
    ids = [session.pk for session in sessions if session.event_id == event.pk]
    if not ids:
        return
    with transaction.atomic(), store.bumped_last():
        for start in range(0, len(ids), _AT_ONCE):
            some = Session.objects.filter(event=event, pk__in=ids[start : start + _AT_ONCE])
            settle_seats(sessions=some, gone=True, by=SystemPerson("schedule"), at=at)
            some.delete()
        announce(SessionsDeleted(event_id=event.pk, session_ids=ids, count=len(ids)), by=by, at=at)
