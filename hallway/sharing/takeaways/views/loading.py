"""Finding the session of an address."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from hallway.gathering.events.models import Event
from hallway.kit import clock
from hallway.people.models import Person
from hallway.programme.schedule import queries as schedule
from hallway.programme.schedule.models import Session


def session_of(event: Event, pk: int, reader: Person | None) -> Session:
    """The session, if this reader may open it."""
    rows = schedule.visible_to(reader).filter(pk=pk, event=event).exclude(kind=Session.Kind.BREAK)
    found = rows.select_related("event__community", "event__venue", "talk", "track").first()
    if found is None:
        raise Http404
    return found


def frame_of(session: Session) -> dict[str, Any]:
    """What the masthead and the way back need."""
    event = session.event
    return {
        "event": event, "session": session, "tab": "programme", "section": "events",
        "is_running": event.is_running(clock.now()), "title": schedule.title_of(session),
    }  # fmt: skip
