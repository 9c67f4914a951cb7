"""Every change of a schedule. Placements become public by a release; texts are public at once."""

from __future__ import annotations

from .bulk import NewSession, NewSlot, add_sessions_in_bulk, delete_sessions_in_bulk
from .planning import Plan, plan_session, replan_session
from .releases import release_schedule, reset_to_release
from .sessions import add_session, edit_session, remove_session
from .slots import add_slot, move_slot, remove_slot
from .tracks import add_track, edit_track, remove_track

__all__ = [
    "NewSession",
    "NewSlot",
    "Plan",
    "add_session",
    "add_sessions_in_bulk",
    "add_slot",
    "add_track",
    "delete_sessions_in_bulk",
    "edit_session",
    "edit_track",
    "move_slot",
    "plan_session",
    "release_schedule",
    "remove_session",
    "remove_slot",
    "remove_track",
    "replan_session",
    "reset_to_release",
]
