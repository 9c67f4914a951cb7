"""What happens between the moment a page was read and the moment an action holds its rows."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest


def just_before(module: ModuleType, name: str, happens: Callable[[], Any], patch: pytest.MonkeyPatch) -> None:
    """Let something happen once, just before the module calls its function of this name."""
    real = getattr(module, name)

    def after(*args: Any, **named: Any) -> Any:
        patch.setattr(module, name, real)
        happens()
        return real(*args, **named)

    patch.setattr(module, name, after)
