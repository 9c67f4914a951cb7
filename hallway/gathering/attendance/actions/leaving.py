"""When a person leaves, or two turn out to be one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from hallway.kit.actors import SystemPerson

from .. import queries
from ..models import (
    AdmissionAnswer,
    AdmissionInvitation,
    CheckIn,
    DoorHelper,
    ListExport,
    Registration,
    RegistrationRequest,
    StandingRegistration,
)
from .rows import again, locked
from .seats import end_registration, pass_on

State = Registration.State
BETTER = (State.GOING, State.OFFERED, State.WAITING, State.ASKED, State.DECLINED, State.GIVEN_UP)


def forget_person(*, person_id: int, by: SystemPerson, at: datetime) -> None:
    """Give up what they registered for and erase what they said. Inside the transaction in which they leave."""
    with transaction.atomic():
        mine = Registration.objects.filter(person=person_id)
        for registration in mine.filter(state__in=queries.ALIVE).select_related("admission").order_by("admission_id"):
            admission = locked(registration.admission)
            row = again(registration, admission)
            if row.state in queries.ALIVE and not admission.is_over(at):
                end_registration(row, Registration.Cause.LEFT, by=by, at=at)
                pass_on(admission, by=by, at=at)
        RegistrationRequest.objects.filter(registration__person=person_id).delete()
        AdmissionInvitation.objects.filter(registration__person=person_id).delete()
        AdmissionAnswer.objects.filter(registration__person=person_id).delete()
        CheckIn.objects.filter(registration__person=person_id).update(name="")
        mine.update(name="", message="", reason="", shown=Registration.Shown.NOBODY)
        StandingRegistration.objects.filter(person=person_id).delete()
        for model, field in _NAMED:
            model._default_manager.filter(**{field: person_id}).update(**{field: None})


# Who made something is not known any more, or is the one who stays.
_NAMED: tuple[tuple[Any, str], ...] = (
    (AdmissionInvitation, "invited_by"),
    (DoorHelper, "made_by"),
    (ListExport, "by"),
)


def move_person(*, gone_id: int, person_id: int, by: SystemPerson, at: datetime) -> None:
    """Hand registrations on to the one who stays. Inside the transaction in which two become one."""
    with transaction.atomic():
        theirs = Registration.objects.filter(person=gone_id).select_related("admission").order_by("admission_id")
        for registration in theirs:
            _move(registration, person_id, by=by, at=at)
        kept = set(
            StandingRegistration.objects.filter(person=person_id, ended_at=None).values_list("series", flat=True)
        )
        standing = StandingRegistration.objects.filter(person=gone_id)
        standing.filter(series__in=kept, ended_at=None).delete()
        standing.update(person=person_id)
        for model, field in _NAMED:
            model._default_manager.filter(**{field: gone_id}).update(**{field: person_id})


def _move(registration: Registration, person_id: int, *, by: SystemPerson, at: datetime) -> None:
    admission = locked(registration.admission)
    row = again(registration, admission)
    other = admission.registrations.filter(person=person_id).first()
    if other is None:
        row.person_id = person_id
        row.save(update_fields=["person"])
        return
    other.admission = admission
    better, worse = sorted((row, other), key=lambda one: (BETTER.index(State(one.state)), one.position))
    came = min((one.came_at for one in (row, other) if one.came_at is not None), default=None)
    for model in (CheckIn, RegistrationRequest, AdmissionInvitation):
        model._default_manager.filter(registration=worse).update(registration=better)
    better.exports.add(*worse.exports.all())
    worse.delete()
    better.person_id, better.came_at = person_id, came
    better.save(update_fields=["person", "came_at"])
    pass_on(admission, by=by, at=at)
