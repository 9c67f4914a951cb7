"""What the page of one question shows: its answers in order, who meets, and when one could."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet

from hallway.kit.localised import pick
from hallway.people.models import Person
from hallway.people.queries import blocked_with
from hallway.programme.schedule import queries as schedule
from hallway.programme.schedule.models import Session, Slot

from ..models import Answer, Case, Floor, Mark, Question, Rendezvous
from .floors import ANSWERABLE
from .threads import answers_visible_to, questions_visible_to

MOST_OCCASIONS = 12


def answers_in_order(question: Question, person: Person | None) -> list[Answer]:
    """The answers as everybody reads them: what settled it first, then the speakers', then what helped most."""
    rows = answers_visible_to(person).filter(question=question).select_related("author")
    return sorted(
        rows,
        key=lambda one: (one.pk != question.accepted_id, not one.by_speaker, -one.helped, one.written_at, one.pk),
    )


def cases_of(question: Question, person: Person | None) -> list[Case]:
    """Who else has this question and said how it is with them; not what a blocked person wrote under their name."""
    rows = question.cases.filter(withdrawn_at=None, hidden_at=None)
    return list(rows.exclude(author__in=blocked_with(person)).select_related("author"))


def own_question(pk: int, floor: Floor, traces: Sequence[str]) -> Question | None:
    """What somebody asked themselves, shown or not, by the traces of their account and their device."""
    rows = floor.questions.filter(pk=pk, asker_key__in=traces, hidden_at=None)
    return rows.exclude(state=Question.State.WITHDRAWN).first()


def question_at(floor: Floor, pk: int, person: Person | None) -> Question | None:
    """A question of a floor, as a reader may see it."""
    rows = questions_visible_to(person).filter(floor=floor, pk=pk)
    return rows.select_related("asker", "floor__event").first()


def marks_by(traces: Sequence[str], answers: Sequence[Answer]) -> set[tuple[int, str]]:
    """Which of the answers somebody marked, and how, by all traces of them."""
    rows = Mark.objects.filter(answer__in=[one.pk for one in answers], marker_key__in=traces, is_meant=True)
    return set(rows.values_list("answer_id", "kind"))


@dataclass
class Meeting:
    """A rendezvous as one reader sees it. ``names`` only for those who come."""

    row: Rendezvous
    number: int = 0
    is_mine: bool = False
    comes: bool = False
    names: list[str] = field(default_factory=list)


def meetings_of(question: Question, person: Person | None, at: datetime) -> list[Meeting]:
    """Where the people of a question go on in person, soonest first; not those a blocked person proposed.

    What is over stays for a day, so that who was on the way still finds it.
    """
    hidden = blocked_with(person)
    rows = question.rendezvous.filter(cancelled_at=None, hidden_at=None, question__floor__event__hidden_at=None)
    found = rows.exclude(proposed_by__in=hidden).prefetch_related("joins__person")
    return [_meeting(row, person, hidden) for row in found if row.starts_at.date() >= at.date()]


def _meeting(row: Rendezvous, person: Person | None, hidden: set[int]) -> Meeting:
    joins = [one for one in row.joins.all() if one.person.left_at is None]
    comes = person is not None and any(one.person_id == person.pk for one in joins)
    names = [one.person.name for one in joins if one.person_id not in hidden] if comes else []
    is_mine = person is not None and row.proposed_by_id == person.pk
    return Meeting(row, len(joins), is_mine, comes, names)


@dataclass(frozen=True)
class Occasion:
    """A time at which people could meet: ``key`` stands in the form."""

    key: str
    starts_at: datetime
    title: str
    room: str
    kind: str  # "break", "after" the session, "end" of the event


def occasions(floor: Floor, at: datetime) -> list[Occasion]:
    """The event's breaks still to come, the end of the session and of the event. Nothing once it is over."""
    event = floor.event
    breaks = Slot.objects.filter(
        session__in=schedule.visible_to(None), session__event=event, session__kind=Session.Kind.BREAK,
        public_at__isnull=False, public_starts_at__gte=max(at, event.starts_at or at),
    )  # fmt: skip
    rows = breaks.select_related("session", "public_room").order_by("public_starts_at", "pk")[:MOST_OCCASIONS]
    found = [
        Occasion(
            f"slot-{slot.pk}", slot.public_starts_at, pick(slot.session.title).text,
            slot.public_room.name if slot.public_room else "", "break",
        )
        for slot in rows
        if slot.public_starts_at is not None
    ]  # fmt: skip
    taken = {one.starts_at for one in found}
    for key, moment in (("after", floor.ends_at), ("end", event.ends_at)):
        if moment is not None and moment > at and moment not in taken:
            taken.add(moment)
            found.append(Occasion(key, moment, "", "", key))
    return sorted(found, key=lambda one: one.starts_at)


def open_for_speaker(floor: Floor, person: Person) -> QuerySet[Question]:
    """What a speaker has still to answer on a floor, most wanted first."""
    rows = questions_visible_to(person).filter(ANSWERABLE, floor=floor)
    return rows.select_related("floor__event").order_by("-votes", "asked_at", "pk")


def answered_for_speaker(floor: Floor, person: Person) -> QuerySet[Question]:
    """What was answered on a floor, latest first."""
    rows = questions_visible_to(person).filter(floor=floor).exclude(Q(answered_live_at=None, answered_later_at=None))
    return rows.select_related("floor__event").order_by("-answered_later_at", "-answered_live_at", "-pk")
