"""What moderation does when something happened: mail about decisions and appeals, leaving and merging people."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from hallway.kit import export
from hallway.kit.actors import SystemPerson
from hallway.kit.facts import inside, later
from hallway.kit.links import token_of
from hallway.kit.models import FactRow
from hallway.notices.actions import send_notice
from hallway.people.facts import PersonLeft, PersonsMerged
from hallway.people.models import Person

from .actions.forgetting import forget_person, move_person
from .facts import AppealAnswered, CaseDecided, DecisionAppealed, DecisionTakenBack
from .models import Decision
from .queries import APPEAL, own_data, reviewers_of, who_names_others

MESSENGER = SystemPerson("notices")

export.contributes("moderation", own_data)


def _of(decision_id: int) -> Decision | None:
    rows = Decision.objects.select_related("case__event__community", "case__community", "appeal")
    return rows.filter(pk=decision_id).first()


def _write(letter: str, person: Person, decision: Decision, key: str, row: FactRow, **more: Any) -> None:
    case = decision.case
    send_notice(
        to_person=person,
        template=f"moderation/mail/{letter}",
        context={"decision": decision, "case": case, "place": case.event or case.community, **more},
        dedupe_key=f"moderation:{key}:{person.pk}",
        by=MESSENGER,
        at=row.at,
    )


@later(CaseDecided)
def tell_subjects(fact: CaseDecided, row: FactRow) -> None:
    """Whoever something was done about reads why, and how to have it looked at again. Of nothing they hear nothing."""
    decision = _of(fact.decision_id)
    if decision is None or not decision.did_something:
        return
    token = token_of(APPEAL, decision.pk, decision.nonce)
    url = settings.HALLWAY_BASE_URL + reverse("moderation:appeal", args=[token])
    for person in decision.case.subjects.order_by("pk"):
        _write("decided", person, decision, f"decided:{decision.pk}", row, url=url)


@later(CaseDecided)
def tell_reporters(fact: CaseDecided, row: FactRow) -> None:
    """Whoever reported it reads shortly that somebody looked at it."""
    decision = _of(fact.decision_id)
    if decision is None:
        return
    for person in Person.objects.filter(pk__in=decision.case.reports.values("reporter")).order_by("pk"):
        _write("looked_at", person, decision, f"looked-at:{decision.pk}", row)


@later(DecisionAppealed)
def ask_reviewers(fact: DecisionAppealed, row: FactRow) -> None:
    """Somebody else than who decided is asked to look again; where nobody may, an administrator to find somebody."""
    decision = _of(fact.decision_id)
    if decision is None or decision.appeal.answered_at is not None:
        return
    reviewers = reviewers_of([decision])[decision.pk]
    for person in Person.objects.filter(pk__in=reviewers).order_by("pk"):
        _write("appealed", person, decision, f"appealed:{decision.pk}", row)
    chief = None if reviewers else who_names_others([decision.case])
    if chief is not None:
        _write("orphaned", chief, decision, f"appeal-for-nobody:{decision.pk}", row, number=1, is_appeal=True)


@later(AppealAnswered)
def tell_answer(fact: AppealAnswered, row: FactRow) -> None:
    """Whoever appealed reads what became of it."""
    decision = _of(fact.decision_id)
    if decision is None:
        return
    for person in decision.case.subjects.order_by("pk"):
        _write("answered", person, decision, f"answered:{decision.pk}", row, appeal=decision.appeal)


@later(DecisionTakenBack)
def tell_taken_back(fact: DecisionTakenBack, row: FactRow) -> None:
    """Whoever read that something was done about them reads that it holds no more."""
    decision = _of(fact.decision_id)
    if decision is None:
        return
    for person in decision.case.subjects.order_by("pk"):
        _write("taken_back", person, decision, f"taken-back:{decision.pk}", row)


@inside(PersonLeft, first=True)
def person_is_forgotten(fact: PersonLeft, row: FactRow) -> None:
    """What they wrote, and what was copied and said of them, is erased while it is still known whose it was."""
    forget_person(fact.person_id)


# Cases before floors and questions, as decisions lock them.
@inside(PersonsMerged, first=True)
def person_moves(fact: PersonsMerged, row: FactRow) -> None:
    """Reports, cases and decisions of both are the one's who stays."""
    move_person(gone_id=fact.gone_id, person_id=fact.person_id)
