"""Pages of questions look at the clock: it stands still at the instant most tests act at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from django.core.cache import cache

from hallway.sharing.questions.models import Floor
from tests.sharing.questions.stage import stage


@pytest.fixture
def on_the_day(at: datetime) -> Iterator[time_machine.Coordinates]:
    """The clock of the pages; what was counted against floods before is forgotten."""
    cache.clear()
    with time_machine.travel(at, tick=False) as clock:
        yield clock
    cache.clear()


@pytest.fixture
def floor() -> Floor:
    """The floor of a session that is on, with a talk and who speaks."""
    return stage()[0]
