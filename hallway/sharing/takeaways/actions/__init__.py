"""Every change of takeaways and shared notes, in one import path."""

from __future__ import annotations

from .shared import (
    hide_revision,
    lock_shared_notes,
    revert_shared_notes,
    show_revision,
    write_shared_notes,
)
from .showing import (
    edit_takeaway,
    hide_takeaway,
    mark_helped,
    share_takeaway,
    show_takeaway,
    unmark_helped,
    withdraw_takeaway,
)

__all__ = [
    "edit_takeaway",
    "hide_revision",
    "hide_takeaway",
    "lock_shared_notes",
    "mark_helped",
    "revert_shared_notes",
    "share_takeaway",
    "show_revision",
    "show_takeaway",
    "unmark_helped",
    "withdraw_takeaway",
    "write_shared_notes",
]
