"""Every change of a person, in one import path."""

from __future__ import annotations

from .accounts import arrive, end_login, end_other_logins, open_account
from .adding import NewPerson, add_person, add_persons_in_bulk, change_unclaimed, publish_persons
from .administrators import appoint_administrator, dismiss_administrator, name_administrator
from .claims import accept_claim, invite_to_claim
from .profiles import change_picture, change_profile, remove_picture
from .standing import leave_hallway, merge_persons

__all__ = [
    "NewPerson",
    "accept_claim",
    "add_person",
    "add_persons_in_bulk",
    "appoint_administrator",
    "arrive",
    "change_picture",
    "change_profile",
    "change_unclaimed",
    "dismiss_administrator",
    "end_login",
    "end_other_logins",
    "invite_to_claim",
    "leave_hallway",
    "merge_persons",
    "name_administrator",
    "open_account",
    "publish_persons",
    "remove_picture",
]
