"""Words whose time is over: answers, addresses nobody confirmed, names of those who walked in."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hallway.gathering.events.models import Event
from hallway.kit.actors import SystemPerson
from hallway.kit.facts import announce
from hallway.kit.refusal import require

from ..facts import AnswersForgotten
from ..models import (
    AdmissionAnswer,
    AdmissionInvitation,
    AdmissionQuestion,
    CheckIn,
    DoorHelper,
    RegistrationRequest,
    StandingRegistration,
)

AFTER_THE_EVENT = timedelta(days=30)


def forget_old_words(*, by: SystemPerson, at: datetime) -> int:
    """Delete what nobody needs any more, as each model promises. Returns how many rows lost their words."""
    require(isinstance(by, SystemPerson), "attendance.not_team", _("Hallway itself does that, by the clock."))
    with transaction.atomic():
        number = _answers(at)
        over = _over("admission__event", at - AFTER_THE_EVENT)
        requests = RegistrationRequest.objects.filter(Q(registration=None, expires_at__lt=at) | over)
        number += requests.delete()[0]
        number += AdmissionInvitation.objects.filter(over).delete()[0]
        number += CheckIn.objects.filter(over, walk_in__isnull=False).exclude(name="").update(name="")
        number += DoorHelper.objects.filter(_over("event", at - AFTER_THE_EVENT)).delete()[0]
        number += StandingRegistration.objects.filter(ended_at__lt=at - timedelta(days=365)).delete()[0]
        if number:
            announce(AnswersForgotten(number=number), by=by, at=at)
    return number


def _answers(at: datetime) -> int:
    """Answers are kept after the event, or the day it would have been, as long as their question says.

    Of an event called off before it had a date again, from the day that was said.
    """
    number = 0
    periods = AdmissionQuestion.objects.filter(answers__isnull=False).values_list("kept_days", flat=True).distinct()
    for days in sorted(set(periods)):
        over = _over("registration__admission__event", at - timedelta(days=days))
        number += AdmissionAnswer.objects.filter(over, question__kept_days=days).delete()[0]
    return number


def _over(event: str, since: datetime) -> Q:
    """What ended before an instant, or was called off before it without a date. ``event`` is the way to the event."""

    def so(**conditions: object) -> Q:
        return Q(*((f"{event}__{name}", value) for name, value in conditions.items()))

    endless = so(ends_at=None, starts_at__lt=since)
    dateless = so(ends_at=None, starts_at=None, state=Event.State.CANCELLED, updated_at__lt=since)
    return so(ends_at__lt=since) | endless | dateless
