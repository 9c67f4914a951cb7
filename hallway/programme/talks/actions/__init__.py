"""Every change of a talk and of what belongs to it, in one import path."""

from __future__ import annotations

from .materials import (
    NewMaterial,
    add_material,
    change_material,
    hide_material,
    remove_material,
    say_no_slides,
    show_material,
)
from .talks import (
    EDITABLE,
    NewTalk,
    edit_talk,
    hide_talk,
    publish_talks,
    remove_talks,
    set_speakers,
    share_talk,
    share_talks_in_bulk,
    show_talk,
    withdraw_talk,
    write_talk,
    write_talks_in_bulk,
)

__all__ = [
    "EDITABLE",
    "NewMaterial",
    "NewTalk",
    "add_material",
    "change_material",
    "edit_talk",
    "hide_material",
    "hide_talk",
    "publish_talks",
    "remove_material",
    "remove_talks",
    "say_no_slides",
    "set_speakers",
    "share_talk",
    "share_talks_in_bulk",
    "show_material",
    "show_talk",
    "withdraw_talk",
    "write_talk",
    "write_talks_in_bulk",
]
