"""Every change of feedback, cards, products and who speaks for them."""

from __future__ import annotations

from .answering import answer_cards, hide_answer, mark_fixed, show_answer, take_out_issues, tell_card_writer
from .cards import forget_card_address, hide_card, show_card, take_back_card, write_card
from .claiming import ask_by_mail, end_maker, prove_by_mail
from .forgetting import forget_old_feedback, forget_person, move_person
from .giving import give_feedback, take_back_feedback
from .grouping import join_cards, part_card
from .products import edit_product, hide_product, show_product
from .proofs import accept_proof, ask_by_file, decline_proof, let_proof_lapse, place_proof, remind_checkers
from .publishing import hide_feedback, publish_feedback, show_feedback, unpublish_feedback
from .reviewing import refuse_feedback, release_feedback, remind_reviewers
from .telling import tell_speaker

__all__ = [
    "accept_proof",
    "answer_cards",
    "ask_by_file",
    "ask_by_mail",
    "decline_proof",
    "edit_product",
    "end_maker",
    "forget_card_address",
    "forget_old_feedback",
    "forget_person",
    "give_feedback",
    "hide_answer",
    "hide_card",
    "hide_feedback",
    "hide_product",
    "join_cards",
    "let_proof_lapse",
    "mark_fixed",
    "move_person",
    "part_card",
    "place_proof",
    "prove_by_mail",
    "publish_feedback",
    "refuse_feedback",
    "release_feedback",
    "remind_checkers",
    "remind_reviewers",
    "show_answer",
    "show_card",
    "show_feedback",
    "show_product",
    "take_back_card",
    "take_back_feedback",
    "take_out_issues",
    "tell_card_writer",
    "tell_speaker",
    "unpublish_feedback",
    "write_card",
]
