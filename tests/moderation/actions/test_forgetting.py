"""What is forgotten, by the clock and when people leave."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hallway.gathering.events.models import EventExclusion
from hallway.moderation.actions import (
    answer_appeal,
    decide_case,
    forget_cases,
)
from hallway.moderation.models import Appeal, ConductCase, Decision, Report
from hallway.people.actions import leave_hallway, merge_persons
from tests.factories import (
    PersonFactory,
    SpeakingFactory,
)
from tests.moderation.matters import (
    HALLWAY,
    WHY,
    appealed,
    case_of,
    matter,
    report,
    team_of,
)

pytestmark = pytest.mark.django_db


def test_cases_are_forgotten_half_a_year_after_they_were_decided(decided: Decision, now: datetime) -> None:
    open_one = case_of(matter().session, now)
    assert forget_cases(by=HALLWAY, at=now + timedelta(days=180)) == 0
    appeal = appealed(decided, now)
    assert forget_cases(by=HALLWAY, at=now + timedelta(days=181)) == 0, "not while an appeal waits"
    answer_appeal(appeal=appeal, granted=False, answer="It stays.", by=team_of(decided.case)[1], at=now)
    assert forget_cases(by=HALLWAY, at=now + timedelta(days=181)) == 1
    assert list(ConductCase.objects.all()) == [open_one]
    assert (Report.objects.count(), Decision.objects.count(), Appeal.objects.count()) == (1, 0, 0)
    assert EventExclusion.objects.get().reason == WHY, "who is kept out is kept out"


def test_leaving_of_the_reporter_erases_their_words(now: datetime) -> None:
    it, reporter = matter(), PersonFactory()
    made = report(it.session, reporter, now, note="words")
    leave_hallway(person=reporter, by=reporter, at=now)
    made.refresh_from_db()
    assert (made.reporter, made.reporter_key, made.note) == (None, f"left:{made.pk}", "")
    assert made.text


def test_leaving_of_the_subject_erases_the_copy_and_what_was_said_of_them(decided: Decision, now: datetime) -> None:
    appeal = appealed(decided, now)
    subject = decided.case.subjects.get()
    leave_hallway(person=subject, by=subject, at=now)
    decided.refresh_from_db()
    appeal.refresh_from_db()
    assert not decided.case.subjects.exists()
    assert (decided.reason, appeal.text, Report.objects.get().text) == ("…", "", "")


def test_leaving_of_one_of_two_subjects_keeps_what_is_about_the_other(now: datetime) -> None:
    it = matter()
    SpeakingFactory(talk=it.session.talk)
    case = case_of(it.session, now)
    decide_case(case=case, hide=True, reason=WHY, by=it.organiser, at=now)
    leave_hallway(person=it.speaker, by=it.speaker, at=now)
    assert Report.objects.get().text and Decision.objects.get().reason == WHY
    leave_hallway(person=it.organiser, by=it.organiser, at=now)
    assert Decision.objects.get().by is None


def test_leaving_of_who_answered(decided: Decision, now: datetime) -> None:
    second = team_of(decided.case)[1]
    appeal = appealed(decided, now)
    answer_appeal(appeal=appeal, granted=False, answer="It stays.", by=second, at=now)
    leave_hallway(person=second, by=second, at=now)
    appeal.refresh_from_db()
    assert appeal.answered_by is None and appeal.answer


def test_merged_entries_have_one_report_and_are_one_subject(now: datetime) -> None:
    it, keep, gone = matter(), PersonFactory(), PersonFactory()
    report(it.session, keep, now)
    report(it.session, gone, now)
    other = report(matter().session, gone, now)
    SpeakingFactory(talk=it.session.talk)
    about = case_of(gone, now, kind="person")
    twice = case_of(keep, now, kind="person")
    twice.subjects.add(gone)
    merge_persons(keep=keep, gone=gone, by=HALLWAY, at=now)
    assert Report.objects.filter(reporter=keep).count() == 2
    other.refresh_from_db()
    assert other.reporter_key == keep.actor_key
    assert list(about.subjects.all()) == list(twice.subjects.all()) == [keep]


def test_merged_entries_keep_what_they_decided(decided: Decision, now: datetime) -> None:
    first, second = team_of(decided.case)
    answer_appeal(appeal=appealed(decided, now), granted=False, answer="No", by=second, at=now)
    keep = PersonFactory()
    for gone in (first, second):
        merge_persons(keep=keep, gone=gone, by=HALLWAY, at=now)
    decided.refresh_from_db()
    assert decided.by == keep and Appeal.objects.get().answered_by == keep
