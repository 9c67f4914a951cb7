"""Asking once that somebody else looks again."""

from __future__ import annotations

from datetime import datetime

import pytest

from hallway.gathering.communities.models import CommunityExclusion, TeamRole
from hallway.gathering.events.models import EventExclusion
from hallway.kit.models import FactRow
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.moderation import queries
from hallway.moderation.actions import (
    answer_appeal,
    appeal_decision,
    decide_case,
)
from hallway.moderation.models import Appeal, ConductCase, Decision
from hallway.people.models import Person
from hallway.programme.schedule.models import Session
from tests.factories import (
    PersonFactory,
)
from tests.moderation.matters import (
    HALLWAY,
    WHY,
    appealed,
    case_of,
    code_of,
    matter,
    team_of,
)

pytestmark = pytest.mark.django_db


def test_appeal_is_made_once(decided: Decision, now: datetime) -> None:
    appeal = appealed(decided, now)
    assert appeal.text == "I did not."
    assert appeal_decision(decision=decided, text="Again", by=HALLWAY, at=now) == appeal
    assert Appeal.objects.get().text == "I did not."
    assert FactRow.objects.filter(kind="moderation.decision_appealed").count() == 1


def test_appeal_needs_words(decided: Decision, now: datetime) -> None:
    with pytest.raises(Refusal) as refused:
        appeal_decision(decision=decided, text="  ", by=HALLWAY, at=now)
    assert code_of(refused) == "appeal.empty"


def test_somebody_else_answers_and_takes_it_back(decided: Decision, now: datetime) -> None:
    appeal = appealed(decided, now)
    first, second = team_of(decided.case)
    assert queries.to_review(first) == [] and queries.to_review(second) == [appeal]
    for by in (first, decided.case.subjects.get(), PersonFactory(), PersonFactory(is_administrator=True)):
        with pytest.raises(NotAllowed) as refused:
            answer_appeal(appeal=appeal, granted=True, answer="Fine", by=by, at=now)
        assert code_of(refused) == "appeal.not_yours"
    answer_appeal(appeal=appeal, granted=True, answer=" You are right. ", by=second, at=now)
    appeal.refresh_from_db()
    assert (appeal.granted, appeal.answer, appeal.answered_by) == (True, "You are right.", second)
    assert Session.objects.get().hidden_at is None
    assert not EventExclusion.objects.get().holds(now)
    with pytest.raises(Refusal) as refused:
        answer_appeal(appeal=appeal, granted=False, answer="No", by=second, at=now)
    assert code_of(refused) == "appeal.answered"
    assert queries.to_review(second) == []


def test_answer_needs_words_and_may_leave_everything_as_it_is(decided: Decision, now: datetime) -> None:
    appeal, second = appealed(decided, now), team_of(decided.case)[1]
    with pytest.raises(Refusal) as refused:
        answer_appeal(appeal=appeal, granted=False, answer=" ", by=second, at=now)
    assert code_of(refused) == "appeal.no_answer"
    answer_appeal(appeal=appeal, granted=False, answer="It stays.", by=second, at=now)
    assert Session.objects.get().hidden_at == now
    assert EventExclusion.objects.get().holds(now)


def test_taking_back_a_community_ban_and_what_is_gone(case: ConductCase, now: datetime) -> None:
    first, second = team_of(case)
    decision = decide_case(
        case=case, hide=True, exclusion="ban", everywhere=True, reason=WHY, by=first, at=now
    )  # fmt: skip
    Session.objects.all().delete()
    answer_appeal(appeal=appealed(decision, now), granted=True, answer="Yes", by=second, at=now)
    assert not CommunityExclusion.objects.get().holds(now)


def test_appeal_of_a_lone_organisers_decision_is_for_the_administrators(now: datetime) -> None:
    it = matter()
    TeamRole.objects.filter(person=it.second).delete()
    administrator = PersonFactory(is_administrator=True)
    decision = decide_case(case=case_of(it.session, now), hide=True, reason=WHY, by=it.organiser, at=now)
    appeal = appealed(decision, now)
    assert queries.to_review(administrator) == [appeal]
    TeamRole.objects.all().delete()
    Person.objects.filter(pk=administrator.pk).update(is_administrator=False)
    assert queries.reviewers_of([decision]) == {decision.pk: set()}
