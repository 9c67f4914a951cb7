"""Who hears of answers: each once of each, and nobody can read from the rows who that is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils.translation import override

from hallway.kit.models import FactRow
from hallway.kit.visitors import new_visitor
from hallway.notices.models import OutboxMail
from hallway.people.actions import block_person, leave_hallway
from hallway.sharing.questions import actions, queries, sweeps
from hallway.sharing.questions.actions.following import KEPT, MOST_ADDRESSES
from hallway.sharing.questions.models import Answer, Follow, Told
from hallway.sharing.questions.policies import QUESTIONS, follow_link
from hallway.sharing.questions.queries.due import RETRIED_FOR, TO_WRITE
from hallway.sharing.questions.tokens import UNNAMED
from tests.factories import AnswerFactory, FloorFactory, PersonFactory, QuestionFactory
from tests.sharing.questions.scene import a_scene, refusal

pytestmark = pytest.mark.django_db


def tell(answer: Answer, at: datetime) -> int:
    return actions.tell_followers(answer=answer, by=QUESTIONS, at=at)


def follow(question: object, by: object, at: datetime, address: str = "") -> Follow:
    return actions.follow_question(question=question, address=address, language="en", by=by, at=at)


def test_follow_question_twice_is_once_and_again_after_an_end(at: datetime) -> None:
    row, person = QuestionFactory(), PersonFactory()
    first = follow(row, person, at)
    assert follow(row, person, at) == first
    for _twice in range(2):
        assert actions.end_following(follow=first, by=person, at=at).is_over
    assert queries.follow_of(row, person) is None
    assert follow(row, person, at) == first
    assert queries.follow_of(row, person) == first
    kinds = FactRow.objects.order_by("pk").values_list("kind", "by_key")
    begun, ended = (("questions.following_" + word, UNNAMED.actor_key) for word in ("begun", "ended"))
    assert list(kinds) == [begun, ended, begun]


def test_follow_question_by_an_address_of_anybody(at: datetime) -> None:
    row, device = QuestionFactory(), new_visitor()
    one = follow(row, device, at, " A@Example.org ")
    assert follow(row, PersonFactory(), at, "a@example.org") == one
    assert (one.by_address, queries.recipient_of(one)) == (True, (None, "a@example.org"))
    assert refusal(follow, question=row, by=device, at=at) == "questions.address"
    assert refusal(follow, question=row, by=device, at=at, address="a@") == "questions.address"


def test_follow_question_by_so_many_addresses_is_enough_and_accounts_go_on(at: datetime) -> None:
    row = QuestionFactory()
    for number in range(MOST_ADDRESSES):
        follow(row, new_visitor(), at, f"a{number}@example.org")
    assert refusal(follow, question=row, by=new_visitor(), at=at, address="z@example.org") == "questions.follows_enough"
    assert refusal(follow, question=row, by=PersonFactory(), at=at) == ""


def test_follow_question_that_one_cannot_see_is_refused(at: datetime) -> None:
    device = new_visitor()
    held = QuestionFactory(state="held")
    hidden = QuestionFactory(hidden_at=at)
    unseen = QuestionFactory(floor=FloorFactory(session__hidden_at=at))
    for row in (held, hidden, unseen):
        assert refusal(follow, question=row, by=PersonFactory(), at=at) == "questions.not_shown"
        assert refusal(follow, question=row, by=device, at=at, address="a@example.org") == "questions.not_shown"
    floor = FloorFactory(queue=True)
    own = actions.ask_question(floor=floor, text="Why?", language="en", by=device, at=at)
    assert refusal(follow, question=own, by=device, at=at, address="a@example.org") == ""


def test_end_following_by_link_or_account_alone(at: datetime) -> None:
    row = QuestionFactory()
    one, other = follow(row, new_visitor(), at, "a@example.org"), follow(row, PersonFactory(), at)
    for by in (PersonFactory(), new_visitor(), follow_link(other), QUESTIONS):
        assert refusal(actions.end_following, follow=one, by=by, at=at) == "questions.not_your_follow"
    assert refusal(actions.end_following, follow=one, by=follow_link(one), at=at) == ""
    Follow.objects.all().delete()
    assert refusal(actions.end_following, follow=one, by=follow_link(one), at=at) == "questions.follow_gone"


def test_tell_followers_once_each_and_not_who_answered(at: datetime) -> None:
    row, person = QuestionFactory(), PersonFactory(page_language="fr")
    writer = PersonFactory(email="writer@example.org")
    for by, address in ((person, ""), (writer, ""), (new_visitor(), "a@example.org"), (new_visitor(), writer.email)):
        follow(row, by, at, address)
    answer = AnswerFactory(question=row, author=writer, text="Try it.\nRead the answer")
    assert [tell(answer, at), tell(answer, at)] == [2, 0]
    assert Told.objects.count() == 2
    mails = {mail.to_address: mail for mail in OutboxMail.objects.all()}
    assert set(mails) == {person.email, "a@example.org"}
    assert "> Try it.\n> Read the answer\n" in mails[person.email].text
    assert answer.text not in mails["a@example.org"].text, "nobody is written a stranger's words"
    assert row.text not in mails["a@example.org"].text
    assert "your question" not in "".join(mail.subject + mail.text for mail in mails.values()).lower()
    assert FactRow.objects.get(kind="questions.followers_told").payload["number"] == 2


def test_tell_followers_of_what_came_before_they_followed_tells_nobody(at: datetime) -> None:
    row = QuestionFactory()
    before = AnswerFactory(question=row)
    follow(row, PersonFactory(), at)
    assert tell(before, at) == 0
    assert tell(AnswerFactory(question=row), at) == 1


@pytest.mark.parametrize(
    ("of", "gone"), [("answer", "withdrawn_at"), ("answer", "hidden_at"), ("question", "hidden_at")]
)
def test_tell_followers_of_what_does_not_stand_tells_nobody(of: str, gone: str, at: datetime) -> None:
    row = QuestionFactory()
    follow(row, PersonFactory(), at)
    answer = AnswerFactory(question=row)
    thing = answer if of == "answer" else row
    setattr(thing, gone, at)
    thing.save()
    assert (tell(answer, at), OutboxMail.objects.count()) == (0, 0)
    setattr(thing, gone, None)
    thing.save()
    assert tell(answer, at) == 1


def test_tell_followers_who_cannot_see_it_or_left_or_are_unknown_tells_nobody(at: datetime) -> None:
    row, blocked, left = QuestionFactory(), PersonFactory(), PersonFactory()
    for by in (blocked, left):
        follow(row, by, at)
    follow(row, new_visitor(), at, "a@example.org")
    follow(row, PersonFactory(email=None), at)
    answer = AnswerFactory(question=row)
    block_person(person=answer.author, by=blocked, at=at)
    leave_hallway(person=left, by=left, at=at)
    assert Follow.objects.count() == 3, "who left follows nothing"
    row.floor.session.hidden_at = at
    row.floor.session.save()
    assert tell(answer, at) == 0
    row.floor.session.hidden_at = None
    row.floor.session.save()
    Follow.objects.filter(by_address=True).update(recipient="of another key")
    assert OutboxMail.objects.count() == 0
    tell(answer, at)
    assert OutboxMail.objects.count() == 0


def test_tell_followers_who_had_enough_mail_today_tells_them_tomorrow(at: datetime) -> None:
    floor = FloorFactory()
    answers = []
    for _number in range(4):
        row = QuestionFactory(floor=floor)
        follow(row, new_visitor(), at, "a@example.org")
        answers.append(AnswerFactory(question=row, written_at=at))
    assert [tell(answer, at) for answer in answers] == [1, 1, 1, 0]
    assert list(queries.answers_untold(at, 9)) == answers[3:]
    assert tell(answers[3], at + timedelta(days=1, minutes=1)) == 1
    assert list(queries.answers_untold(at, 9)) == []


@pytest.mark.parametrize("live", [False, True])
def test_mail_of_an_answer_is_in_the_language_its_reader_reads(live: bool, at: datetime) -> None:
    scene = a_scene()
    asks: dict[str, Any] = {"floor": scene.floor, "language": "es", "at": at}
    with override("fr"):
        by_address = actions.ask_question(text="¿Cómo?", address="a@example.org", by=new_visitor(), **asks)
        english = actions.ask_question(text="¿Qué?", tell=True, by=PersonFactory(page_language="en"), **asks)
        unsaid = actions.ask_question(text="¿Quién?", tell=True, by=PersonFactory(page_language=""), **asks)
    for question, language in ((by_address, "fr"), (english, "en"), (unsaid, "fr")):
        if live:
            actions.answer_live(question=question, summary="Yes.", language="en", by=scene.speaker, at=at)
            actions.tell_of_live_answer(question=question, by=QUESTIONS, at=at)
        else:
            tell(AnswerFactory(question=question, written_at=at), at)
        assert OutboxMail.objects.latest("pk").language == language
    assert OutboxMail.objects.count() == 3


def test_forget_addresses_a_year_after_the_session(at: datetime) -> None:
    ended = FloorFactory(starts_at=at - KEPT - timedelta(days=2), ends_at=at - KEPT)
    never = FloorFactory(starts_at=None, ends_at=None)
    rows = [
        QuestionFactory(floor=ended),
        QuestionFactory(floor=never, asked_at=at - KEPT - timedelta(days=1)),
        QuestionFactory(floor=never, asked_at=at - timedelta(days=1)),
    ]
    for row in rows:
        follow(row, PersonFactory(), at)
    assert actions.forget_addresses(by=QUESTIONS, at=at) == 1
    assert actions.forget_addresses(by=QUESTIONS, at=at + timedelta(seconds=1)) == 1
    assert Follow.objects.get().question == rows[2]
    assert FactRow.objects.filter(kind="questions.addresses_forgotten").count() == 2


def test_follow_row_says_neither_who_nor_when(at: datetime) -> None:
    scene, person = a_scene(), PersonFactory(email="thandi@example.org")
    row = actions.ask_question(floor=scene.floor, text="Why?", language="en", tell=True, by=person, at=at)
    follow(row, new_visitor(), at, "naledi@example.org")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM questions_follow")
        written = str(cursor.fetchall())
    assert not [word for word in ("thandi", "naledi", person.actor_key, "2026", row.asker_key) if word in written]


def test_tell_of_live_answer_once_after_the_session_and_not_who_stopped(at: datetime) -> None:
    scene = a_scene()
    row = QuestionFactory(floor=scene.floor, text="And at night?")
    person, ended = PersonFactory(), PersonFactory()
    follow(row, person, at)
    follow(row, new_visitor(), at, "guest@example.org")
    actions.end_following(follow=follow(row, ended, at), by=ended, at=at)
    later = scene.floor.ends_at + TO_WRITE
    assert list(queries.live_answers_untold(later, 9)) == []
    assert actions.tell_of_live_answer(question=row, by=QUESTIONS, at=later) == 0, "not answered"
    actions.answer_live(question=row, summary="Then with a lamp.", language="en", by=scene.speaker, at=at)
    assert list(queries.live_answers_untold(later - timedelta(minutes=1), 9)) == []
    assert list(queries.live_answers_untold(later, 9)) == [row]
    with time_machine.travel(later, tick=False):
        assert sweeps.tell_of_live_answers() == 2
        assert sweeps.tell_of_live_answers() == 0
    assert list(queries.live_answers_untold(later, 9)) == []
    assert actions.tell_of_live_answer(question=row, by=QUESTIONS, at=later) == 0
    mails = {mail.to_address: mail.text for mail in OutboxMail.objects.all()}
    assert set(mails) == {person.email, "guest@example.org"}
    assert "Then with a lamp." in mails[person.email]
    assert "lamp" not in mails["guest@example.org"]


def test_tell_of_live_answer_that_somebody_remembers_a_week_later(at: datetime) -> None:
    scene = a_scene()
    row = QuestionFactory(floor=scene.floor)
    follow(row, PersonFactory(), at)
    later = scene.floor.ends_at + timedelta(days=8)
    actions.answer_live(question=row, summary="With a lamp.", language="en", by=scene.speaker, at=later)
    assert list(queries.live_answers_untold(later + RETRIED_FOR, 9)) == []
    with time_machine.travel(later, tick=False):
        assert (sweeps.tell_of_live_answers(), sweeps.tell_of_live_answers()) == (1, 0)


def test_tell_of_live_answer_waits_for_an_address_that_had_enough_mail(at: datetime) -> None:
    scene = a_scene()
    rows = [QuestionFactory(floor=scene.floor) for _one in range(4)]
    for row in rows:
        follow(row, new_visitor(), at, "guest@example.org")
        actions.answer_live(question=row, by=scene.speaker, at=at)
    later = scene.floor.ends_at + TO_WRITE
    assert [actions.tell_of_live_answer(question=row, by=QUESTIONS, at=later) for row in rows] == [1, 1, 1, 0]
    assert list(queries.live_answers_untold(later, 9)) == [rows[3]]
    assert actions.tell_of_live_answer(question=rows[3], by=QUESTIONS, at=later + timedelta(days=1)) == 1


def test_tell_of_live_answer_passes_over_who_left_meanwhile(at: datetime) -> None:
    scene, person = a_scene(), PersonFactory()
    row = QuestionFactory(floor=scene.floor)
    one = follow(row, person, at)
    actions.answer_live(question=row, by=scene.speaker, at=at)
    Follow.objects.filter(pk=one.pk).update(recipient="sealed by nobody")
    assert actions.tell_of_live_answer(question=row, by=QUESTIONS, at=at) == 0
