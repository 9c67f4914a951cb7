"""What happened to the instance."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_noop

from hallway.kit.facts import Fact


@dataclass(frozen=True)
class InstanceSettingsChanged(Fact):
    """Settings changed. Which, not to what: some are secret."""

    kind = "site.instance_settings_changed"
    sentence = gettext_noop("%(by)s changed settings of the instance")
    keys: list[str]

    def scopes(self) -> Iterable[str]:
        return ("instance",)


@dataclass(frozen=True)
class DemonstrationPrepared(Fact):
    """The invented communities, people and events of the demonstration were made."""

    kind = "site.demonstration_prepared"
    sentence = gettext_noop("%(by)s prepared the demonstration")

    def scopes(self) -> Iterable[str]:
        return ("instance",)
