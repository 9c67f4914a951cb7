"""What a moderator or the speaker does in the room: let in, refuse, take up, and say what was said."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.kit import store
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.refusal import Refusal, require
from hallway.people.models import Person

from .. import policies
from ..facts import AnsweredLive, QuestionRefused, QuestionShown, QuestionTaken, RefusalTakenBack
from ..models import Floor, Question
from ..models.floors import FORGOTTEN_AFTER
from .asking import GONE
from .texts import LANGUAGES, NOT_SHOWN, said

State = Question.State
LONGEST_SAID = 1_000
LONGEST_REASON = 300
NOT_MODERATOR = _("Only moderators, speakers and the team do that. Ask one of them for the link.")


def moderated(question: Question, by: Actor) -> tuple[Floor, Question]:
    """The question under its floor's lock and its own, for a moderator."""
    require(policies.can_moderate(by, question.floor), "questions.not_moderator", NOT_MODERATOR)
    floor = held(question.floor, "questions.floor_gone")
    row = held(question, GONE)
    if row.state == State.WITHDRAWN or row.erased_at is not None:
        raise Refusal("questions.withdrawn", _("Its asker took this question back."), status=404)
    return floor, row


def let_question_in(*, question: Question, by: Actor, at: datetime) -> Question:
    """Show a question that waited, or that was refused before. Twice is once."""
    with transaction.atomic():
        floor, row = moderated(question, by)
        if row.state in (State.HELD, State.REFUSED):
            _show(row, floor, by=by, at=at)
    return row


def _show(row: Question, floor: Floor, *, by: Actor, at: datetime) -> None:
    row.state, row.shown_at, row.reason = State.SHOWN, at, ""
    row.save(update_fields=["state", "shown_at", "reason"])
    announce(QuestionShown(question_id=row.pk, floor_id=floor.pk, event_id=floor.event_id), by=by, at=at)


def refuse_question(*, question: Question, reason: str, by: Actor, at: datetime) -> Question:
    """Do not show a question. Its asker reads the reason; everybody reads how many were not shown."""
    words = said(reason, limit=LONGEST_REASON, field="reason", one_line=True)
    with transaction.atomic():
        floor, row = moderated(question, by)
        if row.state == State.MERGED or row.answered_live_at or row.answered_later_at:
            raise Refusal("questions.settled_already", _("This question was answered or put together. It stays."))
        if row.state != State.REFUSED:
            row.state, row.reason, row.on_stage_at = State.REFUSED, words, None
            row.save(update_fields=["state", "reason", "on_stage_at"])
            announce(QuestionRefused(question_id=row.pk, floor_id=floor.pk, event_id=floor.event_id), by=by, at=at)
    return row


def take_back_refusal(*, question: Question, by: Actor, at: datetime) -> Question:
    """A question that was refused stands again where it stood: shown, or waiting. Twice is once."""
    with transaction.atomic():
        floor, row = moderated(question, by)
        if row.state == State.REFUSED:
            row.state, row.reason = (State.SHOWN if row.shown_at is not None else State.HELD), ""
            row.save(update_fields=["state", "reason"])
            announce(RefusalTakenBack(question_id=row.pk, floor_id=floor.pk, event_id=floor.event_id), by=by, at=at)
    return row


def take_question(*, question: Question, by: Actor, at: datetime) -> Question:
    """The room speaks of this one now. One at a time: the one before is put back, not answered.

    A speaker who takes it is named as who answers, also when a moderator put it up before.
    """
    # Pages last: to let it in makes them old, and the one before may be held by somebody who answers it.
    with transaction.atomic(), store.bumped_last():
        floor, row = moderated(question, by)
        if row.state in (State.HELD, State.REFUSED):
            _show(row, floor, by=by, at=at)
        if row.state != State.SHOWN or row.hidden_at is not None:
            raise Refusal("questions.not_shown", NOT_SHOWN)
        speaker = by if isinstance(by, Person) and policies.is_speaker(by, floor) else None
        if row.on_stage_at is None or (speaker is not None and row.taken_by_id != speaker.pk):
            floor.questions.exclude(pk=row.pk).filter(on_stage_at__isnull=False).update(on_stage_at=None, taken_by=None)
            row.on_stage_at, row.taken_by = row.on_stage_at or at, speaker
            row.save(update_fields=["on_stage_at", "taken_by"])
            announce(QuestionTaken(question_id=row.pk, floor_id=floor.pk), by=by, at=at)
    return row


def leave_question(*, question: Question, by: Actor, at: datetime) -> Question:
    """Speak of something else; the question stays open. Twice is once."""
    with transaction.atomic():
        floor, row = moderated(question, by)
        if row.on_stage_at is not None:
            row.on_stage_at = row.taken_by = None
            row.save(update_fields=["on_stage_at", "taken_by"])
            announce(QuestionTaken(question_id=0, floor_id=floor.pk), by=by, at=at)
    return row


def clear_stage(*, floor: Floor, by: Actor, at: datetime) -> bool:
    """The room of a session that is long over speaks of nothing any more: what was forgotten there is put back.

    Returns whether there was something. It is not answered by that; who was there can still say that it was.
    """
    with transaction.atomic():
        row = held(floor, "questions.floor_gone")
        forgotten = row.questions.filter(on_stage_at__lte=at - FORGOTTEN_AFTER)
        if not row.is_over(at - FORGOTTEN_AFTER) or not forgotten.update(on_stage_at=None, taken_by=None):
            return False
        announce(QuestionTaken(question_id=0, floor_id=row.pk), by=by, at=at)
    return True


def answer_live(*, question: Question, summary: str = "", language: str = "", by: Actor, at: datetime) -> Question:
    """It was answered in the room; ``summary`` is a line of what was said, and can be written or changed later."""
    words = said(summary, limit=LONGEST_SAID, field="said") if summary.strip() else ""
    with transaction.atomic():
        floor, row = moderated(question, by)
        if row.state in (State.HELD, State.REFUSED):
            _show(row, floor, by=by, at=at)
        if row.state != State.SHOWN or row.hidden_at is not None:
            raise Refusal("questions.not_shown", NOT_SHOWN)
        before = (row.answered_live_at, row.said, row.on_stage_at)
        row.answered_live_at, row.on_stage_at = row.answered_live_at or at, None
        if words:
            row.said, row.said_language = words, language[:LANGUAGES]
        if before != (row.answered_live_at, row.said, row.on_stage_at):
            row.save(update_fields=["answered_live_at", "on_stage_at", "said", "said_language"])
            announce(AnsweredLive(question_id=row.pk, floor_id=floor.pk), by=by, at=at)
    return row


def undo_answer_live(*, question: Question, by: Actor, at: datetime) -> Question:
    """It was not answered after all: a tap too many, or the wrong one. The line of what was said goes with it."""
    with transaction.atomic():
        floor, row = moderated(question, by)
        if row.answered_live_at is not None:
            row.answered_live_at, row.taken_by, row.said, row.said_language = None, None, "", ""
            row.save(update_fields=["answered_live_at", "taken_by", "said", "said_language"])
            announce(AnsweredLive(question_id=row.pk, floor_id=floor.pk, undone=True), by=by, at=at)
    return row
