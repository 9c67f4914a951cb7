"""What floors do when something happened: new sessions, old pages, answers to tell of, leaving and merging people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from hallway.gathering.events.facts import EventDateSettled, EventEdited, EventPostponed
from hallway.gathering.events.models import Event
from hallway.gathering.events.policies import objects_to_taking_back
from hallway.kit import clock, export, store
from hallway.kit.facts import Fact, inside, later
from hallway.kit.links import new_nonce
from hallway.kit.models import FactRow
from hallway.kit.reportable import Place, Reportable, reportable
from hallway.kit.sealed import seal
from hallway.kit.text import plain
from hallway.people.facts import PersonChanged, PersonLeft, PersonsMerged
from hallway.people.models import Person
from hallway.programme.schedule.facts import ScheduleReleased
from hallway.programme.schedule.models import Session

from . import actions, facts, queries
from .models import (
    Answer,
    Case,
    Digest,
    Floor,
    HelpOffer,
    Mark,
    MuteCause,
    MutedAsker,
    Question,
    Rendezvous,
    RendezvousJoin,
    Vote,
)
from .policies import QUESTIONS
from .queries import follows_of
from .tokens import follower_key, traces_of

export.contributes("questions", queries.own_data)


def _reportable(
    kind: str,
    label: str | Promise,
    model: type[Any],
    owner: str,
    visible: Callable[[Person | None], QuerySet[Any]],
    **more: Any,
) -> None:
    """Let texts of this kind be reported: to the event's team, hidden by it, and about whoever is named."""
    of_question = "" if model is Question else "question__"
    reportable(
        Reportable(
            kind=kind,
            label=label,
            find=lambda pk: model.objects.select_related(f"{of_question}floor__event", owner).filter(pk=pk).first(),
            can_view=lambda reader, said: visible(reader).filter(pk=said.pk).exists(),
            title=lambda said: plain(_words_of(said), limit=120),
            text=_words_of,
            address=lambda said: reverse("questions:thread", args=[_asked(said).floor.code, _asked(said).pk]),
            authors=lambda said: [author] if (author := getattr(said, owner)) is not None else [],
            author_id=lambda said: getattr(said, f"{owner}_id"),
            place=lambda said: Place(event_id=_asked(said).floor.event_id),
            hide=lambda said, *, reason, by, at: actions.hide_said(said=said, by=by, at=at),
            show=lambda said, *, by, at: actions.show_said(said=said, by=by, at=at),
            **more,
        )
    )


def _asked(said: Any) -> Question:
    question: Question = said if isinstance(said, Question) else said.question
    return question


def _words_of(said: Any) -> str:
    if isinstance(said, Question):
        # The line from the room stands beside the question, and is a text of its own.
        return "\n\n".join(filter(None, (said.text, said.said)))
    return str(said.place if isinstance(said, Rendezvous) else said.text)


_reportable(
    "question", _("Question"), Question, "asker", queries.questions_visible_to,
    wrote=lambda question, person: question.asker_key in traces_of(person),
    mute=lambda question, *, cause, reason, by, at: actions.mute_asker(question=question, cause=cause, by=by, at=at),
    unmute=lambda question, *, cause, by, at: actions.take_back_mute(question=question, cause=cause, by=by, at=at),
    writer_finds_it=True,
)  # fmt: skip
_reportable("answer", _("Answer"), Answer, "author", queries.answers_visible_to)
_reportable(
    "case", _("“Me too”"), Case, "author", queries.cases_visible_to,
    wrote=lambda case, person: case.author_key in traces_of(person),
    writer_finds_it=True,
)  # fmt: skip
_reportable("rendezvous", _("Meeting in person"), Rendezvous, "proposed_by", queries.rendezvous_visible_to)

_PAGES: tuple[type[Fact], ...] = (
    facts.FloorChanged, facts.FloorReopened, facts.FloorHandedOver, facts.QuestionAsked, facts.QuestionEdited,
    facts.QuestionWithdrawn, facts.QuestionShown, facts.QuestionRefused, facts.RefusalTakenBack, facts.QuestionMerged,
    facts.QuestionSeparated, facts.CaseTold, facts.CaseWithdrawn, facts.QuestionTaken, facts.AnsweredLive,
    facts.AnswerWritten, facts.AnswerEdited, facts.AnswerWithdrawn, facts.AnswerAccepted, facts.AnswerMarked,
    facts.RendezvousProposed, facts.RendezvousJoined, facts.RendezvousCancelled, facts.SaidHidden,
)  # fmt: skip
_LEDGER: tuple[type[Fact], ...] = (
    facts.QuestionAsked, facts.QuestionWithdrawn, facts.QuestionShown, facts.QuestionRefused, facts.RefusalTakenBack,
    facts.QuestionMerged, facts.QuestionSeparated, facts.AnsweredLive, facts.AnswerWritten, facts.AnswerWithdrawn,
    facts.SaidHidden,
)  # fmt: skip


