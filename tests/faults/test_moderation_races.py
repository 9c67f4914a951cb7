"""Two at once in moderation: one decision, one answer, one report; no seat and no block for somebody who is out."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hallway.gathering.attendance import actions as attendance
from hallway.gathering.attendance.models import Registration
from hallway.gathering.attendance.queries import ALIVE
from hallway.gathering.events.actions import ban_from_event
from hallway.gathering.events.models import EventExclusion
from hallway.kit import clock
from hallway.kit.actors import SystemPerson
from hallway.kit.reportable import KINDS
from hallway.moderation.actions import answer_appeal, decide_case, report_thing, take_decision_back
from hallway.moderation.models import Appeal, ConductCase, Decision, Report
from hallway.people import actions as people
from hallway.people.models import PersonBlock
from hallway.sharing.questions.tokens import trace_of
from tests.factories import AdmissionFactory, PersonFactory, QuestionFactory
from tests.faults.test_races import at_once, codes
from tests.moderation.matters import WHY, appealed, case_of, matter, report, unnamed_kind, visitor

pytestmark = [pytest.mark.database, pytest.mark.fault, pytest.mark.django_db(transaction=True)]
ROUNDS = range(4)


@pytest.fixture
def now() -> datetime:
    return clock.now()


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_who_decide_at_once_decide_once(_round: int, now: datetime) -> None:
    it = matter()
    case = case_of(it.session, now)
    mine, yours = ConductCase.objects.get(pk=case.pk), ConductCase.objects.get(pk=case.pk)
    failures = at_once(
        lambda: decide_case(case=mine, hide=True, exclusion="ban", reason=WHY, by=it.organiser, at=now),
        lambda: decide_case(case=yours, by=it.second, at=now),
    )
    assert codes(failures) == ["case.decided"]
    decision = Decision.objects.get()
    assert EventExclusion.objects.count() == int(decision.exclusion == "ban")


@pytest.mark.parametrize("_round", ROUNDS)
def test_reports_at_once_are_one_case_and_one_each(_round: int, now: datetime) -> None:
    it, one = matter(), PersonFactory()
    failures = at_once(
        lambda: report(it.session, one, now),
        lambda: report(it.session, one, now),
        lambda: report(it.session, PersonFactory(), now),
    )
    assert codes(failures) == []
    assert (ConductCase.objects.count(), Report.objects.count()) == (1, 2)


def test_two_who_answer_an_appeal_at_once_answer_once(now: datetime) -> None:
    it = matter()
    decision = decide_case(case=case_of(it.session, now), hide=True, reason=WHY, by=it.organiser, at=now)
    appeal = appealed(decision, now)
    failures = at_once(
        lambda: answer_appeal(
            appeal=Appeal.objects.get(pk=appeal.pk), granted=True, answer="Yes", by=it.second, at=now
        ),
        lambda: answer_appeal(
            appeal=Appeal.objects.get(pk=appeal.pk), granted=False, answer="No", by=it.second, at=now
        ),
    )
    assert codes(failures) == ["appeal.answered"]


@pytest.mark.parametrize("_round", ROUNDS)
@pytest.mark.parametrize("reasons", [(WHY, WHY), (WHY, "Again.")], ids=["the same", "other words"])
def test_two_bans_of_one_device_taken_back_at_once_leave_none(
    _round: int, reasons: tuple[str, str], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    it, device = matter(), visitor()
    monkeypatch.setitem(KINDS, "unnamed", kind := unnamed_kind(it, authors=lambda thing: [device]))
    decisions = []
    for reason in reasons:
        case = report_thing(what=kind, thing=it.session, trouble="other", by=PersonFactory(), at=now).case
        decisions.append(decide_case(case=case, exclusion="ban", reason=reason, by=it.organiser, at=now))
        now += timedelta(minutes=1)
    first, second = (Decision.objects.get(pk=one.pk) for one in decisions)
    failures = at_once(
        lambda: take_decision_back(decision=first, by=it.organiser, at=now),
        lambda: take_decision_back(decision=second, by=it.second, at=now),
    )
    assert codes(failures) == []
    assert not EventExclusion.objects.filter(lifted_at=None).exists()
    assert not Decision.objects.filter(taken_back_at=None).exists()


@pytest.mark.parametrize("_round", ROUNDS)
def test_ban_taken_back_while_its_subject_leaves(_round: int, now: datetime) -> None:
    it = matter()
    decision = decide_case(case=case_of(it.session, now), exclusion="ban", reason=WHY, by=it.organiser, at=now)
    failures = at_once(
        lambda: take_decision_back(decision=decision, by=it.second, at=now),
        lambda: people.leave_hallway(person=it.speaker, by=it.speaker, at=now),
    )
    assert codes(failures) == []
    assert not EventExclusion.objects.filter(lifted_at=None).exists()


@pytest.mark.parametrize("_round", ROUNDS)
def test_banned_while_registering_holds_no_seat(_round: int, now: datetime) -> None:
    admission, person = (
        AdmissionFactory(
            event__starts_at=datetime(2199, 1, 1, tzinfo=now.tzinfo),
            event__ends_at=datetime(2199, 1, 2, tzinfo=now.tzinfo),
        ),
        PersonFactory(),
    )
    failures = at_once(
        lambda: attendance.register(admission=admission, person=person, by=person, at=now),
        lambda: ban_from_event(event=admission.event, who=person, reason=WHY, by=SystemPerson("tests"), at=now),
    )
    assert codes(failures) in ([], ["exclusion.banned"])
    assert not Registration.objects.filter(person=person, state__in=ALIVE).exists()
    assert EventExclusion.objects.get().person == person


@pytest.mark.parametrize("_round", ROUNDS)
def test_ban_by_a_decision_while_its_subject_leaves(_round: int, now: datetime) -> None:
    it = matter()
    case = case_of(it.session, now)
    failures = at_once(
        lambda: decide_case(case=case, exclusion="ban", reason=WHY, by=it.organiser, at=now),
        lambda: people.leave_hallway(person=it.speaker, by=it.speaker, at=now),
    )
    assert codes(failures) in ([], ["people.gone"], ["case.impossible"])
    assert not EventExclusion.objects.exists()


@pytest.mark.parametrize("_round", ROUNDS)
def test_block_twice_and_while_the_other_leaves(_round: int, now: datetime) -> None:
    one, other = PersonFactory(), PersonFactory()
    block = lambda: people.block_person(person=other, by=one, at=now)  # noqa: E731 - a call to be made twice
    assert codes(at_once(block, block)) == []
    assert PersonBlock.objects.count() == 1
    back = lambda: people.block_person(person=one, by=other, at=now)  # noqa: E731 - a call to be made at once
    failures = at_once(back, lambda: people.leave_hallway(person=one, by=one, at=now))
    assert codes(failures) in ([], ["person.gone"])
    assert not PersonBlock.objects.exists()


@pytest.mark.parametrize("_round", ROUNDS)
@pytest.mark.parametrize("named", [True, False], ids=["named", "unnamed"])
def test_report_while_its_writer_leaves_keeps_no_copy(_round: int, named: bool, now: datetime) -> None:
    writer, reporter = PersonFactory(), PersonFactory()
    question = QuestionFactory(
        text="A secret?", asker=writer if named else None, asker_key=trace_of(writer, named=named)
    )
    failures = at_once(
        lambda: report(question, reporter, now, kind="question"),
        lambda: people.leave_hallway(person=writer, by=writer, at=now),
    )
    assert codes(failures) in ([], ["report.thing_gone"])
    assert not Report.objects.exclude(text="").exists()
    assert not ConductCase.objects.exclude(title="…").exists() and not ConductCase.objects.exclude(subjects=None)
