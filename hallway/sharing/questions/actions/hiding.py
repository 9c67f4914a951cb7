"""What moderation takes from the page, and who asks no more."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.refusal import Refusal, require
from hallway.people.models import Person

from .. import policies
from ..facts import AskerMuted, SaidHidden
from ..models import Answer, Case, MutedAsker, Question, Rendezvous
from .answering import settle_answered
from .asking import GONE
from .room import NOT_MODERATOR

NOT_HIDING = _("Only the event’s team and moderation hide texts. A moderator can refuse a question, with a reason.")
Said = Question | Case | Answer | Rendezvous


def hide_said(*, said: Said, by: Actor, at: datetime) -> None:
    """Take a question, case, answer or rendezvous from every page. Twice is once; :func:`show_said` puts it back."""
    _set_hidden(said, at, by=by, at=at)


def show_said(*, said: Said, by: Actor, at: datetime) -> None:
    """Put back what was hidden."""
    _set_hidden(said, None, by=by, at=at)


def _set_hidden(said: Said, moment: datetime | None, *, by: Actor, at: datetime) -> None:
    question = said if isinstance(said, Question) else said.question
    floor = question.floor
    require(policies.can_hide(by, floor), "questions.not_hiding", NOT_HIDING)
    with transaction.atomic():
        row = held(question, GONE)
        thing = row if isinstance(said, Question) else held(said, "questions.said_gone")
        if (thing.hidden_at is None) == (moment is None):
            return
        thing.hidden_at = moment
        if isinstance(thing, Question):
            thing.on_stage_at = None
        thing.save()
        if isinstance(thing, Answer):
            settle_answered(row)
        fact = SaidHidden(
            floor_id=floor.pk, event_id=floor.event_id, session_id=floor.session_id, question_id=row.pk,
            what=type(thing).__name__.lower(), hidden=moment is not None,
        )  # fmt: skip
        announce(fact, by=by, at=at)


def mute_asker(*, question: Question, cause: str = "", by: Actor, at: datetime) -> MutedAsker:
    """Whoever asked this asks no more at the event, named or not; who it is stays unknown. Twice is once.

    ``cause`` names a decision of moderation. Somebody who is muted already stays so until each is taken back.
    """
    _require_may_mute(question, by)
    with transaction.atomic():
        row, asked = _muted(question, at)
        if asked.asker is not None and policies.can_moderate(asked.asker, asked.floor):
            raise Refusal("questions.mute_team", _("This is somebody of the team or a speaker. Talk to them."))
        why = _why(question, cause, by)
        if not row.causes.filter(**why).exists():
            row.causes.create(**{"question": question, "by": _person(by), **why}, at=at)
        if row.lifted_at is not None:
            row.muted_by, row.muted_at, row.lifted_at = _person(by), at, None
            row.save(update_fields=["muted_by", "muted_at", "lifted_at"])
            _announce(row, question.floor_id, question.pk, lifted=False, by=by, at=at)
    return row


def take_back_mute(*, question: Question, cause: str = "", by: Actor, at: datetime) -> MutedAsker:
    """One press or decision holds no more. They ask again only once none does. Twice is once."""
    _require_may_mute(question, by)
    with transaction.atomic():
        row, _asked = _muted(question, at)
        ended, _rows = row.causes.filter(**_why(question, cause, by)).delete()
        if ended and not row.causes.exists():
            _lift(row, question.floor_id, question.pk, by=by, at=at)
    return row


def unmute_asker(*, question: Question, by: Actor, at: datetime) -> MutedAsker:
    """Whoever asked this may ask again, whatever they were muted for and by whom. Twice is once.

    By a speaker or with the link for moderators, what moderation decided stands: they stay muted until that is undone.
    """
    _require_may_mute(question, by)
    with transaction.atomic():
        row, asked = _muted(question, at)
        ended = row.causes.all() if policies.can_hide(by, asked.floor) else row.causes.filter(cause="")
        ended.delete()
        if not row.causes.exists():
            _lift(row, question.floor_id, question.pk, by=by, at=at)
    return row


def let_ask_again(*, muted: MutedAsker, by: Actor, at: datetime) -> MutedAsker:
    """The same from the list of the event: also where the question is hidden, taken back or gone. Twice is once."""
    require(policies.can_unmute(by, muted.event), "questions.not_moderator", NOT_MODERATOR)
    with transaction.atomic():
        row = held(muted, "questions.mute_gone")
        asked = Question.objects.filter(floor__event=row.event_id, asker_key=row.asker_key).order_by("pk").last()
        floor_id, question_id = (asked.floor_id, asked.pk) if asked is not None else (0, 0)
        row.causes.all().delete()
        _lift(row, floor_id, question_id, by=by, at=at)
    return row


def _require_may_mute(question: Question, by: Actor) -> None:
    may = policies.can_moderate(by, question.floor) or policies.can_hide(by, question.floor)
    require(may, "questions.not_moderator", NOT_MODERATOR)


def _muted(question: Question, at: datetime) -> tuple[MutedAsker, Question]:
    """The row of whoever asked, under its lock: floors of one event share it. A new one mutes nobody yet.

    With the question as it is now: by another trace once its asker left, or turned out to be somebody known already.
    """
    floor = held(question.floor, "questions.floor_gone")
    asked = held(question, GONE)
    row, _made = MutedAsker.objects.get_or_create(
        event=floor.event, asker_key=asked.asker_key, defaults={"muted_at": at, "lifted_at": at}
    )
    return held(row, "questions.mute_gone"), asked


def _why(question: Question, cause: str, by: Actor) -> dict[str, Any]:
    """By what a cause is found again: a decision by its name, a press by who pressed it on which question."""
    return {"cause": cause} if cause else {"cause": "", "question": question, "by": _person(by)}


def _person(by: Actor) -> Person | None:
    return by if isinstance(by, Person) else None


def _lift(row: MutedAsker, floor_id: int, question_id: int, *, by: Actor, at: datetime) -> None:
    if row.lifted_at is None:
        row.lifted_at = at
        row.save(update_fields=["lifted_at"])
        _announce(row, floor_id, question_id, lifted=True, by=by, at=at)


def _announce(row: MutedAsker, floor_id: int, question_id: int, *, lifted: bool, by: Actor, at: datetime) -> None:
    fact = AskerMuted(floor_id=floor_id, event_id=row.event_id, question_id=question_id, lifted=lifted)
    announce(fact, by=by, at=at)
