"""Asking in two taps, voting, one's own case, five minutes to think again; and whatever people send instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.test import Client

from hallway.kit.models import FactRow
from hallway.kit.store import STORE_HEADER, UNTIL_HEADER
from hallway.kit.visitors import COOKIE
from hallway.programme.schedule.models import Session
from hallway.sharing.questions import actions
from hallway.sharing.questions.models import Case, Follow, Question, Vote
from hallway.sharing.questions.policies import QUESTIONS
from hallway.sharing.questions.views import asking
from tests.factories import PersonFactory, QuestionFactory

from .room import address, floor_of, send, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]
DjangoAssertNumQueries = Callable[[int], Any]
LONG_AGO, FAR, DAY = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC), timedelta(days=1)


def said_by(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_question_is_asked_with_one_field_and_one_button(client: Client) -> None:
    floor = floor_of()
    assert client.get(address(floor)).cookies == {}, "reading sets no cookie"
    answer = send(client, floor, text="  How do you test it? ")
    question = Question.objects.get()
    assert answer["Location"] == f"/q/{floor.code}/?mine#told", "where the message stands, and what one asked"
    said = (question.text, question.language, question.name, question.place)
    assert said == ("How do you test it?", "en", "", "room")
    assert COOKIE in answer.cookies
    page = words(client.get(answer["Location"]))
    beside = page[page.index('id="told"') : page.index('id="mine"')]
    assert "Your question is in.</span>" in beside, "beside what one asked, and nowhere else"
    assert page.count("Your question is in.") == 1
    assert all(part in page for part in (f'id="question-{question.pk}"', "What you asked", "Change or withdraw"))
    assert "What you asked" not in words(Client().get(address(floor)))


def test_question_asked_by_script_comes_back_as_the_page_shows_it(client: Client) -> None:
    floor = floor_of()
    said = send(client, floor, script=True, text="How do you test it?").json()
    assert said["message"] == "Your question is in."
    assert f'id="question-{said["id"]}"' in said["html"]
    assert "Change or withdraw" in said["mine"]


def test_device_that_sends_without_end_uses_up_its_own_pace(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    floor, other = floor_of(), Client()
    monkeypatch.setattr(asking, "PACES", asking.PACES | {"ask_own": 2, "ask": 3})
    assert send(other, floor, text="Mine?").status_code == 302
    assert [send(client, floor, text=f"{n}?").status_code for n in range(5)] == [302, 302, 302, 429, 429]
    assert send(other, floor, text="Mine again?").status_code == 302


def test_everything_typed_is_kept_on_an_error(client: Client) -> None:
    floor = floor_of()
    long = "Why " * 200
    answer = send(client, floor, text=long, named="on", name="", language="de", place="remote", address="somewhere")
    page = words(answer)
    assert answer.status_code == 400
    assert long.strip() in page
    assert "Type your name" in page
    assert re.search(r'<option value="de" selected>', page)
    assert re.search(r'<option value="remote" selected>', page)
    assert 'value="somewhere"' in page
    assert '<details class="fold small" open>' in page
    answer = send(client, floor, text=long)
    assert "of 500 characters" in words(answer)
    assert Question.objects.count() == 0


def test_errors_for_a_script_name_their_field(client: Client) -> None:
    floor = floor_of()
    assert send(client, floor, script=True, text=" ").json() == {"errors": {"text": ["Write a few words first."]}}
    answer = send(client, floor, script=True, text="Why?", address="nobody")
    assert answer.status_code == 200
    assert list(answer.json()["errors"]) == ["address"]
    assert Question.objects.count() == 0, "with an address that is none nothing is asked yet"


def test_named_question_says_who_and_unnamed_says_nobody(client: Client) -> None:
    floor, person = floor_of(), PersonFactory(name="Joseph Kato")
    client.force_login(person)
    send(client, floor, text="With a name?", named="on")
    send(client, floor, text="Without one?")
    page = words(Client().get(address(floor)))
    assert page.count("Joseph Kato") == 1
    assert "Asked without a name" in page
    stranger = Client()
    send(stranger, floor, text="With a typed name?", named="on", name="Ama")
    assert "Asked by <bdi>Ama</bdi>" in words(Client().get(address(floor)))


def test_answers_are_told_to_who_wants_them(client: Client) -> None:
    floor, person = floor_of(), PersonFactory()
    assert "Your e-mail address" in words(client.get(address(floor)))
    send(client, floor, text="By mail?", address="ama@example.org")
    client.force_login(person)
    page = words(client.get(address(floor)))
    assert "Write to me when it is answered" in page
    assert "Your e-mail address" not in page
    send(client, floor, text="By account?", tell="on")
    assert list(Follow.objects.order_by("pk").values_list("by_address", flat=True)) == [True, False]


def test_held_question_shows_to_its_asker_alone_and_so_does_the_reason_of_a_refusal(client: Client) -> None:
    floor = floor_of(queue=True)
    answer = send(client, floor, text="May I?")
    assert answer["Location"].endswith("?mine#told")
    page = words(client.get(address(floor, "?mine")))
    assert "Waits to be shown" in page
    assert "A moderator looks at it first." in page
    assert "May I?" not in words(Client().get(address(floor)))
    said = send(client, floor, script=True, text="And I?").json()
    assert (said["state"], "html" in said) == ("held", False)
    question = Question.objects.order_by("pk").first()
    actions.refuse_question(question=question, reason="Not about the talk", by=QUESTIONS, at=question.asked_at)
    assert "Not about the talk" in words(client.get(address(floor, "?mine")))
    other = words(Client().get(address(floor)))
    assert "Not about the talk" not in other
    assert "1 not shown by the moderators" in other


def test_merged_question_leads_its_asker_to_the_other(client: Client) -> None:
    floor = floor_of()
    stays = QuestionFactory(floor=floor, text="The one that stays")
    send(client, floor, text="The double")
    double = Question.objects.get(text="The double")
    actions.merge_question(question=double, into=stays, by=QUESTIONS, at=double.asked_at)
    page = words(client.get(address(floor, "?mine")))
    assert f'<a href="#question-{stays.pk}"' in page
    assert "The double" in page
    assert "The double" not in words(Client().get(address(floor)))


def test_vote_turns_with_each_press_and_says_which_with_a_script(client: Client) -> None:
    question = QuestionFactory(floor=floor_of())
    floor, rest = question.floor, f"{question.pk}/vote/"
    assert send(client, floor, rest)["Location"] == f"/q/{floor.code}/?mine#question-{question.pk}"
    assert 'aria-pressed="true"' in words(client.get(address(floor, "?mine")))
    assert 'aria-pressed="true"' not in words(Client().get(address(floor)))
    assert send(client, floor, rest, script=True, want="yes").json() == {"id": question.pk, "votes": 1, "voted": True}
    send(client, floor, rest)
    assert send(client, floor, rest, script=True, want="no").json() == {"id": question.pk, "votes": 0, "voted": False}


def test_person_and_their_device_have_one_vote(client: Client) -> None:
    question = QuestionFactory(floor=floor_of())
    rest = f"{question.pk}/vote/"
    send(client, question.floor, rest)
    client.force_login(PersonFactory())
    assert send(client, question.floor, rest, script=True, want="yes").json()["votes"] == 1
    assert send(client, question.floor, rest, script=True, want="no").json()["votes"] == 0


def test_own_question_takes_no_vote_also_after_signing_in(client: Client) -> None:
    floor = floor_of()
    pk = send(client, floor, script=True, text="Mine?").json()["id"]
    client.force_login(PersonFactory())
    assert send(client, floor, f"{pk}/vote/", script=True, want="yes").json()["votes"] == 0
    assert re.search(r'<button class="vote" aria-pressed="false" disabled>', words(client.get(address(floor))))


def test_vote_after_the_end_is_a_sentence(client: Client) -> None:
    question = QuestionFactory(floor=floor_of(starts_at=LONG_AGO, ends_at=LONG_AGO + DAY))
    rest = f"{question.pk}/vote/"
    answer = send(client, question.floor, rest)
    assert "can only be read now" in said_by(answer)[0]
    assert "can only be read now" in send(client, question.floor, rest, script=True).json()["detail"]
    assert Vote.objects.count() == 0


@pytest.mark.parametrize("pk", ["0", "99999", "9223372036854775808", str(10**30)])
@pytest.mark.parametrize("rest", ["vote/", "me-too/", "edit/"])
def test_forged_id_is_not_found(client: Client, pk: str, rest: str) -> None:
    floor = floor_of()
    assert send(client, floor, f"{pk}/{rest}").status_code == 404
    assert client.get(address(floor, f"{pk}/")).status_code == 404


def test_question_of_another_floor_is_not_found_here(client: Client) -> None:
    elsewhere, floor = QuestionFactory(), floor_of()
    for rest in ("vote/", "me-too/", "edit/"):
        assert send(client, floor, f"{elsewhere.pk}/{rest}").status_code == 404
    assert Vote.objects.count() == 0


def test_case_is_told_changed_and_taken_back(client: Client) -> None:
    question = QuestionFactory(floor=floor_of())
    floor, rest = question.floor, f"{question.pk}/me-too/"
    assert question.text in words(client.get(address(floor, rest)))
    assert send(client, floor, rest, text=" ").status_code == 400
    assert send(client, floor, rest, text="On Windows it stops")["Location"] == f"/q/{floor.code}/{question.pk}/"
    page = words(Client().get(address(floor)))
    assert "On Windows it stops" in page
    assert "1 person has the same question" in page
    assert "On Windows it stops" in words(client.get(address(floor, rest))), "what was told can be changed"
    send(client, floor, rest, text="On Windows it goes on")
    assert Case.objects.get().text == "On Windows it goes on"
    assert send(client, floor, rest, do="withdraw").status_code == 302
    assert "On Windows" not in words(Client().get(address(floor)))
    assert send(client, floor, rest, do="withdraw").status_code == 302, "twice is once"


def test_case_is_refused_in_a_sentence_once_it_is_over(client: Client) -> None:
    question = QuestionFactory(floor=floor_of(starts_at=LONG_AGO, ends_at=LONG_AGO + DAY))
    rest = f"{question.pk}/me-too/"
    answer = send(client, question.floor, rest, text="Me too, on Windows")
    assert answer.status_code == 409
    page = words(answer)
    assert "Me too, on Windows</textarea>" in page, "what was typed is kept"
    assert "can only be read now" in page
    page = words(client.get(address(question.floor, rest)))
    assert "closed on 1 February 2026" in page
    assert "<textarea" not in page


def test_words_are_changed_or_withdrawn_within_five_minutes(
    client: Client, on_the_day: time_machine.Coordinates
) -> None:
    floor = floor_of()
    pk = send(client, floor, script=True, text="Fist words").json()["id"]
    rest = f"{pk}/edit/"
    assert "Fist words" in words(client.get(address(floor, rest)))
    assert send(client, floor, rest, text="").status_code == 400
    assert send(client, floor, rest, text="First words")["Location"].endswith("?mine#told")
    page = words(Client().get(address(floor)))
    assert "First words" in page
    assert "words changed since" in page
    on_the_day.shift(timedelta(minutes=6))
    answer = send(client, floor, rest, text="Too late")
    assert answer.status_code == 409
    assert "Too late" in words(answer), "what was typed is kept"
    assert "<textarea" not in words(client.get(address(floor, rest)))
    on_the_day.shift(timedelta(minutes=-5))
    assert send(client, floor, rest, do="withdraw").status_code == 302
    assert "First words" not in words(Client().get(address(floor)))


def test_words_that_a_moderator_let_in_can_only_be_withdrawn(client: Client, at: datetime) -> None:
    floor = floor_of(queue=True)
    pk = send(client, floor, script=True, text="May I?").json()["id"]
    actions.let_question_in(question=Question.objects.get(), by=QUESTIONS, at=at + timedelta(seconds=9))
    page = words(client.get(address(floor, f"{pk}/edit/")))
    assert "A moderator let these words in" in page
    assert "<textarea" not in page
    assert "Withdraw it" in page


def test_question_of_somebody_else_cannot_be_changed(client: Client) -> None:
    question = QuestionFactory(floor=floor_of())
    answer = send(client, question.floor, f"{question.pk}/edit/", text="Mine now", do="withdraw")
    assert answer["Location"] == f"/q/{question.floor.code}/?mine#told"
    assert "Only whoever asked this question" in said_by(answer)[0]
    question.refresh_from_db()
    assert question.state == "shown"


@pytest.mark.parametrize("typed", ["abc-def", "ABC DEF", " abcdef ", "a b-c d e f"])
def test_code_is_found_however_it_is_typed(client: Client, typed: str) -> None:
    floor = floor_of(code="ABCDEF")
    assert client.get("/q/", {"code": typed})["Location"] == address(floor)
    assert client.get(f"/q/{typed}/?order=new")["Location"] == "/q/ABCDEF/?order=new"


@pytest.mark.parametrize("typed", ["", "ABCDEX", "<script>", "é", "\u202e", "A" * 300])
def test_code_that_leads_nowhere_is_a_sentence(client: Client, typed: str) -> None:
    floor_of(code="ABCDEF")
    page = client.get("/q/", {"code": typed})
    assert page.status_code == 200
    assert 'class="errors"' in words(page)
    assert "<script>" not in words(page).partition("<main")[2].partition("</main>")[0]


def test_draft_session_has_no_room_page(client: Client) -> None:
    floor = floor_of()
    Session.objects.filter(pk=floor.session_id).update(public_at=None)
    assert client.get(address(floor)).status_code == 404
    assert send(client, floor, text="Hello?").status_code == 404
    assert client.get(address(floor, "votes.json")).status_code == 404


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"starts_at": FAR, "ends_at": FAR + DAY}, "Questions open on"),
        ({"starts_at": LONG_AGO, "ends_at": LONG_AGO + DAY}, "closed on 1 February 2026"),
        ({"paused_at": LONG_AGO}, "take no questions at the moment"),
        ({"starts_at": None, "ends_at": None}, "once this session has a time"),
    ],
)
def test_closed_floor_says_when_and_has_no_dead_form(client: Client, fields: dict[str, Any], sentence: str) -> None:
    question = QuestionFactory(floor=floor_of(**fields))
    page = words(client.get(address(question.floor)))
    assert sentence in page
    assert question.text in page
    assert "<textarea" not in page
    assert "/vote/" not in page
    assert "me-too" not in page
    answer = send(client, question.floor, text="Typed before it closed")
    assert answer.status_code == 409
    assert "Typed before it closed" in words(answer), "what was typed is kept"


@pytest.mark.parametrize(
    ("fields", "listens"),
    [
        ({}, True),
        ({"paused_at": LONG_AGO}, True),
        ({"starts_at": FAR, "ends_at": FAR + DAY}, True),
        ({"starts_at": LONG_AGO, "ends_at": LONG_AGO + DAY}, False),
        ({"starts_at": None, "ends_at": None}, False),
    ],
)
def test_page_listens_also_while_nobody_may_ask_for_now(client: Client, fields: dict[str, Any], listens: bool) -> None:
    floor = floor_of(**fields)
    assert (f'data-live="/live/public/floor:{floor.pk}' in words(client.get(address(floor)))) == listens


def test_team_is_shown_the_way_to_open_again(client: Client) -> None:
    floor = floor_of(starts_at=LONG_AGO, ends_at=LONG_AGO + DAY)
    assert "Open them again" not in words(client.get(address(floor)))
    client.force_login(floor.session.talk.speakers.get())
    assert "Open them again" in words(client.get(address(floor)))


@pytest.mark.parametrize("number", [1, 3])
def test_room_page_asks_as_often_for_one_question_as_for_three(
    number: int, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    floor = floor_of()
    for _one in range(number):
        question = QuestionFactory(floor=floor)
        actions.tell_case(question=question, text="Me too", language="en", by=PersonFactory(), at=question.asked_at)
    client.get("/q/")
    with django_assert_num_queries(3):
        page = client.get(address(floor))
    assert words(page).count("<article") == number
    client.force_login(PersonFactory())
    client.get(address(floor))
    with django_assert_num_queries(13):
        client.get(address(floor))


def test_room_page_is_stored_for_readers_without_account(client: Client, at: datetime) -> None:
    floor = floor_of()
    page = client.get(address(floor))
    assert {f"floor:{floor.pk}", f"event:{floor.event_id}"} <= set(page[STORE_HEADER].split())
    assert int(page[UNTIL_HEADER]) == int((at + timedelta(seconds=10)).timestamp()), "counts are older"
    assert STORE_HEADER not in client.get(address(floor, "?mine"))
    client.force_login(PersonFactory())
    assert STORE_HEADER not in client.get(address(floor))


@pytest.mark.parametrize(
    ("order", "first"), [("top", "Wanted"), ("new", "Newest"), ("open", "Wanted"), ("?", "Wanted")]
)
def test_questions_stand_in_the_order_asked_for(client: Client, at: datetime, order: str, first: str) -> None:
    floor = floor_of()
    QuestionFactory(floor=floor, text="Answered", answered_live_at=at, votes=3, asked_at=at - timedelta(minutes=2))
    QuestionFactory(floor=floor, text="Wanted", votes=9, asked_at=at - timedelta(minutes=3))
    QuestionFactory(floor=floor, text="Newest")
    page = words(client.get(address(floor), {"order": order}))
    shown = re.findall(r'<h3 lang="en" dir="auto"><a [^>]*>(\w+)</a>', page)
    assert shown[0] == first
    assert ("Answered" in shown) == (order != "open")


def test_what_was_asked_announces_nobody(client: Client) -> None:
    floor, person = floor_of(), PersonFactory()
    client.force_login(person)
    send(client, floor, text="Without a name?")
    row = FactRow.objects.get(kind="questions.question_asked")
    assert person.actor_key not in row.by_key


def test_both_languages_say_it_in_their_own_words(client: Client) -> None:
    question = QuestionFactory(floor=floor_of(), language="ar", text="كيف تختبرونه؟")
    page = words(client.get(address(question.floor), {"lang": "fr"}))
    assert "Poser une question à la salle" in page
    assert '<h3 lang="ar" dir="auto">' in page
    assert "Votre question est posée." in words(
        client.get(send(client, question.floor, "?lang=fr", text="Pourquoi ?")["Location"], {"lang": "fr"})
    )
