"""The one place that reads the wall clock. HALLWAY_CLOCK_OFFSET (seconds) moves it for demonstrations and tests."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """The present instant, aware, in UTC."""
    offset: int = settings.HALLWAY_CLOCK_OFFSET
    return timezone.now() + timedelta(seconds=offset)
