"""How seats change hands: offered to the next in line, taken, given up, ended by time.

A seat goes to the first in line, and to nobody behind them: a group too large for what is free holds the line until
there is room, or until it becomes smaller. In the last hours the line is over, and a free seat is for whoever takes it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.gathering.events.models import Event
from hallway.gathering.events.queries import is_hidden
from hallway.kit import store
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.refusal import Refusal, require

from .. import policies, queries
from ..facts import (
    SeatGivenUp,
    SeatOffered,
    SeatOfferEnded,
    SeatOfferWithdrawn,
    SeatsFirstCome,
    SeatTaken,
)
from ..models import Admission, Registration, SeatOffer
from ..windows import offer_ends
from .rows import NOT_TEAM, NOT_YOURS, again, locked, seats_changed

State = Registration.State
Outcome = SeatOffer.Outcome


def takes_place(admission: Admission, at: datetime) -> bool:
    """Whether seats are given at all: the event is on, not over and not hidden, a workshop is in its programme."""
    event = admission.event
    is_on = event.state in {Event.State.PUBLISHED, Event.State.DATE_OPEN} and not is_hidden(event)
    return is_on and admission.off_at is None and not admission.is_over(at)


def refuse_unless_on(admission: Admission, at: datetime) -> None:
    """Say why no seat is given, if none is."""
    if admission.off_at is not None:
        raise Refusal(
            "attendance.off", _("This workshop is not in the programme. Look there for what takes place instead.")
        )
    if not takes_place(admission, at):
        raise Refusal("attendance.not_on", _("This event does not take place, has no date, or is over."))


def fits(admission: Admission, seats: int, at: datetime) -> bool:
    """Whether so many seats are free now. The admission is locked."""
    free = queries.free_seats(admission, at)
    return seats == 0 or free is None or seats <= free


def goes_at_once(admission: Admission, seats: int, at: datetime) -> bool:
    """Whether somebody new has a seat without standing in line. The admission is locked."""
    nobody_waits = admission.is_first_come(at) or not admission.registrations.filter(state=State.WAITING).exists()
    return seats == 0 or (nobody_waits and fits(admission, seats, at))


def put(row: Registration, state: str, at: datetime, *, until: datetime | None = None, cause: str = "") -> None:
    """Give a registration its state, since now."""
    row.state, row.state_at, row.offered_until, row.cause = state, at, until, cause
    row.save(update_fields=["state", "state_at", "offered_until", "cause"])


def close_offer(row: Registration, outcome: str, at: datetime) -> None:
    """Note how the open offer of a registration ended, if it has one."""
    row.offers.filter(outcome=Outcome.OPEN).update(outcome=outcome, closed_at=at)


def pass_on(admission: Admission, *, by: Actor, at: datetime) -> int:
    """Offer what is free to those next in line; where any number may come they simply go. The admission is locked.

    In the last hours nothing is kept for anybody: those in line are told once that the first to come has the seat.
    Returns how many were offered a seat, or given one.
    """
    seats_changed(admission)
    if not takes_place(admission, at):
        return 0
    until = kept_until(admission, at)
    free = queries.free_seats(admission, at)
    if until is None and free is not None:
        _call_everybody(admission, free, by=by, at=at)
        return 0
    number = 0
    line = queries.line_of(admission).select_related("person")
    # Each in line wants a seat or more, so no more of them have to be looked at than seats are free.
    for row in line if free is None else line[: max(free, 0)]:
        if free is not None and row.seats > free:
            break
        if free is None or until is None:
            put(row, State.GOING, at)
            announce(SeatTaken(registration_id=row.pk, event_id=admission.event_id), by=by, at=at)
        else:
            free -= row.seats
            _offer(row, admission, until, by=by, at=at)
        number += 1
    return number


def kept_until(admission: Admission, at: datetime) -> datetime | None:
    """Until when a seat offered now is kept; None where the first to come has it."""
    return offer_ends(
        at,
        admission.begins_at,
        admission.event.tz,
        longest=timedelta(hours=admission.offer_hours),
        first_come=timedelta(hours=admission.first_come_hours),
    )


def let_stand(row: Registration, *, by: Actor, at: datetime) -> None:
    """Somebody has come to stand in line, or has a seat. The admission, ``row.admission``, is locked.

    By lot, with first-timers first, or because they asked early, they may be next before a group that is too large for
    what is free: then they are offered it.
    """
    free = queries.free_seats(row.admission, at) if row.state == State.WAITING else 0
    if (free is None or free > 0) and not row.admission.is_first_come(at):
        pass_on(row.admission, by=by, at=at)
        row.refresh_from_db(fields=["state", "state_at", "offered_until"])
    else:
        seats_changed(row.admission)


def _offer(row: Registration, admission: Admission, until: datetime, *, by: Actor, at: datetime) -> None:
    put(row, State.OFFERED, at, until=until)
    offer = SeatOffer.objects.create(registration=row, made_at=at, until=until)
    fact = SeatOffered(offer_id=offer.pk, registration_id=row.pk, event_id=admission.event_id)
    announce(fact, by=by, at=at)


def _call_everybody(admission: Admission, free: int, *, by: Actor, at: datetime) -> None:
    """Say to those in line that seats are free for whoever comes first; again after twenty minutes at the soonest.

    What is too soon to say is owed: the clock says it later.
    """
    if free <= 0 or not admission.registrations.filter(state=State.WAITING).exists():
        return
    if admission.hurried_at is not None and at - admission.hurried_at < queries.HUSH:
        admission.call_owed = True
        admission.save(update_fields=["call_owed"])
        return
    admission.hurried_at, admission.call_owed = at, False
    admission.save(update_fields=["hurried_at", "call_owed"])
    announce(SeatsFirstCome(admission_id=admission.pk, event_id=admission.event_id), by=by, at=at)


def withdraw_offers(admission: Admission, *, by: Actor, at: datetime) -> None:
    """Take kept seats back, last in line first, until those that are held fit.

    Their people stand in line where they stood. Whoever goes keeps their seat. The admission is locked.
    """
    if admission.seats is None:
        return
    held = queries.taken(admission)
    offered = admission.registrations.filter(state=State.OFFERED).select_related("person")
    for row in sorted(offered, key=lambda one: queries.in_line(admission, one), reverse=True):
        if held <= admission.seats:
            return
        held -= row.seats
        put_back(row, at)
        announce(SeatOfferWithdrawn(registration_id=row.pk, event_id=admission.event_id), by=by, at=at)


def put_back(row: Registration, at: datetime) -> None:
    """Somebody who was offered a seat stands in line again, where they stood."""
    put(row, State.WAITING, at)
    close_offer(row, Outcome.WITHDRAWN, at)


def take_seat(*, registration: Registration, by: Actor, at: datetime) -> Registration:
    """Take the seat that is offered, or in the last hours one that is free. Taking it twice is taking it once.

    Raises Refusal when the offer has ended, when it is somebody else's turn, or when somebody was faster.
    """
    require(policies.can_change_registration(by, registration), "attendance.not_yours", NOT_YOURS)
    with transaction.atomic():
        admission = locked(registration.admission)
        row = again(registration, admission)
        if row.state == State.GOING:
            return row
        refuse_unless_on(admission, at)
        if row.state == State.OFFERED:
            if row.offered_until is not None and row.offered_until <= at:
                raise Refusal(
                    "attendance.offer_ended",
                    _("This offer has ended, and the seat is free for others. You can register again."),
                )
            close_offer(row, Outcome.ACCEPTED, at)
        elif row.state == State.WAITING:
            _refuse_unless_free(admission, row, at)
        else:
            raise Refusal("attendance.no_offer", _("No seat is offered to you. Register again to stand in line."))
        put(row, State.GOING, at)
        announce(SeatTaken(registration_id=row.pk, event_id=admission.event_id), by=by, at=at)
        seats_changed(admission)
    return row


def _refuse_unless_free(admission: Admission, row: Registration, at: datetime) -> None:
    if not admission.is_first_come(at):
        raise Refusal(
            "attendance.not_your_turn",
            _("It is not your turn yet. You get a mail as soon as a seat is free for you."),
        )
    if not fits(admission, row.seats, at):
        raise Refusal("attendance.full", _("Somebody was faster: no seat is free just now. You keep your place."))


def give_up_seat(*, registration: Registration, by: Actor, at: datetime) -> Registration:
    """Give up a registration, whatever it is; its seat goes to the next in line. Twice is once.

    Who gives up the event gives up its workshops. What has begun stays as it was.
    """
    require(policies.can_change_registration(by, registration), "attendance.not_yours", NOT_YOURS)
    with transaction.atomic(), store.bumped_last():
        given = _give_up(registration, Registration.Cause.SELF, by=by, at=at)
        give_up_workshops(registration, Registration.Cause.SELF, by=by, at=at)
    return given


def give_up_workshops(registration: Registration, cause: str, *, by: Actor, at: datetime) -> None:
    """Who does not go to the event any more does not go to its workshops: their seats there go on."""
    for one in _workshops_with(registration):
        if not one.admission.is_over(at):
            _give_up(one, cause, by=by, at=at)


def _workshops_with(registration: Registration) -> list[Registration]:
    if not registration.admission.is_event:
        return []
    rows = Registration.objects.filter(
        person=registration.person_id,
        admission__event=registration.admission.event_id,
        admission__is_event=False,
        state__in=queries.ALIVE,
    )
    return list(rows.select_related("admission__event").order_by("admission_id"))


def _give_up(registration: Registration, cause: str, *, by: Actor, at: datetime) -> Registration:
    admission = locked(registration.admission)
    row = again(registration, admission)
    if row.state not in queries.ALIVE:
        return row
    if admission.is_over(at):
        raise Refusal("attendance.over", _("This is over, so there is nothing to give up any more."))
    end_registration(row, cause, by=by, at=at)
    pass_on(admission, by=by, at=at)
    return row


def end_registration(row: Registration, cause: str, *, by: Actor, at: datetime) -> None:
    """Note that a registration was given up, and why. The admission is locked; the seat is passed on afterwards."""
    outcome = Outcome.ENDED if cause == Registration.Cause.SILENCE else Outcome.GIVEN_UP
    close_offer(row, outcome, at)
    put(row, State.GIVEN_UP, at, cause=cause)
    fact = SeatGivenUp(registration_id=row.pk, event_id=row.admission.event_id, cause=cause)
    announce(fact, by=by, at=at)


def end_due_offers(*, admission: Admission, by: Actor, at: datetime) -> int:
    """End the offers nobody took in time, and those who did not say that they still come; pass their seats on.

    Returns how many ended. The clock does that; what is not due yet stays, whoever calls.
    """
    require(policies.can_change_seats(by, admission), "attendance.not_team", NOT_TEAM)
    with transaction.atomic(), store.bumped_last():
        row = locked(admission)
        due = list(queries.offers_due(row, at))
        for one in due:
            one.admission = row
            close_offer(one, Outcome.ENDED, at)
            put(one, State.GIVEN_UP, at, cause=Registration.Cause.SILENCE)
            announce(SeatOfferEnded(registration_id=one.pk, event_id=row.event_id), by=by, at=at)
        silent = list(queries.silent(row, at)) if takes_place(row, at) else []
        for one in silent:
            one.admission = row
            end_registration(one, Registration.Cause.SILENCE, by=by, at=at)
            give_up_workshops(one, Registration.Cause.SILENCE, by=by, at=at)
        if due or silent:
            pass_on(row, by=by, at=at)
    return len(due) + len(silent)


def pass_seats_on(*, admission: Admission, by: Actor, at: datetime) -> int:
    """Offer free seats to those in line: for the clock, when the last hours begin or a date is settled."""
    require(policies.can_change_seats(by, admission), "attendance.not_team", NOT_TEAM)
    with transaction.atomic():
        return pass_on(locked(admission), by=by, at=at)
