"""Who reads what by mail, and what they do not read."""

from __future__ import annotations

from datetime import datetime

import pytest

from hallway.kit.facts import INSIDE, Fact
from hallway.kit.models import FactRow
from hallway.kit.sweeps import run_due
from hallway.moderation import queries, receivers
from hallway.moderation.actions import answer_appeal, decide_case, take_decision_back
from hallway.moderation.facts import AppealAnswered, CaseDecided, DecisionAppealed, DecisionTakenBack
from hallway.moderation.models import ConductCase, Decision, Report
from hallway.notices.models import OutboxMail
from hallway.people.facts import PersonLeft, PersonsMerged
from hallway.people.models import Person
from tests.factories import PersonFactory
from tests.moderation.matters import WHY, appealed, matter, report, team_of, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def mails(start: str) -> list[OutboxMail]:
    run_due()
    return list(OutboxMail.objects.filter(subject__startswith=start).order_by("pk"))


def test_subject_reads_the_reason_and_a_link_and_not_who_reported(now: datetime) -> None:
    it = matter()
    reporter = PersonFactory(name="Thandi")
    case = report(it.session, reporter, now, note="secret words").case
    decide_case(case=case, hide=True, exclusion="ban", reason=WHY, by=it.organiser, at=now)
    (mail,) = mails("A decision about you")
    assert mail.to_person == it.speaker
    assert WHY in mail.text and "/appeals/" in mail.text and "You take no part in this: Savanna Conf." in mail.text
    for word in ("Thandi", "secret words", "Naledi"):
        assert word not in mail.text
    run_due()
    assert len(mails("A decision about you")) == 1


def test_reporters_read_shortly_that_it_was_looked_at(now: datetime) -> None:
    it = matter()
    for by in (PersonFactory(), PersonFactory(), visitor()):
        case = report(it.session, by, now).case
    decide_case(case=case, hide=True, reason=WHY, by=it.organiser, at=now)
    read = mails("Your report was looked at")
    assert {mail.to_person for mail in read} == {one.reporter for one in Report.objects.all()} - {None}
    assert all("did something about it" in mail.text and WHY not in mail.text for mail in read)


def test_of_nothing_the_subject_hears_nothing(case: ConductCase, now: datetime) -> None:
    decide_case(case=case, by=team_of(case)[0], at=now)
    (mail,) = mails("Your report was looked at")
    assert "left it as it is" in mail.text
    assert mails("A decision about you") == []


def test_appeal_reaches_somebody_else_and_its_answer_the_subject(decided: Decision, now: datetime) -> None:
    first, second = team_of(decided.case)
    subject = decided.case.subjects.get()
    appeal = appealed(decided, now)
    (asked,) = mails("A decision is to be looked at again")
    assert asked.to_person == second and "I did not." not in asked.text
    answer_appeal(appeal=appeal, granted=True, answer="You are right.", by=second, at=now)
    (told,) = mails("The decision was taken back")
    assert told.to_person == subject and "You are right." in told.text
    assert first.name not in told.text and second.name not in told.text


def test_appeal_that_nobody_may_answer_is_told_to_an_administrator(now: datetime) -> None:
    it = matter()
    it.second.team_roles.all().delete()
    Person.objects.filter(pk=it.organiser.pk).update(is_administrator=True)
    decision = decide_case(
        case=report(it.session, visitor(), now).case, hide=True, reason=WHY, by=it.organiser, at=now
    )  # fmt: skip
    appeal = appealed(decision, now)
    (told,) = mails("An appeal waits and nobody may answer it")
    assert told.to_person == it.organiser and "Name another administrator" in told.text
    assert "/instance/administrators/" in told.text and "I did not." not in told.text and "Asyncio" not in told.text
    assert queries.appeals_for_nobody() == [appeal]
    Person.objects.filter(pk=it.organiser.pk).update(is_administrator=False)
    assert queries.who_names_others([decision.case]) is None
    other = PersonFactory(is_administrator=True)
    assert queries.appeals_for_nobody() == [] and queries.to_review(other) == [appeal]


def test_appeal_is_told_to_nobody_where_the_subject_alone_administers(now: datetime) -> None:
    it = matter()
    it.second.team_roles.all().delete()
    Person.objects.filter(pk=it.speaker.pk).update(is_administrator=True)
    case = report(it.session, visitor(), now).case
    appealed(decide_case(case=case, hide=True, reason=WHY, by=it.organiser, at=now), now)
    assert mails("An appeal waits") == []


def test_subject_reads_that_it_was_taken_back(decided: Decision, now: datetime) -> None:
    appealed(decided, now)
    take_decision_back(decision=decided, by=team_of(decided.case)[0], at=now)
    (told,) = mails("The decision was taken back")
    assert told.to_person == decided.case.subjects.get() and "you need do nothing" in told.text
    assert mails("A decision is to be looked at again") == [], "nobody is asked to look at it any more"


def test_answered_before_it_was_asked_asks_nobody(decided: Decision, now: datetime) -> None:
    appeal = appealed(decided, now)
    answer_appeal(appeal=appeal, granted=False, answer="It stays.", by=team_of(decided.case)[1], at=now)
    assert mails("A decision is to be looked at again") == []
    assert len(mails("The decision stays")) == 1


@pytest.mark.parametrize("kind", [PersonLeft, PersonsMerged])
def test_moderation_hears_before_any_package_erases_or_moves_its_texts(kind: type[Fact]) -> None:
    assert [one for one in INSIDE[kind] if one.__module__ == receivers.__name__] == INSIDE[kind][:1]


def test_what_was_forgotten_meanwhile_is_told_to_nobody(now: datetime) -> None:
    row = FactRow(at=now)
    about = {"event_id": None, "community_id": None}
    receivers.tell_subjects(CaseDecided(case_id=1, decision_id=1, **about), row)
    receivers.tell_reporters(CaseDecided(case_id=1, decision_id=1, **about), row)
    receivers.ask_reviewers(DecisionAppealed(decision_id=1, **about), row)
    receivers.tell_answer(AppealAnswered(decision_id=1, granted=True, **about), row)
    receivers.tell_taken_back(DecisionTakenBack(decision_id=1, **about), row)
    assert not OutboxMail.objects.exists()
