"""Two questions put together: all that hung on either hangs on one, once; and where it was when that is undone."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hallway.kit.actors import Actor
from hallway.kit.models import FactRow
from hallway.kit.visitors import new_visitor
from hallway.notices.models import OutboxMail
from hallway.people.actions import merge_persons
from hallway.people.models import Person
from hallway.sharing.questions import actions, queries
from hallway.sharing.questions.models import Question
from hallway.sharing.questions.policies import QUESTIONS
from hallway.sharing.questions.tokens import trace_of
from tests.factories import FloorFactory, PersonFactory, QuestionFactory
from tests.sharing.questions.scene import a_scene, counted, now_of, refusal

pytestmark = pytest.mark.django_db
State = Question.State


def merge(row: Question, into: Question, by: Actor, at: datetime) -> Question:
    return actions.merge_question(question=row, into=into, by=by, at=at)


def test_merge_question_counts_each_person_once_and_the_asker_of_the_double(at: datetime) -> None:
    scene, both, one, other = a_scene(), new_visitor(), new_visitor(), PersonFactory()
    first, second = PersonFactory(), PersonFactory()
    stays, double = QuestionFactory(floor=scene.floor, by=first), QuestionFactory(floor=scene.floor, by=second)
    for question, voters in ((stays, (both, one)), (double, (both, other, first))):
        for voter in voters:
            actions.vote_for(question=question, by=voter, at=at)
    actions.vote_for(question=double, by=(fickle := new_visitor()), at=at)
    actions.take_back_vote(question=double, by=fickle, at=at)
    kept = merge(double, stays, scene.helper, at)
    assert (kept.pk, kept.votes) == (stays.pk, 4), "both, one, other, and who asked the double; not who asked this one"
    assert actions.vote_for(question=stays, by=second, at=at).votes == 4
    gone = now_of(double)
    wanted = gone.vote_rows.filter(is_wanted=True)
    assert (gone.state, gone.merged_into, gone.votes, wanted.count()) == (State.MERGED, stays, 0, 0)
    assert counted(scene.floor) == (0, 0, 1, 0)


def test_merge_question_knows_who_voted_with_their_name_and_without_it(at: datetime) -> None:
    scene, person, asker = a_scene(), PersonFactory(), PersonFactory()
    stays, double = QuestionFactory(floor=scene.floor), QuestionFactory(floor=scene.floor, by=asker)
    actions.tell_case(question=stays, text="Mine", language="en", named=True, by=person, at=at)
    actions.vote_for(question=stays, by=asker, at=at)
    actions.vote_for(question=double, by=person, at=at)
    assert merge(double, stays, scene.helper, at).votes == 2
    third = QuestionFactory(floor=scene.floor, by=asker)
    assert merge(third, stays, scene.helper, at).votes == 2, "asker has one vote, under either trace"


def test_merge_question_brings_cases_followers_and_earlier_doubles(at: datetime) -> None:
    scene, both, one = a_scene(), PersonFactory(), PersonFactory()
    stays, double, earlier = QuestionFactory.create_batch(3, floor=scene.floor)
    for question, people in ((stays, (both,)), (double, (both, one))):
        for person in people:
            actions.tell_case(question=question, text=f"Case of {person.pk}", language="en", by=person, at=at)
            actions.follow_question(question=question, language="en", by=person, at=at)
    actions.follow_question(question=double, address="a@example.org", language="fr", by=new_visitor(), at=at)
    merge(earlier, double, scene.helper, at)
    merge(double, stays, scene.helper, at)
    assert now_of(earlier).merged_into == stays
    assert (stays.cases.count(), stays.follows.count()) == (2, 3)
    assert queries.follow_of(stays, one) is not None
    assert queries.follow_of(double, one) is None
    answer = actions.answer_question(question=stays, text="Like this.", language="en", by=scene.speaker, at=at)
    assert actions.tell_followers(answer=answer, by=QUESTIONS, at=at) == 3
    assert OutboxMail.objects.filter(dedupe_key__startswith="questions-told").count() == 3


def test_merge_question_of_the_queue_and_from_the_stage(at: datetime) -> None:
    scene = a_scene()
    stays, waits = QuestionFactory(floor=scene.floor), QuestionFactory(floor=scene.floor, state=State.HELD)
    taken = actions.take_question(question=QuestionFactory(floor=scene.floor), by=scene.helper, at=at)
    for row in (waits, taken):
        merge(row, stays, scene.helper, at)
        assert (now_of(row).state, now_of(row).on_stage_at) == (State.MERGED, None)
    assert refusal(merge, row=waits, into=stays, by=scene.helper, at=at) == "questions.settled"


def test_merge_question_into_what_is_not_there_is_refused(at: datetime) -> None:
    scene = a_scene()
    row = QuestionFactory(floor=scene.floor)
    wrong = [
        row,
        QuestionFactory(floor=FloorFactory()),
        QuestionFactory(floor=scene.floor, state=State.HELD),
        QuestionFactory(floor=scene.floor, hidden_at=at),
        QuestionFactory(floor=scene.floor, erased_at=at, text=""),
    ]
    for into in wrong:
        assert refusal(merge, row=row, into=into, by=scene.helper, at=at) == "questions.not_into"
    stays = QuestionFactory(floor=scene.floor)
    gone = QuestionFactory(floor=scene.floor)
    Question.objects.filter(pk=gone.pk).delete()
    assert refusal(merge, row=row, into=gone, by=scene.helper, at=at) == "questions.question_gone"
    assert refusal(merge, row=row, into=stays, by=PersonFactory(), at=at) == "questions.not_moderator"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"answered_live_at": True}, "questions.answered"),
        ({"answered_later_at": True}, "questions.answered"),
        ({"erased_at": True}, "questions.settled"),
        ({"state": State.REFUSED}, "questions.settled"),
    ],
)
def test_merge_question_that_is_settled_is_refused(fields: dict[str, object], code: str, at: datetime) -> None:
    scene = a_scene()
    values = {name: at if value is True else value for name, value in fields.items()}
    row, stays = QuestionFactory(floor=scene.floor, **values), QuestionFactory(floor=scene.floor)
    assert refusal(merge, row=row, into=stays, by=scene.helper, at=at) == code


def separate(row: Question, by: Actor, at: datetime) -> Question:
    return actions.separate_question(question=row, by=by, at=at)


def standing(*questions: Question) -> list[tuple[object, ...]]:
    """All that hangs on each question, and how it stands."""
    said = []
    for row in map(now_of, questions):
        voters = row.vote_rows.filter(is_wanted=True).order_by("voter_key").values_list("voter_key", flat=True)
        cases = row.cases.order_by("pk").values_list("text", flat=True)
        keys = row.follows.order_by("follower_key").values_list("follower_key", "is_over")
        said.append((row.state, row.votes, row.merged_into, list(voters), list(cases), list(keys)))
    return said


def two_of_a_kind(at: datetime, **fields: object) -> tuple[Actor, Question, Question, list[Actor]]:
    """A double and the question it repeats: one person hangs on both, one on each."""
    scene, both, one, other = a_scene(), PersonFactory(), PersonFactory(), new_visitor()
    stays, double = QuestionFactory(floor=scene.floor), QuestionFactory(floor=scene.floor, **fields)
    for question, people in ((stays, (both, one)), (double, (both, other))):
        for by in people:
            actions.tell_case(question=question, text=f"{by.actor_key} of {question.pk}", language="en", by=by, at=at)
    for question, by in ((stays, both), (double, both), (double, one)):
        actions.follow_question(question=question, language="en", by=by, at=at)
    actions.follow_question(question=double, address="a@example.org", language="fr", by=other, at=at)
    return scene.helper, stays, double, [both, one, other]


def test_separate_question_brings_everything_back_where_it_was(at: datetime) -> None:
    by, stays, double, _people = two_of_a_kind(at)
    before = standing(stays, double)
    assert merge(double, stays, by, at).votes == 4, "both, one, other, and who asked the double"
    together = standing(stays, double)
    for _twice in range(2):
        assert separate(double, by, at).state == State.SHOWN
    assert standing(stays, double) == before
    facts = FactRow.objects.filter(kind="questions.question_separated")
    assert [one.payload["into_id"] for one in facts] == [stays.pk], "twice is once"
    merge(double, stays, by, at)
    assert standing(stays, double) == together
    assert separate(double, by, at).votes == 2 and standing(stays, double) == before
    assert counted(double.floor) == (0, 0, 2, 0)


def test_separate_question_of_the_queue_waits_again(at: datetime) -> None:
    by, stays, _double, _people = two_of_a_kind(at)
    waits = QuestionFactory(floor=stays.floor, state=State.HELD, shown_at=None)
    merge(waits, stays, by, at)
    assert (separate(waits, by, at).state, now_of(waits).merged_at) == (State.HELD, None)


def test_separate_question_keeps_what_was_done_meanwhile(at: datetime) -> None:
    by, stays, double, (both, one, other) = two_of_a_kind(at)
    merge(double, stays, by, at)
    for who in (both, other, double.asker):
        assert who is not None
        actions.take_back_vote(question=stays, by=who, at=at)
    actions.vote_for(question=stays, by=(late := new_visitor()), at=at)
    follow = queries.follow_of(stays, both)
    assert follow is not None and isinstance(both, Person)
    actions.end_following(follow=follow, by=both, at=at)
    row = separate(double, by, at)
    assert (now_of(stays).votes, row.votes) == (2, 0), "one and who came late; who took it back wants neither"
    assert actions.take_back_vote(question=stays, by=late, at=at).votes == 1
    assert queries.follow_of(double, both) is None, "no mail about either"
    case = stays.cases.get(author=None, author_key=trace_of(one))
    merge(double, stays, by, at)
    actions.withdraw_case(case=stays.cases.get(author_key=trace_of(other)), by=other, at=at)
    separate(double, by, at)
    assert case in stays.cases.all() and double.cases.get(author_key=trace_of(other)).withdrawn_at == at


def test_separate_question_leaves_those_that_were_put_into_it_and_beside_it(at: datetime) -> None:
    by, stays, double, people = two_of_a_kind(at)
    first, beside = QuestionFactory.create_batch(2, floor=stays.floor)
    for question in (first, beside):
        actions.vote_for(question=question, by=people[0], at=at)
        actions.vote_for(question=question, by=PersonFactory(), at=at)
    merge(first, double, by, at)
    before = standing(stays, double, first)
    merge(double, stays, by, at)
    merge(beside, stays, by, at)
    assert refusal(separate, row=first, by=by, at=at) == "questions.merged_further"
    separate(double, by, at)
    now = standing(stays, double, first)
    assert now[1:] == before[1:] and now_of(first).merged_into == double
    assert now_of(stays).votes == 4, "both, one; with what came from beside: who voted there alone, and who asked it"
    separate(beside, by, at)
    assert standing(stays, double, first) == before
    assert separate(first, by, at).votes == 2


def test_separate_question_counts_who_wants_a_third_one_again(at: datetime) -> None:
    """Who asked two doubles counts for the second once the first is separated."""
    scene, asker, voter = a_scene(), PersonFactory(), PersonFactory()
    stays = QuestionFactory(floor=scene.floor)
    doubles = QuestionFactory.create_batch(2, floor=scene.floor, by=asker)
    for row in doubles:
        actions.vote_for(question=row, by=voter, at=at)
        merge(row, stays, scene.helper, at)
    assert now_of(stays).votes == 2
    separate(doubles[0], scene.helper, at)
    assert (now_of(stays).votes, now_of(doubles[0]).votes) == (2, 1)


@pytest.mark.parametrize("how", ["in the room", "later"])
def test_separate_question_that_was_answered_since_is_refused(how: str, at: datetime) -> None:
    scene, soon = a_scene(), at + timedelta(minutes=1)
    stays, double = QuestionFactory.create_batch(2, floor=scene.floor)
    answer = None
    merge(double, stays, scene.helper, at)
    if how == "later":
        answer = actions.answer_question(question=stays, text="So.", language="en", by=scene.speaker, at=soon)
    else:
        actions.answer_live(question=stays, by=scene.helper, at=soon)
    assert refusal(separate, row=double, by=scene.helper, at=soon) == "questions.answered_together"
    if answer is not None:
        actions.withdraw_answer(answer=answer, by=scene.speaker, at=soon)
    else:
        actions.undo_answer_live(question=stays, by=scene.helper, at=soon)
    assert separate(double, scene.helper, soon).state == State.SHOWN


def test_separate_question_from_one_answered_before(at: datetime) -> None:
    scene, soon = a_scene(), at + timedelta(minutes=1)
    stays, double = QuestionFactory.create_batch(2, floor=scene.floor)
    actions.answer_live(question=stays, by=scene.helper, at=at)
    actions.answer_question(question=stays, text="So.", language="en", by=scene.speaker, at=at)
    merge(double, stays, scene.helper, soon)
    assert separate(double, scene.helper, soon).state == State.SHOWN


def test_separate_question_is_for_moderators_and_for_what_can_be_told_apart(at: datetime) -> None:
    by, stays, double, _people = two_of_a_kind(at)
    old = QuestionFactory(floor=stays.floor, state=State.MERGED, merged_into=stays)
    assert refusal(separate, row=old, by=by, at=at) == "questions.merged_before"
    merge(double, stays, by, at)
    assert refusal(separate, row=double, by=PersonFactory(), at=at) == "questions.not_moderator"
    Question.objects.filter(pk=double.pk).update(erased_at=at, text="")
    assert refusal(separate, row=double, by=by, at=at) == "questions.withdrawn"


def test_separate_question_after_two_of_its_people_turned_out_to_be_one(at: datetime) -> None:
    """Who voted for both counts once for each, also where that was two entries."""
    scene, administrator = a_scene(), PersonFactory(is_administrator=True)
    keep, gone = PersonFactory.create_batch(2)
    stays, double = QuestionFactory.create_batch(2, floor=scene.floor)
    for question, people in ((stays, (keep,)), (double, (keep, gone))):
        for person in people:
            actions.tell_case(question=question, text=f"Of {person.pk}", language="en", by=person, at=at)
            actions.follow_question(question=question, language="en", by=person, at=at)
    merge(double, stays, scene.helper, at)
    merge_persons(keep=keep, gone=gone, by=administrator, at=at)
    assert now_of(stays).votes == 2, "the person, and who asked the double"
    separate(double, scene.helper, at)
    assert (now_of(stays).votes, now_of(double).votes) == (1, 1)
