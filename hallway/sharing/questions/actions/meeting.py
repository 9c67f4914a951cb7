"""Going on in person: the people of a question agree on a time and a place at the event."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hallway.gathering.events.models import Event
from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.pace import require_pace
from hallway.kit.refusal import Refusal, require
from hallway.people.actions.staying import stay
from hallway.people.models import Person

from .. import policies
from ..facts import RendezvousCancelled, RendezvousJoined, RendezvousProposed
from ..models import Question, Rendezvous
from .asking import GONE
from .texts import require_shown, said

LONGEST_PLACE = 160
AFTER_THE_EVENT = timedelta(hours=6)
MOST = 5
MOST_A_DAY = 20
MOST_JOINS = 60
NOT_THERE = _("Only those who take part in the event agree to meet there. Register for it, or sign in.")
NOT_ON = _("This meeting in person is called off or over. Propose another.")


def propose_rendezvous(*, question: Question, place: str, starts_at: datetime, by: Person, at: datetime) -> Rendezvous:
    """Propose when and where to go on; whoever proposes comes. The same time and place again is the same one.

    Refused for a time that is over, or not during the event (and six hours after it), and beyond five to one question.
    """
    words = said(place, limit=LONGEST_PLACE, field="place", one_line=True)
    with transaction.atomic():
        stay(by)
        row = held(question, GONE)
        floor = row.floor
        require(policies.can_answer(by, floor, at), "questions.not_there", NOT_THERE)
        _require_then(floor.event, starts_at, at)
        require_pace(RendezvousProposed, most=MOST_A_DAY, by=by, at=at)
        require_shown(row)
        standing = row.rendezvous.filter(cancelled_at=None, hidden_at=None)
        if same := standing.filter(place=words, starts_at=starts_at).first():
            _join(same, by, at)
            return same
        if standing.count() >= MOST:
            raise Refusal("questions.rendezvous_enough", _("There are five proposals already. Join one of them."))
        made = Rendezvous.objects.create(question=row, place=words, starts_at=starts_at, proposed_by=by, proposed_at=at)
        fact = RendezvousProposed(question_id=row.pk, rendezvous_id=made.pk, floor_id=floor.pk)
        announce(fact, by=by, at=at)
        _join(made, by, at)
    return made


def _require_then(event: Event, starts_at: datetime, at: datetime) -> None:
    begins, ends = event.starts_at, event.ends_at or event.starts_at
    if begins is None or ends is None or not max(begins, at) <= starts_at <= ends + AFTER_THE_EVENT:
        raise Refusal(
            "questions.not_then", _("Choose a time during the event that is still to come."), field="starts_at"
        )


def join_rendezvous(*, rendezvous: Rendezvous, by: Person, at: datetime) -> Rendezvous:
    """Come, too. Twice is once."""
    with transaction.atomic():
        stay(by)
        question = held(rendezvous.question, GONE)
        require(policies.can_answer(by, question.floor, at), "questions.not_there", NOT_THERE)
        require_shown(question)
        row = held(rendezvous, "questions.rendezvous_gone")
        if row.cancelled_at is not None or row.hidden_at is not None or row.starts_at + AFTER_THE_EVENT <= at:
            raise Refusal("questions.rendezvous_off", NOT_ON)
        _join(row, by, at)
    return row


def _join(row: Rendezvous, by: Person, at: datetime) -> None:
    _one, made = row.joins.get_or_create(person=by, defaults={"at": at})
    if made:
        require_pace(RendezvousJoined, most=MOST_JOINS, by=by, at=at)
        fact = RendezvousJoined(question_id=row.question_id, rendezvous_id=row.pk, floor_id=row.question.floor_id)
        announce(fact, by=by, at=at)


def leave_rendezvous(*, rendezvous: Rendezvous, by: Person, at: datetime) -> Rendezvous:
    """Not come after all. Twice is once."""
    with transaction.atomic():
        held(rendezvous.question, GONE)
        row = held(rendezvous, "questions.rendezvous_gone")
        gone, _kinds = row.joins.filter(person=by).delete()
        if gone:
            fact = RendezvousJoined(question_id=row.question_id, rendezvous_id=row.pk, floor_id=row.question.floor_id)
            announce(fact, by=by, at=at)
    return row


def cancel_rendezvous(*, rendezvous: Rendezvous, by: Actor, at: datetime) -> Rendezvous:
    """Call it off. Twice is once."""
    sentence = _("Only whoever proposed this, or a moderator, calls it off.")
    require(policies.can_cancel_rendezvous(by, rendezvous), "questions.not_your_rendezvous", sentence)
    with transaction.atomic():
        held(rendezvous.question, GONE)
        row = held(rendezvous, "questions.rendezvous_gone")
        if row.cancelled_at is None:
            row.cancelled_at = at
            row.save(update_fields=["cancelled_at"])
            fact = RendezvousCancelled(
                question_id=row.question_id, rendezvous_id=row.pk, floor_id=row.question.floor_id
            )
            announce(fact, by=by, at=at)
    return row
