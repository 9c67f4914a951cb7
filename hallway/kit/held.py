"""A row under its lock, or a sentence when somebody removed it meanwhile."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from .refusal import Refusal

Row = TypeVar("Row", bound=Model)


def held(row: Row, code: str) -> Row:
    """The row as it is now, nobody else changing it until the transaction ends. Refused when it is gone."""
    found: Row | None = type(row)._default_manager.select_for_update().filter(pk=row.pk).first()
    if found is None:
        raise Refusal(code, _("Somebody removed this in the meantime. Go back and look again."), status=404)
    return found
