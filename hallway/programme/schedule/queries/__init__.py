"""Reads of schedules used more than once."""

from __future__ import annotations

from .changes import ROOM_DIFFERS, Change, Place, changes_since_release, placements
from .programme import Entry, Programme, programme_of
from .seats import OwnSeats, first_place, own_seats
from .visible import (
    abstract_of,
    own_data,
    public_slots,
    session_names,
    slots_visible_to,
    text_of,
    text_of_talk,
    title_of,
    track_names,
    unplaced_sessions,
    visible_to,
)

__all__ = [
    "ROOM_DIFFERS",
    "Change",
    "Entry",
    "OwnSeats",
    "Place",
    "Programme",
    "abstract_of",
    "changes_since_release",
    "first_place",
    "own_data",
    "own_seats",
    "placements",
    "programme_of",
    "public_slots",
    "session_names",
    "slots_visible_to",
    "text_of",
    "text_of_talk",
    "title_of",
    "track_names",
    "unplaced_sessions",
    "visible_to",
]
