"""What the clock has to do for seats: asked every few seconds, so each reads what is near in time, not all the past."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from hallway.gathering.events.models import Event

from ..models import Admission, Registration, StillComing
from .seats import free_seats

State = Registration.State
AHEAD = timedelta(days=30)
HUSH = timedelta(minutes=20)  # between two calls to those in line
LONGEST_EVENT = timedelta(days=100)  # no event is longer than three months


def offers_due(admission: Admission, at: datetime) -> QuerySet[Registration]:
    """Those who did not take a seat in time, in the order they were in line."""
    due = admission.registrations.filter(state=State.OFFERED, offered_until__lte=at)
    return due.select_related("person").order_by("position")


def silent(admission: Admission, at: datetime) -> QuerySet[Registration]:
    """Those going who were asked whether they still come and had to answer by now."""
    begins = admission.begins_at
    if not admission.must_answer or begins is None:
        return Registration.objects.none()
    asked = StillComing.objects.filter(answered_at=None, answer_by__lte=at, starts_at=begins)
    going = admission.registrations.filter(state=State.GOING, pk__in=asked.values("registration_id"))
    return going.select_related("person").order_by("position")


def with_time_over(at: datetime) -> list[Admission]:
    """Admissions with an offer, or an answer asked for, whose hour has come."""
    offers = Registration.objects.filter(state=State.OFFERED, offered_until__lte=at).values("admission_id")
    # Nobody is asked more than a month before, so the index need not be read back to the first event there was.
    due = StillComing.objects.filter(answered_at=None, answer_by__lte=at, answer_by__gt=at - AHEAD, starts_at__gt=at)
    silent_ones = due.filter(
        registration__state=State.GOING,
        registration__admission__must_answer=True,
        starts_at=Coalesce("registration__admission__starts_at", "registration__admission__event__starts_at"),
    ).values("registration__admission_id")
    rows = Admission.objects.filter(Q(pk__in=offers) | Q(pk__in=silent_ones), off_at=None).select_related("event")
    return [row for row in rows.order_by("pk") if not row.is_over(at)]


def to_be_asked(at: datetime) -> list[Admission]:
    """Admissions that begin within a month and have somebody to ask now whether they still come, soonest first."""
    soon = Q(event__starts_at__gt=at) | Q(is_event=False, starts_at__gt=at)
    rows = _lately(at, at + AHEAD).filter(soon).exclude(how=Admission.How.NONE)
    ready = rows.filter(Exists(Registration.objects.filter(admission=OuterRef("pk"), state=State.GOING)))
    ready = ready.select_related("event").order_by("event__starts_at", "pk")
    return [row for row in ready if (days := days_to_ask(row, at)) is not None and not_asked(row, days).exists()]


def _lately(at: datetime, until: datetime) -> QuerySet[Admission]:
    """Admissions of events that are on and begin before an instant, without those that have long been over."""
    begins = Q(event__starts_at__gt=at - LONGEST_EVENT, event__starts_at__lte=until)
    goes_on = Q(event__ends_at__gt=at) | Q(event__ends_at=None) | Q(is_event=False, ends_at__gt=at)
    return Admission.objects.filter(begins, goes_on, event__state=Event.State.PUBLISHED, off_at=None)


def days_to_ask(admission: Admission, at: datetime) -> int | None:
    """How many days before the start it is time to ask about now; None before the first of them, and from the start."""
    begins = admission.begins_at
    if begins is None or at >= begins:
        return None
    return min((days for days in admission.ask_days if begins - timedelta(days=days) <= at), default=None)


def will_be_asked(registration: Registration) -> bool:
    """Whether a day is still to come, from when they have the seat, on which they are asked if they still come."""
    begins, days = registration.admission.begins_at, registration.admission.ask_days
    if begins is None:
        return bool(days)
    return any(registration.state_at < begins - timedelta(days=day) for day in days)


def not_asked(admission: Admission, days: int) -> QuerySet[Registration]:
    """Those going who registered before that day and were not asked for it, in the order in which they came."""
    begins = admission.begins_at
    if begins is None:
        return Registration.objects.none()
    # One row that says both: a question of that day, and about this date.
    asked = StillComing.objects.filter(registration=OuterRef("pk"), days=days, starts_at=begins)
    before = admission.registrations.filter(state=State.GOING, state_at__lt=begins - timedelta(days=days))
    return before.filter(~Exists(asked)).order_by("position")


def with_news(at: datetime) -> list[Admission]:
    """Admissions whose event has changed since those registered were told how it stands.

    Of what is over nobody hears, so what began longer ago than any event lasts is not looked at.
    """
    # By the events' own index, and then their lists: a join would be read from the first list there ever was.
    in_time = Event.objects.filter(Q(starts_at__gt=at - LONGEST_EVENT) | Q(starts_at=None))
    changed = ~Q(told_revision=F("event__revision")) | Q(moved_at__isnull=False)
    rows = Admission.objects.filter(changed, event__in=in_time).exclude(told={})
    return list(rows.select_related("event").order_by("pk"))


def in_the_last_hours(at: datetime) -> list[Admission]:
    """Admissions in their last hours where people stand in line and were not told of the seats that are free now."""
    waiting = Registration.objects.filter(admission=OuterRef("pk"), state=State.WAITING)
    untold = Q(hurried_at=None) | Q(call_owed=True, hurried_at__lte=at - HUSH)
    rows = _lately(at, at + timedelta(days=3)).filter(Exists(waiting), untold)
    return [row for row in rows.select_related("event").order_by("pk") if _hurries(row, at)]


def _hurries(admission: Admission, at: datetime) -> bool:
    return admission.is_first_come(at) and not admission.is_over(at) and (free_seats(admission, at) or 0) > 0
