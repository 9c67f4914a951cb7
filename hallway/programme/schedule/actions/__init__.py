"""Every change of a schedule. Placements become public by a release; texts are public at once."""

from __future__ import annotations

from .bulk import NewSession, NewSlot, add_sessions_in_bulk, delete_sessions_in_bulk
from .planning import Plan, plan_session, replan_session
from .releases import release_schedule, reset_to_release
from .seats import give_session_seats, settle_seats, take_seats_from_session
from .sessions import add_session, edit_session, hide_session, remove_session, show_session
from .slides import ask_for_slides, forget_slides_requests, remind_of_slides, tell_slides_arrived
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
    "ask_for_slides",
    "delete_sessions_in_bulk",
    "edit_session",
    "edit_track",
    "forget_slides_requests",
    "give_session_seats",
    "hide_session",
    "move_slot",
    "plan_session",
    "release_schedule",
    "remind_of_slides",
    "remove_session",
    "remove_slot",
    "remove_track",
    "replan_session",
    "reset_to_release",
    "settle_seats",
    "show_session",
    "take_seats_from_session",
    "tell_slides_arrived",
]
