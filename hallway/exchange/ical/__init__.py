"""iCalendar (RFC 5545, 7986)."""

from hallway.exchange.ical.reading import read
from hallway.exchange.ical.writing import LOSSES, MEDIA_TYPE, write

__all__ = ["LOSSES", "MEDIA_TYPE", "read", "write"]
