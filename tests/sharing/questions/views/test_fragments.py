"""Small answers for the script: one's own, counts, and questions like the one being typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from hallway.kit import clock
from hallway.kit.store import STORE_HEADER
from hallway.people.actions import block_person
from hallway.sharing.questions.models import Question
from tests.factories import AnswerFactory, PersonFactory, QuestionFactory

from .room import address, floor_of, send, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]
DjangoAssertNumQueries = Callable[[int], Any]


def test_mine_is_nobody_elses(client: Client) -> None:
    floor = floor_of()
    other = QuestionFactory(floor=floor)
    pk = send(client, floor, script=True, text="Mine?").json()["id"]
    send(client, floor, f"{other.pk}/vote/", script=True, want="yes")
    answer = client.get(address(floor, "mine.json"))
    said = answer.json()
    assert (said["own"], said["voted"]) == ([pk], [other.pk])
    assert "Mine?" in said["html"]
    assert answer["Cache-Control"] == "private, no-store"
    assert Client().get(address(floor, "mine.json")).json() == {"voted": [], "own": [], "html": ""}
    forged = Client()
    forged.cookies["hallway_device"] = "somebody"
    assert forged.get(address(floor, "mine.json")).json()["own"] == []


def test_counts_are_stored_until_somebody_votes(client: Client) -> None:
    floor = floor_of()
    one, hidden = QuestionFactory(floor=floor, votes=4), QuestionFactory(floor=floor, state="held")
    answer = client.get(address(floor, "votes.json"))
    assert answer.json() == {"votes": {str(one.pk): 4}, "stage": 0}
    assert str(hidden.pk) not in answer.json()["votes"]
    assert {f"votes:{floor.pk}", f"floor:{floor.pk}"} <= set(answer[STORE_HEADER].split())


@pytest.mark.parametrize("number", [1, 3])
def test_counts_are_asked_for_at_once(
    number: int, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    floor = floor_of()
    QuestionFactory.create_batch(number, floor=floor)
    client.get("/q/")
    with django_assert_num_queries(2):
        assert len(client.get(address(floor, "votes.json")).json()["votes"]) == number


def test_questions_like_the_one_typed_are_offered(client: Client) -> None:
    floor = floor_of()
    one = QuestionFactory(floor=floor, text="How do you test the migrations?")
    QuestionFactory(floor=floor, text="Is lunch included?")
    QuestionFactory(floor=floor, text="How do you test the migrations, held?", state="held")
    done = QuestionFactory(floor=floor, text="How do you test migrations?", answered_later_at=clock.now())
    found = client.get(address(floor, "similar.json"), {"text": "how to test migrations"}).json()["alike"]
    assert [(row["id"], row["answered"]) for row in found] == [(one.pk, False), (done.pk, True)]
    assert found[0] == {"id": one.pk, "text": one.text, "language": "en", "votes": 0, "answered": False}
    assert client.get(address(floor, "similar.json"), {"text": "how"}).json() == {"alike": []}
    assert client.get(address(floor, "similar.json"), {"text": "x" * 10_000}).status_code == 200
    assert client.get(address(floor, "similar.json")).json() == {"alike": []}


def test_offers_have_a_pace(client: Client) -> None:
    floor = floor_of()
    codes = {client.get(address(floor, "similar.json")).status_code for _time in range(1201)}
    assert codes == {200, 429}


def test_item_shows_one_question_without_whom_the_reader_blocked(client: Client, at: Any) -> None:
    question = QuestionFactory(floor=floor_of())
    answer = AnswerFactory(question=question, text="It does.")
    rest = f"{question.pk}/item/"
    assert "It does." in words(client.get(address(question.floor, rest)))
    reader = PersonFactory()
    block_person(person=answer.author, by=reader, at=at)
    client.force_login(reader)
    assert "It does." not in words(client.get(address(question.floor, rest)))
    block_person(person=question.asker, by=reader, at=at)
    assert client.get(address(question.floor, rest)).status_code == 404


def test_item_that_is_not_shown_is_not_found(client: Client) -> None:
    question = QuestionFactory(floor=floor_of(), state="held")
    assert client.get(address(question.floor, f"{question.pk}/item/")).status_code == 404
    shown = QuestionFactory(floor=question.floor)
    Question.objects.filter(pk=shown.pk).update(hidden_at=shown.asked_at)
    assert client.get(address(shown.floor, f"{shown.pk}/item/")).status_code == 404