@objects_to_taking_back
def people_asked(event: Event) -> str:
    """What people asked is not taken from them: the page they asked on stays, and they hear what became of it."""
    number = Question.objects.filter(floor__event=event).exclude(state=Question.State.WITHDRAWN).count()
    if not number:
        return ""
    return ngettext(
        "%(number)s question was asked here, and its asker waits for the answer. Postpone or cancel the event instead.",
        "%(number)s questions were asked here, and people wait for the answers. Postpone or cancel the event instead.",
        number,
    ) % {"number": number}


@inside(*_PAGES)
def floor_pages_are_old(fact: Any, row: FactRow) -> None:
    """The session's page, the talk's and the floor's own show what is asked and answered."""
    store.bump(f"floor:{fact.floor_id}")


@inside(*_LEDGER)
def ledgers_are_old(fact: Any, row: FactRow) -> None:
    """The event, its community and other occasions of the talk show how many are open."""
    found = Floor.objects.filter(pk=fact.floor_id).values_list("event_id", "event__community_id", "session__talk_id")
    for event, community, talk in found:
        tags = [f"questions:event:{event}", f"questions:community:{community}"]
        store.bump(*tags, *([f"questions:talk:{talk}"] if talk else []))


@inside(facts.QuestionVoted)
def counts_are_old(fact: facts.QuestionVoted, row: FactRow) -> None:
    """The small fragment with the counts; pages are not built anew for each vote."""
    store.bump(f"votes:{fact.floor_id}")


@inside(ScheduleReleased)
def sessions_have_floors(fact: ScheduleReleased, row: FactRow) -> None:
    """Each released session has a floor, and its times follow the release."""
    actions.settle_floors(sessions=Session.objects.filter(pk__in=fact.session_ids), by=QUESTIONS, at=row.at)


@inside(EventEdited, EventPostponed, EventDateSettled)
def floors_follow_the_event(fact: Any, row: FactRow) -> None:
    """Sessions without a place of their own have the event's times."""
    actions.settle_floors(sessions=Session.objects.filter(event=fact.event_id), by=QUESTIONS, at=row.at)


@inside(facts.FloorsSettled)
def times_on_pages_are_old(fact: facts.FloorsSettled, row: FactRow) -> None:
    """The floor's own pages say when one may ask."""
    store.bump(*(f"floor:{pk}" for pk in fact.floor_ids))


@later(facts.AnswerWritten)
def followers_hear(fact: facts.AnswerWritten, row: FactRow) -> None:
    """Whoever asked, and who follows the question, is told once of the answer."""
    _tell(Answer.objects.filter(pk=fact.answer_id))


@later(facts.SaidHidden)
def followers_hear_of_what_is_back(fact: facts.SaidHidden, row: FactRow) -> None:
    """An answer that was hidden before anybody heard of it, and is shown again, is told now."""
    if not fact.hidden:
        _tell(Answer.objects.filter(question=fact.question_id))


def _tell(answers: QuerySet[Answer]) -> None:
    for answer in answers.select_related("question__floor__event__community").order_by("pk"):
        actions.tell_followers(answer=answer, by=QUESTIONS, at=clock.now())


@inside(PersonChanged)
def names_are_old(fact: PersonChanged, row: FactRow) -> None:
    """A name stands with questions and answers as it is now."""
    _hold(Person(pk=fact.person_id))
    name = Person.objects.filter(pk=fact.person_id).values_list("name", flat=True).first() or ""
    mine = Question.objects.filter(asker=fact.person_id)
    cases = Case.objects.filter(author=fact.person_id)
    answers = Answer.objects.filter(author=fact.person_id)
    pages = _floors_of(mine, cases, answers)
    mine.update(name=name)
    cases.update(name=name)
    Floor.objects.filter(moderator=fact.person_id).update(moderator_name=name)
    store.bump(*pages)  # last: whoever holds a page's revision waits for no question


