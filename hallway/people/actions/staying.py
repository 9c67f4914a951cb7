"""Somebody who writes is there until it is written."""

from __future__ import annotations

from typing import TypeVar, cast

from django.utils.translation import gettext_lazy as _

from hallway.kit.actors import Actor
from hallway.kit.held import held
from hallway.kit.refusal import Refusal

from ..models import Person

Who = TypeVar("Who", bound=Actor)


def stay(by: Who) -> Who:
    """Hold an account until what it says is written: who leaves, is banned or put together with another waits.

    Before any other lock, and before asking what they may. Refused when they left already: nobody would erase the text,
    or find it again. Returns them as they are now, with the name they have; a device as it was given.
    """
    if isinstance(by, Person):
        row = held(by, "people.gone")
        if row.left_at is not None or row.merged_into_id is not None:
            raise Refusal("people.gone", _("This account was closed. Sign in again, or go on without one."))
        return cast(Who, row)
    return by
