"""What schedules do when something happened: old pages, trails, leaving people."""

from __future__ import annotations

from typing import Any

from hallway.gathering.events.queries import pages_of
from hallway.kit import export, store, trail
from hallway.kit.facts import inside
from hallway.kit.models import FactRow, FactScope
from hallway.people.facts import PersonChanged, PersonLeft, PersonsMerged
from hallway.people.policies import grants_claims
from hallway.programme.talks.facts import SpeakersSet, TalkChanged, TalkWithdrawn
from hallway.programme.talks.models import Speaking

from .facts import (
    ScheduleReleased,
    SessionChanged,
    SessionsDeleted,
    TrackChanged,
    TrackRemoved,
)
from .models import Release, Session
from .policies import can_invite_speaker
from .queries import own_data, session_names, track_names

trail.name_of("session", session_names)
trail.name_of("track", track_names)
grants_claims(can_invite_speaker)
export.contributes("programme", own_data)


@inside(ScheduleReleased, SessionsDeleted)
def public_schedule_is_old(fact: Any, row: FactRow) -> None:
    """Everything that shows places, times and numbers: the event, its communities, talks and people, the lists."""
    sessions = Session.objects.filter(pk__in=fact.session_ids, talk__isnull=False)
    talks = list(sessions.values_list("talk_id", flat=True))
    people = Speaking.objects.filter(talk__in=sessions.values("talk_id")).values_list("person_id", flat=True)
    tags = {f"talk:{pk}" for pk in talks} | {f"person:{pk}" for pk in people}
    store.bump("events", "talks", "home", *pages_of([fact.event_id]), *tags)


@inside(SessionChanged)
def session_page_is_old(fact: SessionChanged, row: FactRow) -> None:
    """Its event's pages show it, and its talk's and speakers' pages name it."""
    session = Session.objects.filter(pk=fact.session_id).first()
    talk = session.talk_id if session else None
    people = Speaking.objects.filter(talk_id=talk).values_list("person_id", flat=True) if talk else []
    tags = [f"talk:{talk}", "talks"] if talk else []
    store.bump(*pages_of([fact.event_id]), *tags, *(f"person:{pk}" for pk in people))


@inside(TrackChanged, TrackRemoved)
def tracks_are_old(fact: Any, row: FactRow) -> None:
    """Every page of the event shows names and colours of tracks. A new track shows nowhere yet."""
    store.bump(f"event:{fact.event_id}")


@inside(TalkChanged, TalkWithdrawn, SpeakersSet)
def events_of_the_talk_are_old(fact: Any, row: FactRow) -> None:
    """The programmes that hold the talk show its title and speakers; their teams read of it in the trail."""
    events = sorted(set(Session.objects.filter(talk_id=fact.talk_id).values_list("event_id", flat=True)))
    FactScope.objects.bulk_create(FactScope(fact=row, key=f"event:{pk}") for pk in events)
    store.bump(*pages_of(events))


@inside(PersonLeft)
def releases_forget_who_left(fact: PersonLeft, row: FactRow) -> None:
    """Nobody is named as having released a version. Talks tell of the name they lost themselves."""
    Release.objects.filter(released_by_id=fact.person_id).update(released_by=None)


@inside(PersonsMerged)
def releases_follow_the_person(fact: PersonsMerged, row: FactRow) -> None:
    """Versions released by the entry that is gone were the other's."""
    Release.objects.filter(released_by_id=fact.gone_id).update(released_by_id=fact.person_id)


@inside(PersonChanged)
def names_on_programmes_are_old(fact: PersonChanged, row: FactRow) -> None:
    """A name or a picture shows on every programme the person speaks in."""
    events = Session.objects.filter(talk__speakings__person_id=fact.person_id).values_list("event_id", flat=True)
    store.bump(*pages_of(events))
