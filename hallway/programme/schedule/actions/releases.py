"""Releases: the draft becomes public, or is put back to what was."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from hallway.gathering.events.models import Event
from hallway.kit import store
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.refusal import Refusal
from hallway.people.actions import publish_persons
from hallway.people.models import Person
from hallway.programme.schedule import queries
from hallway.programme.schedule.facts import ScheduleReleased, ScheduleReset
from hallway.programme.schedule.models import Release, Session, Slot
from hallway.programme.talks.actions import publish_talks
from hallway.programme.talks.models import Speaking

from .checks import require_team


def release_schedule(
    *, event: Event, by: Actor, at: datetime, version: str = "", note: dict[str, str] | None = None
) -> Release:
    """Make the draft public as a version. Refused when nothing changed since the last one, or nothing is placed.

    ``version`` empty takes the next number. The release keeps what changed and where everything stood.
    """
    require_team(by, event)
    with transaction.atomic(), store.bumped_last():
        last = Event.objects.select_for_update(no_key=True).get(pk=event.pk).releases.first()
        changes = queries.changes_since_release(event)
        if not changes:
            raise Refusal(
                "schedule.nothing_changed", _("Nothing changed since the last version. Change something first.")
            )
        number = last.number + 1 if last else 1
        _publish_slots(event, at)
        _publish_sessions(event, by, at)
        release = Release.objects.create(
            event=event,
            number=number,
            version=version.strip() or str(number),
            note=note or {},
            released_at=at,
            released_by=by if isinstance(by, Person) else None,
            placements=queries.placements(event),
            changes=[change.as_json() for change in changes] if last else [],
        )
        touched = sorted({change.session_id for change in changes})
        announce(
            ScheduleReleased(event_id=event.pk, release_id=release.pk, version=release.version, session_ids=touched),
            by=by,
            at=at,
        )
    return release


def _publish_slots(event: Event, at: datetime) -> None:
    slots = Slot.objects.filter(session__event=event)
    slots.filter(removed_at__isnull=False).delete()
    moved = ~Q(public_starts_at=F("starts_at")) | ~Q(public_ends_at=F("ends_at")) | queries.ROOM_DIFFERS
    slots.update(
        sequence=F("sequence") + Case(When(moved & Q(public_at__isnull=False), then=1), default=0),
        public_room=F("room"),
        public_starts_at=F("starts_at"),
        public_ends_at=F("ends_at"),
        public_at=Coalesce(F("public_at"), Value(at)),
    )


def _publish_sessions(event: Event, by: Actor, at: datetime) -> None:
    placed = Slot.objects.filter(public_at__isnull=False, session__event=event).values("session_id")
    sessions = Session.objects.filter(event=event)
    sessions.filter(public_at=None, pk__in=placed).update(public_at=at)
    sessions.filter(public_at__isnull=False).exclude(pk__in=placed).update(public_at=None)
    shown = sessions.filter(public_at__isnull=False, talk__isnull=False)
    publish_talks(talk_ids=shown.values_list("talk_id", flat=True), by=by, at=at)
    people = Speaking.objects.filter(talk__in=shown.values("talk_id")).values_list("person_id", flat=True)
    publish_persons(person_ids=people, by=by, at=at)


def reset_to_release(*, event: Event, by: Actor, at: datetime) -> None:
    """Put every place and time of the draft back to the last release. Sessions added since stay, without a place."""
    require_team(by, event)
    if not event.releases.exists():
        raise Refusal("schedule.no_release", _("There is no version to go back to yet."))
    with transaction.atomic():
        slots = Slot.objects.filter(session__event=event)
        slots.filter(public_at=None).delete()
        slots.update(
            room=F("public_room"), starts_at=F("public_starts_at"), ends_at=F("public_ends_at"), removed_at=None
        )
        Session.objects.filter(event=event, public_at__isnull=False).update(removed_at=None)
        announce(ScheduleReset(event_id=event.pk), by=by, at=at)
