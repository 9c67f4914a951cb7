"""Publishing, taking back, postponing and cancelling. Doing any of them twice is doing it once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.refusal import Refusal, require

from .. import policies
from ..facts import EventCancelled, EventHidden, EventPostponed, EventPublished, EventUnpublished
from ..models import Event
from .rows import check_times, locked, refuse_if_objected, save

State = Event.State
NOT_YOURS = _("Only organisers of the community this event belongs to may do that.")


def publish_event(*, event: Event, by: Actor, at: datetime) -> Event:
    """Show the event to everybody; without a date as "date not settled". A cancelled one takes place after all."""
    require(policies.can_run_event(by, event), "event.not_yours", NOT_YOURS)
    with transaction.atomic():
        row = locked(event)
        if row.state not in {State.DRAFT, State.CANCELLED}:
            return row
        back = row.first_public_at is not None and row.state == State.CANCELLED
        if row.state == State.CANCELLED and row.is_over(at):
            raise Refusal("event.over", _("This event is over. Copy it to plan another one."))
        row.state = State.PUBLISHED if row.starts_at else State.DATE_OPEN
        row.reason = {}
        row.public_at = row.public_at or at
        row.first_public_at = row.first_public_at or at
        save(row, ["state", "reason", "public_at", "first_public_at"], at)
        announce(EventPublished(event_id=row.pk, community_id=row.community_id, back=back), by=by, at=at)
    return row


def unpublish_event(*, event: Event, by: Actor, at: datetime) -> Event:
    """Make it a draft again, as long as it has not begun and no higher package objects."""
    require(policies.can_run_event(by, event), "event.not_yours", NOT_YOURS)
    with transaction.atomic():
        row = locked(event)
        if row.state == State.DRAFT:
            return row
        if row.state == State.CANCELLED or (row.starts_at is not None and row.starts_at <= at):
            raise Refusal(
                "event.begun",
                _("This event has begun, is over or was cancelled, so its page stays. You can still edit it."),
            )
        refuse_if_objected(row)
        row.state, row.public_at = State.DRAFT, None
        save(row, ["state", "public_at"], at)
        announce(EventUnpublished(event_id=row.pk, community_id=row.community_id), by=by, at=at)
    return row


def postpone_event(
    *,
    event: Event,
    starts_at: datetime | None,
    ends_at: datetime | None = None,
    reason: Mapping[str, str],
    by: Actor,
    at: datetime,
) -> Event:
    """Say that a published event begins at another time, or that the new date is open (``starts_at`` None).

    Without an end it lasts as long as before. Followers and members get a notice; calendars move or drop it.
    """
    require(policies.can_run_event(by, event), "event.not_yours", NOT_YOURS)
    with transaction.atomic():
        row = locked(event)
        if row.state not in {State.PUBLISHED, State.POSTPONED}:
            raise Refusal("event.not_public", _("Only a published event can be postponed. Edit the draft instead."))
        if row.is_over(at):
            raise Refusal("event.over", _("This event is over. Copy it to plan another one."))
        if starts_at == row.starts_at:
            raise Refusal("event.same_date", _("This is the date it has. Choose another."), field="starts_on")
        if starts_at is not None and ends_at is None and row.starts_at and row.ends_at:
            ends_at = starts_at + (row.ends_at - row.starts_at)
        check_times(starts_at, ends_at, row.zone)
        row.previous_starts_at = row.starts_at or row.previous_starts_at
        row.starts_at, row.ends_at, row.reason = starts_at, ends_at, dict(reason)
        row.state = State.PUBLISHED if starts_at else State.POSTPONED
        if row.series_id is not None:
            row.overridden = sorted({*row.overridden, "starts_at", "ends_at"})
        save(row, ["previous_starts_at", "starts_at", "ends_at", "reason", "state", "overridden"], at)
        fact = EventPostponed(
            event_id=row.pk, community_id=row.community_id, revision=row.revision, dated=starts_at is not None
        )
        announce(fact, by=by, at=at)
    return row


def cancel_event(*, event: Event, reason: Mapping[str, str], by: Actor, at: datetime) -> Event:
    """Say that a published event does not take place, and why. Its page stays and says so on top."""
    require(policies.can_run_event(by, event), "event.not_yours", NOT_YOURS)
    with transaction.atomic():
        row = locked(event)
        if row.state == State.CANCELLED:
            return row
        if row.state == State.DRAFT:
            raise Refusal("event.draft", _("Nobody has seen this draft. Delete it instead."))
        if row.is_over(at):
            raise Refusal("event.over", _("This event is over. Copy it to plan another one."))
        row.state, row.reason = State.CANCELLED, dict(reason)
        save(row, ["state", "reason"], at)
        announce(EventCancelled(event_id=row.pk, community_id=row.community_id, revision=row.revision), by=by, at=at)
    return row


def hide_event(*, event: Event, by: Actor, at: datetime) -> None:
    """An administrator hides an event, whatever its team says: only the team reads it. Twice is once."""
    _set_hidden(event, hidden=True, by=by, at=at)


def show_event(*, event: Event, by: Actor, at: datetime) -> None:
    """An administrator shows a hidden event again. Twice is once."""
    _set_hidden(event, hidden=False, by=by, at=at)


def _set_hidden(event: Event, *, hidden: bool, by: Actor, at: datetime) -> None:
    require(policies.can_hide_event(by), "event.cannot_hide", _("Only administrators can hide an event."))
    with transaction.atomic():
        row = locked(event)
        if (row.hidden_at is not None) == hidden:
            return
        row.hidden_at = at if hidden else None
        save(row, ["hidden_at"], at)
        announce(EventHidden(event_id=row.pk, community_id=row.community_id, hidden=hidden), by=by, at=at)
