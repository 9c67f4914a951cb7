"""Many hands on one floor in one moment: each vote once, one on the stage, each told once, nobody in a deadlock."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise

import pytest
from django.db import connection

from hallway.kit.models import FactRow
from hallway.kit.visitors import new_visitor
from hallway.notices.models import OutboxMail
from hallway.people.actions import change_profile, leave_hallway, merge_persons
from hallway.people.models import Person
from hallway.sharing.questions import actions, policies
from hallway.sharing.questions.models import Answer, Digest, Floor, Mark, Question
from hallway.sharing.questions.policies import QUESTIONS
from tests.factories import AnswerFactory, FloorFactory, PersonFactory, QuestionFactory
from tests.faults import questions_plants as plants
from tests.faults.crowd import people, press_on
from tests.faults.questions_troubles import troubles_of
from tests.faults.test_races import at_once, codes
from tests.sharing.questions.scene import a_scene

pytestmark = [pytest.mark.database, pytest.mark.fault, pytest.mark.django_db(transaction=True)]
State = Question.State
ROUNDS = range(3)


def now_of(question: Question) -> Question:
    return Question.objects.get(pk=question.pk)


def vote_by_two_hundred(at: datetime) -> tuple[Question, list[str]]:
    row = QuestionFactory()
    voters = [*people(100), *(new_visitor() for _one in range(100))]
    calls = [lambda by=by: actions.vote_for(question=now_of(row), by=by, at=at) for by in voters]
    failed, _took = press_on(calls)
    return row, failed + troubles_of(row.floor)


def test_vote_for_by_two_hundred_at_once_is_two_hundred(at: datetime, figure: Callable[[str], None]) -> None:
    row, wrong = vote_by_two_hundred(at)
    assert wrong == []
    assert (now_of(row).votes, FactRow.objects.filter(kind="questions.question_voted").count()) == (200, 200)
    figure(f"questions, {connection.vendor}: 200 votes at once by 200 people: exactly 200")


def vote_by_one(at: datetime) -> list[str]:
    row, device = QuestionFactory(), new_visitor()
    failed = codes(at_once(*[lambda: actions.vote_for(question=now_of(row), by=device, at=at)] * 8))
    return failed + troubles_of(row.floor) + ([] if now_of(row).votes == 1 else ["not one"])


def test_vote_for_by_one_person_eight_times_at_once_is_one(at: datetime) -> None:
    assert vote_by_one(at) == []


def vote_while_merging(at: datetime) -> list[str]:
    scene = a_scene()
    stays, double = QuestionFactory(floor=scene.floor), QuestionFactory(floor=scene.floor)
    both, crowd, done = new_visitor(), people(10), set[int]()
    actions.vote_for(question=stays, by=both, at=at)

    def vote(by: Person) -> None:
        actions.vote_for(question=now_of(double), by=by, at=at)
        done.add(by.pk)

    calls: list[Callable[[], object]] = [lambda by=by: vote(by) for by in crowd]
    calls.insert(2, lambda: actions.vote_for(question=now_of(double), by=both, at=at))
    calls.insert(6, lambda: actions.merge_question(question=double, into=stays, by=scene.helper, at=at))
    wrong = [code for code in press_on(calls, hands=12)[0] if code != "questions.not_shown"]
    wrong += troubles_of(scene.floor)
    # Those who came in time, whoever voted for both, and who asked the double.
    wanted = len(done) + 2
    return wrong + ([] if now_of(stays).votes == wanted else [f"{now_of(stays).votes} votes, not {wanted}"])


@pytest.mark.parametrize("_round", ROUNDS)
def test_vote_while_merging_is_counted_once_in_one_place(_round: int, at: datetime) -> None:
    assert vote_while_merging(at) == []


def merge_crosswise(at: datetime) -> list[str]:
    scene = a_scene()
    one, other = QuestionFactory(floor=scene.floor), QuestionFactory(floor=scene.floor)
    failed = at_once(
        lambda: actions.merge_question(question=one, into=other, by=scene.helper, at=at),
        lambda: actions.merge_question(question=other, into=one, by=scene.speaker, at=at),
    )
    wrong = [] if codes(failed) in (["questions.not_into"], ["questions.settled"]) else [str(codes(failed))]
    states = sorted(row.state for row in (now_of(one), now_of(other)))
    return wrong + troubles_of(scene.floor) + ([] if states == [State.MERGED, State.SHOWN] else states)


@pytest.mark.parametrize("_round", ROUNDS)
def test_merge_each_into_the_other_at_once_leaves_one(_round: int, at: datetime) -> None:
    assert merge_crosswise(at) == []


def separate_while_voting(at: datetime) -> list[str]:
    scene, both, crowd = a_scene(), new_visitor(), people(8)
    stays, double = QuestionFactory.create_batch(2, floor=scene.floor)
    for row in (stays, double):
        actions.vote_for(question=row, by=both, at=at)
    actions.merge_question(question=double, into=stays, by=scene.helper, at=at)
    calls: list[Callable[[], object]] = [
        lambda by=by: actions.vote_for(question=now_of(stays), by=by, at=at) for by in crowd
    ]
    for place, by in ((2, scene.helper), (5, scene.speaker)):
        calls.insert(place, lambda by=by: actions.separate_question(question=double, by=by, at=at))
    wrong = press_on(calls, hands=10)[0] + troubles_of(scene.floor)
    votes = (now_of(stays).votes, now_of(double).votes)
    undone = FactRow.objects.filter(kind="questions.question_separated").count()
    return wrong + ([] if (votes, undone) == ((9, 1), 1) else [f"{votes} votes, separated {undone} times"])


def test_separate_twice_at_once_while_people_vote_is_once(at: datetime) -> None:
    assert separate_while_voting(at) == []


def take_two_at_once(at: datetime) -> list[str]:
    scene = a_scene()
    rows = [QuestionFactory(floor=scene.floor) for _one in range(4)]
    calls = [
        lambda row=row, by=by: actions.take_question(question=row, by=by, at=at)
        for row, by in zip(rows, (scene.helper, scene.speaker, scene.organiser, scene.helper), strict=True)
    ]
    failed = codes(at_once(*calls))
    on = scene.floor.questions.filter(on_stage_at__isnull=False).count()
    return failed + ([] if on == 1 else [f"{on} on stage"])


@pytest.mark.parametrize("_round", ROUNDS)
def test_take_question_by_four_at_once_puts_one_on_the_stage(_round: int, at: datetime) -> None:
    assert take_two_at_once(at) == []


def answer_while_it_goes(change: str, at: datetime) -> list[str]:
    scene, asker = a_scene(), PersonFactory()
    row, other = QuestionFactory(floor=scene.floor, by=asker), QuestionFactory(floor=scene.floor)
    goes: dict[str, Callable[[], object]] = {
        "withdraw": lambda: actions.withdraw_question(question=row, by=asker, at=at),
        "hide": lambda: actions.hide_said(said=row, by=scene.helper, at=at),
        "refuse": lambda: actions.refuse_question(question=row, reason="No.", by=scene.helper, at=at),
        "merge": lambda: actions.merge_question(question=row, into=other, by=scene.helper, at=at),
    }

    def answer() -> None:
        policies.can_answer(scene.speaker, scene.floor, at)  # as the page asks before it offers the form
        actions.answer_question(question=row, text="So.", language="en", by=scene.speaker, at=at)

    failed = codes(at_once(goes[change], answer))
    told = {"questions.not_shown", "questions.taken_up", "questions.settled_already", "questions.answered"}
    wrong = [code for code in failed if code not in told] + troubles_of(scene.floor)
    return wrong + ([] if len(failed) == 1 or change == "hide" else [f"{len(failed)} were refused"])


@pytest.mark.parametrize("change", ["withdraw", "hide", "refuse", "merge"])
def test_answer_while_the_question_goes_is_one_or_the_other(change: str, at: datetime) -> None:
    assert [wrong for _round in ROUNDS for wrong in answer_while_it_goes(change, at)] == []


def toggle_marks(at: datetime) -> list[str]:
    answer = AnswerFactory(question__answered_later_at=at)
    devices = [new_visitor() for _one in range(6)]
    calls: list[Callable[[], object]] = [
        lambda by=by, kind=kind, marked=marked: actions.mark_answer(
            answer=Answer.objects.get(pk=answer.pk), kind=kind, by=by, at=at, marked=marked
        )
        for by in devices for kind in Mark.Kind.values for marked in (True, False, True, True)
    ]  # fmt: skip
    random.Random(4).shuffle(calls)
    return press_on(calls)[0] + troubles_of(answer.question.floor)


def test_mark_answer_on_and_off_at_once_counts_what_is_there(at: datetime) -> None:
    assert toggle_marks(at) == []


def ask_while_pausing(at: datetime) -> list[str]:
    scene = a_scene()
    floors = [Floor.objects.get(pk=scene.floor.pk) for _one in range(12)]
    calls: list[Callable[[], object]] = [
        lambda floor=floor, by=by: actions.ask_question(floor=floor, text="Why?", language="en", by=by, at=at)
        for floor, by in zip(floors, people(12), strict=True)
    ]
    pause = {"paused": True}
    calls.insert(4, lambda: actions.change_floor(floor=scene.floor, changes=pause, by=scene.helper, at=at))
    wrong = [code for code in press_on(calls, hands=3)[0] if code != "questions.paused"]
    paused = FactRow.objects.get(kind="questions.floor_changed", payload__floor_id=scene.floor.pk)
    late = FactRow.objects.filter(kind="questions.question_asked", payload__floor_id=scene.floor.pk, pk__gt=paused.pk)
    return wrong + ([f"{late.count()} asked after the pause"] if late.exists() else [])


def test_ask_while_pausing_is_in_or_refused(at: datetime) -> None:
    assert [wrong for _round in ROUNDS for wrong in ask_while_pausing(at)] == []


def ask_at_once(at: datetime) -> list[str]:
    floor, device = FloorFactory(), new_visitor()

    def ask(text: str) -> Callable[[], object]:
        return lambda: actions.ask_question(floor=floor, text=text, language="en", by=device, at=at)

    wrong = codes(at_once(*[ask("Why?")] * 6))
    wrong += [] if floor.questions.count() == 1 else ["the same is there twice"]
    refused = codes(at_once(*[ask(f"Why {number}?") for number in range(9)]))
    wrong += [code for code in refused if code != "questions.too_often"]
    return wrong + ([] if floor.questions.count() == 6 else [f"{floor.questions.count()} came in"])


def test_ask_the_same_at_once_is_one_and_many_are_six(at: datetime) -> None:
    assert ask_at_once(at) == []


def tell_twice(at: datetime) -> list[str]:
    row = QuestionFactory()
    for number, person in enumerate(people(8)):
        actions.follow_question(question=row, language="en", by=person, at=at)
        if number < 4:
            actions.follow_question(question=row, address=f"a{number}@example.org", language="en", by=person, at=at)
    answer = AnswerFactory(question=row)
    failed = codes(at_once(*[lambda: actions.tell_followers(answer=answer, by=QUESTIONS, at=at)] * 3))
    told = Counter(OutboxMail.objects.values_list("to_address", flat=True))
    wrong = [f"{to} had {number} mails" for to, number in told.items() if number > 1]
    return failed + wrong + ([] if len(told) == 12 else [f"{len(told)} were told, not 12"])


def test_tell_followers_by_three_sweeps_at_once_tells_each_once(at: datetime) -> None:
    assert tell_twice(at) == []


def digest_twice(at: datetime) -> list[str]:
    scene = a_scene()
    QuestionFactory(floor=scene.floor)
    named = {"floor": scene.floor, "person": scene.speaker, "day": 1, "by": QUESTIONS, "at": at}
    failed = codes(at_once(*[lambda: actions.write_digest(**named)] * 3))
    counts = (Digest.objects.filter(floor=scene.floor).count(), OutboxMail.objects.count())
    return failed + ([] if counts == (1, 1) else [f"{counts[0]} digests, {counts[1]} mails"])


def test_write_digest_by_three_sweeps_at_once_is_once(at: datetime) -> None:
    assert digest_twice(at) == []


def leave_while_writing(at: datetime) -> list[str]:
    scene, person = a_scene(), PersonFactory()
    row = QuestionFactory(floor=scene.floor)
    asks = {"floor": scene.floor, "language": "en", "by": person, "at": at}
    writes = {"question": row, "language": "en", "by": person, "at": at}
    failed = codes(
        at_once(
            lambda: leave_hallway(person=Person.objects.get(pk=person.pk), by=person, at=at),
            lambda: actions.ask_question(text="Why?", **asks),
            lambda: actions.ask_question(text="I?", named=True, **asks),
            lambda: actions.answer_question(text="So.", **writes),
            lambda: actions.tell_case(text="Mine", named=True, **writes),
            lambda: actions.follow_question(**writes),
        )
    )
    wrong = [code for code in failed if code not in {"people.gone", "questions.not_answering"}]
    texts = [*scene.floor.questions.exclude(pk=row.pk), *row.answers.all(), *row.cases.all()]
    wrong += [f"left behind: {one.text}" for one in texts if one.text]
    return wrong + ["follows"] * row.follows.count() + troubles_of(scene.floor)


@pytest.mark.parametrize("_round", ROUNDS)
def test_leave_while_asking_and_answering_leaves_no_text_behind(_round: int, at: datetime) -> None:
    assert leave_while_writing(at) == []


def vote_while_two_entries_become_one(at: datetime) -> list[str]:
    scene, (keep, gone) = a_scene(), people(2)
    administrator = PersonFactory(is_administrator=True)
    rows = QuestionFactory.create_batch(20, floor=scene.floor)
    answer = AnswerFactory(question=QuestionFactory(floor=scene.floor, answered_later_at=at))
    calls: list[Callable[[], object]] = [
        lambda row=row, by=by: actions.vote_for(question=now_of(row), by=by, at=at)
        for row in rows
        for by in (gone, keep)
    ]
    calls += [lambda by=by: actions.mark_answer(answer=answer, kind="helped", by=by, at=at) for by in (gone, keep)]
    # Few hands, and the merge first: some of its votes come before it, some after, whatever the machine.
    calls.insert(0, lambda: merge_persons(keep=keep, gone=gone, by=administrator, at=at))
    wrong = [code for code in press_on(calls, hands=3)[0] if code != "people.gone"] + troubles_of(scene.floor)
    wrong += [f"one person voted {number} times" for row in rows if (number := now_of(row).votes) > 1]
    return wrong + ([] if Answer.objects.get(pk=answer.pk).helped == 1 else ["one person was helped twice"])


@pytest.mark.parametrize("_round", ROUNDS)
def test_vote_while_two_entries_become_one_is_one_vote(_round: int, at: datetime) -> None:
    assert vote_while_two_entries_become_one(at) == []


def storm(at: datetime) -> tuple[Counter[str], list[str]]:
    """Everything that locks floors, questions and people, mixed: what was refused, and what is wrong afterwards."""
    chance = random.Random(5)
    scene, crowd = a_scene(), people(24)
    administrator = PersonFactory(is_administrator=True)
    rows = [QuestionFactory(floor=scene.floor, by=person) for person in crowd[:8]]
    Question.objects.filter(pk__in=[row.pk for row in rows[:2]]).update(answered_later_at=at)
    answers = [AnswerFactory(question=row, author=crowd[9]) for row in rows[:2]]
    calls: list[Callable[[], object]] = []
    for row in rows:
        for by in crowd[4:20]:
            calls.append(lambda row=row, by=by: actions.vote_for(question=row, by=by, at=at))
        for by in crowd[6:10]:
            calls.append(lambda row=row, by=by: actions.take_back_vote(question=row, by=by, at=at))
            calls.append(lambda row=row, by=by: actions.follow_question(question=row, language="en", by=by, at=at))
            calls.append(
                lambda row=row, by=by: actions.tell_case(
                    question=row, text="Mine", language="en", named=by.pk % 2 == 0, by=by, at=at
                )
            )
        calls.append(lambda row=row: actions.take_question(question=row, by=scene.helper, at=at))
        calls.append(lambda row=row: actions.answer_live(question=row, by=scene.speaker, at=at))
        calls.append(
            lambda row=row: actions.answer_question(question=row, text="So.", language="en", by=scene.speaker, at=at)
        )
    for row, into in pairwise(rows[2:6]):
        calls.append(lambda a=row, b=into: actions.merge_question(question=a, into=b, by=scene.helper, at=at))
        calls.append(lambda a=into, b=row: actions.merge_question(question=a, into=b, by=scene.speaker, at=at))
        calls.append(lambda a=row: actions.separate_question(question=a, by=scene.speaker, at=at))
    for answer in answers:
        for by in crowd[10:16]:
            calls.append(lambda one=answer, by=by: actions.mark_answer(answer=one, kind="helped", by=by, at=at))
        calls.append(lambda one=answer: actions.hide_said(said=one, by=scene.helper, at=at))
        calls.append(lambda one=answer: actions.show_said(said=one, by=scene.helper, at=at))
        calls.append(lambda one=answer: actions.tell_followers(answer=one, by=QUESTIONS, at=at))
    calls += [lambda one=one: leave_hallway(person=one, by=one, at=at) for one in crowd[4:8]]
    calls += [
        lambda keep=keep, gone=gone: merge_persons(keep=keep, gone=gone, by=administrator, at=at)
        for keep, gone in zip(crowd[10:13], crowd[13:16], strict=True)
    ]
    calls += [
        lambda one=one: change_profile(person=one, changes={"name": f"N{one.pk}"}, by=one, at=at) for one in crowd[:4]
    ]
    calls.append(lambda: actions.hand_over_floor(floor=scene.floor, person=scene.helper, by=scene.helper, at=at))
    calls.append(lambda: leave_hallway(person=scene.helper, by=scene.helper, at=at))
    chance.shuffle(calls)
    refused = Counter(press_on(calls, hands=16)[0])
    return refused, troubles_of(scene.floor)


def test_storm_on_one_floor_ends_in_no_deadlock_and_counts_right(at: datetime, figure: Callable[[str], None]) -> None:
    refused, wrong = storm(at)
    assert wrong == []
    strange = {code for code in refused if not code.startswith(("questions.", "person", "people"))}
    assert strange == set()
    figure(f"questions, {connection.vendor}: a storm over people, a floor and its questions: 0 errors, no deadlock")


PLANTS: list[tuple[Callable[[pytest.MonkeyPatch], None], Callable[[datetime], list[str]]]] = [
    (plants.votes, lambda at: vote_by_two_hundred(at)[1]),
    (plants.votes, vote_while_merging),
    (plants.merge, merge_crosswise),
    (plants.stage, take_two_at_once),
    (plants.answer, lambda at: answer_while_it_goes("merge", at)),
    (plants.answer, lambda at: answer_while_it_goes("withdraw", at)),
    (plants.marks, toggle_marks),
    (plants.pause, ask_while_pausing),
    (plants.pace, ask_at_once),
    (plants.told, tell_twice),
    (plants.digest, digest_twice),
    (plants.leaving, leave_while_writing),
    (plants.leaving, vote_while_two_entries_become_one),
    (plants.storm, lambda at: storm(at)[1]),
]


@pytest.mark.parametrize(("plant", "play"), PLANTS)
def test_races_turn_red_for(
    plant: Callable[[pytest.MonkeyPatch], None],
    play: Callable[[datetime], list[str]],
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plant(monkeypatch)
    assert any(play(at) for _round in range(12)), plant.__doc__
