"""Every change of questions and answers."""

from .answering import accept_answer, answer_question, edit_answer, mark_answer, withdraw_answer
from .asking import ask_question, edit_question, withdraw_question
from .digests import write_digest
from .floors import change_floor, hand_over_floor, renew_moderator_link, reopen_floor, settle_floors
from .following import end_following, follow_question, forget_addresses, tell_followers, tell_of_live_answer
from .hiding import Said, hide_said, let_ask_again, mute_asker, show_said, take_back_mute, unmute_asker
from .meeting import cancel_rendezvous, join_rendezvous, leave_rendezvous, propose_rendezvous
from .merging import merge_question, separate_question
from .offering import offer_help
from .room import (
    answer_live,
    clear_stage,
    leave_question,
    let_question_in,
    refuse_question,
    take_back_refusal,
    take_question,
    undo_answer_live,
)
from .wanting import take_back_vote, tell_case, vote_for, withdraw_case

__all__ = [
    "Said",
    "accept_answer",
    "answer_live",
    "answer_question",
    "ask_question",
    "cancel_rendezvous",
    "change_floor",
    "clear_stage",
    "edit_answer",
    "edit_question",
    "end_following",
    "follow_question",
    "forget_addresses",
    "hand_over_floor",
    "hide_said",
    "join_rendezvous",
    "leave_question",
    "leave_rendezvous",
    "let_ask_again",
    "let_question_in",
    "mark_answer",
    "merge_question",
    "mute_asker",
    "offer_help",
    "propose_rendezvous",
    "refuse_question",
    "renew_moderator_link",
    "reopen_floor",
    "separate_question",
    "settle_floors",
    "show_said",
    "take_back_mute",
    "take_back_refusal",
    "take_back_vote",
    "take_question",
    "tell_case",
    "tell_followers",
    "tell_of_live_answer",
    "undo_answer_live",
    "unmute_asker",
    "vote_for",
    "withdraw_answer",
    "withdraw_case",
    "withdraw_question",
    "write_digest",
]
