"""What happened to admissions, seats and people at the door.

What somebody did for themselves shows in no trail but their own; what the team did shows in the event's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_noop

from hallway.kit.facts import Fact


class Own:
    """What people do for themselves, or Hallway for them: in nobody else's trail."""

    def scopes(self) -> Iterable[str]:
        return ()


@dataclass(frozen=True)
class AdmissionAdded(Fact):
    """There is something to register for: an event, or a workshop in it."""

    kind = "attendance.admission_added"
    sentence = gettext_noop("%(by)s opened a list for %(event)s")
    admission_id: int
    event_id: int


@dataclass(frozen=True)
class AdmissionChanged(Fact):
    """How one registers changed; ``fields`` names the columns."""

    kind = "attendance.admission_changed"
    sentence = gettext_noop("%(by)s changed how people register for %(event)s")
    admission_id: int
    event_id: int
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class AdmissionRemoved(Fact):
    """A workshop has no list of its own any more."""

    kind = "attendance.admission_removed"
    sentence = gettext_noop("%(by)s closed the list “%(title)s” of %(event)s")
    admission_id: int
    event_id: int
    title: str


@dataclass(frozen=True)
class SeatsChanged(Fact):
    """There are more seats, or fewer. ``seats`` counts those beyond the chairs; None is any number."""

    kind = "attendance.seats_changed"
    sentence = gettext_noop("%(by)s changed the number of seats of %(event)s")
    admission_id: int
    event_id: int
    seats: int | None


@dataclass(frozen=True)
class QuestionAdded(Fact):
    """Those who register are asked something more."""

    kind = "attendance.question_added"
    sentence = gettext_noop("%(by)s added a question to the registration for %(event)s")
    question_id: int
    event_id: int


@dataclass(frozen=True)
class QuestionChanged(Fact):
    """A question has other words, another purpose or time."""

    kind = "attendance.question_changed"
    sentence = gettext_noop("%(by)s changed a question of the registration for %(event)s")
    question_id: int
    event_id: int


@dataclass(frozen=True)
class QuestionRemoved(Fact):
    """A question is gone, and every answer to it."""

    kind = "attendance.question_removed"
    sentence = gettext_noop("%(by)s removed a question, with its answers, from the registration for %(event)s")
    question_id: int
    event_id: int


@dataclass(frozen=True)
class AnswersForgotten(Own, Fact):
    """Answers, addresses and names whose time was over are gone."""

    kind = "attendance.answers_forgotten"
    sentence = ""
    number: int


@dataclass(frozen=True)
class InvitationSent(Fact):
    """An address was invited to register."""

    kind = "attendance.invitation_sent"
    sentence = gettext_noop("%(by)s invited somebody to %(event)s")
    invitation_id: int
    event_id: int


@dataclass(frozen=True)
class InvitationWithdrawn(Fact):
    """An invitation to register was taken back."""

    kind = "attendance.invitation_withdrawn"
    sentence = gettext_noop("%(by)s took back an invitation to %(event)s")
    invitation_id: int
    event_id: int


@dataclass(frozen=True)
class PlaceRequested(Own, Fact):
    """Somebody typed an address; its owner has still to confirm."""

    kind = "attendance.place_requested"
    sentence = ""
    request_id: int


@dataclass(frozen=True)
class Registered(Own, Fact):
    """Somebody registered: ``state`` says whether they go, wait, or asked for a yes.

    ``every_time``: they are counted in for every date of a series, and hear of each when they are asked about it.
    """

    kind = "attendance.registered"
    sentence = gettext_noop("%(by)s registered for %(event)s")
    registration_id: int
    admission_id: int
    event_id: int
    state: str
    every_time: bool = False


@dataclass(frozen=True)
class RegistrationChanged(Own, Fact):
    """Guests, answers, name or who sees it changed."""

    kind = "attendance.registration_changed"
    sentence = gettext_noop("%(by)s changed their registration for %(event)s")
    registration_id: int
    event_id: int
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class RegistrationApproved(Fact):
    """The team said yes; ``state`` says whether there is a seat or a place in line."""

    kind = "attendance.registration_approved"
    sentence = gettext_noop("%(by)s said yes to a registration for %(event)s")
    registration_id: int
    event_id: int
    state: str


@dataclass(frozen=True)
class RegistrationDeclined(Fact):
    """The team said no, and why."""

    kind = "attendance.registration_declined"
    sentence = gettext_noop("%(by)s declined a registration for %(event)s")
    registration_id: int
    event_id: int


@dataclass(frozen=True)
class SeatOffered(Own, Fact):
    """A seat is kept for the next in line."""

    kind = "attendance.seat_offered"
    sentence = ""
    offer_id: int
    registration_id: int
    event_id: int


