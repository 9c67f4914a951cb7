"""Questions and answers as a reader may see them, in the order a room or a page wants them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, zip_longest

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from hallway.engines.similarity import likeness
from hallway.kit.templatetags.hallway import say_when
from hallway.people.models import Person
from hallway.people.queries import blocked_with

from ..models import Answer, Case, Floor, Mark, Question, Rendezvous, Vote
from .floors import ANSWERABLE, COUNTED, floors_visible_to

State, Place, Order = Question.State, Question.Place, Floor.Order
ALIKE = 0.25
MOST_ALIKE, MOST_ANSWERED = 3, 2
MOST_COMPARED = 300


def questions_visible_to(person: Person | None) -> QuerySet[Question]:
    """Shown questions of floors the reader may open; not those a blocked person asked under their name."""
    rows = Question.objects.filter(COUNTED, floor__in=floors_visible_to(person))
    hidden = blocked_with(person) if person is not None else set()
    return rows.exclude(asker__in=hidden) if hidden else rows


def answers_visible_to(person: Person | None) -> QuerySet[Answer]:
    """Answers that stand, to questions the reader may see; not those of a blocked person."""
    rows = Answer.objects.filter(hidden_at=None, withdrawn_at=None, question__in=questions_visible_to(person))
    hidden = blocked_with(person) if person is not None else set()
    return rows.exclude(author__in=hidden) if hidden else rows


def cases_visible_to(person: Person | None) -> QuerySet[Case]:
    """Cases that stand, beside questions the reader may see; not those a blocked person told under their name."""
    rows = Case.objects.filter(hidden_at=None, withdrawn_at=None, question__in=questions_visible_to(person))
    hidden = blocked_with(person) if person is not None else set()
    return rows.exclude(author__in=hidden) if hidden else rows


def rendezvous_visible_to(person: Person | None) -> QuerySet[Rendezvous]:
    """Where people of the questions the reader may see go on in person; not what a blocked person proposed."""
    rows = Rendezvous.objects.filter(hidden_at=None, question__in=questions_visible_to(person))
    hidden = blocked_with(person) if person is not None else set()
    return rows.exclude(proposed_by__in=hidden) if hidden else rows


def ordered(questions: Iterable[Question], order: str) -> list[Question]:
    """By votes, by time, or by whose turn it is; what the room speaks of now stands first."""
    rows = sorted(questions, key=lambda one: (one.asked_at, one.pk))
    if order == Order.VOTES:
        rows.sort(key=lambda one: -one.votes)
    elif order == Order.NEXT:
        rows = in_turn(rows)
    return sorted(rows, key=lambda one: one.on_stage_at is None)


def in_turn(questions: Sequence[Question]) -> list[Question]:
    """Whose turn it is: room and remote in turn, and in each those who never asked before, then most wanted first."""
    rows = sorted(questions, key=lambda one: (not one.first_time, -one.votes, one.asked_at, one.pk))
    near = [one for one in rows if one.place == Place.ROOM]
    far = [one for one in rows if one.place != Place.ROOM]
    return [one for one in chain.from_iterable(zip_longest(near, far)) if one is not None]


def doubtful(floor: Floor) -> QuerySet[Question]:
    """Questions that wait for somebody to look at them, oldest first."""
    return floor.questions.filter(state=State.HELD, hidden_at=None).order_by("asked_at", "pk")


def similar(text: str, floor: Floor, person: Person | None) -> list[Question]:
    """The questions of a floor that are most like what somebody types, the likeliest first: open ones, then answered
    ones, whose answer may be what they look for.
    """
    rows = questions_visible_to(person).filter(floor=floor, erased_at=None).order_by("-votes", "pk")
    still_open, answered = list(rows.filter(ANSWERABLE)[:MOST_COMPARED]), list(rows.exclude(ANSWERABLE)[:MOST_COMPARED])
    return [*_most_like(text, still_open, MOST_ALIKE), *_most_like(text, answered, MOST_ANSWERED)]


def _most_like(text: str, asked: Sequence[Question], most: int) -> list[Question]:
    alike = zip(likeness(text, [one.text for one in asked]), asked, strict=True)
    found = sorted(((how, one) for how, one in alike if how >= ALIKE), key=lambda pair: (-pair[0], pair[1].pk))
    return [one for _how, one in found[:most]]


def is_first_question(traces: Sequence[str]) -> bool:
    """Whether somebody never asked anything, named or not."""
    return not Question.objects.filter(asker_key__in=traces).exists()


@dataclass(frozen=True)
class Standing:
    """Where a question stands, in words with a time; ``next_step`` says what happens next, or nothing."""

    state: str
    words: str
    next_step: str = ""


def standing(question: Question, floor: Floor, at: datetime) -> Standing:
    """Where a question stands now, for its asker and everybody."""
    if question.state == State.HELD:
        return Standing("held", _("Waits to be shown"), _("A moderator looks at it first."))
    if question.state != State.SHOWN:
        return Standing(question.state, str(question.get_state_display()).capitalize(), question.reason)
    if question.on_stage_at is not None:
        return Standing("on_stage", _("Being answered now"))
    if question.answered_live_at is not None:
        return Standing("live", _("Answered in the room"))
    if question.answered_later_at is not None:
        return Standing("later", _("Answered later"))
    closes = floor.closes_at
    if closes is None or not floor.is_open(at):
        return Standing("open", _("Still open"))
    until = say_when(closes.astimezone(floor.event.tz), "yMMMMd")
    return Standing("open", _("Open"), _("Can be answered until %(date)s.") % {"date": until})


def wanted_by(traces: Sequence[str], floor: Floor) -> set[int]:
    """Ids of the questions of a floor that somebody wants answered, by all traces of them."""
    rows = Vote.objects.filter(question__floor=floor, voter_key__in=traces, is_wanted=True)
    return set(rows.values_list("question_id", flat=True))


def count_marks(answer: Answer) -> tuple[int, int]:
    """How many say that it helped them, and that they tried it."""
    rows = answer.marks.filter(is_meant=True)
    helped = rows.filter(kind=Mark.Kind.HELPED).count()
    return helped, rows.filter(kind=Mark.Kind.TRIED).count()


def own_questions(traces: Sequence[str], floor: Floor) -> QuerySet[Question]:
    """What somebody asked on a floor, by all :func:`traces_of` their account and their device, newest first.

    Also what was hidden: it does not go without a word to whoever wrote it.
    """
    rows = floor.questions.filter(asker_key__in=traces).filter(~Q(state=State.WITHDRAWN))
    return rows.order_by("-asked_at", "-pk")
