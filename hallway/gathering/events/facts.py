"""What happened to events, their hosts, venues and rooms."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from hallway.kit.facts import Fact


@dataclass(frozen=True)
class EventCreated(Fact):
    """An event was drafted: by hand, as an edition of a series, by an import, or as a copy of the event ``like_id``."""

    kind = "events.event_created"
    sentence = gettext_noop("%(by)s drafted %(event)s")
    event_id: int
    community_id: int
    like_id: int | None = None


@dataclass(frozen=True)
class EventEdited(Fact):
    """Fields of an event got new values; ``fields`` names them."""

    kind = "events.event_edited"
    sentence = gettext_noop("%(by)s edited %(event)s")
    event_id: int
    community_id: int
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class EventRenamed(Fact):
    """An event has a new address; the old one redirects."""

    kind = "events.event_renamed"
    sentence = gettext_noop("%(by)s moved %(event)s from the address %(old)s to %(new)s")
    event_id: int
    community_id: int
    old: str
    new: str


@dataclass(frozen=True)
class EventPublished(Fact):
    """Everybody can read the event now. ``back`` says that it had been cancelled before."""

    kind = "events.event_published"
    sentence = gettext_noop("%(by)s published %(event)s")
    event_id: int
    community_id: int
    back: bool = False


@dataclass(frozen=True)
class EventUnpublished(Fact):
    """An event is a draft again."""

    kind = "events.event_unpublished"
    sentence = gettext_noop("%(by)s took %(event)s back to a draft")
    event_id: int
    community_id: int


@dataclass(frozen=True)
class EventPostponed(Fact):
    """An event does not begin when it was announced: it has another date, or none yet (``dated`` is false)."""

    kind = "events.event_postponed"
    sentence = gettext_noop("%(by)s postponed %(event)s")
    event_id: int
    community_id: int
    revision: int
    dated: bool


@dataclass(frozen=True)
class EventDateSettled(Fact):
    """An event that stood there without a date has one."""

    kind = "events.event_date_settled"
    sentence = gettext_noop("%(by)s settled the date of %(event)s")
    event_id: int
    community_id: int


@dataclass(frozen=True)
class EventCancelled(Fact):
    """An event does not take place."""

    kind = "events.event_cancelled"
    sentence = gettext_noop("%(by)s cancelled %(event)s")
    event_id: int
    community_id: int
    revision: int


@dataclass(frozen=True)
class EventDeleted(Fact):
    """A draft that was never published is gone."""

    kind = "events.event_deleted"
    sentence = gettext_noop("%(by)s deleted the draft “%(title)s”")
    event_id: int
    community_id: int
    title: str


@dataclass(frozen=True)
class HostInvited(Fact):
    """A community was asked to co-host an event."""

    kind = "events.host_invited"
    sentence = gettext_noop("%(by)s asked %(community)s to co-host %(event)s")
    event_id: int
    community_id: int
    host_id: int


@dataclass(frozen=True)
class HostAccepted(Fact):
    """A community agreed to co-host an event."""

    kind = "events.host_accepted"
    sentence = gettext_noop("%(by)s agreed for %(community)s to co-host %(event)s")
    event_id: int
    community_id: int


@dataclass(frozen=True)
class HostDeclined(Fact):
    """A community does not want to co-host an event."""

    kind = "events.host_declined"
    sentence = gettext_noop("%(by)s declined for %(community)s to co-host %(event)s")
    event_id: int
    community_id: int


@dataclass(frozen=True)
class HostWithdrawn(Fact):
    """A community no longer co-hosts, or its invitation was taken back."""

    kind = "events.host_withdrawn"
    sentence = gettext_noop("%(by)s ended the co-hosting of %(event)s by %(community)s")
    event_id: int
    community_id: int


@dataclass(frozen=True)
class VenueAdded(Fact):
    """A community has a new venue."""

    kind = "events.venue_added"
    sentence = gettext_noop("%(by)s added the venue %(venue)s")
    venue_id: int
    community_id: int


@dataclass(frozen=True)
class VenueEdited(Fact):
    """A venue's name, address, provisions or directions changed."""

    kind = "events.venue_edited"
    sentence = gettext_noop("%(by)s edited the venue %(venue)s")
    venue_id: int
    community_id: int


@dataclass(frozen=True)
class VenueRemoved(Fact):
    """A venue without events is gone."""

    kind = "events.venue_removed"
    sentence = gettext_noop("%(by)s removed the venue “%(name)s”")
    venue_id: int
    community_id: int
    name: str


@dataclass(frozen=True)
class RoomAdded(Fact):
    """An event has a new room."""

    kind = "events.room_added"
    sentence = gettext_noop("%(by)s added the room %(room)s")
    room_id: int
    event_id: int


@dataclass(frozen=True)
class RoomEdited(Fact):
    """A room's name, seats, equipment or place in the order changed."""

    kind = "events.room_edited"
    sentence = gettext_noop("%(by)s edited the room %(room)s")
    room_id: int
    event_id: int


@dataclass(frozen=True)
class RoomRemoved(Fact):
    """A room is gone; its slots have no room now."""

    kind = "events.room_removed"
    sentence = gettext_noop("%(by)s removed the room “%(name)s”")
    room_id: int
    event_id: int
    name: str


@dataclass(frozen=True)
class BannedFromEvent(Fact):
    """Somebody takes no part in an event, until the instant its row says or for good."""

    kind = "events.banned"
    sentence = gettext_noop("%(by)s banned %(event_exclusion)s from %(event)s")
    event_id: int
    community_id: int
    event_exclusion_id: int


@dataclass(frozen=True)
class MutedAtEvent(Fact):
    """Somebody reads an event's pages and writes nothing there."""

    kind = "events.muted"
    sentence = gettext_noop("%(by)s muted %(event_exclusion)s at %(event)s")
    event_id: int
    community_id: int
    event_exclusion_id: int


@dataclass(frozen=True)
class EventExclusionLifted(Fact):
    """Somebody takes part in an event, or writes there, again."""

    kind = "events.exclusion_lifted"
    sentence = gettext_noop("%(by)s lets %(event_exclusion)s take part in %(event)s again")
    event_id: int
    community_id: int
    event_exclusion_id: int


@dataclass(frozen=True)
class EventHidden(Fact):
    """An administrator hid an event, or showed it again."""

    kind = "events.event_hidden"
    sentence = gettext_noop("%(by)s changed whether %(event)s is hidden")
    event_id: int
    community_id: int
    hidden: bool
