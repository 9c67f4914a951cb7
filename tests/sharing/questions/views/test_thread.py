"""The page of one question: what was said, the answers, cases, following, meeting in person, opening again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from hallway.gathering.events.models import Event
from hallway.kit import clock as clocks
from hallway.kit.store import STORE_HEADER
from hallway.people.models import PersonBlock
from hallway.sharing.questions import actions
from hallway.sharing.questions.models import Answer, Case, Floor, Follow, Question, Rendezvous
from hallway.sharing.questions.queries import follow_of
from hallway.sharing.questions.views.asking import PACES
from tests.factories import (
    AnswerFactory,
    PersonFactory,
    QuestionFactory,
    RegistrationFactory,
    SessionFactory,
    SlotFactory,
)

from ..evening_before import Stage, make_stage, page_of, signed_in

pytestmark = pytest.mark.django_db
QUERIES = 9


@pytest.fixture(autouse=True)
def clock(at: datetime) -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(at, tick=False) as moved:
        yield moved


@pytest.fixture
def stage(at: datetime) -> Stage:
    return make_stage(at)


def order_of(page: str, *words: str) -> list[str]:
    return sorted(words, key=page.index)


def test_page_shows_what_was_said_and_the_answers_in_their_order(stage: Stage, at: datetime) -> None:
    question = stage.question
    helped = AnswerFactory(question=question, text="Ask **twice**.", kind="another_way", helped=9)
    AnswerFactory(question=question, text="From the speaker.", author=stage.speaker, by_speaker=True)
    settled = AnswerFactory(question=question, text="This settled it.")
    AnswerFactory(question=question, text="Taken back.", withdrawn_at=at)
    AnswerFactory(question=question, text="Hidden.", hidden_at=at)
    Question.objects.filter(pk=question.pk).update(
        accepted=settled, answered_live_at=at, said="Yes, on the second day.", said_language="en"
    )
    page = page_of(Client(), question.address)
    assert order_of(page, "From the speaker.", "This settled it.", "Ask <strong>twice</strong>.") == [
        "This settled it.", "From the speaker.", "Ask <strong>twice</strong>.",
    ]  # fmt: skip
    assert "Yes, on the second day." in page
    assert "A different approach from somebody it works for." in page
    assert "Taken back." not in page
    assert "Hidden." not in page
    assert f'id="answer-{helped.pk}"' in page
    assert "Measuring rain with radio" in page


def test_page_is_not_stored_and_shows_the_same_number_of_queries(
    stage: Stage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = Client()
    response = client.get(stage.question.address)
    assert STORE_HEADER not in response
    AnswerFactory(question=stage.question)
    page_of(client, stage.question.address)
    with django_assert_num_queries(QUERIES):
        page_of(client, stage.question.address)
    AnswerFactory.create_batch(2, question=stage.question)
    Case.objects.create(
        question=stage.question, text="Mine too", language="en", author_key="x", told_at=stage.question.asked_at
    )
    with django_assert_num_queries(QUERIES):
        page_of(client, stage.question.address)


def test_signed_out_reads_why_one_signs_in_to_answer(stage: Stage) -> None:
    page = page_of(Client(), stage.question.address)
    assert "Sign in to answer" in page
    assert f"/accounts/login/?next={stage.question.address}%23answering" in page
    response = Client().post(
        stage.question.address, {"do": "answer", "text": "Yes.", "language": "en", "kind": "answer"}
    )
    assert response.status_code == 403
    assert "Yes.</textarea>" in response.content.decode(), "what was typed is kept"
    assert not Answer.objects.exists()


def test_somebody_answers_another_way_and_it_stands_there(stage: Stage) -> None:
    client = signed_in(PersonFactory(name="Musa Wekesa"))
    response = client.post(
        stage.question.address,
        {"do": "answer", "text": "We recorded it ourselves.", "language": "en", "kind": "another_way"},
        follow=True,
    )
    page = response.content.decode()
    assert response.redirect_chain[-1][0] == f"{stage.question.address}#answers"
    assert "Your answer is here. Whoever follows the question hears of it by mail." in page
    assert "Who asked gets" not in page, "only who wants to hears of it"
    assert "another way" in page
    answer = Answer.objects.get()
    assert (answer.kind, answer.author.name if answer.author else "") == ("another_way", "Musa Wekesa")
    assert client.get(stage.question.address).content.decode().count("We recorded it ourselves.") == 1


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u200b", "x" * 5_001])
def test_answer_nobody_can_read_is_refused_with_a_sentence(stage: Stage, text: str) -> None:
    client = signed_in(PersonFactory())
    response = client.post(stage.question.address, {"do": "answer", "text": text, "language": "en", "kind": "answer"})
    assert "has-errors" in response.content.decode()
    assert not Answer.objects.exists()


def test_who_was_not_there_reads_what_they_can_do(stage: Stage) -> None:
    RegistrationFactory(admission__event=stage.floor.event)
    page = page_of(signed_in(PersonFactory()), stage.question.address)
    assert "Only those who took part can answer." in page
    assert "See how to take part" not in page, "it is over"
    assert "Me too: here is my case" in page
    Event.objects.filter(pk=stage.floor.event_id).update(ends_at=clocks.now() + timedelta(days=1))
    page = page_of(signed_in(PersonFactory()), stage.question.address)
    assert "Answers come from those who take part in the event." in page
    assert "See how to take part" in page


def test_closed_floor_is_read_and_the_speaker_opens_it_again(
    stage: Stage, at: datetime, clock: time_machine.Coordinates
) -> None:
    clock.move_to(at + timedelta(days=40))
    page = page_of(signed_in(PersonFactory()), stage.question.address)
    assert "These questions can only be read now" in page
    assert 'value="answer"' not in page
    assert "Me too" not in page
    assert 'value="reopen"' not in page
    speaker = signed_in(stage.speaker)
    assert 'value="reopen"' in page_of(speaker, stage.question.address)
    assert 'value="answer"' in page_of(speaker, stage.question.address), "the speaker may always"
    speaker.post(stage.question.address, {"do": "reopen"})
    assert Floor.objects.get(pk=stage.floor.pk).is_open(at + timedelta(days=60))
    assert 'value="answer"' in page_of(signed_in(PersonFactory()), stage.question.address)


@pytest.mark.parametrize("days", [1, 40])
def test_cancelled_event_says_so_and_offers_no_opening(
    stage: Stage, at: datetime, clock: time_machine.Coordinates, days: int
) -> None:
    Event.objects.filter(pk=stage.floor.event_id).update(state=Event.State.CANCELLED)
    clock.move_to(at + timedelta(days=days))
    speaker = signed_in(stage.speaker)
    assert "This event does not take place." in page_of(signed_in(PersonFactory()), stage.question.address)
    assert 'value="reopen"' not in page_of(speaker, stage.question.address)
    assert speaker.post(stage.question.address, {"do": "reopen"}).status_code == 409
    assert "Questions are open" not in page_of(speaker, stage.question.address)


def test_somebody_else_does_not_open_it_again(stage: Stage, at: datetime, clock: time_machine.Coordinates) -> None:
    clock.move_to(at + timedelta(days=40))
    assert signed_in(stage.asker).post(stage.question.address, {"do": "reopen"}).status_code == 403
    assert not Floor.objects.get(pk=stage.floor.pk).is_open(at + timedelta(days=41))


@pytest.mark.parametrize(
    "sent", [{"do": "case", "text": "On Windows it stops"}, {"do": "meet", "meet-place": "By the door"}]
)
def test_what_was_typed_while_it_was_paused_stays_on_the_page(stage: Stage, at: datetime, sent: dict[str, str]) -> None:
    Floor.objects.filter(pk=stage.floor.pk).update(paused_at=at)
    page = signed_in(PersonFactory()).post(stage.question.address, sent).content.decode()
    assert list(sent.values())[1] in page
    assert 'class="errors"' in page


def test_paused_floor_says_so(stage: Stage, at: datetime) -> None:
    Floor.objects.filter(pk=stage.floor.pk).update(paused_at=at)
    assert "The moderators take nothing at the moment." in page_of(signed_in(PersonFactory()), stage.question.address)


def test_floor_that_is_not_open_yet_says_when(stage: Stage, at: datetime) -> None:
    later = at + timedelta(days=60)
    Floor.objects.filter(pk=stage.floor.pk).update(starts_at=later, ends_at=later + timedelta(hours=1))
    assert "Answers begin two weeks before the session." in page_of(signed_in(PersonFactory()), stage.question.address)


def test_case_is_told_without_an_account_and_taken_back(stage: Stage) -> None:
    client = Client()
    client.post(stage.question.address, {"do": "case", "text": "I left early.", "name": "Joseph", "language": "en"})
    page = page_of(client, stage.question.address)
    assert "I left early." in page
    assert "Joseph" in page
    assert "Take my case back" in page
    assert "Take my case back" not in page_of(Client(), stage.question.address)
    case = Case.objects.get()
    address = f"{stage.question.address}cases/{case.pk}/"
    assert Client().post(address).status_code == 403
    assert client.post(address).status_code == 302
    assert "I left early." not in page_of(client, stage.question.address)
    assert client.post(address).status_code == 404


def test_empty_case_is_refused_beside_its_field(stage: Stage) -> None:
    response = Client().post(stage.question.address, {"do": "case", "text": " ", "language": "en"})
    assert "Write a few words first." in response.content.decode()


def test_follow_and_hear_no_more_with_an_account(stage: Stage) -> None:
    person = PersonFactory()
    client = signed_in(person)
    client.post(stage.question.address, {"do": "follow"})
    assert follow_of(stage.question, person) is not None
    assert 'value="unfollow"' in page_of(client, stage.question.address)
    client.post(stage.question.address, {"do": "unfollow"})
    assert follow_of(stage.question, person) is None
    client.post(stage.question.address, {"do": "unfollow"})
    assert 'value="follow"' in page_of(client, stage.question.address)


def test_follow_by_an_address_without_account(stage: Stage) -> None:
    client = Client()
    bad = client.post(stage.question.address, {"do": "follow", "follow-address": "nobody"})
    assert "has-errors" in bad.content.decode()
    client.post(stage.question.address, {"do": "follow", "follow-address": "nomsa@example.org"})
    assert Follow.objects.get().by_address


def test_meeting_in_a_break_is_proposed_joined_left_and_called_off(stage: Stage, at: datetime) -> None:
    event = stage.floor.event
    event.ends_at = at + timedelta(days=1)
    event.save()
    pause = SessionFactory(event=event, talk=None, kind="break", title={"en": "Coffee"})
    SlotFactory(session=pause, starts_at=at + timedelta(hours=1), ends_at=at + timedelta(hours=2))
    SlotFactory(session=pause, starts_at=at - timedelta(hours=1), ends_at=at)
    proposer, other = signed_in(stage.asker), signed_in(PersonFactory(name="Musa Wekesa"))
    page = page_of(proposer, stage.question.address)
    assert page.count('name="meet-when"') == 2, "one break to come, and the end of the event"
    chosen = page.split('name="meet-when" value="')[1].split('"')[0]
    nowhere = proposer.post(stage.question.address, {"do": "meet", "meet-when": "slot-0", "meet-place": "Sofa"})
    assert "has-errors" in nowhere.content.decode()
    proposer.post(stage.question.address, {"do": "meet", "meet-when": chosen, "meet-place": "The blue sofa"})
    row = Rendezvous.objects.get()
    assert row.starts_at == at + timedelta(hours=1)
    address = f"{stage.question.address}meetings/{row.pk}/"
    outside = page_of(other, stage.question.address)
    assert "1 person comes. Who they are is shown to those who come." in " ".join(outside.split())
    assert "Bontle Mashaba</bdi>" not in outside.split('id="meet"')[1]
    stranger = Client().get(stage.question.address, headers={"Accept-Language": "fr"}).content.decode()
    assert "Se connecter pour venir aussi" in stranger, "to come along, not to join a team"
    other.post(address, {"do": "join"})
    inside = page_of(other, stage.question.address).split('id="meet"')[1]
    assert "<bdi>Bontle Mashaba</bdi>" in inside
    other.post(address, {"do": "leave"})
    assert row.joins.count() == 1
    assert other.post(address, {"do": "cancel"}).status_code == 403
    assert Client().post(address, {"do": "join"}).status_code == 403
    proposer.post(address, {"do": "cancel"})
    assert "The blue sofa" not in page_of(proposer, stage.question.address)
    assert proposer.post(address, {"do": "join"}).status_code == 404
    assert proposer.post(address, {"do": "nothing"}).status_code == 404


def test_nothing_is_proposed_once_the_event_is_over(stage: Stage) -> None:
    client = signed_in(stage.asker)
    assert "Continue in person" not in page_of(client, stage.question.address)
    client.post(stage.question.address, {"do": "meet", "meet-when": "after", "meet-place": "Sofa"})
    assert not Rendezvous.objects.exists()


def test_blocked_people_do_not_read_each_other_here(stage: Stage, at: datetime) -> None:
    person, blocked = PersonFactory(), PersonFactory(name="Nobody Knows")
    AnswerFactory(question=stage.question, author=blocked, text="Words of theirs.")
    Case.objects.create(
        question=stage.question, text="A case of theirs.", language="en", author=blocked, author_key="k", told_at=at
    )
    PersonBlock.objects.create(blocker=person, blocked=blocked, since=at)
    page = page_of(signed_in(person), stage.question.address)
    assert "Words of theirs." not in page
    assert "A case of theirs." not in page
    assert "Words of theirs." in page_of(Client(), stage.question.address)
    PersonBlock.objects.create(blocker=person, blocked=stage.asker, since=at)
    gone = page_of(signed_in(person), stage.question.address, 404)
    assert stage.question.text not in gone
    assert stage.floor.address in gone


def test_question_put_together_leads_to_the_one_that_stays(stage: Stage, at: datetime) -> None:
    double = QuestionFactory(floor=stage.floor, text="Was it recorded?")
    actions.merge_question(question=double, into=stage.question, by=stage.speaker, at=at)
    response = Client().get(double.address)
    assert response["Location"] == stage.question.address


@pytest.mark.parametrize("state", ["held", "refused", "withdrawn"])
def test_question_not_shown_is_there_for_its_asker_alone(stage: Stage, state: str) -> None:
    Question.objects.filter(pk=stage.question.pk).update(state=state, reason="Not here")
    assert "This question is not shown" in page_of(Client(), stage.question.address, 404)
    own = page_of(signed_in(stage.asker), stage.question.address, 404 if state == "withdrawn" else 200)
    assert ("Only you see this page" in own) == (state != "withdrawn")


def test_unknown_code_question_and_button(stage: Stage) -> None:
    assert Client().get("/q/ZZZZZZ/1/").status_code == 404
    assert Client().get(f"{stage.floor.address}999999/").status_code == 404
    assert Client().post(f"{stage.floor.address}999999/", {"do": "case"}).status_code == 404
    assert Client().post(stage.question.address, {"do": "dance"}).status_code == 302


def test_texts_cannot_leave_their_place(stage: Stage) -> None:
    Question.objects.filter(pk=stage.question.pk).update(text="<script>alert(1)</script>")
    AnswerFactory(question=stage.question, text="<img src=x onerror=alert(1)> [a](javascript:alert(1))")
    page = page_of(Client(), stage.question.address)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="javascript' not in page


@pytest.mark.parametrize(
    ("action", "sent"),
    [
        ("case", {"do": "case", "text": "Me too", "language": "en"}),
        ("follow", {"do": "follow", "follow-address": "%d@example.org"}),
    ],
)
def test_devices_without_number_find_the_door_closed(
    stage: Stage, action: str, sent: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.clear()
    monkeypatch.setitem(PACES, action, 2)
    said = [
        Client().post(stage.question.address, {name: text.replace("%d", str(number)) for name, text in sent.items()})
        for number in range(3)
    ]
    assert [one.status_code for one in said] == [302, 302, 429]
    assert b"Very much comes from your network" in said[-1].content


def test_marks_of_devices_without_number_are_not_taken(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setitem(PACES, "mark", 2)
    answer = AnswerFactory(question=stage.question)
    for _number in range(3):
        Client().post(f"{stage.question.address}answers/{answer.pk}/", {"do": "helped"})
    answer.refresh_from_db()
    assert answer.helped == 2


def test_case_of_somebody_signed_in_counts_with_what_their_device_did(client: Client, at: datetime) -> None:
    stage = make_stage(at)
    row, page = stage.question, stage.question.address
    headers = {"Sec-Fetch-Site": "same-origin"}
    client.post(f"{page}vote/", {"want": "yes"}, headers=headers)
    client.force_login(PersonFactory())
    client.post(page, {"do": "case", "text": "Mine", "language": "en"}, headers=headers)
    client.post(f"{page}me-too/", {"text": "Mine, too", "language": "en"}, headers=headers)
    row.refresh_from_db()
    assert (row.votes, [case.text for case in row.cases.all()]) == (1, ["Mine, too"])
    told = client.post(f"{page}vote/", {"want": "no"}, headers={**headers, "Accept": "application/json"}).json()
    assert (told["votes"], told["voted"]) == (0, False)
