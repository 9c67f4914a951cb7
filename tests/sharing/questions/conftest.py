"""Pages of questions look at the clock: it stands still at the instant most tests act at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from django.core.cache import cache


@pytest.fixture
def on_the_day(at: datetime) -> Iterator[time_machine.Coordinates]:
    """The clock of the pages; what was counted against floods before is forgotten."""
    cache.clear()
    with time_machine.travel(at, tick=False) as clock:
        yield clock
    cache.clear()
