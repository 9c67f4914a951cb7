"""A session written in one form: its talk, its speakers and its place together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from hallway.gathering.events.models import Event, Room
from hallway.kit import store
from hallway.kit.actors import Actor
from hallway.people.actions import add_person
from hallway.people.models import Person
from hallway.programme.schedule.models import Session, Slot, Track
from hallway.programme.talks.actions import edit_talk, set_speakers, share_talk, write_talk
from hallway.programme.talks.policies import can_edit_talk
from hallway.vocabulary.models import Topic

from .checks import require_team
from .sessions import add_session, edit_session
from .slots import add_slot, move_slot


@dataclass(frozen=True)
class Plan:
    """What the form says. Speakers are persons, or names of people nobody wrote down yet.

    ``starts_at`` None means "not placed yet".
    """

    kind: str
    title: dict[str, str]
    subtitle: dict[str, str] = field(default_factory=dict)
    abstract: dict[str, str] = field(default_factory=dict)
    description: dict[str, str] = field(default_factory=dict)
    speakers: Sequence[Person | str] = ()
    track: Track | None = None
    languages: Sequence[str] = ()
    level: str = ""
    topics: Sequence[Topic] = ()
    plenum: bool = False
    recording_url: str = ""
    do_not_record: bool = False
    do_not_stream: bool = False
    room: Room | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    @property
    def of_session(self) -> dict[str, Any]:
        names = ("kind", "track", "plenum", "recording_url", "do_not_record", "do_not_stream")
        return {name: getattr(self, name) for name in names}

    @property
    def of_talk(self) -> dict[str, Any]:
        names = ("title", "subtitle", "abstract", "description", "level")
        return {name: getattr(self, name) for name in names} | {
            "languages": list(self.languages),
            "topics": list(self.topics),
        }

    @property
    def needs_talk(self) -> bool:
        """Whether it says what only a talk can hold; a title and what it is about a session holds itself."""
        said = (self.subtitle, self.description, self.speakers, self.languages, self.level, self.topics)
        return self.kind != Session.Kind.BREAK and any(said)


def plan_session(*, event: Event, plan: Plan, by: Actor, at: datetime) -> Session:
    """Add a session with its talk, its speakers and, if it says when, its place. A break has no talk."""
    require_team(by, event)
    with transaction.atomic(), store.bumped_last():
        if plan.kind == Session.Kind.BREAK:
            session = add_session(event=event, title=plan.title, by=by, at=at, **plan.of_session)
        else:
            speakers = _persons(plan.speakers, by, at)
            talk = write_talk(speakers=speakers, by=by, at=at, **plan.of_talk)
            session = add_session(event=event, talk=talk, by=by, at=at, **plan.of_session)
        _place(session, None, plan, by, at)
    return session


def replan_session(*, session: Session, slot: Slot | None, plan: Plan, by: Actor, at: datetime) -> None:
    """Change a session as its form says, and move ``slot``; texts go to the talk where ``by`` may change it."""
    require_team(by, session.event)
    with transaction.atomic(), store.bumped_last():
        changes = plan.of_session
        talk = session.talk
        if talk is not None and can_edit_talk(by, talk):
            edit_talk(talk=talk, changes=plan.of_talk, by=by, at=at)
            set_speakers(talk=talk, people=_persons(plan.speakers, by, at), by=by, at=at)
        if talk is None and plan.needs_talk:
            talk = write_talk(speakers=_persons(plan.speakers, by, at), by=by, at=at, **plan.of_talk)
            share_talk(talk=talk, event=session.event, by=by, at=at)
            changes |= {"talk": talk, "title": {}, "abstract": {}}
        elif talk is None or session.title or not can_edit_talk(by, talk):
            changes |= {"title": plan.title, "abstract": plan.abstract}
        edit_session(session=session, changes=changes, by=by, at=at)
        _place(session, slot, plan, by, at)


def _persons(speakers: Sequence[Person | str], by: Actor, at: datetime) -> list[Person]:
    return [one if isinstance(one, Person) else add_person(name=one, by=by, at=at, public=False) for one in speakers]


def _place(session: Session, slot: Slot | None, plan: Plan, by: Actor, at: datetime) -> None:
    if plan.starts_at is None or plan.ends_at is None:
        return
    if slot is None:
        add_slot(session=session, room=plan.room, starts_at=plan.starts_at, ends_at=plan.ends_at, by=by, at=at)
    else:
        move_slot(slot=slot, room=plan.room, starts_at=plan.starts_at, ends_at=plan.ends_at, by=by, at=at)
