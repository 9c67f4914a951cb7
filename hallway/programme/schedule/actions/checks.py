"""What several schedule actions ask before they change anything."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from hallway.gathering.events.models import Event, Room
from hallway.kit.actors import Actor
from hallway.kit.refusal import Refusal, require
from hallway.programme.schedule import policies
from hallway.programme.schedule.models import Session, Slot, Track

EARLIEST, LATEST = 1970, 2200


def require_team(by: Actor, event: Event) -> None:
    """Refuse unless ``by`` may edit the programme."""
    require(
        policies.can_edit_schedule(by, event),
        "schedule.cannot_edit",
        _("Only the programme’s team can change it. Ask an organiser to add you."),
    )


def _hold_event(event_id: int) -> None:
    """Changes of one programme come one by one: always the event first, then its rows, so that none waits in a ring."""
    Event.objects.select_for_update(no_key=True).filter(pk=event_id).values_list("pk").first()


def held_session(session: Session) -> Session:
    """The session as it is now, held until the end of the transaction. Refused when somebody took it out."""
    _hold_event(session.event_id)
    held = Session.objects.select_for_update().filter(pk=session.pk).first()
    if held is None:
        raise Refusal("session.gone", _("This session was removed in the meantime. Look at the programme again."))
    return held


def held_slot(slot: Slot) -> Slot:
    """The slot as it is now, held until the end of the transaction. Refused when somebody took it out."""
    _hold_event(slot.session.event_id)
    held = Slot.objects.select_for_update().filter(pk=slot.pk).first()
    if held is None:
        raise Refusal("slot.gone", _("This slot was removed in the meantime. Look at the programme again."))
    return held


def require_own_room(event: Event, room: Room | None) -> None:
    """Refuse a room of another event."""
    if room is not None and room.event_id != event.pk:
        raise Refusal("schedule.other_event", _("Choose a room of this event."), field="room")


def require_own_track(event: Event, track: Track | None) -> None:
    """Refuse a track of another event."""
    if track is not None and track.event_id != event.pk:
        raise Refusal("schedule.other_event", _("Choose a track of this event."), field="track")


def require_times(starts_at: datetime, ends_at: datetime) -> None:
    """Refuse an end before its start, and years no calendar could show."""
    if ends_at < starts_at:
        raise Refusal("schedule.ends_first", _("The end is before the start. Choose a later end."), field="minutes")
    if starts_at.year < EARLIEST or ends_at.year > LATEST:
        raise Refusal("schedule.far_date", _("Choose a date between 1970 and 2200."), field="day")


def require_title(session: Session) -> None:
    """Refuse a session that has neither a talk nor a title of its own."""
    if session.talk_id is None and not any(session.title.values()):
        raise Refusal("schedule.no_title", _("Give it a title, or choose a talk."), field="title")
    if session.kind == Session.Kind.BREAK and session.talk_id is not None:
        raise Refusal("schedule.break_with_talk", _("A break has no talk. Choose another kind."), field="kind")
