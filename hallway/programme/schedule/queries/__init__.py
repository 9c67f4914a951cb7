"""Reads of schedules used more than once."""

from __future__ import annotations

from .changes import ROOM_DIFFERS, Change, Place, changes_since_release, placements
from .programme import Entry, Programme, programme_of
from .visible import (
    abstract_of,
    own_data,
    public_slots,
    session_names,
    slots_visible_to,
    title_of,
    track_names,
    unplaced_sessions,
    visible_to,
)

__all__ = [
    "ROOM_DIFFERS",
    "Change",
    "Entry",
    "Place",
    "Programme",
    "abstract_of",
    "changes_since_release",
    "own_data",
    "placements",
    "programme_of",
    "public_slots",
    "session_names",
    "slots_visible_to",
    "title_of",
    "track_names",
    "unplaced_sessions",
    "visible_to",
]