@dataclass(frozen=True)
class SeatTaken(Own, Fact):
    """Somebody in line has a seat now."""

    kind = "attendance.seat_taken"
    sentence = gettext_noop("%(by)s took a seat at %(event)s")
    registration_id: int
    event_id: int


@dataclass(frozen=True)
class SeatOfferEnded(Own, Fact):
    """Nobody took a seat in time; it went on."""

    kind = "attendance.seat_offer_ended"
    sentence = ""
    registration_id: int
    event_id: int


@dataclass(frozen=True)
class SeatOfferWithdrawn(Own, Fact):
    """A seat that was kept is not there any more; its person stands in line where they stood."""

    kind = "attendance.seat_offer_withdrawn"
    sentence = ""
    registration_id: int
    event_id: int


@dataclass(frozen=True)
class SeatGivenUp(Own, Fact):
    """A registration was given up: by its person (``self``), by silence, or because they left."""

    kind = "attendance.seat_given_up"
    sentence = gettext_noop("%(by)s gave up their registration for %(event)s")
    registration_id: int
    event_id: int
    cause: str


@dataclass(frozen=True)
class SeatsFirstCome(Own, Fact):
    """Seats are free in the last hours, and whoever comes first has one."""

    kind = "attendance.seats_first_come"
    sentence = ""
    admission_id: int
    event_id: int


@dataclass(frozen=True)
class StillComingAsked(Own, Fact):
    """Somebody was asked whether they still come."""

    kind = "attendance.still_coming_asked"
    sentence = ""
    asked_id: int
    registration_id: int
    event_id: int


@dataclass(frozen=True)
class ComingConfirmed(Own, Fact):
    """Somebody still comes."""

    kind = "attendance.coming_confirmed"
    sentence = gettext_noop("%(by)s confirmed that they come to %(event)s")
    registration_id: int
    event_id: int


@dataclass(frozen=True)
class ChangesTold(Own, Fact):
    """Everybody registered hears that an event or a workshop is moved, off or on again. ``news`` says which.

    ``with_event``: a workshop shares the news of its event, so that who goes to both hears it once.
    """

    kind = "attendance.changes_told"
    sentence = ""
    admission_id: int
    event_id: int
    revision: int
    news: str
    with_event: bool = False


@dataclass(frozen=True)
class StandingBegun(Own, Fact):
    """Somebody is counted in for every date of a series."""

    kind = "attendance.standing_begun"
    sentence = gettext_noop("%(by)s is counted in for every date of %(series)s")
    standing_id: int
    series_id: int


@dataclass(frozen=True)
class StandingEnded(Own, Fact):
    """Somebody is no longer counted in for every date of a series."""

    kind = "attendance.standing_ended"
    sentence = gettext_noop("%(by)s is no longer counted in for every date of %(series)s")
    standing_id: int
    series_id: int


@dataclass(frozen=True)
class HelperInvited(Fact):
    """There is a link for somebody at the entrance."""

    kind = "attendance.helper_invited"
    sentence = gettext_noop("%(by)s made a link to the door of %(event)s")
    helper_id: int
    event_id: int


@dataclass(frozen=True)
class HelpersMoved(Own, Fact):
    """Links to the door open at another time, since the event moved."""

    kind = "attendance.helpers_moved"
    sentence = ""
    event_id: int
    number: int


@dataclass(frozen=True)
class HelperEnded(Fact):
    """A link to the door opens nothing any more."""

    kind = "attendance.helper_ended"
    sentence = gettext_noop("%(by)s ended a link to the door of %(event)s")
    helper_id: int
    event_id: int


@dataclass(frozen=True)
class WallChanged(Fact):
    """The code on the wall is another one; the old one opens nothing."""

    kind = "attendance.wall_changed"
    sentence = gettext_noop("%(by)s made a new code for the wall of %(event)s")
    admission_id: int
    event_id: int


@dataclass(frozen=True)
class DoorBookWritten(Fact):
    """Lines were added to the door's book; ``came`` is how many people are there now, of ``going``."""

    kind = "attendance.door_book_written"
    sentence = ""
    event_id: int
    admission_id: int
    last_id: int
    came: int
    going: int

    def scopes(self) -> Iterable[str]:
        yield f"door:{self.event_id}"


@dataclass(frozen=True)
class ListExported(Fact):
    """A list of people was taken out as a file."""

    kind = "attendance.list_exported"
    sentence = gettext_noop("%(by)s downloaded a list of people of %(event)s")
    export_id: int
    event_id: int
    number: int
