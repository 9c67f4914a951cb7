"""What a moderator can press: each is one action; on a question, only as it was when they saw it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy, gettext_noop, override
from django.utils.translation import gettext as _

from hallway.kit.actors import Actor
from hallway.kit.refusal import NothingHere, Refusal
from hallway.people.models import Person

from .. import actions, policies
from ..actions.seen import as_it_was_seen
from ..models import Floor, Question

# Reasons that are one tap, as they are chosen here; the asker reads them in the language they asked in.
READY = {
    "topic": gettext_lazy("It is not about this session."),
    "remark": gettext_lazy("It is a remark. Please ask it as a question."),
    "people": gettext_lazy("It could hurt somebody. Please ask it in other words."),
}
_REASONS = {
    "topic": gettext_noop("It is not about this session."),
    "remark": gettext_noop("It is a remark. Please ask it as a question."),
    "people": gettext_noop("It could hurt somebody. Please ask it in other words."),
}

OnQuestion = Callable[[Question, QueryDict, Actor, datetime], object]
OnFloor = Callable[[Floor, QueryDict, Actor, str, datetime], object]


def number_in(text: str) -> int:
    """An id that was sent, or 0, which nothing has."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else 0


def question_of(floor: Floor, number: str) -> Question:
    """A question of this floor and no other."""
    row = floor.questions.select_related("asker").filter(pk=number_in(number)).first()
    if row is None:
        raise NothingHere(_("This question is not in this session."))
    row.floor = floor
    return row


def _reason(question: Question, sent: QueryDict) -> str:
    """The reason in the asker's language when it is a ready one, else as it was written."""
    ready = _REASONS.get(sent.get("ready", ""))
    if ready is None:
        return sent.get("reason", "")[:2_000]
    language = question.language if question.language in dict(settings.LANGUAGES) else (get_language() or "en")
    with override(language):
        return _(ready)


def _answer(question: Question, sent: QueryDict, by: Actor, at: datetime) -> object:
    said, language = sent.get("said", "")[:5_000], (get_language() or "en")[:2]
    return actions.answer_live(question=question, summary=said, language=language, by=by, at=at)


def _merge(question: Question, sent: QueryDict, by: Actor, at: datetime) -> object:
    into = question_of(question.floor, sent.get("into", ""))
    return actions.merge_question(question=question, into=into, by=by, at=at)


ON_QUESTION: dict[str, OnQuestion] = {
    "take": lambda question, sent, by, at: actions.take_question(question=question, by=by, at=at),
    "leave": lambda question, sent, by, at: actions.leave_question(question=question, by=by, at=at),
    "answer": _answer,
    "unanswer": lambda question, sent, by, at: actions.undo_answer_live(question=question, by=by, at=at),
    "let_in": lambda question, sent, by, at: actions.let_question_in(question=question, by=by, at=at),
    "refuse": lambda question, sent, by, at: actions.refuse_question(
        question=question, reason=_reason(question, sent), by=by, at=at
    ),
    "take_back": lambda question, sent, by, at: actions.take_back_refusal(question=question, by=by, at=at),
    "merge": _merge,
    "separate": lambda question, sent, by, at: actions.separate_question(question=question, by=by, at=at),
    "mute": lambda question, sent, by, at: actions.mute_asker(question=question, by=by, at=at),
    "take_back_mute": lambda question, sent, by, at: actions.take_back_mute(question=question, by=by, at=at),
    "unmute": lambda question, sent, by, at: actions.unmute_asker(question=question, by=by, at=at),
}


def _hand_over(floor: Floor, sent: QueryDict, by: Actor, name: str, at: datetime) -> object:
    """To somebody by name, or to nobody: then whoever presses first has them."""
    person = Person.objects.filter(pk=number_in(sent.get("to", "")), left_at=None).first()
    if person is not None and not policies.can_moderate(person, floor):
        raise Refusal("questions.cannot_have_it", _("They cannot moderate this session. Give them the link instead."))
    return actions.hand_over_floor(floor=floor, person=person, by=by, at=at)


def _take_over(floor: Floor, sent: QueryDict, by: Actor, name: str, at: datetime) -> object:
    if isinstance(by, Person):
        return actions.hand_over_floor(floor=floor, person=by, by=by, at=at)
    return actions.hand_over_floor(floor=floor, name=name, by=by, at=at)


def _change(**changes: object) -> OnFloor:
    return lambda floor, sent, by, name, at: actions.change_floor(floor=floor, changes=dict(changes), by=by, at=at)


ON_FLOOR: dict[str, OnFloor] = {
    "pause": _change(paused=True),
    "resume": _change(paused=False),
    "queue_on": _change(queue=True),
    "queue_off": _change(queue=False),
    "order": lambda floor, sent, by, name, at: actions.change_floor(
        floor=floor, changes={"order": sent.get("order", "")}, by=by, at=at
    ),
    "open_days": lambda floor, sent, by, name, at: actions.change_floor(
        floor=floor, changes={"open_days": number_in(sent.get("open_days", ""))}, by=by, at=at
    ),
    "take_over": _take_over,
    "hand_over": _hand_over,
    "reopen": lambda floor, sent, by, name, at: actions.reopen_floor(floor=floor, by=by, at=at),
    "new_link": lambda floor, sent, by, name, at: actions.renew_moderator_link(floor=floor, by=by, at=at),
}


def press(sent: QueryDict, floor: Floor, by: Actor, name: str, at: datetime) -> str:
    """Do what was pressed. ``take.12`` for what was done with question 12, nothing for the rest. Raises Refusal."""
    do = sent.get("do", "")
    if do in ON_FLOOR:
        ON_FLOOR[do](floor, sent, by, name, at)
        return ""
    if do not in ON_QUESTION:
        raise Refusal("questions.unknown", _("Press one of the buttons on the page."), status=400)
    question = question_of(floor, sent.get("question", ""))
    if do in {"mute", "take_back_mute", "unmute"}:
        ON_QUESTION[do](question, sent, by, at)
        return f"{do}.{question.pk}"
    with as_it_was_seen(question, sent.get("seen", "")) as row:
        row.floor = floor
        ON_QUESTION[do](row, sent, by, at)
    return f"{do}.{question.pk}"
