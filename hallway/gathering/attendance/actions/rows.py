"""What several actions need: rows under the lock, codes, old pages.

The order of locks is the same everywhere: person, event, admission, what hangs on it, so that nobody waits in a circle.
Several admissions are locked in the order of their ids. Everything that gives or takes a seat holds the row of its
admission first; what was read before is read again. Pages come after the last lock (``store.bumped_last``): all
admissions of an event share one, and whoever waits for a second admission must not hold it.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hallway.gathering.events.models import Event
from hallway.kit import store
from hallway.kit.held import held
from hallway.kit.links import new_code
from hallway.kit.refusal import Refusal
from hallway.people.models import Person

from ..models import Admission, Registration

NOT_YOURS = _("This registration belongs to somebody else. Use the link from your own mail.")
NOT_TEAM = _("Only organisers of this event may do that.")


def locked(admission: Admission) -> Admission:
    """The admission as it stands now, nobody else changing its seats until the transaction ends."""
    row = held(admission, "attendance.admission_gone")
    row.event = Event.objects.select_related("community").get(pk=row.event_id)
    return row


def locked_person(person: Person) -> Person:
    """The person, who can neither leave nor be merged until the transaction ends."""
    return held(person, "people.gone")


def again(registration: Registration, admission: Admission) -> Registration:
    """The registration as it stands now; its admission is locked."""
    row = Registration.objects.select_related("person").filter(pk=registration.pk).first()
    if row is None:
        raise Refusal("attendance.gone", _("This registration is gone. Register again."), status=404)
    row.admission = admission
    return row


def free_code(admission: Admission) -> str:
    """Six characters nobody at this door has. The admission is locked."""
    return next(code for code in iter(new_code, "") if not admission.registrations.filter(code=code).exists())


def next_position(admission: Admission) -> int:
    """The next place in line. The admission is locked; places are never given twice."""
    admission.last_position += 1
    admission.save(update_fields=["last_position"])
    return admission.last_position


def seats_changed(admission: Admission) -> None:
    """Pages that say how many seats are left are old."""
    store.bump(f"seats:{admission.event_id}")
