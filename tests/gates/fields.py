"""A field's name says what it holds: ``*_at`` an instant, ``*_on`` a date."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.apps import apps
from django.db.models import DateField, DateTimeField, Model

# Said otherwise on purpose, and why.
EXCEPTIONS = {
    "at": "when the row came about",
    "since": "a part in a community goes on from then",
    "claimed_until": "a lease ends then",
    "reopened_until": "questions may be asked again until then",
    "offered_until": "a seat is kept until then",
    "until": "the same, of the offer itself",
    "answer_by": "whoever has not answered by then gives the seat up",
    "last_login": "Django's own",
}


def violations(root: Path, models: Iterable[type[Model]] | None = None) -> list[str]:
    ours = models or [model for model in apps.get_models() if model.__module__.startswith("hallway.")]
    return [
        f"{model.__module__}.{model.__name__}.{field.name}: an instant ends in _at, a date in _on"
        for model in ours
        for field in model._meta.local_fields
        if isinstance(field, DateField)
        and field.name not in EXCEPTIONS
        and not field.name.endswith("_at" if isinstance(field, DateTimeField) else "_on")
    ]
