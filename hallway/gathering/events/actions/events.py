"""Drafting, editing, renaming, copying and deleting an event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.gathering.communities.models import Community
from hallway.kit import store
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.localised import pick
from hallway.kit.refusal import Refusal, require
from hallway.kit.slugs import RESERVED, forwarded, is_well_formed, one_at_a_time, remember_slug

from .. import policies
from ..facts import EventCreated, EventDateSettled, EventDeleted, EventEdited, EventRenamed
from ..models import Event, Room
from .rows import (
    USUAL_LENGTH,
    check_times,
    check_title,
    check_venue,
    free_slug,
    is_taken,
    locked,
    refuse_if_objected,
    refuse_unless_known,
)
from .rows import save as save_fields

EDITABLE = frozenset(
    {
        "title", "tagline", "description", "zone", "starts_at", "ends_at", "day_boundary", "attendance", "venue",
        "joining", "languages", "topics", "seats", "url", "credit", "hue",
    }
)  # fmt: skip
COPIED = (
    "title", "tagline", "description", "zone", "day_boundary", "attendance", "venue", "joining", "languages", "seats",
    "url", "hue",
)  # fmt: skip
NOT_YOURS = _("Only organisers of this event may change it.")


def create_event(
    *,
    community: Community,
    title: Mapping[str, str],
    by: Actor,
    at: datetime,
    zone: str = "",
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    slug: str | None = None,
    topics: Iterable[Any] = (),
    like: Event | None = None,
    **fields: Any,
) -> Event:
    """Draft an event of a community; ``like`` is the one it is a copy of, for those who hear of it.

    ``fields`` are those of :data:`EDITABLE`. Without an end it lasts two and a half hours; without a zone it is in the
    community's. Raises Refusal for times that cannot be, a taken ``slug`` and an empty title.
    """
    require(policies.can_create_event(by, community), "event.not_yours", NOT_YOURS)
    refuse_unless_known(fields, EDITABLE)
    zone = zone or community.zone
    if starts_at is not None and ends_at is None:
        ends_at = starts_at + USUAL_LENGTH
    check_title(title)
    check_times(starts_at, ends_at, zone)
    with transaction.atomic():
        one_at_a_time("event")
        if slug is not None:
            _check_slug(slug)
        event = Event(
            community=community, title=dict(title), zone=zone, starts_at=starts_at, ends_at=ends_at,
            slug=slug or free_slug(title), created_at=at, updated_at=at,
            **{"hue": community.hue, "languages": community.languages, **fields},
        )  # fmt: skip
        check_venue(event.venue, event)
        event.save(force_insert=True)
        event.topics.set(topics)
        like_id = like.pk if like else None
        announce(EventCreated(event_id=event.pk, community_id=community.pk, like_id=like_id), by=by, at=at)
    return event


def edit_event(*, event: Event, changes: Mapping[str, Any], by: Actor, at: datetime) -> Event:
    """Give fields new values; ``changes`` maps names of :data:`EDITABLE` to them. What is the same does nothing.

    An edition of a series remembers what was changed in it: later changes of the series leave that alone. An event
    whose date was open is published as dated once it has one, and its followers hear of it.
    """
    require(policies.can_edit_event(by, event), "event.not_yours", NOT_YOURS)
    refuse_unless_known(changes, EDITABLE)
    with transaction.atomic(), store.bumped_last():
        row = locked(event)
        changed = apply_changes(row, changes)
        if not changed:
            return row
        check_row(row, changed)
        if row.series_id is not None:
            row.overridden = sorted({*row.overridden, *changed})
        settled = row.starts_at is not None and row.state in {Event.State.DATE_OPEN, Event.State.POSTPONED}
        if settled:
            row.state = Event.State.PUBLISHED
        save_fields(row, [*(name for name in changed if name != "topics"), "overridden", "state"], at)
        announce(EventEdited(event_id=row.pk, community_id=row.community_id, fields=tuple(changed)), by=by, at=at)
        if settled:
            announce(EventDateSettled(event_id=row.pk, community_id=row.community_id), by=by, at=at)
    return row


def apply_changes(row: Event, changes: Mapping[str, Any]) -> list[str]:
    """Set what differs on the row and say which fields that was; topics are stored at once."""
    changed = []
    for name, value in changes.items():
        if name == "topics":
            wanted = {topic.pk for topic in value}
            if wanted != set(row.topics.values_list("pk", flat=True)):
                row.topics.set(wanted)
                changed.append(name)
        elif getattr(row, name) != value:
            setattr(row, name, value)
            changed.append(name)
    return sorted(changed)


def check_row(row: Event, changed: list[str]) -> None:
    """Refuse what must not hold of an event after these fields changed."""
    if "title" in changed:
        check_title(row.title)
    if {"starts_at", "ends_at", "zone"} & set(changed):
        check_times(row.starts_at, row.ends_at, row.zone)
    if row.starts_at is None and row.state == Event.State.PUBLISHED:
        raise Refusal(
            "event.needs_a_date",
            _("A published event keeps its date. To take the date away, postpone the event."),
            field="starts_on",
        )
    if "venue" in changed:
        check_venue(row.venue, row)


def _check_slug(slug: str) -> None:
    if not is_well_formed(slug) or slug in RESERVED:
        raise Refusal(
            "event.slug",
            _("Use 4 to 60 lower-case letters without accents, figures, hyphens or underscores."),
            field="slug",
        )
    if is_taken(slug):
        raise Refusal("event.slug_taken", _("Another event has or had this address. Choose another."), field="slug")


def rename_event(*, event: Event, slug: str, by: Actor, at: datetime) -> Event:
    """Give an event another address. The old one redirects for ever; an event may go back to one it had."""
    require(policies.can_edit_event(by, event), "event.not_yours", NOT_YOURS)
    with transaction.atomic():
        one_at_a_time("event")  # before the row, as everywhere
        row = locked(event)
        if row.slug == slug:
            return row
        if not _was_ours(slug, row):
            _check_slug(slug)
        old, row.slug = row.slug, slug
        remember_slug("event", old, row.pk)
        save_fields(row, ["slug"], at)
        announce(EventRenamed(event_id=row.pk, community_id=row.community_id, old=old, new=slug), by=by, at=at)
    return row


def _was_ours(slug: str, row: Event) -> bool:
    return forwarded("event", slug) == row.pk


def delete_event(*, event: Event, by: Actor, at: datetime) -> None:
    """Delete a draft that nobody outside the team ever saw. Others are cancelled, so that their links go on.

    A date of a living series is left out: its row stays, cancelled and never public, so that it is not made again.
    """
    require(policies.can_run_event(by, event), "event.not_yours", NOT_YOURS)
    with transaction.atomic():
        row = locked(event)
        if row.first_public_at is not None or row.public_at is not None:
            raise Refusal(
                "event.was_public", _("This event was published, so it cannot be deleted. You can cancel it.")
            )
        refuse_if_objected(row)
        fact = EventDeleted(event_id=row.pk, community_id=row.community_id, title=pick(row.title).text)
        announce(fact, by=by, at=at)
        if row.series is not None and row.series.ended_at is None:
            row.state = Event.State.CANCELLED
            save_fields(row, ["state"], at)
        else:
            row.delete()


def copy_event(*, event: Event, starts_at: datetime | None = None, by: Actor, at: datetime) -> Event:
    """Draft an event like this one: words, place, rooms and joining details, with another date or none yet."""
    require(policies.can_edit_event(by, event), "event.not_yours", NOT_YOURS)
    length = event.ends_at - event.starts_at if event.starts_at and event.ends_at else USUAL_LENGTH
    with transaction.atomic():
        copied = create_event(
            community=event.community,
            starts_at=starts_at,
            ends_at=starts_at + length if starts_at else None,
            topics=event.topics.all(),
            like=event,
            by=by,
            at=at,
            **{name: getattr(event, name) for name in COPIED},
        )
        rooms = event.rooms.all()
        Room.objects.bulk_create(
            Room(
                event=copied, name=room.name, position=room.position, capacity=room.capacity,
                equipment=room.equipment, access=room.access, note=room.note,
            )
            for room in rooms
        )  # fmt: skip
    return copied
