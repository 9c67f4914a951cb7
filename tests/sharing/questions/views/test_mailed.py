"""Behind mailed links: the speaker answers without signing in; a follower hears no more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from hallway.gathering.events.models import Event
from hallway.kit.links import token_of
from hallway.notices.models import OutboxMail
from hallway.programme.talks.models import Speaking
from hallway.sharing.questions import actions
from hallway.sharing.questions.models import Answer, Floor, Follow, Question
from hallway.sharing.questions.policies import QUESTIONS
from hallway.sharing.questions.tokens import Right, speaker_token
from tests.factories import PersonFactory, QuestionFactory

from ..evening_before import Stage, make_stage, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(at: datetime) -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(at, tick=False) as moved:
        yield moved


@pytest.fixture
def stage(at: datetime) -> Stage:
    made = make_stage(at)
    QuestionFactory(floor=made.floor, text="What did it cost?", language="fr", votes=4)
    return made


def link_of(stage: Stage) -> str:
    return f"/q/speaker/{stage.speaker.pk}/{speaker_token(stage.floor, stage.speaker)}/"


def test_page_has_a_field_for_each_open_question_most_wanted_first(stage: Stage) -> None:
    page = page_of(Client(), link_of(stage))
    assert "2 questions wait for you" in page
    assert page.index("What did it cost?") < page.index("Is there a recording?")
    assert page.count('name="text-') == 2
    assert "You answer as Peter Odongo, without signing in." in page
    assert page.count('<option value="fr" selected>') == 1, "each in the language it was asked in"


@pytest.mark.parametrize("number", [1, 3])
def test_page_asks_the_same_number_of_queries(
    stage: Stage, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    QuestionFactory.create_batch(number, floor=stage.floor)
    client = Client()
    page_of(client, link_of(stage))
    with django_assert_num_queries(9):
        page_of(client, link_of(stage))


def test_opening_the_link_changes_nothing(stage: Stage) -> None:
    for _scanner in range(3):
        page_of(Client(), link_of(stage))
    assert not Answer.objects.exists()
    assert not Question.objects.exclude(answered_live_at=None).exists()


def test_one_answer_is_saved_and_what_stands_in_the_other_fields_is_kept(stage: Stage) -> None:
    client, other = Client(), Question.objects.get(text="What did it cost?")
    typed = {
        f"text-{stage.question.pk}": "On the **event page**.", f"language-{stage.question.pk}": "en",
        f"text-{other.pk}": "I still look for", "do": f"answer-{stage.question.pk}",
    }  # fmt: skip
    page = client.post(link_of(stage), typed).content.decode()
    assert "1 answer is published." in page
    assert "I still look for</textarea>" in page
    answer = Answer.objects.get()
    assert (answer.text, answer.author, answer.by_speaker) == ("On the **event page**.", stage.speaker, True)
    client.post(link_of(stage), typed)
    assert Answer.objects.count() == 1, "loading the page anew sends it again"


def test_all_that_was_written_is_saved_each_on_its_own(stage: Stage) -> None:
    third, other = QuestionFactory(floor=stage.floor), Question.objects.get(text="What did it cost?")
    typed = {
        f"text-{stage.question.pk}": "Yes.", f"text-{other.pk}": "x" * 5_001, f"text-{third.pk}": "", "do": "all",
        f"language-{stage.question.pk}": "klingon",
    }  # fmt: skip
    response = Client().post(link_of(stage), typed)
    page = response.content.decode()
    assert response.status_code == 400
    assert "1 answer is published." in page
    assert "Something could not be saved." in page
    assert "This is too long" in page
    assert "x" * 5_001 in page, "nothing typed is lost"
    assert [(one.question_id, one.language) for one in Answer.objects.all()] == [(stage.question.pk, "en")]


def test_nothing_written_says_so_beside_the_field(stage: Stage) -> None:
    response = Client().post(link_of(stage), {"do": f"answer-{stage.question.pk}"})
    assert response.status_code == 400
    assert "Write a few words first." in response.content.decode()
    assert Client().post(link_of(stage), {"do": "all"}).status_code == 200


def test_answered_in_the_room_with_a_line_and_not_after_all(stage: Stage) -> None:
    pk = stage.question.pk
    page = Client().post(link_of(stage), {"do": f"live-{pk}", f"said-{pk}": "Yes, tomorrow."}).content.decode()
    question = Question.objects.get(pk=pk)
    assert (question.said, question.answered_live_at is not None) == ("Yes, tomorrow.", True)
    assert f'value="undo-{pk}"' in page
    too_long = Client().post(link_of(stage), {"do": f"live-{pk + 1}", f"said-{pk + 1}": "x" * 1_001})
    assert too_long.status_code == 400
    Client().post(link_of(stage), {"do": f"undo-{pk}"})
    Client().post(link_of(stage), {"do": "undo-nothing"})
    Client().post(link_of(stage), {"do": "undo-99999"})
    assert Question.objects.get(pk=pk).answered_live_at is None


def test_speaker_answers_after_thirty_days_and_opens_the_floor_again(
    stage: Stage, at: datetime, clock: time_machine.Coordinates
) -> None:
    clock.move_to(at + timedelta(days=40))
    page = page_of(Client(), link_of(stage))
    assert "For everybody else these questions can only be read." in page
    page = Client().post(link_of(stage), {"do": "reopen", f"text-{stage.question.pk}": "Draft"}).content.decode()
    assert "Questions are open for thirty days more." in page
    assert "Draft</textarea>" in page
    assert Floor.objects.get().is_open(at + timedelta(days=41))


def test_speaker_of_a_cancelled_event_is_not_told_that_it_is_open(
    stage: Stage, at: datetime, clock: time_machine.Coordinates
) -> None:
    Event.objects.filter(pk=stage.floor.event_id).update(state=Event.State.CANCELLED)
    clock.move_to(at + timedelta(days=40))
    page = page_of(Client(), link_of(stage))
    assert ("You can still answer.</span>" in page, 'value="reopen"' in page) == (True, False)
    answer = Client().post(link_of(stage), {"do": "reopen", f"text-{stage.question.pk}": "Draft"})
    page = answer.content.decode()
    assert (answer.status_code, "thirty days more" in page, "Draft</textarea>" in page) == (409, False, True)
    assert "This event does not take place" in page


def test_link_of_somebody_who_speaks_no_more_opens_nothing(stage: Stage) -> None:
    address = link_of(stage)
    Speaking.objects.filter(person=stage.speaker).delete()
    assert "This link opens nothing" in page_of(Client(), address, 404)
    assert Client().post(address, {"do": "all", f"text-{stage.question.pk}": "Yes."}).status_code == 404
    assert not Answer.objects.exists()


def test_link_is_true_for_its_person_and_its_session_alone(stage: Stage, at: datetime) -> None:
    token, other = speaker_token(stage.floor, stage.speaker), make_stage(at, slug="another-evening")
    for address in (
        f"/q/speaker/{other.speaker.pk}/{token}/",
        f"/q/speaker/{stage.speaker.pk}/{token[:-1]}{'y' if token.endswith('x') else 'x'}/",
        f"/q/speaker/{stage.speaker.pk}/{other.floor.pk}.{token.split('.')[1]}/",
        f"/q/speaker/{stage.speaker.pk}/nonsense/",
        f"/q/speaker/{stage.speaker.pk}/{token_of(Right.MODERATE, stage.floor.pk, stage.floor.nonce)}/",
    ):
        assert Client().get(address).status_code == 404, address


def test_link_opens_nothing_once_the_session_is_hidden(stage: Stage, at: datetime) -> None:
    stage.floor.session.hidden_at = at
    stage.floor.session.save()
    assert Client().get(link_of(stage)).status_code == 404


def test_page_is_kept_by_nobody(stage: Stage) -> None:
    response = Client().get(link_of(stage))
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin"


def test_everything_answered_says_so(stage: Stage, at: datetime) -> None:
    for question in Question.objects.all():
        actions.answer_question(question=question, text="Yes.", language="en", by=stage.speaker, at=at)
    page = page_of(Client(), link_of(stage))
    assert "Nothing waits for you" in page
    assert "Every question of this session has an answer." in page


def test_answer_to_what_somebody_else_answered_meanwhile_is_saved_as_well(stage: Stage, at: datetime) -> None:
    other, pk = Question.objects.get(text="What did it cost?"), stage.question.pk
    actions.answer_question(question=stage.question, text="Not yet.", language="en", by=stage.asker, at=at)
    typed = {f"text-{pk}": "Yes, tomorrow.", f"text-{other.pk}": "", "do": f"answer-{other.pk}"}
    page = Client().post(link_of(stage), typed).content.decode()
    assert "Yes, tomorrow.</textarea>" in page, "another button, so it waits"
    assert "Somebody answered this while you wrote." in page
    assert "1 question waits for you" in page
    page = Client().post(link_of(stage), {**typed, "do": f"answer-{pk}"}).content.decode()
    assert "1 answer is published." in page
    assert "</textarea>" in page, "the other question still waits"
    assert f'name="text-{pk}"' not in page
    assert [one.text for one in stage.question.answers.order_by("pk")] == ["Not yet.", "Yes, tomorrow."]
    Client().post(link_of(stage), {**typed, "do": "all"})
    assert stage.question.answers.count() == 2


def test_answer_to_what_is_not_shown_any_more_is_given_back(
    stage: Stage, at: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    hidden, client = stage.question, Client()
    Question.objects.filter(text="What did it cost?").update(answered_later_at=at)
    Question.objects.filter(pk=hidden.pk).update(hidden_at=at)
    typed = {
        f"text-{hidden.pk}": "Yes, <b>tomorrow</b>.", f"said-{hidden.pk}": "Later", "text-99999": "Of nothing",
        "text-007": "x", "text-": "x", f"text-{'9' * 40}": "x", "do": "all",
    }  # fmt: skip
    client.post(link_of(stage), typed)
    with django_assert_num_queries(12):
        response = client.post(link_of(stage), typed)
    page = response.content.decode()
    assert (response.status_code, page.count("This question is not shown any more")) == (400, 2)
    assert "Not everything is published" in page
    assert "nothing you wrote is lost" in page
    assert "Yes, &lt;b&gt;tomorrow&lt;/b&gt;.\n\nLater</textarea>" in page
    assert "Of nothing</textarea>" in page
    assert "Is there a recording?" not in page
    assert not Answer.objects.exists()
    for do in ("reopen", "undo-1"):
        assert "Of nothing</textarea>" in client.post(link_of(stage), {**typed, "do": do}).content.decode()


def test_answer_to_what_was_put_together_with_another_stands_in_its_field(stage: Stage, at: datetime) -> None:
    stays = Question.objects.get(text="What did it cost?")
    double, lost = (QuestionFactory(floor=stage.floor, text=text) for text in ("Its price?", "Too dear?"))
    actions.merge_question(question=double, into=stays, by=stage.speaker, at=at)
    actions.merge_question(question=lost, into=stage.question, by=stage.speaker, at=at)
    Question.objects.filter(pk=stage.question.pk).update(hidden_at=at)
    typed = {
        f"text-{double.pk}": "Nothing.", f"said-{double.pk}": "Nothing at all.", f"text-{stays.pk}": "Forty euros.",
        f"text-{lost.pk}": "Never.", "do": "all",
    }  # fmt: skip
    response = Client().post(link_of(stage), typed)
    page = response.content.decode()
    assert (response.status_code, Answer.objects.count()) == (400, 0), "it is read once more before"
    assert "Forty euros.\n\nNothing.</textarea>" in page
    assert 'value="Nothing at all."' in page
    assert "put together with this one" in page
    assert "Its price?" not in page
    assert "Never.</textarea>" in page, "the other one is not shown either"
    assert "1 question waits for you" in page
    actions.answer_question(question=stays, text="Little.", language="en", by=stage.asker, at=at)
    page = (
        Client().post(link_of(stage), {f"text-{double.pk}": "Nothing.", "do": f"answer-{double.pk}"}).content.decode()
    )
    assert f'name="text-{stays.pk}"' in page, "also once it was answered"


def test_line_of_somebody_else_is_replaced_only_once_it_was_seen(stage: Stage, at: datetime) -> None:
    pk = stage.question.pk
    actions.answer_live(question=stage.question, summary="On Monday.", language="en", by=stage.speaker, at=at)
    typed = {"do": f"live-{pk}", f"said-{pk}": "Tomorrow.", f"text-{pk}": "It is cut now."}
    response = Client().post(link_of(stage), typed)
    page = response.content.decode()
    assert response.status_code == 400
    assert "Somebody wrote a line meanwhile, “On Monday.”: press again" in page
    assert f'name="replaces-{pk}" value="On Monday."' in page
    page = Client().post(link_of(stage), {**typed, f"replaces-{pk}": "On Monday."}).content.decode()
    assert Question.objects.get(pk=pk).said == "Tomorrow."
    assert "It is cut now.</textarea>" in page, "what stands in the other field stays"
    assert "while you wrote" not in page


def stop_link(follow: Follow) -> str:
    return f"/q/stop/{token_of(Right.FOLLOW, follow.pk, follow.nonce)}/"


@pytest.mark.parametrize("address", ["", "nomsa@example.org"])
def test_follower_hears_no_more_by_a_button_behind_the_link(stage: Stage, at: datetime, address: str) -> None:
    by = PersonFactory()
    follow = actions.follow_question(question=stage.question, address=address, language="en", by=by, at=at)
    page = page_of(Client(), stop_link(follow))
    assert "Write no more" in page
    assert "Is there a recording?" in page
    assert not Follow.objects.get().is_over, "opening it ends nothing"
    page = Client().post(stop_link(follow), {"do": "stop"}).content.decode()
    assert "You hear no more of this question" in page
    assert Follow.objects.get().is_over
    Client().post(stop_link(follow), {"do": "again"})
    assert not Follow.objects.get().is_over
    answer = actions.answer_question(question=stage.question, text="Yes.", language="en", by=stage.speaker, at=at)
    assert actions.tell_followers(answer=answer, by=QUESTIONS, at=at) == 1
    assert stop_link(Follow.objects.get()) in OutboxMail.objects.get().text


def test_stop_link_that_is_not_true_opens_nothing(stage: Stage, at: datetime) -> None:
    follow = actions.follow_question(question=stage.question, language="en", by=PersonFactory(), at=at)
    link = stop_link(follow)
    assert Client().get(link[:-2] + ("y/" if link[-2] == "x" else "x/")).status_code == 404
    assert Client().post("/q/stop/1.nothing/").status_code == 404


def test_stop_page_does_not_show_a_question_that_is_hidden(stage: Stage, at: datetime) -> None:
    follow = actions.follow_question(question=stage.question, language="en", by=PersonFactory(), at=at)
    Question.objects.filter(pk=stage.question.pk).update(hidden_at=at)
    page = page_of(Client(), stop_link(follow))
    assert "Is there a recording?" not in page
    assert "The question is not shown any more." in page


@pytest.mark.parametrize("number", ["9" * 40, "9" * 5_000, "²", "x", ""])
def test_a_number_that_none_has_undoes_nothing(stage: Stage, number: str) -> None:
    assert Client().post(link_of(stage), {"do": f"undo-{number}"}).status_code == 200
