"""The room on a phone: by whom it is opened, and what can be pressed there."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from hallway.gathering.events.models import Event
from hallway.people.models import Person
from hallway.sharing.questions import actions
from hallway.sharing.questions.models import Answer, Floor, MutedAsker, Question
from hallway.sharing.questions.policies import QUESTIONS
from hallway.sharing.questions.tokens import moderator_token
from tests.factories import AnswerFactory, PersonFactory, QuestionFactory, TeamRoleFactory
from tests.sharing.questions.scene import now_of
from tests.sharing.questions.stage import link, moderator_of, press, seen, stage, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]
State = Question.State


def room(floor: Floor) -> str:
    return f"/q/{floor.code}/room/"


def test_room_is_for_team_speakers_and_who_has_the_link(client: Client, at: datetime) -> None:
    floor, (speaker,) = stage()
    QuestionFactory(floor=floor, text="Does it scale?")
    assert "/accounts/login/" in client.get(room(floor))["Location"]
    assert "Does it scale?" in words(client.get(link(floor)))
    for person, status in ((PersonFactory(), 403), (speaker, 200), (moderator_of(floor), 200)):
        client.force_login(person)
        assert client.get(room(floor)).status_code == status
    answer = client.get("/q/ZZZZZZ/room/")
    assert (answer.status_code, "No session has this code." in words(answer)) == (404, True)


def test_link_that_was_renewed_or_forged_opens_nothing(client: Client, at: datetime) -> None:
    floor, (speaker,) = stage()
    old = link(floor)
    client.force_login(speaker)
    assert moderator_token(floor) in words(client.get(room(floor)))
    assert press(client, room(floor), "new_link").status_code == 302
    floor.refresh_from_db()
    visitor = Client()
    pages = set()
    for address in (old, f"/q/room/{floor.pk}.{'a' * 24}/", f"/q/room/99999.{'a' * 24}/"):
        answer = visitor.get(address)
        page = words(answer)
        assert (answer.status_code, "Ask the team or the speaker for the new one." in page) == (404, True)
        assert 'class="button primary" href="/q/"' in page
        pages.add(page.replace(address, ""))
    assert len(pages) == 1, "nothing says which sessions there are"
    answer = visitor.get(link(floor))
    assert answer.status_code == 200
    assert answer["X-Robots-Tag"] == "noindex"
    assert "moderator-link" not in words(answer), "who holds a link does not give it on"
    assert press(visitor, link(floor), "new_link").status_code == 403


def test_link_of_a_session_that_is_hidden_opens_nothing(client: Client, floor: Floor, at: datetime) -> None:
    floor.session.hidden_at = at
    floor.session.save()
    assert client.get(link(floor)).status_code == 404


def test_question_is_taken_up_answered_with_a_line_and_undone(client: Client, floor: Floor) -> None:
    question = QuestionFactory(floor=floor)
    answer = press(client, link(floor), "take", **seen(question))
    assert answer["Location"] == f"{link(floor)}?done=take.{question.pk}"
    page = words(client.get(answer["Location"]))
    assert ("Undo" in page, 'value="leave"' in page) == (True, True)
    assert now_of(question).on_stage_at is not None
    answer = press(client, link(floor), "answer", said="  With a flag. ", **seen(question))
    assert (now_of(question).said, now_of(question).said_language) == ("With a flag.", "en")
    page = words(client.get(answer["Location"]))
    assert ("With a flag." in page, 'value="unanswer"' in page) == (True, True)
    press(client, link(floor), "unanswer", **seen(question))
    assert (now_of(question).answered_live_at, now_of(question).said) == (None, "")


def test_held_question_is_let_in_or_refused_in_the_language_of_its_asker(client: Client, floor: Floor) -> None:
    let, refused, own = (QuestionFactory(floor=floor, state=State.HELD, shown_at=None, language="fr") for _n in "abc")
    page = words(client.get(link(floor)))
    assert page.index('id="waiting"') < page.index('id="open"')
    press(client, link(floor), "let_in", **seen(let))
    press(client, link(floor), "refuse", ready="topic", **seen(refused))
    press(client, link(floor), "refuse", reason="On l’a déjà dit.", **seen(own))
    assert now_of(let).state == State.SHOWN
    assert (now_of(refused).state, now_of(refused).reason) == (State.REFUSED, "Elle ne concerne pas cette session.")
    assert now_of(own).reason == "On l’a déjà dit."
    answer = client.get(f"{link(floor)}?done=refuse.{own.pk}")
    assert "take_back" in words(answer)
    press(client, link(floor), "take_back", **seen(own))
    assert now_of(own).state == State.HELD


def test_refusal_without_a_reason_says_so_and_too_long_a_one_is_kept(client: Client, floor: Floor) -> None:
    question = QuestionFactory(floor=floor)
    answer = press(client, link(floor), "refuse", reason=" ", **seen(question))
    assert (answer.status_code, "Write a few words first." in words(answer)) == (400, True)
    long = "why " * 90
    answer = press(client, link(floor), "refuse", reason=long, **seen(question))
    assert (answer.status_code, long.strip() in words(answer)) == (400, True)
    assert now_of(question).state == State.SHOWN


def test_double_is_put_into_the_likeliest_one(client: Client, floor: Floor) -> None:
    double = QuestionFactory(floor=floor, text="How did you find your first venue?", state=State.HELD, shown_at=None)
    other = QuestionFactory(floor=floor, text="Who pays for the captions?", votes=9)
    same = QuestionFactory(floor=floor, text="How did you find the first venue without money?")
    page = words(client.get(f"{link(floor)}?merge={double.pk}"))
    assert page.index(same.text) < page.index(other.text)
    answer = client.get(f"{link(floor)}?merge={2**70}")
    assert (answer.status_code, "This question is settled already." in words(answer)) == (404, True)
    assert f'class="button primary" href="{link(floor)}"' in words(answer)
    assert 'value="merge"' not in page, "a thumb that slips chooses, and nothing is done"
    chosen = re.findall(r'class="qroom-choice" href="([^"]+)"', page)[0].replace("&amp;", "&")
    page = words(client.get(chosen))
    assert (f'name="into" value="{same.pk}"' in page, 'value="merge"' in page) == (True, True)
    assert (double.text in page, same.text in page, other.text in page) == (True, True, False)
    assert other.text in words(client.get(f"{link(floor)}?merge={double.pk}&into={2**70}")), "not there any more"
    assert now_of(double).state == State.HELD
    answer = press(client, link(floor), "merge", into=same.pk, **seen(double))
    assert (now_of(double).state, now_of(double).merged_into) == (State.MERGED, same)
    page = words(client.get(answer["Location"]))
    assert ("Put together. Its votes" in page, now_of(same).votes) == (True, 1)
    elsewhere = QuestionFactory()
    assert press(client, link(floor), "merge", into=elsewhere.pk, **seen(other)).status_code == 404
    assert press(client, link(floor), "take", question=elsewhere.pk, seen="").status_code == 404


def test_merging_says_where_each_question_stands(client: Client, floor: Floor, at: datetime) -> None:
    double = QuestionFactory(floor=floor, text="How did you find your first venue?")
    few = QuestionFactory(floor=floor, text="Where was the venue?", votes=1, answered_live_at=at)
    many = QuestionFactory(floor=floor, text="Where was the venue?", votes=4)
    one = QuestionFactory(floor=floor, text="How do you pay the people who write your captions?")
    most = QuestionFactory(floor=floor, text="Is lunch included?", votes=3)
    page = words(client.get(f"{link(floor)}?merge={double.pk}"))
    assert page.index(f"into={many.pk}") < page.index(f"into={few.pk}"), "of equals the most wanted"
    assert page.index(f"into={most.pk}") < page.index(f"into={one.pk}"), "and of those hardly alike"
    assert page.count('<span class="badge good">Answered in the room</span>') == 1
    assert page.count('<span class="badge">Open</span>') == 3


def test_votes_are_read_out_in_the_right_number(client: Client, floor: Floor) -> None:
    for votes in (0, 1, 2):
        QuestionFactory(floor=floor, votes=votes)
    page = words(client.get(link(floor)))
    assert re.findall(r'<span class="vh">(\d votes?)</span>', page) == ["2 votes", "1 vote", "0 votes"]


def test_merging_with_nothing_says_what_to_do(client: Client, floor: Floor) -> None:
    alone = QuestionFactory(floor=floor)
    assert "Let one in first" in words(client.get(f"{link(floor)}?merge={alone.pk}"))


def test_unnamed_asker_is_muted_and_stays_unnamed(client: Client, floor: Floor, at: datetime) -> None:
    secret = PersonFactory(name="Zyx Secret")
    question = actions.ask_question(floor=floor, text="Why?", language="en", by=secret, at=at)
    answer = press(client, link(floor), "mute", **seen(question))
    page = words(client.get(answer["Location"]))
    assert ("asks no more at this event" in page, "Zyx Secret" in page, secret.slug in page) == (True, False, False)
    assert MutedAsker.objects.filter(lifted_at=None).count() == 1
    press(client, link(floor), "unmute", **seen(question))
    assert MutedAsker.objects.filter(lifted_at=None).count() == 0


@pytest.mark.parametrize("became", ["stage", "answered", "later", "refused", "merged", "held", "open"])
def test_muted_asker_is_let_in_again_wherever_their_question_stands(
    client: Client, floor: Floor, at: datetime, became: str
) -> None:
    fields: dict[str, dict[str, Any]] = {
        "stage": {"on_stage_at": at}, "answered": {"answered_live_at": at}, "later": {"answered_later_at": at},
        "refused": {"state": "refused", "reason": "No."}, "held": {"state": "held", "shown_at": None},
        "merged": {"state": "merged", "merged_into": QuestionFactory(floor=floor)},
    }  # fmt: skip
    question = QuestionFactory(floor=floor, **fields.get(became, {}))
    actions.mute_asker(question=question, by=QUESTIONS, at=at)
    page = words(client.get(link(floor)))
    assert page.count('value="unmute"') == 1
    press(client, link(floor), "unmute", **seen(question))
    assert not MutedAsker.objects.filter(lifted_at=None).exists()
    assert 'value="unmute"' not in words(client.get(link(floor)))


def test_speaker_takes_a_question_and_everybody_sees_who(client: Client) -> None:
    floor, (one, other) = stage(speakers=2)
    question = QuestionFactory(floor=floor)
    client.force_login(one)
    assert "I take this" in words(client.get(room(floor)))
    press(client, room(floor), "take", **seen(question))
    assert now_of(question).taken_by == one
    client.force_login(other)
    page = words(client.get(room(floor)))
    assert (f"{one.name}</b> answers" in page, "I take this" in page) == (True, True)
    press(client, room(floor), "take", **seen(question))
    assert now_of(question).taken_by == other
    assert "I take this" not in words(client.get(room(floor)))


def test_questions_are_handed_over_in_one_tap(client: Client, floor: Floor) -> None:
    moderator, second = moderator_of(floor), moderator_of(floor)
    assert "Nobody looks after the questions" in words(client.get(link(floor)))
    client.force_login(moderator)
    press(client, room(floor), "take_over")
    page = words(client.get(room(floor)))
    assert ("The questions are with you" in page, second.name in page) == (True, True)
    visitor = Client()
    assert f"{moderator.name}</b>" in words(visitor.get(link(floor)))
    press(visitor, link(floor), "name", name="Lerato")
    press(visitor, link(floor), "take_over")
    assert "The questions are with you" in words(visitor.get(link(floor)))
    assert "Lerato</b>" in words(client.get(room(floor)))
    press(visitor, link(floor), "name", name="Lerato N.")
    assert "The questions are with you" in words(visitor.get(link(floor)))
    assert "Lerato N.</b>" in words(client.get(room(floor)))
    assert "The questions are with you" not in words(Client().get(link(floor))), "another phone with the link"
    press(visitor, link(floor), "hand_over", to=second.pk)
    floor.refresh_from_db()
    assert floor.moderator == second
    press(client, room(floor), "hand_over")
    floor.refresh_from_db()
    assert (floor.moderator, floor.moderator_name) == (None, "")
    assert press(client, room(floor), "hand_over", to=PersonFactory().pk).status_code == 409


def test_name_that_grows_when_it_is_written_the_one_way_is_a_sentence(client: Client, floor: Floor) -> None:
    grows = "\ufb2c" * 100  # one letter as typed, three as it is held
    answer = press(client, link(floor), "name", name=grows)
    assert (answer.status_code, "180 more than the limit of 120 characters" in words(answer)) == (400, True)
    assert grows in words(answer), "what was typed stays"
    assert press(client, link(floor), "name", name="\ufb2c" * 40).status_code == 302


def test_asking_is_paused_and_questions_are_looked_at_first(client: Client, floor: Floor) -> None:
    for do in ("pause", "queue_on"):
        press(client, link(floor), do)
    floor.refresh_from_db()
    assert (floor.paused_at is None, floor.queue) == (False, True)
    assert "Take questions again" in words(client.get(link(floor)))
    for do in ("resume", "queue_off"):
        press(client, link(floor), do)
    press(client, link(floor), "order", order="next")
    floor.refresh_from_db()
    assert (floor.paused_at, floor.queue, floor.order) == (None, False, "next")
    assert press(client, link(floor), "order", order="random").status_code == 400
    assert press(client, link(floor), "dance").status_code == 400


def test_how_long_it_stays_open_is_set_in_the_room(client: Client, floor: Floor, at: datetime) -> None:
    assert 'name="open_days" type="number" inputmode="numeric" min="1" max="400" required value="30"' in words(
        client.get(link(floor))
    )
    press(client, link(floor), "open_days", open_days="60")
    floor.refresh_from_db()
    assert floor.ends_at is not None
    assert floor.is_open(floor.ends_at + timedelta(days=59))
    assert not floor.is_open(floor.ends_at + timedelta(days=60))
    for typed in ("0", "401", "", "thirty", "9" * 40):
        answer = press(client, link(floor), "open_days", open_days=typed)
        page = words(answer)
        assert (answer.status_code, "Give a number of days from 1 to 400." in page) == (409, True)
        assert f'required value="{typed}"' in page, "what was typed stays"
    floor.refresh_from_db()
    assert floor.open_days == 60


def test_orders_are_by_votes_by_time_and_whose_turn_it_is(client: Client, floor: Floor, at: datetime) -> None:
    old = QuestionFactory(floor=floor, text="Old", votes=1, asked_at=at - timedelta(minutes=5))
    wanted = QuestionFactory(floor=floor, text="Wanted", votes=9)
    first = QuestionFactory(floor=floor, text="First timer", first_time=True, place="remote")
    expected = {"votes": [wanted, old, first], "time": [old, wanted, first], "next": [wanted, first, old]}
    for order, rows in expected.items():
        found = re.findall(r'<li id="q-(\d+)">', words(client.get(f"{link(floor)}?order={order}")))
        assert [int(pk) for pk in found] == [row.pk for row in rows], order


def test_second_moderator_reads_that_somebody_was_quicker(client: Client, floor: Floor) -> None:
    question = QuestionFactory(floor=floor, state=State.HELD, shown_at=None)
    form, other = seen(question), Client()
    press(client, link(floor), "let_in", **form)
    answer = press(other, link(floor), "refuse", ready="topic", **form)
    page = words(answer)
    assert (answer.status_code, "Somebody was quicker" in page) == (409, True)
    assert f'id="take-{question.pk}"' in page, "the page as it is now"
    assert now_of(question).state == State.SHOWN


def test_big_type_shows_one_at_a_time(client: Client, floor: Floor) -> None:
    rows = [QuestionFactory(floor=floor, text=f"Question {n}", votes=9 - n) for n in range(3)]
    page = words(client.get(f"{link(floor)}?big="))
    assert ("Question 0" in page, "Question 1" in page, "1 of 3" in page, 'id="before"' in page) == (
        True, False, True, False,
    )  # fmt: skip
    page = words(client.get(f"{link(floor)}?big={rows[1].pk}"))
    assert (f"big={rows[0].pk}" in page, f"big={rows[2].pk}" in page, "2 of 3" in page) == (True, True, True)
    answer = press(client, f"{link(floor)}?big={rows[1].pk}", "take", **seen(rows[1]))
    assert answer["Location"].endswith(f"?big={rows[1].pk}&done=take.{rows[1].pk}")
    Question.objects.all().delete()
    assert "No open question at the moment" in words(client.get(f"{link(floor)}?big={rows[1].pk}"))


def test_after_the_session_it_says_what_is_open_and_takes_what_was_said(client: Client, at: datetime) -> None:
    floor, _speakers = stage(starts_at=at - timedelta(hours=2), ends_at=at - timedelta(hours=1))
    still, live, later = (QuestionFactory(floor=floor, text=text) for text in ("Open one", "Live one", "Later one"))
    actions.answer_live(question=live, by=QUESTIONS, at=at - timedelta(hours=1, minutes=5))
    AnswerFactory(question=later)
    Question.objects.filter(pk=later.pk).update(answered_later_at=at)
    page = words(client.get(link(floor)))
    assert "Of 3 questions 1 were answered in the room, 1 later, and 1 are open." in page
    assert "1 answer from the room has no line" in page
    assert (f'id="take-{still.pk}"' in page, "Open them again" in page) == (False, False)
    press(client, link(floor), "answer", said="By asking the library.", **seen(live))
    assert now_of(live).said == "By asking the library."
    assert Answer.objects.count() == 1


def test_questions_that_can_only_be_read_are_opened_again(client: Client, at: datetime) -> None:
    floor, _speakers = stage(starts_at=at - timedelta(days=60, hours=1), ends_at=at - timedelta(days=60))
    assert "Open them again for 30 days" in words(client.get(link(floor)))
    press(client, link(floor), "reopen")
    floor.refresh_from_db()
    assert floor.is_open(at)


@pytest.mark.parametrize("days", [1, 60])
def test_room_of_a_cancelled_event_offers_no_opening(client: Client, at: datetime, days: int) -> None:
    floor, _speakers = stage(starts_at=at - timedelta(days=days, hours=1), ends_at=at - timedelta(days=days))
    Event.objects.filter(pk=floor.event_id).update(state=Event.State.CANCELLED)
    page = words(client.get(link(floor)))
    assert ("Open them again" in page, "This event does not take place." in page) == (False, True)
    answer = press(client, link(floor), "reopen")
    assert (answer.status_code, "so nothing is asked or voted for" in words(answer)) == (409, True)


def test_nothing_asked_yet_offers_the_wall(client: Client, floor: Floor) -> None:
    page = words(client.get(link(floor)))
    assert ("Nobody has asked yet" in page, floor.code in page) == (True, True)


def test_what_people_write_is_shown_as_text(client: Client, floor: Floor) -> None:
    QuestionFactory(floor=floor, text="<script>alert(1)</script>", name="<b>Ama</b>")
    page = words(client.get(link(floor)))
    assert ("<script>alert" in page, "&lt;b&gt;Ama" in page) == (False, True)


@pytest.mark.parametrize("number", [1, 3])
def test_room_asks_as_often_for_three_questions_as_for_one(
    client: Client, floor: Floor, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for state in (State.SHOWN, State.HELD, State.REFUSED):
        QuestionFactory.create_batch(number, floor=floor, state=state)
    with django_assert_num_queries(4):
        assert client.get(link(floor)).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_room_of_the_team_asks_as_often_for_three(
    client: Client, floor: Floor, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    person: Person = moderator_of(floor)
    TeamRoleFactory.create_batch(number, community=floor.event.community)
    QuestionFactory.create_batch(number, floor=floor, on_stage_at=None)
    actions.hand_over_floor(floor=floor, person=person, by=person, at=floor.starts_at)
    client.force_login(person)
    client.get(room(floor))
    with django_assert_num_queries(13):
        assert client.get(room(floor)).status_code == 200
