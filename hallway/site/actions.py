"""Every change of the instance."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.kit import instance
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.refusal import require
from hallway.people.policies import can_look_after_instance

from .facts import InstanceSettingsChanged


def change_instance_settings(*, changes: dict[str, Any], by: Actor, at: datetime) -> list[str]:
    """Change declared settings by key. Returns the keys that are different now; the same values change nothing."""
    require(
        can_look_after_instance(by), "instance.not_allowed", _("Only an administrator can do this. Ask one of them.")
    )
    with transaction.atomic():
        present = instance.values(*changes)
        different = {key: value for key, value in changes.items() if present[key] != value}
        if different:
            instance.change(different)
            announce(InstanceSettingsChanged(keys=sorted(different)), by=by, at=at)
    return sorted(different)
