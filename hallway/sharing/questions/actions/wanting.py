"""Wanting a question answered: a vote, or one's own case of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext_lazy as _

from hallway.kit.actors import Actor
from hallway.kit.facts import announce
from hallway.kit.held import held
from hallway.kit.refusal import Refusal, require
from hallway.people.actions.staying import stay

from .. import policies
from ..facts import CaseTold, CaseWithdrawn, QuestionVoted
from ..models import Case, Question, Vote
from ..tokens import UNNAMED, trace_of, traces_of
from .asking import GONE, MUTED
from .texts import LANGUAGES, name_of, require_open, require_shown, said, signature

LONGEST_CASE = 1_000
A_MOMENT = timedelta(minutes=1)
A_WHILE = timedelta(minutes=10)
MOST_VOTES = 60
MOST_TAPS = 20
MOST_CASES = 10
MOST_OF_A_QUESTION = 300  # all of them stand on its page
NOT_YOUR_CASE = _("Only whoever wrote this can take it back.")


def vote_for(*, question: Question, by: Actor, also: Sequence[Actor] = (), at: datetime) -> Question:
    """One vote each, and none for one's own question. Twice is once.

    ``also`` is the device somebody signed in on: what it did before is theirs, here and below.
    """
    with transaction.atomic():
        stay(by)
        row = _wanted(question, by, at)
        _vote(row, traces_of(by, *also), trace_of(by), at=at)
    return row


def _vote(row: Question, traces: Sequence[str], trace: str, *, at: datetime) -> None:
    mine = row.vote_rows.filter(voter_key__in=traces).order_by("-is_wanted", "pk").first()
    if row.asker_key in traces or (mine is not None and mine.is_wanted):
        return
    if Vote.objects.filter(voter_key__in=traces, at__gt=at - A_MOMENT).count() >= MOST_VOTES:
        sentence = _("You voted for very many questions within a minute. Wait a little.")
        raise Refusal("questions.votes_too_often", sentence, status=429)
    _tap(mine or Vote(question=row, voter_key=trace, taps=0), is_wanted=True, at=at)
    _count(row, row.votes + 1, at=at)


def _tap(vote: Vote, *, is_wanted: bool, at: datetime) -> None:
    if vote.taps >= MOST_TAPS:
        raise Refusal("questions.taps", _("You changed your mind very often here. It stays as it is."), status=429)
    vote.taps, vote.is_wanted, vote.at = vote.taps + 1, is_wanted, at
    vote.save()


def take_back_vote(*, question: Question, by: Actor, also: Sequence[Actor] = (), at: datetime) -> Question:
    """Want it no longer. Twice is once."""
    with transaction.atomic():
        stay(by)
        row, traces = _wanted(question, by, at), traces_of(by, *also)
        for vote in row.vote_rows.filter(voter_key__in=traces, is_wanted=True):
            _tap(vote, is_wanted=False, at=at)
            _count(row, row.votes - 1, at=at)
        _want_no_double(row, traces)
    return row


def _want_no_double(row: Question, traces: Sequence[str]) -> None:
    """What somebody takes back from questions put together they want of none of them, should they be separated."""
    Vote.objects.filter(question__merged_into=row, voter_key__in=traces, is_aside=True).update(is_aside=False)


def _wanted(question: Question, by: Actor, at: datetime) -> Question:
    row = held(question, GONE)
    require_open(row.floor, by, at)
    require_shown(row)
    return row


def _count(row: Question, votes: int, *, at: datetime) -> None:
    row.votes = votes
    row.save(update_fields=["votes"])
    announce(QuestionVoted(question_id=row.pk, floor_id=row.floor_id, votes=votes), by=UNNAMED, at=at)


def tell_case(
    *,
    question: Question,
    text: str,
    language: str,
    named: bool = False,
    name: str = "",
    by: Actor,
    also: Sequence[Actor] = (),
    at: datetime,
) -> Case:
    """ "Me too, and here is my case": one each, up to 1,000 characters, and a vote. Writing again writes it anew."""
    words = said(text, limit=LONGEST_CASE)
    with transaction.atomic():
        by = stay(by)
        author, shown_name = name_of(by, named, name)
        row = _wanted(question, by, at)
        traces, trace = traces_of(by, *also), trace_of(by, named=bool(shown_name))
        if policies.is_muted(row.floor, by, *also):
            raise Refusal("questions.muted", MUTED, status=403)
        _require_pace(row, traces, at)
        mine = list(row.cases.filter(author_key__in=traces).order_by(F("came_from").asc(nulls_first=True), "pk"))
        if any(one.hidden_at is not None for one in mine):
            raise Refusal("questions.case_hidden", _("The moderators hid what you wrote here."), status=403)
        case = mine[0] if mine else Case(question=row)
        wanted = (words, shown_name, trace)
        if (case.text, case.name, case.author_key) != wanted or case.withdrawn_at is not None:
            for other in mine[1:]:
                _case_is_no_longer_here(other)
            case.text, case.name, case.author_key = wanted
            case.language, case.author = language[:LANGUAGES], author
            case.told_at, case.withdrawn_at, case.came_from = at, None, None
            case.save()
            announce(CaseTold(question_id=row.pk, floor_id=row.floor_id), by=signature(author), at=at)
            _vote_is_its_own(row, traces, trace)
            _vote(row, traces, trace, at=at)
    return case


def _case_is_no_longer_here(case: Case) -> None:
    """Of questions put together, on which one person wrote with a name and without: it waits where it came from."""
    double = case.came_from
    if double is None or double.cases.filter(author_key=case.author_key).exists():
        case.delete()
        return
    case.question, case.came_from = double, None
    case.save(update_fields=["question", "came_from"])


def _vote_is_its_own(row: Question, traces: Sequence[str], trace: str) -> None:
    """A vote that comes with a name carries its trace, or the two would lead from one to the other.

    One that came along with a double waits there again, as it was given: with a case somebody wants this one, too.
    """
    brought = row.vote_rows.filter(voter_key__in=traces, came_from__isnull=False)
    # Where two entries turned out to be one, theirs may wait there already.
    there = Vote.objects.filter(question=OuterRef("came_from"), voter_key=OuterRef("voter_key"))
    twice, _rows = brought.filter(pk__in=list(brought.filter(Exists(there)).values_list("pk", flat=True))).delete()
    back = brought.update(question=F("came_from"), came_from=None, is_aside=F("is_wanted"), is_wanted=False)
    mine = list(row.vote_rows.filter(voter_key__in=traces).order_by("-is_wanted", "pk"))
    # Of an account and of the device it is signed in on now there may be one each: they are one person's.
    folded = [one.pk for one in mine[1:]]
    if twice or back or folded:
        row.vote_rows.filter(pk__in=folded).delete()
        row.votes = row.vote_rows.filter(is_wanted=True).count()
        row.save(update_fields=["votes"])
    row.vote_rows.filter(pk__in=[one.pk for one in mine[:1]]).update(voter_key=trace)


def _require_pace(row: Question, traces: Sequence[str], at: datetime) -> None:
    told = row.cases.filter(withdrawn_at=None).exclude(author_key__in=traces)
    if told.count() >= MOST_OF_A_QUESTION:
        raise Refusal("questions.cases_enough", _("Very many wrote here already. Vote for the question."), status=429)
    if Case.objects.filter(author_key__in=traces, told_at__gt=at - A_WHILE).count() >= MOST_CASES:
        sentence = _("You wrote ten of these within ten minutes. Wait a little.")
        raise Refusal("questions.cases_too_often", sentence, status=429)


def withdraw_case(*, case: Case, by: Actor, at: datetime) -> Case:
    """Take one's case back, and the vote that came with it. Twice is once."""
    require(policies.can_change_case(by, case), "questions.not_your_case", NOT_YOUR_CASE)
    with transaction.atomic():
        stay(by)
        question = held(case.question, GONE)
        row = held(case, "questions.case_gone")
        if row.withdrawn_at is None:
            author = row.author
            row.withdrawn_at, row.text, row.name, row.author = at, "", "", None
            row.save()
            fact = CaseWithdrawn(question_id=question.pk, floor_id=question.floor_id)
            announce(fact, by=signature(author), at=at)
            if question.vote_rows.filter(voter_key=row.author_key, is_wanted=True).update(is_wanted=False):
                _count(question, question.votes - 1, at=at)
            _want_no_double(question, traces_of(by))
    return row
