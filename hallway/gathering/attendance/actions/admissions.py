"""What one registers for: the event's own list, how many seats, what is asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.gathering.events import actions as events
from hallway.gathering.events.models import Event
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.refusal import Refusal, require

from .. import policies, queries
from ..facts import (
    AdmissionAdded,
    AdmissionChanged,
    QuestionAdded,
    QuestionChanged,
    QuestionRemoved,
    SeatsChanged,
)
from ..models import Admission, AdmissionQuestion
from .rows import NOT_TEAM, locked, seats_changed
from .seats import pass_on, withdraw_offers

MOST_QUESTIONS = 5
HANDED_ON = (
    "how", "reason", "rule", "extra", "guests_most", "ask_days", "must_answer", "offer_hours", "first_come_hours",
)  # fmt: skip
SETTINGS = frozenset({*HANDED_ON, "opens_at", "closes_at"})
ASKED = frozenset({"kind", "text", "purpose", "choices", "kept_days", "required", "position"})


def open_admission(*, event: Event, like: Event | None = None, by: Actor, at: datetime) -> Admission:
    """The list of an event, made with the event: open to everybody, unless the event's page is elsewhere.

    A date of a series begins with the settings and questions of the date before it, a copy with those of the event it
    is ``like``. The second time changes nothing.
    """
    require(policies.can_run_registrations(by, event), "attendance.not_team", NOT_TEAM)
    with transaction.atomic():
        if there := queries.main_admission(event):
            return there
        earlier = queries.main_admission(like) if like else queries.admission_before(event)
        elsewhere = bool(event.url or event.credit)
        admission = Admission.objects.create(
            event=event,
            capacity=event.seats,
            told_revision=event.revision,
            created_at=at,
            **(
                {name: getattr(earlier, name) for name in HANDED_ON}
                if earlier
                else {"how": Admission.How.NONE if elsewhere else Admission.How.OPEN}
            ),
        )
        if earlier is not None:
            _copy_questions(earlier, admission)
        announce(AdmissionAdded(admission_id=admission.pk, event_id=event.pk), by=by, at=at)
    return admission


def _copy_questions(earlier: Admission, admission: Admission) -> None:
    AdmissionQuestion.objects.bulk_create(
        AdmissionQuestion(
            admission=admission, kind=one.kind, text=one.text, purpose=one.purpose, choices=one.choices,
            kept_days=one.kept_days, required=one.required, position=one.position,
        )
        for one in earlier.questions.all()
    )  # fmt: skip


def change_admission(*, admission: Admission, changes: Mapping[str, Any], by: Actor, at: datetime) -> Admission:
    """Change how one registers; ``changes`` maps names of :data:`SETTINGS`. What is the same does nothing.

    A rule of the line that changes holds from the next free seat on. More seats beyond the chairs are passed on.
    """
    require(policies.can_run_registrations(by, admission.event), "attendance.not_team", NOT_TEAM)
    if unknown := set(changes) - SETTINGS:
        raise TypeError(f"cannot be changed: {sorted(unknown)}")
    _check(changes)
    with transaction.atomic():
        row = locked(admission)
        changed = sorted(name for name, value in changes.items() if getattr(row, name) != value)
        if not changed:
            return row
        extra = row.extra
        for name in changed:
            setattr(row, name, changes[name])
        row.save(update_fields=changed)
        fact = AdmissionChanged(admission_id=row.pk, event_id=row.event_id, fields=tuple(changed))
        announce(fact, by=by, at=at)
        if "extra" in changed:
            withdraw_offers(row, by=by, at=at)
            _call_anew_if(row, more=row.extra > extra)
        if {"extra", "rule", "first_come_hours"} & set(changed):
            pass_on(row, by=by, at=at)
        else:
            seats_changed(row)
    return row


def _check(changes: Mapping[str, Any]) -> None:
    opens, closes = changes.get("opens_at"), changes.get("closes_at")
    if opens and closes and closes <= opens:
        raise Refusal(
            "attendance.closes_before_opens",
            _("Registration would close before it opens. Check both."),
            field="closes_at",
        )
    days = changes.get("ask_days")
    if days is not None and not (len(days) <= 3 and all(isinstance(day, int) and 1 <= day <= 30 for day in days)):
        raise Refusal("attendance.ask_days", _("Give up to three numbers of days from 1 to 30."), field="ask_days")


def change_seats(*, admission: Admission, seats: int | None, by: Actor, at: datetime) -> Admission:
    """More chairs, or fewer; None for any number. New seats go to those in line.

    Nobody who goes loses their seat: where fewer chairs are left than people go, only seats still on offer are taken
    back, last in line first. The chairs of an event are the event's own, so its page says the same.
    """
    require(policies.can_change_seats(by, admission), "attendance.not_team", NOT_TEAM)
    if admission.is_event:
        events.edit_event(event=admission.event, changes={"seats": seats}, by=by, at=at)
        admission.refresh_from_db()
        return admission
    return resize(admission=admission, capacity=seats, by=by, at=at)


def resize(*, admission: Admission, capacity: int | None, by: Actor, at: datetime) -> Admission:
    """Write down how many chairs there are, and let seats follow. The same number changes nothing."""
    require(policies.can_change_seats(by, admission), "attendance.not_team", NOT_TEAM)
    with transaction.atomic():
        row = locked(admission)
        if row.capacity == capacity:
            return row
        before, row.capacity = row.capacity, capacity
        row.save(update_fields=["capacity"])
        announce(SeatsChanged(admission_id=row.pk, event_id=row.event_id, seats=row.seats), by=by, at=at)
        withdraw_offers(row, by=by, at=at)
        _call_anew_if(row, more=capacity is not None and before is not None and capacity > before)
        pass_on(row, by=by, at=at)
    return row


def _call_anew_if(admission: Admission, *, more: bool) -> None:
    """Whoever adds seats has read that those in line hear of it: however lately they were called."""
    if more:
        admission.hurried_at = None


def add_question(*, admission: Admission, fields: Mapping[str, Any], by: Actor, at: datetime) -> AdmissionQuestion:
    """Ask those who register something more: five questions at most, each with what it is for."""
    require(policies.can_run_registrations(by, admission.event), "attendance.not_team", NOT_TEAM)
    _check_question(fields)
    with transaction.atomic():
        row = locked(admission)
        number = row.questions.count()
        if number >= MOST_QUESTIONS:
            raise Refusal("attendance.questions", _("Five questions are enough. Remove one before you add another."))
        question = AdmissionQuestion.objects.create(admission=row, **{"position": number, **fields})
        announce(QuestionAdded(question_id=question.pk, event_id=row.event_id), by=by, at=at)
    return question


def change_question(*, question: AdmissionQuestion, fields: Mapping[str, Any], by: Actor, at: datetime) -> None:
    """Give a question other words, another purpose or time."""
    require(policies.can_run_registrations(by, question.admission.event), "attendance.not_team", NOT_TEAM)
    with transaction.atomic():
        row = held(question, "attendance.question_gone")
        _check_question({**{name: getattr(row, name) for name in ASKED}, **fields})
        changed = [name for name, value in fields.items() if getattr(row, name) != value]
        for name in changed:
            setattr(row, name, fields[name])
        if changed:
            row.save(update_fields=changed)
            announce(QuestionChanged(question_id=row.pk, event_id=row.admission.event_id), by=by, at=at)


def remove_question(*, question: AdmissionQuestion, by: Actor, at: datetime) -> None:
    """Take a question away, with every answer to it."""
    require(policies.can_run_registrations(by, question.admission.event), "attendance.not_team", NOT_TEAM)
    with transaction.atomic():
        row = held(question, "attendance.question_gone")
        fact = QuestionRemoved(question_id=row.pk, event_id=row.admission.event_id)
        row.delete()
        announce(fact, by=by, at=at)


def _check_question(fields: Mapping[str, Any]) -> None:
    if unknown := set(fields) - ASKED:
        raise TypeError(f"cannot be asked: {sorted(unknown)}")
    if not any(text.strip() for text in fields.get("text", {}).values()):
        raise Refusal("attendance.no_question", _("Write the question in at least one language."), field="text")
    if not any(text.strip() for text in fields.get("purpose", {}).values()):
        raise Refusal("attendance.no_purpose", _("Say what the answer is for."), field="purpose")
    if fields.get("kind") == AdmissionQuestion.Kind.CHOICE and len(fields.get("choices", [])) < 2:
        raise Refusal("attendance.no_choices", _("Give at least two choices, one on each line."), field="choices")
