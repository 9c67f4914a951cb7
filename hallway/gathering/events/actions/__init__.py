"""Every change of events, hosts, venues and rooms."""

from .editions import edit_editions, keep_dates_made, publish_first_dates
from .events import copy_event, create_event, delete_event, edit_event, rename_event
from .exclusions import ban_from_event, lift_event_exclusion, mute_at_event
from .hosts import accept_host, decline_host, invite_host, withdraw_host
from .rooms import add_room, edit_room, remove_room
from .states import cancel_event, hide_event, postpone_event, publish_event, show_event, unpublish_event
from .venues import add_venue, edit_venue, remove_venue
from .writing import write_about_event

__all__ = [
    "accept_host",
    "add_room",
    "add_venue",
    "ban_from_event",
    "cancel_event",
    "copy_event",
    "create_event",
    "decline_host",
    "delete_event",
    "edit_editions",
    "edit_event",
    "edit_room",
    "edit_venue",
    "hide_event",
    "invite_host",
    "keep_dates_made",
    "lift_event_exclusion",
    "mute_at_event",
    "postpone_event",
    "publish_event",
    "publish_first_dates",
    "remove_room",
    "remove_venue",
    "rename_event",
    "show_event",
    "unpublish_event",
    "withdraw_host",
    "write_about_event",
]
