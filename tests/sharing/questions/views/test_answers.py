"""Buttons on one answer: marks, what settled it, changing it, taking it back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from django.test import Client, RequestFactory

from hallway.kit.visitors import COOKIE, visitor_of
from hallway.sharing.questions import actions
from hallway.sharing.questions.models import Answer, Question
from hallway.sharing.questions.tokens import trace_of
from tests.factories import PersonFactory, QuestionFactory

from ..evening_before import Stage, make_stage, page_of, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(at: datetime) -> Iterator[None]:
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def stage(at: datetime) -> Stage:
    return make_stage(at)


@pytest.fixture
def answer(stage: Stage, at: datetime) -> Answer:
    return actions.answer_question(
        question=stage.question, text="On the event page.", language="en", by=stage.speaker, at=at
    )


def address_of(answer: Answer) -> str:
    return f"{answer.question.address}answers/{answer.pk}/"


def now(answer: Answer) -> Answer:
    return Answer.objects.get(pk=answer.pk)


@pytest.mark.parametrize("kind", ["helped", "tried"])
def test_mark_counts_once_a_device_and_goes_with_the_same_button(answer: Answer, kind: str) -> None:
    first, second = Client(), Client()
    response = first.post(address_of(answer), {"do": kind})
    assert response["Location"] == f"{answer.question.address}#answer-{answer.pk}"
    assert COOKIE in first.cookies
    assert f'id="{kind}-{answer.pk}" name="do" value="{kind}" aria-pressed="true"' in page_of(
        first, answer.question.address
    )
    second.post(address_of(answer), {"do": kind})
    assert getattr(now(answer), kind) == 2
    first.post(address_of(answer), {"do": kind})
    assert getattr(now(answer), kind) == 1
    assert 'aria-pressed="true"' not in page_of(first, answer.question.address)


def test_mark_from_before_signing_in_is_taken_back_by_the_account(answer: Answer) -> None:
    client = Client()
    client.post(address_of(answer), {"do": "helped"})
    client.force_login(PersonFactory(), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert 'aria-pressed="true"' in page_of(client, answer.question.address)
    client.post(address_of(answer), {"do": "helped"})
    assert now(answer).helped == 0


def test_own_answer_has_no_mark_but_says_whom_it_helped(stage: Stage, answer: Answer) -> None:
    Client().post(address_of(answer), {"do": "helped"})
    client = signed_in(stage.speaker)
    page = page_of(client, answer.question.address)
    assert "Helped 1 person" in page
    assert 'value="helped"' not in page
    assert client.post(address_of(answer), {"do": "helped"}).status_code == 409
    assert now(answer).helped == 1


def test_asker_says_that_it_settled_it_and_takes_that_back(stage: Stage, answer: Answer) -> None:
    asker = signed_in(stage.asker)
    assert "This settles it" in page_of(asker, answer.question.address)
    assert "This settles it" not in page_of(signed_in(PersonFactory()), answer.question.address)
    asker.post(address_of(answer), {"do": "accept"})
    assert Question.objects.get().accepted_id == answer.pk
    assert "It did not settle it" in page_of(asker, answer.question.address)
    asker.post(address_of(answer), {"do": "unaccept"})
    assert Question.objects.get().accepted_id is None


def test_device_that_asked_says_so_after_signing_in_as_well(stage: Stage, at: datetime) -> None:
    client = Client()
    client.post(stage.question.address, {"do": "case", "text": "Mine", "language": "en"})
    device = client.cookies[COOKIE].value
    question = QuestionFactory(floor=stage.floor, by=None, asker=None, asker_key="x", name="")
    found = actions.answer_question(question=question, text="Here.", language="en", by=stage.speaker, at=at)
    sent = RequestFactory().get("/")
    sent.COOKIES[COOKIE] = device
    visitor = visitor_of(sent)
    assert visitor is not None
    Question.objects.filter(pk=question.pk).update(asker_key=trace_of(visitor))
    client.force_login(PersonFactory(), backend="allauth.account.auth_backends.AuthenticationBackend")
    client.post(address_of(found), {"do": "accept"})
    assert Question.objects.get(pk=question.pk).accepted_id == found.pk


def test_nobody_else_accepts(answer: Answer) -> None:
    assert Client().post(address_of(answer), {"do": "accept"}).status_code == 403
    assert signed_in(PersonFactory()).post(address_of(answer), {"do": "accept"}).status_code == 403
    assert Question.objects.get().accepted_id is None


def test_writer_changes_their_answer(stage: Stage, answer: Answer) -> None:
    client = signed_in(stage.speaker)
    assert "On the event page." in page_of(client, address_of(answer))
    empty = client.post(address_of(answer), {"do": "edit", "text": " "})
    assert "Write a few words first." in empty.content.decode()
    long = client.post(address_of(answer), {"do": "edit", "text": "x" * 5_001})
    assert (long.status_code, "x" * 5_001 in long.content.decode()) == (400, True)
    client.post(address_of(answer), {"do": "edit", "text": "On the second day."})
    page = page_of(Client(), answer.question.address)
    assert "On the second day." in page
    assert "changed since" in page


def test_others_do_not_change_it(answer: Answer) -> None:
    assert Client().get(address_of(answer))["Location"] == f"{answer.question.address}#answer-{answer.pk}"
    assert Client().post(address_of(answer), {"do": "withdraw"}).status_code == 403
    assert signed_in(PersonFactory()).post(address_of(answer), {"do": "withdraw"}).status_code == 403
    for client in (Client(), signed_in(PersonFactory())):
        refused = client.post(address_of(answer), {"do": "edit", "text": "No."})
        assert refused.status_code == 403
        assert "Only whoever wrote this answer can change it." in refused.content.decode()
    assert now(answer).text == "On the event page."


def test_writer_takes_it_back_and_the_question_is_open_again(stage: Stage, answer: Answer) -> None:
    client = signed_in(stage.speaker)
    client.post(address_of(answer), {"do": "withdraw"})
    page = page_of(client, answer.question.address)
    assert "No answer yet" in page
    assert client.get(address_of(answer)).status_code == 404
    assert Question.objects.get().answered_later_at is None


def test_answer_of_another_question_and_unknown_buttons(stage: Stage, answer: Answer) -> None:
    other = QuestionFactory(floor=stage.floor)
    assert Client().get(f"{other.address}answers/{answer.pk}/").status_code == 404
    assert Client().post(address_of(answer), {"do": "dance"}).status_code == 302
    assert Client().get(f"{stage.floor.address}99999/answers/{answer.pk}/").status_code == 404
    assert Client().get(f"{stage.floor.address}99999/cases/1/").status_code == 404
    assert Client().get(f"{stage.floor.address}99999/meetings/1/").status_code == 404


def test_opening_the_address_of_a_button_changes_nothing(stage: Stage, answer: Answer, at: datetime) -> None:
    case = actions.tell_case(question=stage.question, text="Me too.", language="en", by=PersonFactory(), at=at)
    assert Client().get(f"{stage.question.address}cases/{case.pk}/")["Location"].endswith("#cases")
    case.refresh_from_db()
    assert case.withdrawn_at is None
