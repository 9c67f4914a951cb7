"""Asking, and the five minutes in which one may think again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hallway.kit import store
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.refusal import Refusal, require
from hallway.people.actions.staying import stay

from .. import policies, queries
from ..facts import QuestionAsked, QuestionEdited, QuestionWithdrawn
from ..models import Floor, Question
from ..models.questions import EDITABLE_FOR
from ..tokens import trace_of, traces_of
from .following import follow_question
from .texts import LANGUAGES, NOT_HERE, name_of, require_a_breath, require_open, said, signature

State, Place = Question.State, Question.Place
LONGEST = 500
A_WHILE = timedelta(minutes=10)
MOST_BY_ONE = 6
A_MOMENT = timedelta(minutes=1)
MOST_IN_A_ROOM = 60
GONE = "questions.question_gone"
NOT_YOURS = _("Only whoever asked this question can change it, on the device they asked with or signed in.")
MUTED = _(
    "The moderators read no more questions from here. If you think that is a mistake, write to the team: the event’s "
    "page leads there."
)


def ask_question(
    *,
    floor: Floor,
    text: str,
    language: str,
    named: bool = False,
    name: str = "",
    place: str = Place.ROOM,
    tell: bool = False,
    address: str = "",
    by: Actor,
    also: Sequence[Actor] = (),
    at: datetime,
) -> Question:
    """Ask something, named or not. The same words again on the same floor are the same question.

    ``also`` is the device somebody signed in on; after the session ``place`` is later. With ``tell`` an account is
    written of answers, else ``address``. Refused when empty, over 500 characters, too often (six in ten minutes, sixty
    a minute on one floor), muted, or closed.
    """
    words = said(text, limit=LONGEST)
    with transaction.atomic(), store.bumped_last():
        by = stay(by)
        asker, shown_name = name_of(by, named, name)
        row = held(floor, "questions.floor_gone")
        require_open(row, by, at)
        if policies.is_muted(row, by, *also):
            raise Refusal("questions.muted", MUTED, status=403)
        traces, trace = traces_of(by, *also), trace_of(by, named=bool(shown_name))
        if same := row.questions.filter(asker_key=trace, text=words, state__in=(State.HELD, State.SHOWN)).first():
            return same
        _require_pace(row, traces, at)
        waits = row.queue and not policies.can_moderate(by, row)
        question = Question.objects.create(
            floor=row,
            text=words,
            language=language[:LANGUAGES],
            asker=asker,
            asker_key=trace,
            name=shown_name,
            place=Place.LATER if row.is_over(at) else place if place in Place.values else Place.ROOM,
            first_time=queries.is_first_question(traces),
            state=State.HELD if waits else State.SHOWN,
            asked_at=at,
            shown_at=None if waits else at,
        )
        announce(QuestionAsked(question_id=question.pk, floor_id=row.pk, held=waits), by=signature(asker), at=at)
        if tell or address:  # in the page's language, whatever they ask in
            follow_question(question=question, address=address, language=(get_language() or language)[:2], by=by, at=at)
    return question


def _require_pace(floor: Floor, traces: Sequence[str], at: datetime) -> None:
    lately = Question.objects.filter(asker_key__in=traces, asked_at__gt=at - A_WHILE).count()
    if lately >= MOST_BY_ONE:
        sentence = _(
            "You asked six questions within ten minutes. Vote for those of others, and ask again a little later."
        )
        raise Refusal("questions.too_often", sentence, status=429)
    if floor.questions.filter(asked_at__gt=at - A_MOMENT).count() >= MOST_IN_A_ROOM:
        sentence = _("Very many questions come in at this moment. Wait a minute and send yours again.")
        raise Refusal("questions.too_many", sentence, status=429)


def edit_question(*, question: Question, text: str, by: Actor, at: datetime) -> Question:
    """Write a question anew within five minutes; not once somebody took it up or let it in."""
    words = said(text, limit=LONGEST)
    with transaction.atomic():
        stay(by)
        row = _still_mine(question, by, at)
        require(policies.can_ask(by, row.floor), "questions.not_here", NOT_HERE)
        if row.shown_at != row.asked_at and row.state == State.SHOWN:
            sentence = _("A moderator let these words in. Take your question back and ask it in other words.")
            raise Refusal("questions.let_in", sentence)
        if policies.is_muted(row.floor, by):
            raise Refusal("questions.muted", MUTED, status=403)
        if row.text != words:
            require_a_breath(row.edited_at, at)
            row.text, row.edited_at = words, at
            row.save(update_fields=["text", "edited_at"])
            fact = QuestionEdited(question_id=row.pk, floor_id=row.floor_id, held=row.state == State.HELD)
            announce(fact, by=signature(row.asker), at=at)
    return row


def withdraw_question(*, question: Question, by: Actor, at: datetime) -> Question:
    """Take a question back within five minutes: its text is gone, and it is counted nowhere. Twice is once."""
    with transaction.atomic():
        stay(by)
        row = held(question, GONE)
        require(policies.can_change_question(by, row), "questions.not_yours", NOT_YOURS)
        if row.state == State.WITHDRAWN:
            return row
        row = _still_mine(row, by, at)
        was_held = row.state == State.HELD
        asker = row.asker
        row.state, row.text, row.name, row.asker = State.WITHDRAWN, "", "", None
        row.save(update_fields=["state", "text", "name", "asker"])
        row.follows.all().delete()
        fact = QuestionWithdrawn(question_id=row.pk, floor_id=row.floor_id, held=was_held)
        announce(fact, by=signature(asker), at=at)
    return row


def _still_mine(question: Question, by: Actor, at: datetime) -> Question:
    row = held(question, GONE)
    require(policies.can_change_question(by, row), "questions.not_yours", NOT_YOURS)
    if row.state not in (State.HELD, State.SHOWN) or row.hidden_at is not None:
        raise Refusal("questions.settled", _("This question was put together with another, or is not shown any more."))
    if row.doubles.exists():
        sentence = _("Others asked the same and were put together with yours, so it stays as it is.")
        raise Refusal("questions.shared", sentence)
    taken_up = row.on_stage_at or row.answered_live_at or row.answered_later_at
    if taken_up is not None:
        raise Refusal("questions.taken_up", _("Somebody answers this question already, so it stays as it is."))
    if at - row.asked_at > EDITABLE_FOR:
        sentence = _("Five minutes are over, and others may have voted for these words. Ask a new question instead.")
        raise Refusal("questions.five_minutes", sentence)
    return row
