"""Answers after the session or beside it, and what others say of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.pace import require_pace
from hallway.kit.refusal import Refusal, require
from hallway.people.actions.staying import stay
from hallway.people.models import Person

from .. import policies, queries
from ..facts import AnswerAccepted, AnswerEdited, AnswerMarked, AnswerWithdrawn, AnswerWritten
from ..models import Answer, Mark, Question
from ..tokens import UNNAMED, trace_of
from .asking import GONE
from .texts import LANGUAGES, NOT_HERE, require_a_breath, require_shown, said, signature

LONGEST_ANSWER = 5_000
MOST_A_DAY = 60
MOST_MARKS = 60
MOST_TAPS = 20
A_DAY = timedelta(days=1)
ANSWER_GONE = "questions.answer_gone"
NOT_ANSWERING = _("Only those who were there answer, while the questions are open. Sign in, or ask the team.")
NOT_YOURS = _("Only whoever wrote this answer can change it.")


def answer_question(
    *, question: Question, text: str, language: str, kind: str = Answer.Kind.ANSWER, by: Person, at: datetime
) -> Answer:
    """Answer under one's name, up to 5,000 characters; ``another_way`` marks a different approach.

    The same words by the same person again are the same answer. Who follows the question is told once.
    """
    words = said(text, limit=LONGEST_ANSWER)
    with transaction.atomic():
        by = stay(by)
        row = held(question, GONE)
        require(policies.can_answer(by, row.floor, at), "questions.not_answering", NOT_ANSWERING)
        require_shown(row)
        if same := row.answers.filter(author=by, text=words, withdrawn_at=None).first():
            return same
        speaks = policies.is_speaker(by, row.floor)
        if not speaks:
            require_pace(AnswerWritten, most=MOST_A_DAY, by=by, at=at)
        answer = Answer.objects.create(
            question=row,
            kind=kind if kind in Answer.Kind.values else Answer.Kind.ANSWER,
            text=words,
            language=language[:LANGUAGES],
            author=by,
            by_speaker=speaks,
            written_at=at,
        )
        settle_answered(row)
        announce(AnswerWritten(question_id=row.pk, answer_id=answer.pk, floor_id=row.floor_id), by=by, at=at)
    return answer


def settle_answered(question: Question) -> None:
    """Write down whether a question has an answer that stands, since when, and that an accepted one does."""
    stand = question.answers.filter(withdrawn_at=None, hidden_at=None).order_by("written_at", "pk")
    first = stand.values_list("written_at", flat=True).first()
    accepted = question.accepted_id if stand.filter(pk=question.accepted_id or 0).exists() else None
    if (first, accepted) != (question.answered_later_at, question.accepted_id):
        question.answered_later_at, question.accepted_id = first, accepted
        question.save(update_fields=["answered_later_at", "accepted"])


def _held_answer(answer: Answer) -> tuple[Question, Answer]:
    question = held(answer.question, GONE)
    row = held(answer, ANSWER_GONE)
    if row.withdrawn_at is not None or row.hidden_at is not None or row.erased_at is not None:
        raise Refusal("questions.answer_not_there", _("This answer is not there any more."), status=404)
    return question, row


def edit_answer(*, answer: Answer, text: str, by: Person, at: datetime) -> Answer:
    """Write one's answer anew; readers see that it was changed, and nobody is mailed again."""
    words = said(text, limit=LONGEST_ANSWER)
    with transaction.atomic():
        stay(by)
        question, row = _held_answer(answer)
        require(policies.can_change_answer(by, row), "questions.not_your_answer", NOT_YOURS)
        require(policies.can_ask(by, question.floor), "questions.not_here", NOT_HERE)
        if row.text != words:
            require_a_breath(row.edited_at, at)
            row.text, row.edited_at = words, at
            row.save(update_fields=["text", "edited_at"])
            fact = AnswerEdited(question_id=question.pk, answer_id=row.pk, floor_id=question.floor_id)
            announce(fact, by=by, at=at)
    return row


def withdraw_answer(*, answer: Answer, by: Person, at: datetime) -> Answer:
    """Take one's answer back: its text is gone. Without another one the question is open again. Twice is once."""
    with transaction.atomic():
        question = held(answer.question, GONE)
        row = held(answer, ANSWER_GONE)
        require(policies.can_change_answer(by, row), "questions.not_your_answer", NOT_YOURS)
        if row.withdrawn_at is None:
            row.withdrawn_at, row.text = at, ""
            row.save(update_fields=["withdrawn_at", "text"])
            settle_answered(question)
            fact = AnswerWithdrawn(question_id=question.pk, answer_id=row.pk, floor_id=question.floor_id)
            announce(fact, by=by, at=at)
    return row


def accept_answer(*, answer: Answer, by: Actor, at: datetime, accepted: bool = True) -> Answer:
    """Say that this answer settled it; one a question, and it can be taken back (``accepted=False``)."""
    sentence = _("Only whoever asked the question, or the speaker, says which answer settled it.")
    with transaction.atomic():
        question, row = _held_answer(answer)
        require(policies.can_accept(by, question), "questions.not_accepting", sentence)
        require_shown(question)
        wanted = row.pk if accepted else None
        if question.accepted_id != wanted and (accepted or question.accepted_id == row.pk):
            question.accepted_id = wanted
            question.save(update_fields=["accepted"])
            fact = AnswerAccepted(question_id=question.pk, answer_id=wanted or 0, floor_id=question.floor_id)
            announce(fact, by=signature(question.asker if question.asker == by else None), at=at)
    return row


def mark_answer(*, answer: Answer, kind: str, by: Actor, at: datetime, marked: bool = True) -> Answer:
    """ "This helped me" or "I tried it", or no longer. One each; one's own answer cannot be marked."""
    if kind not in Mark.Kind.values:
        raise Refusal("questions.mark", _("Choose one of the marks on the page."), status=400)
    with transaction.atomic():
        stay(by)
        question, row = _held_answer(answer)
        if isinstance(by, Person) and row.author_id == by.pk:
            raise Refusal("questions.own_mark", _("This is your own answer. Others say whether it helped."))
        require_shown(question)
        require(policies.can_ask(by, question.floor), "questions.not_here", NOT_HERE)
        if _mark(row, kind, trace_of(by), marked, at):
            row.helped, row.tried = queries.count_marks(row)
            row.save(update_fields=["helped", "tried"])
            fact = AnswerMarked(
                question_id=question.pk, answer_id=row.pk, floor_id=question.floor_id, helped=row.helped,
                tried=row.tried,
            )  # fmt: skip
            announce(fact, by=UNNAMED, at=at)
    return row


def _mark(answer: Answer, kind: str, trace: str, marked: bool, at: datetime) -> bool:
    """Write the mark down, if that changes anything."""
    mark = answer.marks.filter(kind=kind, marker_key=trace).first()
    if marked == (mark is not None and mark.is_meant):
        return False
    if marked and Mark.objects.filter(marker_key=trace, at__gt=at - A_DAY).count() >= MOST_MARKS:
        sentence = _("You marked very many answers within a day. Go on tomorrow.")
        raise Refusal("questions.marks_too_often", sentence, status=429)
    mark = mark or Mark(answer=answer, kind=kind, marker_key=trace, taps=0)
    if mark.taps >= MOST_TAPS:
        raise Refusal("questions.taps", _("You changed your mind very often here. It stays as it is."), status=429)
    mark.taps, mark.is_meant, mark.at = mark.taps + 1, marked, at
    mark.save()
    return True
