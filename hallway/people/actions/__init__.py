"""Every change of a person, in one import path."""

from __future__ import annotations

from .accounts import arrive, end_login, end_other_logins, open_account
from .adding import NewPerson, add_person, add_persons_in_bulk, change_unclaimed, publish_persons
from .administrators import appoint_administrator, dismiss_administrator, name_administrator
from .blocks import block_person, unblock_person
from .claims import accept_claim, invite_to_claim
from .meeting import know_by_address
from .profiles import change_picture, change_profile, give_page_back, hide_page, remove_picture
from .standing import leave_hallway, merge_persons

__all__ = [
    "NewPerson",
    "accept_claim",
    "add_person",
    "add_persons_in_bulk",
    "appoint_administrator",
    "arrive",
    "block_person",
    "change_picture",
    "change_profile",
    "change_unclaimed",
    "dismiss_administrator",
    "end_login",
    "end_other_logins",
    "give_page_back",
    "hide_page",
    "invite_to_claim",
    "know_by_address",
    "leave_hallway",
    "merge_persons",
    "name_administrator",
    "open_account",
    "publish_persons",
    "remove_picture",
    "unblock_person",
]
