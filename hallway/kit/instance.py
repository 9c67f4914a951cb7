"""Settings of the instance, declared by the package that owns them and changed on the settings page.

``value("communities.who_may_found")`` is one look-up in a copy that is read again when a setting has changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.functional import Promise

from . import remembered, store
from .models import InstanceValue


@dataclass(frozen=True)
class Declared:
    key: str
    label: str | Promise
    default: Any
    help: str | Promise = ""
    choices: tuple[tuple[str, str | Promise], ...] = ()
    localised: bool = False
    secret: bool = False


DECLARED: dict[str, Declared] = {}


def declare(setting: Declared) -> Declared:
    """Make a setting known. Called when a package's models are loaded."""
    DECLARED[setting.key] = setting
    return setting


def _read() -> dict[str, Any]:
    return dict(InstanceValue.objects.values_list("key", "value"))


def _stored() -> dict[str, Any]:
    """Every stored value by key; read again when a setting has changed."""
    return remembered.remember("instance", _read, lambda _values: ("instance",))


def value(key: str) -> Any:
    """The setting's present value, or its default."""
    return _stored().get(key, DECLARED[key].default)


def values(*keys: str) -> dict[str, Any]:
    """Several settings in one query."""
    found = _stored()
    return {key: found.get(key, DECLARED[key].default) for key in keys}


def change(changes: dict[str, Any]) -> None:
    """Store settings and make every stored page old, since any may show them. Only inside a transaction."""
    with transaction.atomic():
        for key, new in changes.items():
            InstanceValue.objects.update_or_create(key=DECLARED[key].key, defaults={"value": new})
        store.bump("instance")
