"""A row under its lock, or a sentence when somebody removed it meanwhile."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from .refusal import Refusal

Row = TypeVar("Row", bound=Model)


def held(row: Row, code: str) -> Row:
    """The row as it is now, nobody else changing it until the transaction ends. Refused when it is gone."""
    # "No key": a row elsewhere that points at this one may be written meanwhile, or PostgreSQL's look at what it points
    # at, made at its commit, would wait for us while we wait for what it holds.
    # By its model, not by its type: a request's user is a lazy object round the person.
    model: type[Row] = row._meta.model  # type: ignore[assignment]  # the stubs know no more than Model
    found: Row | None = model._default_manager.select_for_update(no_key=True).filter(pk=row.pk).first()
    if found is None:
        raise Refusal(code, _("Somebody removed this in the meantime. Go back and look again."), status=404)
    return found
