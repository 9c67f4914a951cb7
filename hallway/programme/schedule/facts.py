"""What happened to the schedule of an event."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from hallway.kit.facts import Fact


@dataclass(frozen=True)
class TrackAdded(Fact):
    """An event has a new track."""

    kind = "schedule.track_added"
    sentence = gettext_noop("%(by)s added the track “%(track)s”")
    event_id: int
    track_id: int


@dataclass(frozen=True)
class TrackChanged(Fact):
    """A track was renamed, coloured or put elsewhere in the order."""

    kind = "schedule.track_changed"
    sentence = gettext_noop("%(by)s changed the track “%(track)s”")
    event_id: int
    track_id: int


@dataclass(frozen=True)
class TrackRemoved(Fact):
    """A track is gone; its sessions stay."""

    kind = "schedule.track_removed"
    sentence = gettext_noop("%(by)s removed the track “%(name)s”")
    event_id: int
    name: str


@dataclass(frozen=True)
class SessionAdded(Fact):
    """A session was put into the draft of a programme."""

    kind = "schedule.session_added"
    sentence = gettext_noop("%(by)s added “%(session)s” to the programme")
    event_id: int
    session_id: int


@dataclass(frozen=True)
class SessionsAdded(Fact):
    """Many sessions were put into the draft at once, by an import."""

    kind = "schedule.sessions_added"
    sentence = gettext_noop("%(by)s added sessions to the programme (%(count)s)")
    event_id: int
    session_ids: list[int]
    count: int


@dataclass(frozen=True)
class SessionChanged(Fact):
    """Fields of a session changed; ``fields`` names them."""

    kind = "schedule.session_changed"
    sentence = gettext_noop("%(by)s changed “%(session)s” in the programme")
    event_id: int
    session_id: int
    fields: list[str]


@dataclass(frozen=True)
class SessionRemoved(Fact):
    """A session was taken out; one that was public stays readable until the next release."""

    kind = "schedule.session_removed"
    sentence = gettext_noop("%(by)s removed “%(session)s” from the programme")
    event_id: int
    session_id: int


@dataclass(frozen=True)
class SessionsDeleted(Fact):
    """Sessions were deleted altogether, by the undo of an import."""

    kind = "schedule.sessions_deleted"
    sentence = gettext_noop("%(by)s took imported sessions out again (%(count)s)")
    event_id: int
    session_ids: list[int]
    count: int


@dataclass(frozen=True)
class SlotAdded(Fact):
    """A session got a place and a time in the draft."""

    kind = "schedule.slot_added"
    sentence = gettext_noop("%(by)s placed “%(session)s”")
    event_id: int
    session_id: int
    slot_id: int


@dataclass(frozen=True)
class SlotMoved(Fact):
    """A slot has another room or time in the draft."""

    kind = "schedule.slot_moved"
    sentence = gettext_noop("%(by)s moved “%(session)s”")
    event_id: int
    session_id: int
    slot_id: int


@dataclass(frozen=True)
class SlotRemoved(Fact):
    """A slot was taken out of the draft."""

    kind = "schedule.slot_removed"
    sentence = gettext_noop("%(by)s took “%(session)s” off the schedule")
    event_id: int
    session_id: int
    slot_id: int


@dataclass(frozen=True)
class ScheduleReleased(Fact):
    """The draft became public. ``session_ids`` are those that are new, moved or gone, not all."""

    kind = "schedule.schedule_released"
    sentence = gettext_noop("%(by)s released version %(version)s of the schedule")
    event_id: int
    release_id: int
    version: str
    session_ids: list[int]


@dataclass(frozen=True)
class ScheduleReset(Fact):
    """The draft was put back to what was last released."""

    kind = "schedule.schedule_reset"
    sentence = gettext_noop("%(by)s put the draft back to the last release")
    event_id: int


@dataclass(frozen=True)
class SlidesAsked(Fact):
    """Somebody would like the slides of a session. Who it was shows in nobody's trail."""

    kind = "schedule.slides_asked"
    sentence = gettext_noop("Somebody would like the slides of “%(session)s”")
    session_id: int


@dataclass(frozen=True)
class SlidesReminded(Fact):
    """A speaker was reminded of slides that are missing."""

    kind = "schedule.slides_reminded"
    sentence = gettext_noop("A speaker was reminded of the slides of “%(talk)s”")
    talk_id: int
    days: int


@dataclass(frozen=True)
class SlidesTold(Fact):
    """Somebody who would like slides was told that they are there, or could not be; no trail shows it."""

    kind = "schedule.slides_told"
    sentence = gettext_noop("Somebody was told that the slides of “%(session)s” are there")
    session_id: int


@dataclass(frozen=True)
class SlidesRequestsForgotten(Fact):
    """Addresses of those who wanted slides that never came are gone. It shows in nobody's trail."""

    kind = "schedule.slides_requests_forgotten"
    sentence = gettext_noop("Addresses for slides that never came were forgotten (%(count)s)")
    count: int


@dataclass(frozen=True)
class SessionHidden(Fact):
    """The team took a session that is public from every page, or put it back."""

    kind = "schedule.session_hidden"
    sentence = gettext_noop("%(by)s changed whether “%(session)s” is hidden")
    event_id: int
    session_id: int
    hidden: bool
