"""Lists of workshops: a session of an event one registers for beside it. The programme says when and where it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.gathering.events.models import Event
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.localised import pick
from hallway.kit.refusal import Refusal, require

from .. import policies, queries
from ..facts import AdmissionAdded, AdmissionChanged, AdmissionRemoved
from ..models import Admission
from .rows import NOT_TEAM, locked, seats_changed
from .seats import pass_on


def add_workshop(
    *,
    event: Event,
    title: Mapping[str, str],
    capacity: int | None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    place: str = "",
    is_off: bool = False,
    by: Actor,
    at: datetime,
) -> Admission:
    """Give a workshop of an event a list of its own. One that ``is_off`` opens when the programme holds it."""
    require(policies.can_run_registrations(by, event), "attendance.not_team", NOT_TEAM)
    with transaction.atomic():
        admission = Admission.objects.create(
            event=event, is_event=False, title=dict(title), capacity=capacity, starts_at=starts_at, ends_at=ends_at,
            place=place, off_at=at if is_off else None, guests_most=0, ask_days=[1], told_revision=event.revision,
            created_at=at,
        )  # fmt: skip
        announce(AdmissionAdded(admission_id=admission.pk, event_id=event.pk), by=by, at=at)
        seats_changed(admission)
    return admission


def place_workshop(
    *,
    admission: Admission,
    title: Mapping[str, str],
    starts_at: datetime | None,
    ends_at: datetime | None,
    place: str,
    by: Actor,
    at: datetime,
) -> Admission:
    """Write down what the programme says of a workshop: its title, when and where. Those registered hear of a move.

    One that was off is on again, with everybody who registered.
    """
    require(policies.can_run_registrations(by, admission.event), "attendance.not_team", NOT_TEAM)
    with transaction.atomic():
        row = locked(admission)
        wanted = {"title": dict(title), "starts_at": starts_at, "ends_at": ends_at, "place": place, "off_at": None}
        changed = sorted(name for name, value in wanted.items() if getattr(row, name) != value)
        if not changed:
            return row
        for name in changed:
            setattr(row, name, wanted[name])
        row.moved_at = at
        row.sequence += 1
        row.save(update_fields=[*changed, "moved_at", "sequence"])
        fact = AdmissionChanged(admission_id=row.pk, event_id=row.event_id, fields=tuple(changed))
        announce(fact, by=by, at=at)
        if "off_at" in changed:
            pass_on(row, by=by, at=at)
        seats_changed(row)
    return row


def call_off_workshop(*, admission: Admission, by: Actor, at: datetime) -> Admission:
    """A workshop is in the programme no longer: nobody registers any more, and those who did hear it once.

    Their registrations stay, so that a programme that holds it again gives everybody their seat back. Twice is once.
    """
    require(policies.can_run_registrations(by, admission.event), "attendance.not_team", NOT_TEAM)
    with transaction.atomic():
        row = locked(admission)
        if row.off_at is not None:
            return row
        row.off_at = row.moved_at = at
        row.sequence += 1
        row.save(update_fields=["off_at", "moved_at", "sequence"])
        fact = AdmissionChanged(admission_id=row.pk, event_id=row.event_id, fields=("off_at",))
        announce(fact, by=by, at=at)
        seats_changed(row)
    return row


def remove_workshop(*, admission: Admission, by: Actor, at: datetime) -> None:
    """Take a workshop's list away, as long as nobody registered."""
    require(policies.can_run_registrations(by, admission.event), "attendance.not_team", NOT_TEAM)
    with transaction.atomic():
        row = locked(admission)
        if row.is_event or row.registrations.filter(state__in=queries.ALIVE).exists():
            raise Refusal(
                "attendance.people_registered",
                _("People registered for this. Close registration instead, or cancel the event."),
            )
        fact = AdmissionRemoved(admission_id=row.pk, event_id=row.event_id, title=pick(row.title).text)
        row.delete()
        announce(fact, by=by, at=at)
        seats_changed(row)
