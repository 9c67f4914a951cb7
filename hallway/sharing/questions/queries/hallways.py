"""Questions over many sessions: of an event, of a community, of all times a talk was given, on the same topic."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet

from hallway.gathering.communities.models import Community
from hallway.gathering.events import queries as events
from hallway.gathering.events.models import Event
from hallway.people.models import Person
from hallway.programme.talks.models import Talk

from ..models import Floor, Question
from .floors import LATER, LIVE, OPEN, Ledger, floors_visible_to, ledgers_of
from .threads import questions_visible_to

MOST_OF_A_GIVING = 50
MOST_GIVINGS = 20
SHOWN = {"open": OPEN, "answered": LIVE | LATER}


def for_rows(questions: QuerySet[Question]) -> QuerySet[Question]:
    """With all that a row of a list says: its session and event, and how many answers stand."""
    stands = Q(answers__withdrawn_at=None, answers__hidden_at=None)
    rows = questions.select_related("floor__event", "floor__session__talk", "asker")
    return rows.annotate(answers_there=Count("answers", filter=stands))


def questions_of_event(
    event: Event, person: Person | None, *, show: str = "open", session_id: int = 0
) -> QuerySet[Question]:
    """Questions over all sessions of an event, most wanted first: open, answered, or all. Drafts have none."""
    rows = questions_visible_to(person).filter(floor__event=event)
    rows = rows.filter(SHOWN[show]) if show in SHOWN else rows
    rows = rows.filter(floor__session=session_id) if session_id else rows
    return for_rows(rows).order_by("-votes", "-asked_at", "-pk")


def questions_of_community(community: Community, person: Person | None, *, show: str = "open") -> QuerySet[Question]:
    """Questions of all events of a community the reader may open, the newest event first."""
    among = events.visible_to(person).filter(community=community)
    rows = questions_visible_to(person).filter(floor__event__in=among)
    rows = rows.filter(SHOWN[show]) if show in SHOWN else rows
    return for_rows(rows).order_by("-floor__event__starts_at", "-floor__event_id", "-votes", "-asked_at", "-pk")


def asked_sessions(event: Event, person: Person | None) -> list[Floor]:
    """The floors of an event on which something is shown, in order of time: what a list can be narrowed to."""
    asked = questions_visible_to(person).filter(floor__event=event).values("floor")
    rows = floors_visible_to(person).filter(pk__in=asked).select_related("session__talk")
    return list(rows.order_by("starts_at", "pk"))


@dataclass
class Giving:
    """One time a talk was given: its ledger and its questions, open ones first."""

    floor: Floor
    ledger: Ledger
    questions: list[Question] = field(default_factory=list)
    more: int = 0


def history_of(talk: Talk, person: Person | None) -> list[Giving]:
    """All that was asked whenever a talk was given, the latest time first. Three queries, however often."""
    rows = floors_visible_to(person).filter(session__talk=talk).select_related("event", "session__talk")
    floors = list(rows.order_by("-starts_at", "-pk")[:MOST_GIVINGS])
    ledgers = ledgers_of(floors)
    givings = {floor.pk: Giving(floor, ledgers[floor.pk]) for floor in floors}
    asked = for_rows(questions_visible_to(person).filter(floor__in=[floor.pk for floor in floors]))
    for question in asked.order_by("-votes", "asked_at", "pk"):
        givings[question.floor_id].questions.append(question)
    for giving in givings.values():
        giving.questions.sort(key=lambda one: one.is_answered)
        giving.more = max(0, len(giving.questions) - MOST_OF_A_GIVING)
        giving.questions = giving.questions[:MOST_OF_A_GIVING]
    return [one for one in givings.values() if one.questions]
