"""Those who come every time, and the question whether one still comes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.gathering.communities.actions.exclusions import refuse_if
from hallway.gathering.communities.models import Series
from hallway.gathering.communities.policies import is_excluded
from hallway.gathering.events.models import Event
from hallway.kit import store
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.refusal import Refusal, require
from hallway.people.models import Person

from .. import policies, queries
from ..facts import ComingConfirmed, StandingBegun, StandingEnded, StillComingAsked
from ..models import Admission, Registration, StandingRegistration, StillComing
from .registering import register
from .rows import NOT_TEAM, NOT_YOURS, again, locked, locked_person
from .seats import takes_place

State = Registration.State
MOST_TIME_TO_ANSWER = timedelta(hours=48)


def count_me_in(*, series: Series, person: Person, guests: int = 0, by: Actor, at: datetime) -> StandingRegistration:
    """Count a person in for every date of a series: those announced now, and each that comes. Twice is once.

    A date they skipped or were declined for stays as it is.
    """
    require(policies.can_register(by, person), "attendance.not_yours", NOT_YOURS)
    with transaction.atomic(), store.bumped_last():
        person = locked_person(person)
        require(policies.can_register(by, person), "attendance.not_yours", NOT_YOURS)
        refuse_if(is_excluded(person, series.community_id), series.community)
        if series.ended_at is not None:
            raise Refusal("attendance.series_ended", _("This series is over, so there are no more dates."))
        standing = queries.standing_in(person, series)
        if standing is None:
            standing = StandingRegistration.objects.create(series=series, person=person, guests=guests, since=at)
            announce(StandingBegun(standing_id=standing.pk, series_id=series.pk), by=by, at=at)
        for admission in queries.dates_of(series, at):
            stand_in(standing=standing, admission=admission, by=by, at=at)
    return standing


def stand_in(*, standing: StandingRegistration, admission: Admission, by: Actor, at: datetime) -> Registration | None:
    """Register somebody who comes every time for one date; None where they cannot, or chose before not to.

    Questions that were asked before get the answer they gave then. What is asked for the first time does not keep them
    out: their page and their mail ask it.
    """
    require(policies.can_register(by, standing.person), "attendance.not_yours", NOT_YOURS)
    if standing.ended_at is not None or admission.registrations.filter(person=standing.person_id).exists():
        return None
    try:
        with transaction.atomic():
            return register(
                admission=admission,
                person=standing.person,
                guests=min(standing.guests, admission.guests_most),
                answers=queries.answers_given_before(standing.person, admission),
                every_time=True,
                by=by,
                at=at,
            )
    except Refusal:
        return None


def count_me_out(*, standing: StandingRegistration, by: Actor, at: datetime) -> None:
    """No longer count somebody in every time. Dates they are registered for stay; each can be given up."""
    require(policies.can_end_standing(by, standing), "attendance.not_yours", NOT_YOURS)
    with transaction.atomic():
        row = held(standing, "attendance.standing_gone")
        if row.ended_at is not None:
            return
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        announce(StandingEnded(standing_id=row.pk, series_id=row.series_id), by=by, at=at)


def ask_still_coming(*, admission: Admission, by: Actor, at: datetime, most: int = 50) -> int:
    """Ask those going whether they still come, so many days before the start as the admission says; each once.

    Somebody who registered after such a day is not asked for it. Where a seat without an answer goes on, the question
    says until when: half of what is left before the last hours, two days at most. Returns how many were asked.
    """
    require(policies.can_change_seats(by, admission), "attendance.not_team", NOT_TEAM)
    with transaction.atomic():
        row = locked(admission)
        begins, days = row.begins_at, queries.days_to_ask(row, at)
        if begins is None or days is None or row.event.state != Event.State.PUBLISHED or not takes_place(row, at):
            return 0
        answer_by = _answer_by(row, begins, at)
        asked = list(queries.not_asked(row, days)[:most])
        for registration in asked:
            question = StillComing.objects.create(
                registration=registration, days=days, starts_at=begins, asked_at=at, answer_by=answer_by
            )
            fact = StillComingAsked(asked_id=question.pk, registration_id=registration.pk, event_id=row.event_id)
            announce(fact, by=by, at=at)
    return len(asked)


def _answer_by(admission: Admission, begins: datetime, at: datetime) -> datetime | None:
    last_hours = begins - timedelta(hours=admission.first_come_hours)
    if not admission.must_answer or at >= last_hours:
        return None
    until = at + min(MOST_TIME_TO_ANSWER, (last_hours - at) / 2)
    return until.replace(second=0, microsecond=0) + timedelta(minutes=1)


def confirm_coming(*, registration: Registration, by: Actor, at: datetime) -> Registration:
    """Say that one still comes. Twice is once; somebody whose seat went on meanwhile is told what to do."""
    require(policies.can_change_registration(by, registration), "attendance.not_yours", NOT_YOURS)
    with transaction.atomic():
        admission = locked(registration.admission)
        row = again(registration, admission)
        if row.state != State.GOING:
            raise Refusal(
                "attendance.seat_gone",
                _("You do not have this seat any more. If you want to come, register again."),
            )
        open_questions = row.asked_again.filter(answered_at=None)
        if takes_place(admission, at) and open_questions.update(answered_at=at):
            announce(ComingConfirmed(registration_id=row.pk, event_id=admission.event_id), by=by, at=at)
    return row
