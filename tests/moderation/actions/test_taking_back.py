"""Taking a decision back without an appeal: a wrong tap, or another thought."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from hallway.gathering.communities.models import CommunityExclusion
from hallway.gathering.events.actions import lift_event_exclusion
from hallway.gathering.events.models import EventExclusion
from hallway.gathering.events.policies import may_come, may_take_part
from hallway.kit import trail
from hallway.kit.models import FactRow
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.kit.reportable import KINDS
from hallway.moderation import policies
from hallway.moderation.actions import (
    answer_appeal,
    appeal_decision,
    decide_case,
    report_thing,
    take_decision_back,
)
from hallway.moderation.actions.forgetting import forget_person, move_person
from hallway.moderation.models import Appeal, ConductCase, Decision
from hallway.programme.schedule.models import Session
from tests.factories import PersonFactory, SessionFactory, SlotFactory, SpeakingFactory, TeamRoleFactory
from tests.moderation.matters import (
    HALLWAY,
    WHY,
    Matter,
    appealed,
    code_of,
    matter,
    team_of,
    unnamed_kind,
    visitor,
)

pytestmark = pytest.mark.django_db


def taken_back() -> int:
    return FactRow.objects.filter(kind="moderation.decision_taken_back").count()


@pytest.mark.parametrize("who", [0, 1], ids=["whoever decided", "somebody else of the team"])
def test_whoever_may_decide_takes_a_decision_back(decided: Decision, now: datetime, who: int) -> None:
    by = team_of(decided.case)[who]
    take_decision_back(decision=decided, by=by, at=now)
    row = Decision.objects.get()
    assert (row.taken_back_by, row.taken_back_at, row.holds, row.did_something) == (by, now, False, True)
    assert Session.objects.get().hidden_at is None and not EventExclusion.objects.get().holds(now)
    take_decision_back(decision=decided, by=by, at=now + timedelta(hours=1))
    assert Decision.objects.get().taken_back_at == now and taken_back() == 1
    assert row.case.event is not None
    sentences = [entry.sentence for entry in trail.entries(f"event:{row.case.event_id}")]
    assert any("took back a decision about a conduct case" in sentence for sentence in sentences)


def test_nobody_else_takes_it_back(decided: Decision, now: datetime) -> None:
    subject = decided.case.subjects.get()
    for by in (subject, PersonFactory(), PersonFactory(is_administrator=True)):
        with pytest.raises(NotAllowed) as refused:
            take_decision_back(decision=decided, by=by, at=now)
        assert code_of(refused) == "case.not_yours"
    assert not policies.can_take_back(visitor(), decided, now)
    assert Decision.objects.get().holds and taken_back() == 0


def test_where_nothing_was_done_nothing_is_taken_back(case: ConductCase, now: datetime) -> None:
    decision = decide_case(case=case, by=team_of(case)[0], at=now)
    with pytest.raises(Refusal) as refused:
        take_decision_back(decision=decision, by=team_of(case)[0], at=now)
    assert code_of(refused) == "case.nothing_done"


def test_what_was_hidden_alone_is_shown_again(case: ConductCase, now: datetime) -> None:
    decision = decide_case(case=case, hide=True, reason=WHY, by=team_of(case)[0], at=now)
    take_decision_back(decision=decision, by=team_of(case)[0], at=now)
    assert Session.objects.get().hidden_at is None and not EventExclusion.objects.exists()


def test_community_ban_is_taken_back(case: ConductCase, now: datetime) -> None:
    first = team_of(case)[0]
    decision = decide_case(case=case, exclusion="ban", everywhere=True, reason=WHY, by=first, at=now)
    Session.objects.all().delete()
    take_decision_back(decision=decision, by=first, at=now)
    assert not CommunityExclusion.objects.get().holds(now)


def twice_decided(now: datetime, *, second: dict[str, Any], first: dict[str, Any] | None = None) -> list[Decision]:
    """Two reports of one person, both decided to keep them out."""
    it = matter()
    said = {"exclusion": "ban", "reason": WHY, "by": it.organiser}
    cases = [report_thing(what=KINDS["session"], thing=one, trouble="other", by=PersonFactory(), at=now).case
             for one in (it.session, other_session(it))]  # fmt: skip
    return [
        decide_case(case=one, **(said | (more or {})), at=now + timedelta(hours=number))
        for number, (one, more) in enumerate(zip(cases, (first, second), strict=True))
    ]


def other_session(it: Matter) -> Session:
    session: Session = SessionFactory(event=it.event)
    SlotFactory(session=session)
    SpeakingFactory(talk=session.talk, person=it.speaker)
    return session


@pytest.mark.parametrize("everywhere", [False, True])
@pytest.mark.parametrize("kind", ["ban", "mute"])
@pytest.mark.parametrize("more", [{}, {"reason": "Again."}, {"days": 1}], ids=["the same", "other words", "shorter"])
def test_whoever_another_decision_keeps_out_stays_out(
    now: datetime, more: dict[str, Any], kind: str, everywhere: bool
) -> None:
    until = {"until": now + timedelta(days=more["days"])} if "days" in more else more
    same = {"everywhere": everywhere, "exclusion": kind}
    first, second = twice_decided(now, first=same, second=same | until)
    speaker, at = second.case.subjects.get(), now + timedelta(hours=2)
    event = second.case.event
    assert event is not None
    take_decision_back(decision=second, by=team_of(second.case)[0], at=at)
    assert not may_take_part(speaker, event), "the first decision says so, for good"
    assert may_come(speaker, event) == (kind == "mute")
    first.refresh_from_db()
    row = first.community_exclusion if everywhere else first.event_exclusion
    assert row is not None and (row.holds(at), row.until, row.reason) == (True, None, WHY)
    take_decision_back(decision=first, by=team_of(first.case)[0], at=at + timedelta(hours=1))
    assert may_take_part(speaker, event)


def test_what_no_other_decision_says_any_more_is_not_put_back(now: datetime) -> None:
    ended = {"until": now + timedelta(minutes=90)}
    for first, doing in (({}, "taken back"), (ended, "over"), ({}, "lifted"), ({}, "team")):
        one, two = twice_decided(now, first=first, second={"reason": "Again."})
        speaker, at = two.case.subjects.get(), now + timedelta(hours=2)
        event, row = two.case.event, two.event_exclusion
        assert event is not None and row is not None
        if doing == "taken back":
            take_decision_back(decision=one, by=team_of(one.case)[0], at=at)
            assert not may_come(speaker, event)
        elif doing == "lifted":
            lift_event_exclusion(exclusion=row, by=team_of(one.case)[0], at=at)
        elif doing == "team":
            TeamRoleFactory(community=event.community, person=speaker, role="helper")
        two.refresh_from_db()
        take_decision_back(decision=two, by=team_of(two.case)[0], at=at)
        assert may_come(speaker, event), doing
        assert not EventExclusion.objects.filter(event=event, lifted_at=None).exists(), doing


def test_appeal_that_waits_is_answered_by_it(decided: Decision, now: datetime) -> None:
    appeal, first = appealed(decided, now), team_of(decided.case)[0]
    take_decision_back(decision=decided, by=first, at=now)
    appeal.refresh_from_db()
    assert (appeal.granted, appeal.answered_by, appeal.answered_at) == (True, first, now)
    with pytest.raises(Refusal) as refused:
        answer_appeal(appeal=appeal, granted=False, answer="No", by=team_of(decided.case)[1], at=now)
    assert code_of(refused) == "appeal.answered"


def test_appeal_that_was_answered_keeps_its_answer(decided: Decision, now: datetime) -> None:
    first, second = team_of(decided.case)
    answer_appeal(appeal=appealed(decided, now), granted=False, answer="It stays.", by=second, at=now)
    take_decision_back(decision=decided, by=first, at=now)
    assert Appeal.objects.get().answer == "It stays." and Appeal.objects.get().granted is False


def test_granted_appeal_says_that_nothing_holds(decided: Decision, now: datetime) -> None:
    second = team_of(decided.case)[1]
    answer_appeal(appeal=appealed(decided, now), granted=True, answer="Yes", by=second, at=now)
    assert Decision.objects.get().taken_back_by == second and not Decision.objects.get().holds


def test_what_was_taken_back_is_not_appealed(decided: Decision, now: datetime) -> None:
    take_decision_back(decision=decided, by=team_of(decided.case)[0], at=now)
    with pytest.raises(Refusal) as refused:
        appeal_decision(decision=decided, text="But", by=HALLWAY, at=now)
    assert code_of(refused) == "appeal.nothing"


def unnamed_case(it: Any, now: datetime, monkeypatch: pytest.MonkeyPatch, **more: Any) -> ConductCase:
    kind = unnamed_kind(it, **more)
    monkeypatch.setitem(KINDS, "unnamed", kind)
    return report_thing(what=kind, thing=it.session, trouble="other", by=PersonFactory(), at=now).case


def test_whoever_wrote_without_a_name_writes_again(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    it, lifted = matter(), []
    case = unnamed_case(it, now, monkeypatch, unmute=lambda thing, *, cause, by, at: lifted.append((thing, by)))
    decision = decide_case(case=case, exclusion="mute", reason=WHY, by=it.organiser, at=now)
    take_decision_back(decision=decision, by=it.second, at=now)
    assert lifted == [(it.session, it.second)]


def test_where_the_owner_cannot_unmute_or_the_text_is_gone_the_rest_is_taken_back(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    it = matter()
    case = unnamed_case(it, now, monkeypatch)
    decision = decide_case(case=case, exclusion="mute", reason=WHY, by=it.organiser, at=now)
    take_decision_back(decision=decision, by=it.organiser, at=now)
    assert not Decision.objects.get().holds


def test_taking_back_goes_with_the_account(decided: Decision, now: datetime) -> None:
    first, stays = team_of(decided.case)[0], PersonFactory()
    take_decision_back(decision=decided, by=first, at=now)
    move_person(gone_id=first.pk, person_id=stays.pk)
    assert Decision.objects.get().taken_back_by == stays
    forget_person(stays.pk)
    assert Decision.objects.get().taken_back_by is None
