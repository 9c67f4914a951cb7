"""Venues of a community: added once, used again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.gathering.communities.models import Community
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.refusal import Refusal, require

from .. import policies
from ..facts import VenueAdded, VenueEdited, VenueRemoved
from ..models import Venue
from ..provisions import ACCESS, known
from .rows import refuse_unless_known

FIELDS = frozenset(
    {
        "name", "address", "place_name", "country", "latitude", "longitude", "capacity", "access", "directions",
    }
)  # fmt: skip
NOT_YOURS = _("Only organisers of this community may change its venues.")


def add_venue(*, community: Community, name: str, by: Actor, at: datetime, **fields: Any) -> Venue:
    """Add a venue a community meets at. ``access`` keeps the known words only."""
    require(policies.can_create_event(by, community), "venue.not_yours", NOT_YOURS)
    refuse_unless_known(fields, FIELDS)
    _check_name(name)
    with transaction.atomic():
        venue = Venue.objects.create(community=community, name=name, **_cleaned(fields))
        announce(VenueAdded(venue_id=venue.pk, community_id=community.pk), by=by, at=at)
    return venue


def edit_venue(*, venue: Venue, changes: Mapping[str, Any], by: Actor, at: datetime) -> Venue:
    """Give a venue's fields new values; pages of its events follow."""
    require(policies.can_edit_venue(by, venue), "venue.not_yours", NOT_YOURS)
    refuse_unless_known(changes, FIELDS)
    _check_name(changes.get("name", venue.name))
    with transaction.atomic():
        row = held(venue, "venue.gone")
        changed = [name for name, value in _cleaned(changes).items() if getattr(row, name) != value]
        if not changed:
            return row
        for name in changed:
            setattr(row, name, _cleaned(changes)[name])
        row.save(update_fields=changed)
        announce(VenueEdited(venue_id=row.pk, community_id=row.community_id), by=by, at=at)
    return row


def remove_venue(*, venue: Venue, by: Actor, at: datetime) -> None:
    """Remove a venue no event is or was at."""
    require(policies.can_edit_venue(by, venue), "venue.not_yours", NOT_YOURS)
    with transaction.atomic():
        if venue.events.exists():
            raise Refusal("venue.in_use", _("Events are or were at this venue, so it stays. You can edit it."))
        gone, _rows = Venue.objects.filter(pk=venue.pk).delete()
        if gone:
            fact = VenueRemoved(venue_id=venue.pk, community_id=venue.community_id, name=venue.name)
            announce(fact, by=by, at=at)


def _cleaned(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {**fields, "access": known(fields["access"], ACCESS)} if "access" in fields else dict(fields)


def _check_name(name: str) -> None:
    if not name.strip():
        raise Refusal("venue.no_name", _("Say what the place is called."), field="name")
