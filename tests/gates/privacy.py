"""Every field of every model says who may read it, and every model until when its rows are kept."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.apps import apps
from django.db.models import Model

from hallway.kit.privacy import CLASSES, Privacy


def violations(root: Path, models: Iterable[type[Model]] | None = None) -> list[str]:
    found: list[str] = []
    for model in models or [model for model in apps.get_models() if model.__module__.startswith("hallway.")]:
        privacy = model.__dict__.get("privacy")
        name = f"{model.__module__}.{model.__name__}"
        if not isinstance(privacy, Privacy) or not privacy.retention:
            found.append(f"{name}: has no privacy = Privacy(retention=…)")
            continue
        fields = {field.name for field in (*model._meta.local_fields, *model._meta.local_many_to_many)}
        classified = [field for one in CLASSES for field in getattr(privacy, one)]
        found += [f"{name}.{field}: nobody said who may read it" for field in sorted(fields - set(classified))]
        found += [f"{name}.{field}: classified, but no field" for field in sorted(set(classified) - fields)]
        found += [f"{name}.{field}: classified twice" for field in sorted(fields) if classified.count(field) > 1]
    return found
