"""What happened to takeaways and shared notes. Facts of takeaways have no scope: one without a name stays so."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from hallway.kit.facts import Fact


@dataclass(frozen=True)
class TakeawayShared(Fact):
    """Somebody shows what they took home."""

    kind = "takeaways.takeaway_shared"
    sentence = gettext_noop("%(by)s shared what they took home from “%(session)s”")
    session_id: int
    takeaway_id: int


@dataclass(frozen=True)
class TakeawayChanged(Fact):
    """A takeaway has other words, or another name under it."""

    kind = "takeaways.takeaway_changed"
    sentence = gettext_noop("%(by)s changed what they took home from “%(session)s”")
    session_id: int
    takeaway_id: int


@dataclass(frozen=True)
class TakeawayWithdrawn(Fact):
    """A takeaway was taken back; its text is erased."""

    kind = "takeaways.takeaway_withdrawn"
    sentence = gettext_noop("%(by)s took back what they took home from “%(session)s”")
    session_id: int
    takeaway_id: int


@dataclass(frozen=True)
class TakeawayMarked(Fact):
    """A takeaway helped somebody, or they took that back (``helped``)."""

    kind = "takeaways.takeaway_marked"
    sentence = gettext_noop("%(by)s said whether a takeaway of “%(session)s” helped")
    session_id: int
    takeaway_id: int
    helped: bool


@dataclass(frozen=True)
class TakeawayHidden(Fact):
    """A takeaway was hidden, or shown again (``hidden``)."""

    kind = "takeaways.takeaway_hidden"
    sentence = gettext_noop("%(by)s hid a takeaway of “%(session)s”, or showed it again")
    event_id: int
    session_id: int
    takeaway_id: int
    hidden: bool


@dataclass(frozen=True)
class SharedNotesWritten(Fact):
    """The shared notes of a session changed; or somebody wrote beside somebody else (``aside``)."""

    kind = "takeaways.shared_notes_written"
    sentence = gettext_noop("%(by)s wrote in the shared notes of “%(session)s”")
    event_id: int
    session_id: int
    number: int
    aside: bool


@dataclass(frozen=True)
class SharedNotesRevisionHidden(Fact):
    """A revision of shared notes was hidden, or shown again (``hidden``)."""

    kind = "takeaways.shared_notes_revision_hidden"
    sentence = gettext_noop("%(by)s hid a revision of the shared notes of “%(session)s”, or showed it again")
    event_id: int
    session_id: int
    number: int
    hidden: bool


@dataclass(frozen=True)
class SharedNotesLocked(Fact):
    """Whether the shared notes of a session are open was decided (``lock``)."""

    kind = "takeaways.shared_notes_locked"
    sentence = gettext_noop("%(by)s decided whether the shared notes of “%(session)s” are open")
    event_id: int
    session_id: int
    lock: str