def _hold(*people: Person) -> None:
    """Lock every floor and question somebody did something with, in the order in which actions lock them.

    Rows that hang on them are changed under these locks alone, so that nobody waits for somebody who waits for them.
    """
    traces = traces_of(*people)
    touched = Question.objects.filter(
        Q(asker_key__in=traces) | Q(pk__in=Vote.objects.filter(voter_key__in=traces).values("question"))
        | Q(pk__in=Case.objects.filter(author_key__in=traces).values("question"))
        | Q(pk__in=Answer.objects.filter(author__in=people).values("question"))
        | Q(pk__in=Mark.objects.filter(marker_key__in=traces).values("answer__question"))
        | Q(pk__in=RendezvousJoin.objects.filter(person__in=people).values("rendezvous__question"))
        | Q(pk__in=Rendezvous.objects.filter(proposed_by__in=people).values("question"))
    )  # fmt: skip
    ids = sorted(touched.values_list("pk", flat=True))
    floors = Floor.objects.filter(Q(moderator__in=people) | Q(questions__in=ids) | Q(digests__person__in=people))
    found = sorted(set(floors.values_list("pk", flat=True)))
    _lock(Floor, found)
    # While this waited for the floors, votes and cases may have gone to another of their questions.
    _lock(Question, sorted(touched.filter(floor__in=found).values_list("pk", flat=True)))


