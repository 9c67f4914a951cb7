"""Every change of admissions, registrations, seats and the door."""

from .admissions import (
    add_question,
    change_admission,
    change_question,
    change_seats,
    open_admission,
    remove_question,
    resize,
)
from .book import check_self_in, walk_in, write_in_book
from .deciding import accept_invitation, approve_registration, decline_registration, invite, withdraw_invitation
from .door import change_wall, end_helper, invite_helper, move_helpers, print_people
from .forgetting import forget_old_words
from .lists import export_list
from .registering import change_registration, confirm_request, register, request_place
from .returning import ask_still_coming, confirm_coming, count_me_in, count_me_out, stand_in
from .seats import end_due_offers, give_up_seat, pass_seats_on, take_seat
from .telling import tell_changes
from .workshops import add_workshop, call_off_workshop, place_workshop, remove_workshop

__all__ = [
    "accept_invitation",
    "add_question",
    "add_workshop",
    "approve_registration",
    "ask_still_coming",
    "call_off_workshop",
    "change_admission",
    "change_question",
    "change_registration",
    "change_seats",
    "change_wall",
    "check_self_in",
    "confirm_coming",
    "confirm_request",
    "count_me_in",
    "count_me_out",
    "decline_registration",
    "end_due_offers",
    "end_helper",
    "export_list",
    "forget_old_words",
    "give_up_seat",
    "invite",
    "invite_helper",
    "move_helpers",
    "open_admission",
    "pass_seats_on",
    "place_workshop",
    "print_people",
    "register",
    "remove_question",
    "remove_workshop",
    "request_place",
    "resize",
    "stand_in",
    "take_seat",
    "tell_changes",
    "walk_in",
    "withdraw_invitation",
    "write_in_book",
]
