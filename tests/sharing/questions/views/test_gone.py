"""Instead of a question that is not there (any more): a way on, and what somebody typed for it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from hallway.programme.schedule.models import Session
from hallway.sharing.questions.models import Question
from tests.factories import QuestionFactory

from .room import address, floor_of, send, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]


def post(client: Client, path: str, said: dict[str, str]) -> Any:
    return client.post(path, said, headers={"Sec-Fetch-Site": "same-origin"})


@pytest.mark.parametrize("state", ["refused", "withdrawn"])
def test_case_for_a_question_that_went_meanwhile_is_not_lost(client: Client, state: str) -> None:
    question = QuestionFactory(floor=floor_of(), state=state)
    answer = send(client, question.floor, f"{question.pk}/me-too/", text="On Windows it stops")
    page = words(answer)
    assert (answer.status_code, "This question is not shown" in page) == (404, True)
    assert "On Windows it stops</textarea>" in page


def test_case_for_a_question_that_was_put_together_leads_to_the_other(client: Client) -> None:
    stays = QuestionFactory(floor=floor_of())
    double = QuestionFactory(floor=stays.floor, state="merged", merged_into=stays)
    rest = f"{double.pk}/me-too/"
    assert client.get(address(stays.floor, rest))["Location"] == stays.address
    page = words(send(client, stays.floor, rest, text="On Windows it stops"))
    assert ("On Windows it stops</textarea>" in page, f'href="{stays.address}"' in page) == (True, True)


def test_what_was_typed_for_a_question_that_went_is_not_lost() -> None:
    reader, question = Client(), QuestionFactory(floor=floor_of())
    stays = QuestionFactory(floor=question.floor, text="Will there be slides?")
    Question.objects.filter(pk=question.pk).update(state="merged", merged_into=stays)
    answer = post(reader, question.address, {"do": "answer", "text": "Yes, tomorrow."})
    page = answer.content.decode()
    assert (answer.status_code, "Yes, tomorrow.</textarea>" in page) == (404, True)
    assert ("Will there be slides?" in page, f'href="{stays.address}"' in page) == (True, True)
    assert post(reader, question.address, {"do": "follow"})["Location"] == stays.address, "nothing was typed"
    Question.objects.filter(pk=question.pk).update(state="refused", merged_into=None)
    page = post(reader, question.address, {"do": "meet", "meet-place": "By the door"}).content.decode()
    assert ("By the door</textarea>" in page, "This question is not shown" in page) == (True, True)
    assert "What you wrote" not in reader.get(question.address).content.decode()


@pytest.mark.parametrize("rest", ["", "1/", "wall/", "1/me-too/"])
def test_code_of_no_session_is_a_sentence_with_the_way_to_type_it_again(client: Client, rest: str) -> None:
    answer = client.get(f"/q/ZZZZZZ/{rest}")
    page = words(answer)
    assert (answer.status_code, "No session has this code. Look at the wall again" in page) == (404, True)
    assert 'class="button primary" href="/q/?code=ZZZZZZ"' in page, "to correct it there"
    assert 'value="ZZZZZZ"' not in page, "letters of a room are no words to search for"
    assert 'class="button primary" href="/q/"' in words(client.get(f"/q/{'A' * 300}/{rest}"))
    assert "Aucune session n’a ce code" in words(client.get(f"/q/ZZZZZZ/{rest}", {"lang": "fr"}))


def test_code_of_a_private_session_answers_as_one_that_none_has(client: Client) -> None:
    floor = floor_of(code="ABCDEF")
    Session.objects.filter(pk=floor.session_id).update(public_at=None)
    private, none = (words(client.get(f"/q/{code}/")).replace(code, "XXXXXX") for code in ("ABCDEF", "ABCDEX"))
    assert "No session has this code." in none
    assert private == none
