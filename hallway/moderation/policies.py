"""Who may report, decide and look again. No side effects."""

from __future__ import annotations

from datetime import datetime

from hallway.gathering.communities import policies as communities
from hallway.gathering.events import policies as events
from hallway.kit.actors import Actor, SystemPerson, Visitor
from hallway.people.models import Person

from . import queries
from .models import Appeal, ConductCase, Decision


def can_report(by: Actor | None) -> bool:
    """Everybody, with an account or without."""
    return isinstance(by, Visitor) or (isinstance(by, Person) and by.left_at is None)


def can_decide(by: Actor | None, case: ConductCase, at: datetime) -> bool:
    """Whoever is neither its subject nor reported it, and runs its place; see :func:`queries.deciders_of`."""
    return isinstance(by, Person) and by.pk in queries.deciders_of([case], at)[case.pk] and not _has_part(by, case)


def _has_part(person: Person, case: ConductCase) -> bool:
    """Whether it is their text, or one they must not read, though it does not say so."""
    what, thing = case.reportable, case.thing
    return what is not None and thing is not None and (what.wrote(thing, person) or what.has_part(thing, person))


def can_open_case(by: Actor | None, case: ConductCase, subjects: list[Person]) -> bool:
    """Whoever runs the place of a case not yet written, and is not its subject, may decide without a report."""
    if not isinstance(by, Person) or by.pk in {person.pk for person in subjects}:
        return False
    if case.event is not None:
        return events.can_edit_event(by, case.event)
    return communities.can_exclude(by, case.community) if case.community is not None else by.is_administrator


def can_look_after_cases(by: Actor | None) -> bool:
    """Whoever may have something to decide: organisers, and administrators."""
    return isinstance(by, Person) and (by.is_administrator or queries.organises(by))


def can_take_back(by: Actor | None, decision: Decision, at: datetime) -> bool:
    """Whoever may decide about its case, the one who decided and the others: a wrong tap waits for no appeal."""
    return can_decide(by, decision.case, at)


def can_answer_appeal(by: Actor | None, appeal: Appeal) -> bool:
    """Somebody else who might have decided; see :func:`queries.reviewers_of`."""
    if not isinstance(by, Person) or by.pk not in queries.reviewers_of([appeal.decision])[appeal.decision_id]:
        return False
    return not _has_part(by, appeal.decision.case)


def can_sweep(by: Actor | None) -> bool:
    """Telling those who decide and forgetting is the clock's work."""
    return isinstance(by, SystemPerson)
