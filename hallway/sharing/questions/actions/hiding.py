"""What moderation takes from the page, and who asks no more."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.refusal import Refusal, require
from hallway.people.models import Person

from .. import policies
from ..facts import AskerMuted, SaidHidden
from ..models import Answer, Case, Floor, MutedAsker, Question, Rendezvous
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


def mute_asker(*, question: Question, by: Actor, at: datetime) -> MutedAsker:
    """Whoever asked this asks no more at the event, named or not; who it is stays unknown. Twice is once."""
    return _mute(question, lifted=False, by=by, at=at)


def unmute_asker(*, question: Question, by: Actor, at: datetime) -> MutedAsker:
    """Whoever asked this may ask again."""
    return _mute(question, lifted=True, by=by, at=at)


def let_ask_again(*, muted: MutedAsker, by: Actor, at: datetime) -> MutedAsker:
    """The same from the list of the event: also where the question is hidden, taken back or gone. Twice is once."""
    require(policies.can_unmute(by, muted.event), "questions.not_moderator", NOT_MODERATOR)
    with transaction.atomic():
        row = held(muted, "questions.mute_gone")
        if row.lifted_at is None:
            row.lifted_at = at
            row.save(update_fields=["lifted_at"])
            asked = Question.objects.filter(floor__event=row.event_id, asker_key=row.asker_key).order_by("pk").last()
            floor_id, question_id = (asked.floor_id, asked.pk) if asked is not None else (0, 0)
            fact = AskerMuted(floor_id=floor_id, event_id=row.event_id, question_id=question_id, lifted=True)
            announce(fact, by=by, at=at)
    return row


def _mute(question: Question, *, lifted: bool, by: Actor, at: datetime) -> MutedAsker:
    floor: Floor = question.floor
    may = policies.can_moderate(by, floor) or policies.can_hide(by, floor)
    require(may, "questions.not_moderator", NOT_MODERATOR)
    if not lifted and question.asker is not None and policies.can_moderate(question.asker, floor):
        raise Refusal("questions.mute_team", _("This is somebody of the team or a speaker. Talk to them."))
    with transaction.atomic():
        held(floor, "questions.floor_gone")
        row, made = MutedAsker.objects.get_or_create(
            event=floor.event,
            asker_key=question.asker_key,
            defaults={"muted_at": at, "lifted_at": at if lifted else None},
        )
        if not lifted and (made or row.lifted_at is not None):
            row.muted_by, row.muted_at, row.lifted_at = (by if isinstance(by, Person) else None), at, None
        elif lifted and not made and row.lifted_at is None:
            row.lifted_at = at
        else:
            return row
        row.save()
        fact = AskerMuted(floor_id=floor.pk, event_id=floor.event_id, question_id=question.pk, lifted=lifted)
        announce(fact, by=by, at=at)
    return row
