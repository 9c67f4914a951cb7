"""Leaving Hallway, and two entries that turn out to be one person."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.kit import store
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.refusal import Refusal, require
from hallway.kit.slugs import one_at_a_time

from .. import policies
from ..facts import PersonLeft, PersonsMerged
from ..leaving import leaving_objections
from ..models import Person


def leave_hallway(*, person: Person, by: Actor, at: datetime) -> None:
    """Take a person out. Every package erases their texts inside; a row without text keeps counts right.

    Raises :class:`Refusal` with everything that has to be settled first (``leaving.objects_to_leaving``).
    """
    with transaction.atomic():
        # One at a time: two who are needed must not both see that the other one is still there.
        one_at_a_time("administrators")
        one_at_a_time("leaving")
        # Held from here on, so that no other entry is merged into one that is leaving.
        person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        sentence = _("You can only leave for yourself. Sign in first.")
        require(policies.can_leave(by, person), "person.cannot_leave", sentence)
        if objections := leaving_objections(person):
            raise Refusal("person.needed", " ".join(objections))
        with store.bumped_last():
            announce(PersonLeft(person_id=person.pk), by=by, at=at)
            store.bump(f"person:{person.pk}")


def merge_persons(*, keep: Person, gone: Person, by: Actor, at: datetime) -> Person:
    """Make two entries one. Every package moves what pointed at ``gone``, inside; its address redirects."""
    require(
        policies.can_merge_persons(by),
        "person.cannot_merge",
        _("Only an administrator can put two entries together. Ask one of them."),
    )
    with transaction.atomic():
        rows = Person.objects.select_for_update(no_key=True).order_by("pk").in_bulk({keep.pk, gone.pk})
        keep, gone = rows[keep.pk], rows[gone.pk]
        if keep.pk == gone.pk or gone.merged_into_id == keep.pk:
            return keep
        if keep.left_at or gone.left_at or keep.merged_into_id or gone.merged_into_id:
            raise Refusal(
                "person.merged_already",
                _("One of the two is no longer there. Look both up again and choose the entry that is still shown."),
            )
        with store.bumped_last():
            announce(PersonsMerged(person_id=keep.pk, gone_id=gone.pk), by=by, at=at)
            store.bump(f"person:{keep.pk}", f"person:{gone.pk}")
    keep.refresh_from_db()
    return keep
