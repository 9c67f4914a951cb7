"""When somebody is banned from an event, or from the community that holds it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from hallway.gathering.events.models import Event
from hallway.kit.actors import SystemPerson
from hallway.people.models import Person

from .. import queries
from ..models import Registration
from .rows import again, locked
from .seats import end_registration, pass_on


def let_go(*, person: Person, events: QuerySet[Event], by: SystemPerson, at: datetime) -> int:
    """Give up what somebody who is banned registered for at these events; their seats go to the next in line.

    Inside the transaction in which they are banned. What is over stays as it was. Returns how many were given up.
    """
    with transaction.atomic():
        mine = Registration.objects.filter(person=person, state__in=queries.ALIVE, admission__event__in=events)
        number = 0
        for registration in mine.select_related("admission").order_by("admission_id"):
            admission = locked(registration.admission)
            row = again(registration, admission)
            if row.state in queries.ALIVE and not admission.is_over(at):
                end_registration(row, Registration.Cause.BANNED, by=by, at=at)
                pass_on(admission, by=by, at=at)
                number += 1
    return number
