"""Doubles: two questions put together, with everything that hangs on them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.refusal import Refusal, require
from hallway.kit.sealed import unseal
from hallway.people.models import Person

from .. import policies
from ..facts import QuestionMerged
from ..models import Question, Vote
from ..tokens import follower_key, trace_of
from .asking import GONE
from .room import NOT_MODERATOR

State = Question.State


def merge_question(*, question: Question, into: Question, by: Actor, at: datetime) -> Question:
    """Put a double together with the question it repeats: votes, cases and followers stand there, each once.

    Whoever asked the double wants the other one answered: that counts as a vote. Returns the question that stays.
    """
    with transaction.atomic():
        require(policies.can_moderate(by, question.floor), "questions.not_moderator", NOT_MODERATOR)
        floor = held(question.floor, "questions.floor_gone")
        first, second = sorted((question, into), key=lambda one: one.pk)
        rows = {one.pk: held(one, GONE) for one in (first, second)}
        row, stays = rows[question.pk], rows[into.pk]
        _require_doubles(row, stays)
        row.doubles.update(merged_into=stays)
        _move_votes(row, stays, at)
        told = stays.cases.values_list("author_key", flat=True)
        row.cases.exclude(author_key__in=list(told)).update(question=stays)
        _move_followers(row, stays)
        row.state, row.merged_into, row.on_stage_at, row.votes = State.MERGED, stays, None, 0
        row.save(update_fields=["state", "merged_into", "on_stage_at", "votes"])
        fact = QuestionMerged(question_id=row.pk, into_id=stays.pk, floor_id=floor.pk, event_id=floor.event_id)
        announce(fact, by=by, at=at)
    return stays


def _require_doubles(row: Question, stays: Question) -> None:
    is_there = stays.state == State.SHOWN and stays.hidden_at is None and stays.erased_at is None
    if row.pk == stays.pk or stays.floor_id != row.floor_id or not is_there:
        raise Refusal("questions.not_into", _("Choose another question of this session that is shown."))
    if row.state not in (State.HELD, State.SHOWN) or row.erased_at is not None:
        sentence = _("This question was put together with another, or is not shown any more.")
        raise Refusal("questions.settled", sentence)
    if row.answered_live_at or row.answered_later_at:
        raise Refusal("questions.answered", _("This question was answered. Put the other one into it instead."))


def _move_votes(row: Question, stays: Question, at: datetime) -> None:
    """Each person's vote once. An account that voted with its name on one and without it on the other is one person.

    Of a device that typed a name on one of the two nobody can tell, and both votes stand.
    """
    here = (row, stays)
    asked = Q(questions__in=here) | Q(questions__merged_into__in=here)
    people = Person.objects.filter(asked | Q(cases__question__in=here)).distinct()
    unnamed = {trace_of(person, named=True): trace_of(person) for person in people}

    def who(trace: str) -> str:
        return unnamed.get(trace, trace)

    Vote.objects.filter(question__in=here, is_wanted=False).delete()
    taken = {who(stays.asker_key), *(who(vote.voter_key) for vote in stays.vote_rows.all())}
    moved: dict[str, int] = {}
    for vote in row.vote_rows.all():
        if who(vote.voter_key) not in taken:
            moved.setdefault(who(vote.voter_key), vote.pk)
    row.vote_rows.exclude(pk__in=moved.values()).delete()
    row.vote_rows.update(question=stays)
    if who(row.asker_key) not in taken | set(moved):
        Vote.objects.create(question=stays, voter_key=row.asker_key, at=at)
    stays.votes = stays.vote_rows.count()
    stays.save(update_fields=["votes"])


def _move_followers(row: Question, stays: Question) -> None:
    """Each hears once, of the answers to the question that stays. A follower is known by another key there."""
    there = set(stays.follows.values_list("follower_key", flat=True))
    for follow in row.follows.all():
        recipient = unseal(follow.recipient) or ""
        key = follower_key(stays.pk, recipient)
        if recipient and key not in there:
            follow.question, follow.follower_key = stays, key
            follow.save(update_fields=["question", "follower_key"])
