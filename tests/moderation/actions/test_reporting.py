"""Reporting, and telling those who decide; by people who mean no good, too."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from hallway.kit import trail
from hallway.kit.models import FactRow, FactScope
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.kit.reportable import KINDS
from hallway.moderation.actions import (
    decide_case,
    forget_cases,
    open_case,
    reporting,
    tell_deciders,
)
from hallway.moderation.models import ConductCase, Report
from hallway.notices.models import OutboxMail
from hallway.people.actions import leave_hallway
from hallway.people.models import Person
from hallway.sharing.questions.models import Question
from hallway.sharing.questions.tokens import trace_of
from tests.factories import (
    CommunityFactory,
    PersonFactory,
    QuestionFactory,
    TeamRoleFactory,
)
from tests.moderation.matters import (
    HALLWAY,
    case_of,
    code_of,
    deciders,
    ids,
    matter,
    report,
    visitor,
)

pytestmark = pytest.mark.django_db


def test_report_keeps_what_it_said_and_goes_to_the_team(now: datetime) -> None:
    it = matter()
    reporter = PersonFactory()
    made = report(it.session, reporter, now, note="  In the abstract. ")
    case = made.case
    assert (case.kind, case.object_id, case.event, case.community, case.title) == (
        "session", it.session.pk, it.event, None, "Asyncio"
    )  # fmt: skip
    assert (made.trouble, made.note, made.reporter, made.reporter_key) == (
        "hurtful", "In the abstract.", reporter, reporter.actor_key
    )  # fmt: skip
    assert made.text == "Asyncio\n\nLoops of one event."
    assert list(case.subjects.all()) == [it.speaker]
    assert deciders(case, now) == ids(it.organiser, it.second)


def test_reports_of_one_thing_are_one_case_and_one_each(now: datetime) -> None:
    it = matter()
    one, phone = PersonFactory(), visitor()
    first = report(it.session, one, now)
    assert report(it.session, one, now, trouble="other") == first
    second = report(it.session, phone, now)
    assert second.case == first.case and second.reporter is None
    assert report(it.session, phone, now) == second
    assert Report.objects.count() == 2
    decide_case(case=first.case, by=it.organiser, at=now)
    assert report(it.session, one, now).case != first.case, "decided once, it can be reported anew"


def test_nobody_can_keep_two_open_cases_of_one_thing(now: datetime) -> None:
    it = matter()
    community = CommunityFactory()
    for place in ({"event": it.event}, {"community": community}, {}):
        ConductCase.objects.create(kind="x", object_id=1, opened_at=now, **place)
        with pytest.raises(IntegrityError), transaction.atomic():
            ConductCase.objects.create(kind="x", object_id=1, opened_at=now, **place)


def test_report_without_a_trouble_or_by_nobody_is_refused(now: datetime) -> None:
    it = matter()
    with pytest.raises(Refusal) as refused:
        report(it.session, PersonFactory(), now, trouble="boring")
    assert code_of(refused) == "report.no_trouble"
    for by in (HALLWAY, PersonFactory.build(left_at=now)):
        with pytest.raises(NotAllowed) as refused:
            report(it.session, by, now)
        assert code_of(refused) == "report.not_possible"
    assert not ConductCase.objects.exists()


@pytest.mark.parametrize("kind", ["question", "person"])
def test_what_was_erased_since_somebody_saw_it_is_not_copied(kind: str, now: datetime) -> None:
    person = PersonFactory(name="Jane Q. Doe")
    question = QuestionFactory(text="A secret?", asker=person, asker_key=trace_of(person, named=True))
    thing = question if kind == "question" else Person.objects.get(pk=person.pk)
    leave_hallway(person=person, by=person, at=now)
    for call in (
        lambda: report(thing, PersonFactory(), now, kind=kind),
        lambda: open_case(what=KINDS[kind], thing=thing, by=opener(question, kind), at=now),
    ):
        with pytest.raises(Refusal) as refused:
            call()
        assert (code_of(refused), refused.value.status) == ("report.thing_gone", 404)
    assert not ConductCase.objects.exists()


def opener(question: Question, kind: str) -> Person:
    """Somebody who may open a case of it."""
    community = question.floor.event.community
    made: Person = (
        TeamRoleFactory(community=community).person
        if kind == "question"
        else PersonFactory(is_administrator=True)
    )  # fmt: skip
    return made


def test_report_of_a_changed_text_keeps_what_it_says_now(now: datetime) -> None:
    question = QuestionFactory(text="Before?")
    type(question).objects.filter(pk=question.pk).update(text="After?")
    made = report(question, PersonFactory(), now, kind="question")
    assert (made.text, made.case.title) == ("After?", "After?")


def test_reports_have_a_pace(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporting, "MOST_A_DAY", 1)
    phone = visitor()
    report(matter().session, phone, now)
    with pytest.raises(Refusal) as refused:
        report(matter().session, phone, now)
    assert code_of(refused) == "pace.too_often"
    assert ConductCase.objects.count() == 1, "a refused report opens nothing"


def test_visitors_flood_nobody_and_people_are_still_heard(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporting, "MOST_FROM_VISITORS", 2)
    it = matter()
    report(it.session, visitor(), now)
    report(it.session, visitor(), now)
    with pytest.raises(Refusal) as refused:
        report(it.session, visitor(), now)
    assert (code_of(refused), refused.value.status) == ("report.flood", 429)
    report(it.session, PersonFactory(), now)
    report(it.session, visitor(), now + timedelta(hours=1))


def test_no_trail_says_who_reported(now: datetime) -> None:
    it = matter()
    reporter = PersonFactory(name="Thandi")
    report(it.session, reporter, now)
    rows = FactRow.objects.filter(kind="moderation.thing_reported")
    assert not FactScope.objects.filter(fact__in=rows).exists()
    for scope in (f"event:{it.event.pk}", f"community:{it.event.community_id}", "instance", f"person:{it.speaker.pk}"):
        assert "Thandi" not in str(trail.entries(scope))
    assert [entry.sentence for entry in trail.done_by(reporter.actor_key)] == ["Thandi reported something"]


def tell(at: datetime) -> int:
    return tell_deciders(by=HALLWAY, at=at)


def test_deciders_are_told_once_an_hour_for_a_place_and_without_a_word_of_it(now: datetime) -> None:
    it = matter()
    report(it.session, PersonFactory(name="Thandi"), now, note="secret words")
    assert tell(now) == 1
    mails = list(OutboxMail.objects.order_by("to_person"))
    assert {mail.to_person_id for mail in mails} == ids(it.organiser, it.second)
    for mail in mails:
        for word in ("secret words", "Asyncio", "Thandi", "Piet", "Loops"):
            assert word not in mail.text + mail.subject
        assert "Savanna Conf" in mail.subject
    other = report(it.speaker, PersonFactory(), now, kind="person", where=it.event).case
    assert tell(now + timedelta(minutes=59)) == 0
    elsewhere = matter()
    report(elsewhere.session, PersonFactory(), now)
    assert tell(now + timedelta(minutes=59)) == 1, "another place has an hour of its own"
    assert tell(now + timedelta(minutes=61)) == 1
    other.refresh_from_db()
    assert other.told_at == now + timedelta(minutes=61)
    assert tell(now + timedelta(hours=9)) == 0


def test_deciders_of_only_some_cases_read_their_own_number(now: datetime) -> None:
    it = matter()
    report(it.session, it.second, now)
    report(it.speaker, PersonFactory(), now, kind="person", where=it.event)
    tell(now)
    said = {mail.to_person: mail.subject for mail in OutboxMail.objects.all()}
    assert said[it.organiser].startswith("2 reports wait")
    assert said[it.second].startswith("1 report waits")


def test_after_a_week_they_are_told_again_with_the_administrators(now: datetime) -> None:
    it = matter()
    administrator = PersonFactory(is_administrator=True)
    case_of(it.session, now)
    tell(now)
    assert tell(now + timedelta(days=6)) == 0
    assert tell(now + timedelta(days=7)) == 1
    assert OutboxMail.objects.filter(to_person=administrator).count() == 1
    assert OutboxMail.objects.filter(to_person=it.organiser).count() == 2
    assert tell(now + timedelta(days=8)) == 0


def test_case_for_nobody_is_said_to_an_administrator_who_is_not_its_subject(now: datetime) -> None:
    reporter = PersonFactory(is_administrator=True)
    case_of(PersonFactory(), now, by=reporter, kind="person")
    assert tell(now) == 1
    mail = OutboxMail.objects.get()
    assert mail.to_person == reporter and "nobody may decide" in mail.subject


def test_case_for_nobody_about_the_only_administrator_is_said_to_nobody(now: datetime) -> None:
    subject = PersonFactory(is_administrator=True)
    case_of(subject, now, kind="person")
    assert tell(now) == 1
    assert not OutboxMail.objects.exists()


def test_clock_alone_tells_and_forgets(now: datetime) -> None:
    for by in (PersonFactory(is_administrator=True), visitor()):
        with pytest.raises(NotAllowed):
            tell_deciders(by=by, at=now)
        with pytest.raises(NotAllowed):
            forget_cases(by=by, at=now)
