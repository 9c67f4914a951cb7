"""What is forgotten, by the clock and when people leave."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from hallway.gathering.events.models import EventExclusion
from hallway.kit.reportable import KINDS
from hallway.moderation.actions import (
    answer_appeal,
    decide_case,
    forget_cases,
)
from hallway.moderation.models import Appeal, ConductCase, Decision, Report
from hallway.people.actions import leave_hallway, merge_persons
from hallway.people.models import Person
from hallway.sharing.questions.models import Case
from hallway.sharing.questions.tokens import trace_of
from hallway.sharing.takeaways.models import Takeaway
from tests.factories import (
    PersonFactory,
    QuestionFactory,
    SessionFactory,
    SpeakingFactory,
)
from tests.factories.feedback import CardFactory, FeedbackFactory
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
    assert ConductCase.objects.get().title == "…"


def test_leaving_of_whom_a_case_is_about_leaves_no_name(now: datetime) -> None:
    person = PersonFactory(name="Jane Q. Doe")
    case_of(person, now, kind="person")
    leave_hallway(person=person, by=person, at=now)
    assert ConductCase.objects.get().title == "…"


@pytest.mark.parametrize("kind", ["question", "case", "takeaway", "feedback", "card"])
def test_leaving_takes_the_copies_of_what_one_wrote_without_a_name(kind: str, now: datetime) -> None:
    person, other = PersonFactory(), PersonFactory()
    mine, theirs = unnamed(kind, person, now), unnamed(kind, other, now)
    for thing in (mine, theirs):
        case = case_of(thing, now, kind=kind)
        assert not case.subjects.exists()
        Decision.objects.create(case=case, hidden=True, reason=WHY, at=now)
        appealed(case.decision, now)
    leave_hallway(person=person, by=person, at=now)
    gone, stays = (ConductCase.objects.get(object_id=thing.pk) for thing in (mine, theirs))
    assert (gone.title, gone.reports.get().text, gone.decision.reason) == ("…", "", "…")
    assert gone.decision.appeal.text == ""
    assert stays.title != "…" and (stays.reports.get().text, stays.decision.reason) == (SECRET, WHY)
    assert stays.decision.appeal.text


def test_leaving_takes_no_copy_of_what_was_only_kept_from_somebody(now: datetime) -> None:
    it = matter()
    piece = FeedbackFactory(session=it.session, text=SECRET, state="held")
    case_of(piece, now, kind="feedback")
    assert KINDS["feedback"].has_part(piece, it.speaker)
    leave_hallway(person=it.speaker, by=it.speaker, at=now)
    assert Report.objects.get().text == SECRET


def test_leaving_finds_no_case_of_a_kind_nobody_knows(now: datetime) -> None:
    for kind in ("unknown", "question"):
        ConductCase.objects.create(kind=kind, object_id=0, title="Old", opened_at=now)
    person = PersonFactory()
    leave_hallway(person=person, by=person, at=now)
    assert set(ConductCase.objects.values_list("title", flat=True)) == {"Old"}


SECRET = "Who pays for all of this?"


def unnamed(kind: str, person: Person, at: datetime) -> Any:
    """A text of somebody who did not give their name."""
    about = {"text": SECRET}
    if kind == "question":
        return QuestionFactory(asker=None, asker_key=trace_of(person), **about)
    if kind == "case":
        return Case.objects.create(
            question=QuestionFactory(), author_key=trace_of(person), language="en", told_at=at, **about
        )
    if kind == "takeaway":
        return Takeaway.objects.create(
            session=SessionFactory(), person=person, is_named=False, shown_at=at, updated_at=at, **about
        )
    factory = FeedbackFactory if kind == "feedback" else CardFactory
    return factory(writer=person, writer_key=person.actor_key, **about)


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
