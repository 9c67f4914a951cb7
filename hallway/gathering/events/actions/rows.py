"""What several actions need: the row under the lock, and what must hold of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hallway.kit.localised import pick
from hallway.kit.models import OldSlug
from hallway.kit.refusal import Refusal
from hallway.kit.slugs import propose_slug

from .. import policies
from ..models import Event, Venue
from ..wall_time import FIRST_YEAR, LAST_YEAR, zone_named

LONGEST = timedelta(days=92)
USUAL_LENGTH = timedelta(minutes=150)


def locked(event: Event) -> Event:
    """The event as it stands now, nobody else changing it until the transaction ends."""
    row = Event.objects.select_for_update(no_key=True).filter(pk=event.pk).first()
    if row is None:
        raise Refusal("event.gone", _("This event was deleted meanwhile."), status=404)
    return row


def save(row: Event, fields: list[str], at: datetime) -> None:
    """Store these fields, count the revision (calendars call it SEQUENCE) and keep the time of the change."""
    row.revision += 1
    row.updated_at = at
    row.save(update_fields=[*fields, "revision", "updated_at"])


def free_slug(title: Mapping[str, str], *, ending: str = "") -> str:
    """An address nobody has or had."""
    words = pick(dict(title), "en").text[: 48 - len(ending)]
    return propose_slug(f"{words} {ending}".strip(), is_taken, fallback="event")


def is_taken(slug: str) -> bool:
    """Whether an event has, or once had, this address."""
    return Event.objects.filter(slug=slug).exists() or OldSlug.objects.filter(kind="event", slug=slug).exists()


def check_times(starts_at: datetime | None, ends_at: datetime | None, zone: str) -> None:
    """Refuse ends before starts, years nobody meets in, events of more than three months and unknown zones."""
    try:
        zone_named(zone)
    except ValueError:
        raise Refusal("event.zone", _("Choose a time zone from the list."), field="zone") from None
    for moment, field in ((starts_at, "starts_on"), (ends_at, "ends_on")):
        if moment is not None and not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise Refusal("event.year", _("Choose a year between 1970 and 2199."), field=field)
    if ends_at is None:
        return
    if starts_at is None:
        raise Refusal("event.no_start", _("Say when it starts as well."), field="starts_on")
    if ends_at < starts_at:
        raise Refusal("event.ends_before_start", _("The end is before the start. Check both."), field="ends_on")
    if ends_at - starts_at > LONGEST:
        raise Refusal("event.too_long", _("This is longer than three months. Check the end."), field="ends_on")


def check_title(title: Mapping[str, str]) -> None:
    """Refuse an event without any title."""
    if not any(text.strip() for text in title.values()):
        raise Refusal("event.no_title", _("Give the event a title in at least one language."), field="title")


def check_venue(venue: Venue | None, event: Event) -> None:
    """Refuse venues of communities that have nothing to do with the event."""
    if venue is None or venue.community_id == event.community_id:
        return
    if not event.pk or not event.hosts.filter(Q(community=venue.community_id), accepted_at__isnull=False).exists():
        raise Refusal("event.venue", _("Choose a venue of this community or of one that co-hosts."), field="venue")


def refuse_unless_known(changes: Mapping[str, Any], known: frozenset[str]) -> None:
    """A wrong field name is a programming error, not a refusal."""
    if unknown := set(changes) - known:
        raise TypeError(f"cannot be edited: {sorted(unknown)}")


def refuse_if_objected(row: Event) -> None:
    """Raise Refusal where a higher package says that the event cannot be hidden or deleted now."""
    if objection := policies.objection_to_taking_back(row):
        raise Refusal("event.in_use", objection)
