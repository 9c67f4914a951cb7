"""Telling everybody registered, once, that something is moved, off, or on again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from hallway.gathering.events.models import Event
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.refusal import require

from .. import policies
from ..facts import ChangesTold
from ..models import Admission, Registration
from .rows import NOT_TEAM, locked
from .seats import pass_on, put_back

QUIET = timedelta(minutes=10)


def situation(admission: Admission) -> dict[str, Any]:
    """What matters to those registered, as plain values: what they were told last is kept in this shape."""
    event = admission.event
    begins, ends = admission.begins_at, admission.finishes_at
    return {
        "state": event.state,
        "starts_at": begins.isoformat() if begins else "",
        "ends_at": ends.isoformat() if ends else "",
        "venue": event.venue_id,
        "place": admission.place,
        "attendance": event.attendance,
        "off": admission.off_at is not None,
    }


def tell_changes(*, admission: Admission, by: Actor, at: datetime) -> str:
    """Tell those registered what is different from what they were told last; seats follow the clock of a new date.

    A change of state (postponed, cancelled, on again) is told at once. An edit is told when nobody edited for ten
    minutes, so that three corrections are one mail. Returns the news: ``moved``, ``place``, ``postponed``,
    ``cancelled``, ``back``, ``withdrawn``, ``workshop_off``, or empty where there is none.
    """
    require(policies.can_change_seats(by, admission), "attendance.not_team", NOT_TEAM)
    with transaction.atomic():
        row = locked(admission)
        now = situation(row)
        news = _news(row, now) if row.told else ""
        was_off = row.told.get("off", False)
        urgent = news in {"cancelled", "postponed", "back", "withdrawn"}
        edited_at = max(row.event.updated_at, row.moved_at or row.event.updated_at)
        if news and not urgent and at - edited_at < QUIET:
            return ""
        row.told, row.told_revision, row.moved_at = now, row.event.revision, None
        if news:
            row.hurried_at = None
        row.save(update_fields=["told", "told_revision", "moved_at", "hurried_at"])
        if news:
            fact = ChangesTold(
                admission_id=row.pk, event_id=row.event_id, revision=row.event.revision, news=news,
                with_event=not was_off and shares_news(row, news),
            )  # fmt: skip
            announce(fact, by=by, at=at)
            if news != "place":
                _seats_follow(row, by=by, at=at)
    return news


def shares_news(admission: Admission, news: str) -> bool:
    """Whether such news of an event is that of a workshop, too: unless it has a time or a place of its own."""
    if admission.is_event or news == "workshop_off":
        return False
    if news == "moved":
        return admission.starts_at is None
    return news != "place" or not admission.place


def _news(admission: Admission, now: dict[str, Any]) -> str:
    told: dict[str, Any] = admission.told
    was_off = told.get("off", False)
    if now["off"] or was_off:
        return "" if now["off"] and was_off else "workshop_off" if now["off"] else "back"
    state, before = now["state"], told["state"]
    if state != before:
        by_state = {
            Event.State.CANCELLED: "cancelled",
            Event.State.POSTPONED: "postponed",
            Event.State.DRAFT: "withdrawn" if before != Event.State.CANCELLED else "",
        }
        if state in by_state:
            return by_state[state]
        if before == Event.State.CANCELLED:
            return "back"
        if before == Event.State.DRAFT:
            return "back" if told["starts_at"] == now["starts_at"] else "moved"
    if (told["starts_at"], told["ends_at"]) != (now["starts_at"], now["ends_at"]):
        return "moved"
    # A workshop in a place of its own stays there, wherever else the event goes.
    where = ("venue", "attendance", "place") if shares_news(admission, "place") or admission.is_event else ("place",)
    if any(told[name] != now[name] for name in where):
        return "place"
    return ""


def _seats_follow(admission: Admission, *, by: Actor, at: datetime) -> None:
    """Seats on offer had their hour from the old date: their people stand in line again, and are asked anew.

    They hear of that with the news itself, not by a mail of its own.
    """
    for row in admission.registrations.filter(state=Registration.State.OFFERED).select_related("person"):
        put_back(row, at)
    pass_on(admission, by=by, at=at)