def _lock(model: type[Floor] | type[Question], pks: list[int]) -> None:
    list(model.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk").values_list("pk"))


def _floors_of(asked: QuerySet[Question], cases: QuerySet[Case], answers: QuerySet[Answer]) -> list[str]:
    floors = set(asked.values_list("floor_id", flat=True))
    floors |= set(cases.values_list("question__floor_id", flat=True))
    floors |= set(answers.values_list("question__floor_id", flat=True))
    return [f"floor:{pk}" for pk in sorted(floors)]


_SIGNATURES: tuple[tuple[Any, str], ...] = (
    (Floor, "moderator_id"),
    (Question, "taken_by_id"),
    (Rendezvous, "proposed_by_id"),
    (MutedAsker, "muted_by_id"),
    (MuteCause, "by_id"),
)


@inside(PersonLeft)
def texts_are_erased(fact: PersonLeft, row: FactRow) -> None:
    """What somebody wrote is gone, also what they asked unnamed; questions and answers still count in the ledger."""
    person = Person(pk=fact.person_id)
    _hold(person)
    traces = traces_of(person)
    asked = Question.objects.filter(asker_key__in=traces)
    answered = Answer.objects.filter(author=fact.person_id)
    cases = Case.objects.filter(author_key__in=traces)
    pages = _floors_of(asked, cases, answered)
    for follow in follows_of(person):
        follow.delete()
    waiting = asked.filter(state=Question.State.HELD)
    waiting.update(state=Question.State.WITHDRAWN)
    asked.update(text="", name="", reason="", asker=None, first_time=False, on_stage_at=None, erased_at=row.at)
    answered.update(text="", author=None, erased_at=row.at)
    cases.update(text="", name="", author=None, withdrawn_at=row.at)
    # Who asked a double and stands with the other question, too, would be two people there from now on.
    there = Vote.objects.filter(voter_key__in=traces, is_wanted=True).values_list("question", flat=True)
    waits = Vote.objects.filter(voter_key__in=traces, is_aside=True, question__asker_key__in=traces)
    waits.filter(question__merged_into__in=list(there)).update(is_aside=False)
    for trace in traces:
        # One each: they may stand side by side, and nothing shall lead from what was said with a name to the rest.
        nobody = f"gone-{new_nonce()}"
        Question.objects.filter(asker_key=trace).update(asker_key=nobody)
        for model, column, _of in _TRACED:
            model.objects.filter(**{column: trace}).update(**{column: nobody})
    MutedAsker.objects.filter(asker_key__in=traces).delete()
    RendezvousJoin.objects.filter(person=fact.person_id).delete()
    # Where and when is in their words: nobody is there to be met.
    meetings = Rendezvous.objects.filter(proposed_by=fact.person_id)
    meetings.filter(cancelled_at=None).update(cancelled_at=row.at)
    meetings.update(place="")
    HelpOffer.objects.filter(person=fact.person_id).delete()
    Digest.objects.filter(person=fact.person_id).delete()
    Floor.objects.filter(moderator=fact.person_id).update(moderator_name="")
    for model, column in _SIGNATURES:
        model.objects.filter(**{column: fact.person_id}).update(**{column: None})
    store.bump(*pages)


@inside(PersonsMerged)
def texts_follow_the_person(fact: PersonsMerged, row: FactRow) -> None:
    """What the entry that is gone asked, answered and marked is the other's; doubles are folded."""
    keep, gone = Person.objects.get(pk=fact.person_id), Person(pk=fact.gone_id)
    _hold(keep, gone)
    either = traces_of(keep, gone)
    pages = _floors_of(
        Question.objects.filter(Q(asker_key__in=either) | Q(vote_rows__voter_key__in=either)),
        Case.objects.filter(author_key__in=either),
        Answer.objects.filter(Q(author__in=(keep, gone)) | Q(marks__marker_key__in=either)),
    )
    Question.objects.filter(asker=gone.pk).update(asker=keep, name=keep.name)
    Case.objects.filter(author=gone.pk).update(author=keep, name=keep.name)
    Answer.objects.filter(author=gone.pk).update(author=keep)
    for old, kept in zip(traces_of(gone), traces_of(keep), strict=True):
        Question.objects.filter(asker_key=old).update(asker_key=kept)
        for model, column, of in _TRACED:
            _move(model, column, of, old, kept)
        _move_mutes(old, kept)
    unnamed, named = traces_of(keep)
    for model, column, of in _TRACED:
        _drop(model, column, of, unnamed, named)
    _move(RendezvousJoin, "person", "rendezvous", gone.pk, keep.pk)
    _move(HelpOffer, "person", "topic", gone.pk, keep.pk)
    _move(Digest, "person", ("floor", "round", "day"), gone.pk, keep.pk)
    for model, column in _SIGNATURES:
        model.objects.filter(**{column: gone.pk}).update(**{column: keep.pk})
    Floor.objects.filter(moderator=keep.pk).update(moderator_name=keep.name)
    _move_follows(keep, gone)
    _count_again(keep)
    store.bump(*pages)


_TRACED: tuple[tuple[Any, str, tuple[str, ...]], ...] = (
    (Case, "author_key", ("question",)),
    (Vote, "voter_key", ("question",)),
    (Mark, "marker_key", ("answer", "kind")),
)


def _move(model: Any, column: str, of: str | tuple[str, ...], old: Any, kept: Any) -> None:
    """One row each: where both have one, that of the person who stays stands."""
    _drop(model, column, (of,) if isinstance(of, str) else of, old, kept)
    model.objects.filter(**{column: old}).update(**{column: kept})


def _move_mutes(old: str, kept: str) -> None:
    """One mute each at an event, with the causes of both: it stands as long as one of them does."""
    there = {row.event_id: row for row in MutedAsker.objects.select_for_update(no_key=True).filter(asker_key=kept)}
    for row in MutedAsker.objects.select_for_update(no_key=True).filter(asker_key=old).order_by("pk"):
        stays = there.get(row.event_id)
        if stays is None:
            row.asker_key = kept
            row.save(update_fields=["asker_key"])
            continue
        row.causes.update(muted=stays)
        if row.lifted_at is None and stays.lifted_at is not None:
            stays.muted_by, stays.muted_at, stays.lifted_at = row.muted_by, row.muted_at, None
            stays.save(update_fields=["muted_by", "muted_at", "lifted_at"])
        row.delete()


def _drop(model: Any, column: str, of: tuple[str, ...], old: Any, kept: Any) -> None:
    same = {name: OuterRef(name) for name in of}
    twice = model.objects.filter(**{column: kept}, **same)
    doubles = model.objects.filter(Exists(twice), **{column: old}).values_list("pk", flat=True)
    model.objects.filter(pk__in=list(doubles)).delete()


def _move_follows(keep: Person, gone: Person) -> None:
    there = {follow.question_id for follow in follows_of(keep)}
    for follow in follows_of(gone):
        if follow.question_id in there:
            follow.delete()
            continue
        follow.follower_key = follower_key(follow.question_id, keep.actor_key)
        follow.recipient = seal(keep.actor_key)
        follow.save(update_fields=["follower_key", "recipient"])


def _count_again(person: Person) -> None:
    """Votes and marks for one's own texts count nothing, also when two entries turned out to be one."""
    traces = traces_of(person)
    votes = Vote.objects.filter(voter_key__in=traces)
    votes.filter(question__asker_key__in=traces, is_aside=False).delete()
    # The vote of whoever asked a double has the trace they asked under, or it would lead from a name to what has none.
    theirs = Q(question__asker_key__in=traces, is_aside=True) | Q(came_from__asker_key__in=traces)
    for vote in votes.filter(theirs).select_related("question", "came_from"):
        vote.voter_key = (vote.came_from or vote.question).asker_key
        vote.save(update_fields=["voter_key"])
    Mark.objects.filter(marker_key__in=traces, answer__author=person).delete()
    touched = Question.objects.filter(Q(asker_key__in=traces) | Q(vote_rows__voter_key__in=traces))
    for question in touched.distinct():
        Question.objects.filter(pk=question.pk).update(votes=question.vote_rows.filter(is_wanted=True).count())
    marked = Answer.objects.filter(Q(author=person) | Q(marks__marker_key__in=traces))
    for answer in marked.distinct():
        helped, tried = queries.count_marks(answer)
        Answer.objects.filter(pk=answer.pk).update(helped=helped, tried=tried)
