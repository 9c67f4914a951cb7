"""Questions put together and separated, where somebody wrote with their name and without it."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps

from hallway.kit.visitors import new_visitor
from hallway.people.actions import leave_hallway, merge_persons
from hallway.sharing.questions import actions
from hallway.sharing.questions.models import Case, Question
from hallway.sharing.questions.policies import QUESTIONS
from hallway.sharing.questions.tokens import trace_of, traces_of
from tests.factories import PersonFactory, QuestionFactory
from tests.sharing.questions.scene import Scene, a_scene, now_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return a_scene()


def two(scene: Scene, **fields: object) -> tuple[Question, Question]:
    return QuestionFactory(floor=scene.floor), QuestionFactory(floor=scene.floor, **fields)


def merge(scene: Scene, row: Question, into: Question, at: datetime) -> None:
    actions.merge_question(question=row, into=into, by=scene.helper, at=at)


def separate(scene: Scene, row: Question, at: datetime) -> None:
    actions.separate_question(question=row, by=scene.helper, at=at)


def votes(*questions: Question) -> list[int]:
    return [now_of(one).votes for one in questions]


def test_one_person_has_one_case_and_can_write_it_anew_and_leave(scene: Scene, at: datetime) -> None:
    person, other = PersonFactory(), PersonFactory()
    stays, double = two(scene)
    actions.tell_case(question=stays, text="Without", language="en", by=person, at=at)
    actions.tell_case(question=double, text="With", language="en", named=True, by=person, at=at)
    actions.tell_case(question=double, text="Beside", language="en", by=other, at=at)
    merge(scene, double, stays, at)
    assert sorted(stays.cases.values_list("text", flat=True)) == ["Beside", "Without"]
    actions.tell_case(question=stays, text="Anew", language="en", named=True, by=person, at=at)
    assert sorted(stays.cases.values_list("text", flat=True)) == ["Anew", "Beside"]
    separate(scene, double, at)
    assert sorted(double.cases.values_list("text", flat=True)) == ["Beside", "With"]
    leave_hallway(person=person, by=person, at=at)
    assert not Case.objects.filter(author_key__in=traces_of(person)).exists()
    assert votes(stays, double) == [1, 2], "who left still counts"


def test_both_cases_that_one_person_has_on_a_question_are_theirs_to_leave_with(scene: Scene, at: datetime) -> None:
    """Doubles that were put together before each person counted once may hold two of one person."""
    person = PersonFactory()
    stays, double = two(scene)
    actions.tell_case(question=stays, text="Without", language="en", by=person, at=at)
    actions.tell_case(question=double, text="With", language="en", named=True, by=person, at=at)
    double.cases.update(question=stays)
    double.vote_rows.update(question=stays)
    leave_hallway(person=person, by=person, at=at)
    keys = set(stays.cases.values_list("author_key", flat=True))
    assert (len(keys), keys == set(stays.vote_rows.values_list("voter_key", flat=True))) == (2, True)


def test_writing_anew_leaves_one_of_two_cases(scene: Scene, at: datetime) -> None:
    person = PersonFactory()
    stays, double = two(scene)
    actions.tell_case(question=stays, text="Without", language="en", by=person, at=at)
    actions.tell_case(question=double, text="With", language="en", named=True, by=person, at=at)
    double.cases.update(question=stays)
    actions.tell_case(question=stays, text="Anew", language="en", named=True, by=person, at=at)
    assert stays.cases.get().text == "Anew"


@pytest.mark.parametrize("who", ["account", "device"])
def test_asker_of_a_double_has_no_vote_for_it_after_a_case_with_a_name(who: str, scene: Scene, at: datetime) -> None:
    asker = PersonFactory() if who == "account" else new_visitor()
    stays = QuestionFactory(floor=scene.floor)
    double = actions.ask_question(floor=scene.floor, text="Is it so?", language="en", by=asker, at=at)
    merge(scene, double, stays, at)
    actions.tell_case(question=stays, text="Mine", language="en", named=True, name="Ama", by=asker, at=at)
    assert votes(stays) == [1]
    separate(scene, double, at)
    assert votes(stays, double) == [1, 0]
    assert not double.vote_rows.filter(voter_key=trace_of(asker, named=True)).exists()


def test_who_wanted_the_double_and_tells_a_case_wants_both(scene: Scene, at: datetime) -> None:
    person = PersonFactory()
    stays, double = two(scene)
    actions.vote_for(question=double, by=person, at=at)
    merge(scene, double, stays, at)
    before = votes(stays)[0]
    actions.tell_case(question=stays, text="Mine", language="en", named=True, by=person, at=at)
    assert votes(stays) == [before]
    separate(scene, double, at)
    assert votes(stays, double) == [1, 1]


def test_case_written_anew_since_stays_with_the_other_question(scene: Scene, at: datetime) -> None:
    person = PersonFactory()
    stays, double = two(scene)
    case = actions.tell_case(question=double, text="Of the double", language="en", by=person, at=at)
    merge(scene, double, stays, at)
    actions.withdraw_case(case=Case.objects.get(pk=case.pk), by=person, at=at)
    actions.tell_case(question=stays, text="Of what stays", language="en", by=person, at=at)
    separate(scene, double, at)
    assert [case.text for case in stays.cases.all()] == ["Of what stays"]
    assert not double.cases.exists()
    assert votes(stays, double) == [1, 0]


def test_vote_taken_back_with_a_case_does_not_come_back_with_the_next_double(scene: Scene, at: datetime) -> None:
    person, asker = PersonFactory(), PersonFactory()
    stays, double = two(scene, by=asker)
    third = QuestionFactory(floor=scene.floor, by=asker)
    actions.vote_for(question=double, by=person, at=at)
    case = actions.tell_case(question=stays, text="Mine", language="en", named=True, by=person, at=at)
    merge(scene, double, stays, at)
    assert votes(stays) == [2]
    actions.withdraw_case(case=case, by=person, at=at)
    merge(scene, third, stays, at)
    assert votes(stays) == [1], "who asked the two others"


def test_follower_hears_of_the_room_again_once_separated(scene: Scene, at: datetime) -> None:
    follower, soon = PersonFactory(), at + timedelta(minutes=1)
    stays, double = two(scene)
    actions.follow_question(question=double, language="en", by=follower, at=at)
    actions.answer_live(question=stays, summary="So.", language="en", by=scene.helper, at=at)
    merge(scene, double, stays, soon)
    assert actions.tell_of_live_answer(question=now_of(stays), by=QUESTIONS, at=soon) == 1
    separate(scene, double, soon)
    actions.answer_live(question=now_of(double), summary="And so.", language="en", by=scene.helper, at=soon)
    assert actions.tell_of_live_answer(question=now_of(double), by=QUESTIONS, at=soon) == 1


def test_doubles_from_before_that_could_be_undone_move_with_what_they_were_put_into(scene: Scene, at: datetime) -> None:
    stays, double = two(scene)
    earlier = QuestionFactory(floor=scene.floor)
    merge(scene, earlier, double, at)
    Question.objects.filter(pk=earlier.pk).update(put_into=None, merged_at=None)
    migration = import_module("hallway.sharing.questions.migrations.0009_doubles_of_before")
    migration.they_were_put_where_they_stand(apps, None)
    merge(scene, double, stays, at)
    separate(scene, double, at)
    assert now_of(earlier).merged_into == double


def test_two_entries_that_are_one_have_no_vote_for_their_own_question(scene: Scene, at: datetime) -> None:
    keep, gone = PersonFactory(), PersonFactory()
    stays, double = two(scene, by=gone)
    actions.tell_case(question=double, text="Mine", language="en", named=True, by=keep, at=at)
    merge(scene, double, stays, at)
    merge_persons(keep=keep, gone=gone, by=PersonFactory(is_administrator=True), at=at)
    separate(scene, double, at)
    assert votes(stays, double) == [0, 0]


def test_device_that_voted_for_the_double_and_writes_its_case_anew_is_counted_right(scene: Scene, at: datetime) -> None:
    device = new_visitor()
    stays, double = two(scene)
    actions.vote_for(question=double, by=device, at=at)
    for text in ("One", "Two"):
        actions.tell_case(question=stays, text=text, language="en", named=True, name="Bob", by=device, at=at)
        if text == "One":
            merge(scene, double, stays, at)
    assert votes(stays) == [stays.vote_rows.filter(is_wanted=True).count()] == [2]


def test_case_of_a_device_goes_home_when_it_writes_the_other_anew(scene: Scene, at: datetime) -> None:
    device = new_visitor()
    stays, double = two(scene)
    actions.tell_case(question=double, text="Of the double", language="en", named=True, name="Bob", by=device, at=at)
    actions.tell_case(question=stays, text="Of what stays", language="en", by=device, at=at)
    merge(scene, double, stays, at)
    actions.tell_case(question=stays, text="Anew", language="en", by=device, at=at)
    assert [case.text for case in stays.cases.all()] == ["Anew"]
    separate(scene, double, at)
    assert [[case.text for case in one.cases.all()] for one in (stays, double)] == [["Anew"], ["Of the double"]]


def test_two_entries_that_are_one_can_tell_a_case_after_a_merge(scene: Scene, at: datetime) -> None:
    keep, gone = PersonFactory(), PersonFactory()
    stays, double = two(scene)
    for question, voter in ((stays, gone), (double, gone), (double, keep)):
        actions.vote_for(question=question, by=voter, at=at)
    merge(scene, double, stays, at)
    merge_persons(keep=keep, gone=gone, by=PersonFactory(is_administrator=True), at=at)
    actions.tell_case(question=stays, text="Mine", language="en", by=keep, at=at)
    assert votes(stays) == [stays.vote_rows.filter(is_wanted=True).count()] == [2]
    separate(scene, double, at)
    assert votes(stays, double) == [1, 1]


def test_who_left_is_one_person_with_the_next_double_too(scene: Scene, at: datetime) -> None:
    person = PersonFactory()
    stays, double = two(scene, by=person)
    third = QuestionFactory(floor=scene.floor)
    actions.vote_for(question=stays, by=person, at=at)
    merge(scene, double, stays, at)
    leave_hallway(person=person, by=person, at=at)
    merge(scene, third, stays, at)
    assert votes(stays) == [2], "who left, and who asked the third"
