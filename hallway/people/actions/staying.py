"""Somebody who writes is there until it is written."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hallway.kit.actors import Actor
from hallway.kit.held import held
from hallway.kit.refusal import Refusal

from ..models import Person


def stay(by: Actor) -> None:
    """Hold an account until what it says is written: who leaves or is put together with another meanwhile waits.

    Before any other lock. Refused when that has happened already: nobody would erase the text, or find it again.
    """
    if isinstance(by, Person):
        row = held(by, "people.gone")
        if row.left_at is not None or row.merged_into_id is not None:
            raise Refusal("people.gone", _("This account was closed. Sign in again, or go on without one."))
