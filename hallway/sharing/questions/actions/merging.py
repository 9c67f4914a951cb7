"""Doubles: two questions put together, with everything that hangs on them, and separated again.

Votes, cases and followers that go along say where they came from; what the other question has already stays behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
from ..facts import QuestionMerged, QuestionSeparated
from ..models import Floor, Follow, Question, Vote
from ..tokens import follower_key, trace_of
from .asking import GONE
from .room import NOT_MODERATOR

State = Question.State


def merge_question(*, question: Question, into: Question, by: Actor, at: datetime) -> Question:
    """Put a double together with the question it repeats: votes, cases and followers stand there, each once.

    Whoever asked the double wants the other one answered: that counts as a vote. Returns the question that stays;
    :func:`separate_question` undoes it.
    """
    with transaction.atomic():
        require(policies.can_moderate(by, question.floor), "questions.not_moderator", NOT_MODERATOR)
        floor, (row, stays) = _held(question, into)
        _require_doubles(row, stays)
        _send_back(row, row.doubles.all())
        row.doubles.update(merged_into=stays)
        _set_aside(row, at)
        row.state, row.merged_into, row.put_into, row.merged_at = State.MERGED, stays, stays, at
        row.on_stage_at, row.votes = None, 0
        row.save(update_fields=["state", "merged_into", "put_into", "merged_at", "on_stage_at", "votes"])
        _bring(stays)
        fact = QuestionMerged(question_id=row.pk, into_id=stays.pk, floor_id=floor.pk, event_id=floor.event_id)
        announce(fact, by=by, at=at)
    return stays


def separate_question(*, question: Question, by: Actor, at: datetime) -> Question:
    """Undo that a question was put together with another, as long as neither was answered since. Twice is once.

    Votes, cases and followers are where they were; what was said to both since stays with the other one.
    """
    with transaction.atomic():
        require(policies.can_moderate(by, question.floor), "questions.not_moderator", NOT_MODERATOR)
        held(question.floor, "questions.floor_gone")
        stays = Question.objects.filter(doubles=question.pk).first()  # nobody puts it elsewhere: the floor is held
        if stays is None:
            return held(question, GONE)
        floor, (row, stays) = _held(question, stays)
        _require_separable(row, stays)
        back = [row, *_put_into(row)]
        _send_back(stays, back)
        Question.objects.filter(pk__in=[one.pk for one in back[1:]]).update(merged_into=row)
        _stand_alone(row)
        for one in (row, stays):
            _bring(one)
        fact = QuestionSeparated(question_id=row.pk, into_id=stays.pk, floor_id=floor.pk, event_id=floor.event_id)
        announce(fact, by=by, at=at)
    return row


def _held(question: Question, other: Question) -> tuple[Floor, tuple[Question, Question]]:
    floor = held(question.floor, "questions.floor_gone")
    first, second = sorted((question, other), key=lambda one: one.pk)
    rows = {one.pk: held(one, GONE) for one in (first, second)}
    return floor, (rows[question.pk], rows[other.pk])


def _require_doubles(row: Question, stays: Question) -> None:
    is_there = stays.state == State.SHOWN and stays.hidden_at is None and stays.erased_at is None
    if row.pk == stays.pk or stays.floor_id != row.floor_id or not is_there:
        raise Refusal("questions.not_into", _("Choose another question of this session that is shown."))
    if row.state not in (State.HELD, State.SHOWN) or row.erased_at is not None:
        sentence = _("This question was put together with another, or is not shown any more.")
        raise Refusal("questions.settled", sentence)
    if row.answered_live_at or row.answered_later_at:
        raise Refusal("questions.answered", _("This question was answered. Put the other one into it instead."))


def _require_separable(row: Question, stays: Question) -> None:
    if row.erased_at is not None:
        raise Refusal("questions.withdrawn", _("Its asker took this question back."), status=404)
    if row.merged_at is None:
        sentence = _("When these questions were put together, that could not be undone yet. They stay together.")
        raise Refusal("questions.merged_before", sentence)
    if row.put_into_id != stays.pk:
        sentence = _(
            "The other question has itself been put together with a third one since. Separate those two first."
        )
        raise Refusal("questions.merged_further", sentence)
    later = stays.answers.filter(written_at__gte=row.merged_at, withdrawn_at=None, hidden_at=None)
    if (stays.answered_live_at is not None and stays.answered_live_at >= row.merged_at) or later.exists():
        sentence = _(
            "These questions have been answered since they were put together, and the answer is for both. "
            "They stay together."
        )
        raise Refusal("questions.answered_together", sentence)


def _put_into(row: Question) -> list[Question]:
    """The questions that were put into this one, and into those."""
    found = list(Question.objects.filter(put_into=row, state=State.MERGED).order_by("pk"))
    return found + [deeper for one in found for deeper in _put_into(one)]


def _set_aside(row: Question, at: datetime) -> None:
    """Its votes wait to be brought along, with one of whoever asked it."""
    row.vote_rows.filter(voter_key=row.asker_key).delete()
    row.vote_rows.filter(is_wanted=True).update(is_wanted=False, is_aside=True)
    Vote.objects.create(question=row, voter_key=row.asker_key, is_wanted=False, is_aside=True, at=at)


def _stand_alone(row: Question) -> None:
    """Where it stood before: shown, or waiting; with its votes, without one of whoever asked it."""
    row.vote_rows.filter(voter_key=row.asker_key).delete()
    row.vote_rows.filter(is_aside=True).update(is_wanted=True, is_aside=False)
    row.state = State.SHOWN if row.shown_at is not None else State.HELD
    row.merged_into = row.put_into = row.merged_at = row.taken_by = None
    row.save(update_fields=["state", "merged_into", "put_into", "merged_at", "taken_by"])


def _bring(stays: Question) -> None:
    """What hangs on its doubles and is not there yet, each person once."""
    doubles = list(stays.doubles.order_by("pk"))
    who = _people_of([stays, *doubles])
    taken = {who(stays.asker_key), *(who(vote.voter_key) for vote in stays.vote_rows.filter(is_wanted=True))}
    for double in doubles:
        _bring_votes(stays, double, taken, who)
        _bring_cases(stays, double, who)
        _move_followers(double.follows.all(), double, stays)
    stays.votes = stays.vote_rows.filter(is_wanted=True).count()
    stays.save(update_fields=["votes"])


def _bring_votes(stays: Question, double: Question, taken: set[str], who: Callable[[str], str]) -> None:
    moved: dict[str, Vote] = {}
    for vote in double.vote_rows.filter(is_aside=True).order_by("pk"):
        if who(vote.voter_key) not in taken:
            moved.setdefault(who(vote.voter_key), vote)
    # Who took a vote back there before wants the double.
    stays.vote_rows.filter(voter_key__in=[vote.voter_key for vote in moved.values()]).delete()
    double.vote_rows.filter(pk__in=[vote.pk for vote in moved.values()]).update(
        question=stays, came_from=double, is_wanted=True, is_aside=False
    )
    taken |= moved.keys()


def _bring_cases(stays: Question, double: Question, who: Callable[[str], str]) -> None:
    there = {case.author_key: case.withdrawn_at is None for case in stays.cases.all()}
    told = {who(key) for key, stands in there.items() if stands}
    for case in double.cases.order_by("pk"):
        if case.author_key not in there and who(case.author_key) not in told:
            case.question, case.came_from = stays, double
            case.save(update_fields=["question", "came_from"])
            told |= {who(case.author_key)} if case.withdrawn_at is None else set()


def _send_back(stays: Question, doubles: Iterable[Question]) -> None:
    """What came from these questions is theirs again, but waits: the votes aside, and counted nowhere."""
    for double in doubles:
        there = list(double.vote_rows.values_list("voter_key", flat=True))
        came = stays.vote_rows.filter(came_from=double)
        came.filter(voter_key__in=there).delete()
        came.filter(is_wanted=True).update(question=double, came_from=None, is_wanted=False, is_aside=True)
        came.update(question=double, came_from=None)
        told = list(double.cases.values_list("author_key", flat=True))
        stays.cases.filter(came_from=double).exclude(author_key__in=told).update(question=double, came_from=None)
        _move_followers(stays.follows.filter(came_from=double), None, double)


def _people_of(group: list[Question]) -> Callable[[str], str]:
    """Who a trace is of. An account that voted with its name on one and without it on the other is one person.

    Of a device that typed a name on one of the two nobody can tell, and both votes stand, if only from the next double.
    """
    people = Person.objects.filter(Q(questions__in=group) | Q(cases__question__in=group)).distinct()
    unnamed = {trace_of(person, named=True): trace_of(person) for person in people}
    return lambda trace: unnamed.get(trace, trace)


def _move_followers(follows: Iterable[Follow], came_from: Question | None, to: Question) -> None:
    """Each hears once, of the answers to one question. A follower is known by another key there."""
    there = set(to.follows.values_list("follower_key", flat=True))
    for follow in follows:
        recipient = unseal(follow.recipient) or ""
        key = follower_key(to.pk, recipient)
        if recipient and key not in there:
            follow.question, follow.follower_key, follow.came_from = to, key, came_from
            # What was said in the room before two questions were put together was to the other one.
            follow.heard_live = follow.heard_live and came_from is not None
            follow.save(update_fields=["question", "follower_key", "came_from", "heard_live"])
