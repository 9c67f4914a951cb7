"""What a reader may see of schedules, and how things are named."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from hallway.gathering.events import queries as events
from hallway.gathering.events.models import Event
from hallway.kit.localised import Says, in_every_language, pick
from hallway.people.models import Person
from hallway.programme.schedule.models import Release, Session, SlidesRequest, Slot, Track
from hallway.programme.talks.models import Talk


def visible_to(person: Person | None) -> QuerySet[Session]:
    """Sessions of released schedules of events the reader may open. Drafts are on the editor's pages only."""
    return Session.objects.filter(public_at__isnull=False, hidden_at=None, event__in=events.visible_to(person))


def slots_visible_to(person: Person | None) -> QuerySet[Slot]:
    """Released slots of sessions the reader may open."""
    return Slot.objects.filter(public_at__isnull=False, session__in=visible_to(person))


def public_slots(event: Event) -> QuerySet[Slot]:
    """The released slots of an event in order of time and room, with room, session, track and talk."""
    return (
        Slot.objects.filter(session__event=event, session__hidden_at=None, public_at__isnull=False)
        .select_related("public_room", "session__track", "session__talk")
        .order_by("public_starts_at", "public_room__position", "public_room_id", "id")
    )


def unplaced_sessions(event: Event) -> QuerySet[Session]:
    """Sessions of the draft without a place in it, also those that have one in the released version still."""
    places = Slot.objects.filter(session=OuterRef("pk"), removed_at=None)
    rows = Session.objects.filter(~Exists(places), event=event, removed_at=None)
    return rows.select_related("talk", "track").order_by("pk")


def title_of(session: Session) -> dict[str, str]:
    """A session's own title, else its talk's."""
    title: dict[str, str] = session.title or (session.talk.title if session.talk else {})
    return title


def abstract_of(session: Session) -> dict[str, str]:
    """A session's own abstract, else its talk's, unless that is hidden."""
    talk = session.talk if session.talk is not None and session.talk.hidden_at is None else None
    abstract: dict[str, str] = session.abstract or (talk.abstract if talk else {})
    return abstract


def session_names(ids: set[int]) -> dict[int, str]:
    """Titles by id, for the trail."""
    rows = Session.objects.filter(Q(pk__in=ids)).select_related("talk").only("title", "talk__title")
    return {session.pk: pick(title_of(session)).text for session in rows}


def track_names(ids: set[int]) -> dict[int, str]:
    """Names by id, for the trail."""
    return dict(Track.objects.filter(pk__in=ids).values_list("pk", "name"))


def own_data(person: Person) -> dict[str, Any]:
    """For the export: where and when a person speaks, as released, and the releases they made."""
    slots = Slot.objects.filter(session__talk__speakers=person, public_at__isnull=False).order_by("public_starts_at")
    data = {
        "speaks": [
            {
                "event": slot.session.event.title,
                "event_slug": slot.session.event.slug,
                "title": title_of(slot.session),
                "room": slot.public_room.name if slot.public_room else "",
                "starts_at": slot.public_starts_at,
                "ends_at": slot.public_ends_at,
            }
            for slot in slots.select_related("session__event", "session__talk", "public_room")
        ],
        "released": list(
            Release.objects.filter(released_by=person).values("event__slug", "version", "note", "released_at")
        ),
        "would_like_slides_of": [
            {"title": title_of(row.session), "asked_at": row.asked_at, "told_at": row.told_at}
            for row in SlidesRequest.objects.filter(person=person).select_related("session__talk").order_by("asked_at")
        ],
    }
    return {name: rows for name, rows in data.items() if rows}


def text_of(session: Session, says: Says = in_every_language) -> str:
    """What a session's page says, its talk's texts too, for a report of it."""
    said = [*says(session.title), *says(session.abstract)]
    return "\n\n".join(part for part in [*said, text_of_talk(session.talk, says) if session.talk else ""] if part)


def text_of_talk(talk: Talk, says: Says = in_every_language) -> str:
    """What a talk says, for a report of it."""
    said = [*says(talk.title), *says(talk.subtitle), *says(talk.abstract), *says(talk.description)]
    return "\n\n".join(part for part in said if part)
