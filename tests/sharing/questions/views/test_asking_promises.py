"""What the page promises whoever asks: mails about answers, and for which time one asks."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from hallway.sharing.questions.models import Follow, Question
from tests.factories import PersonFactory, QuestionFactory

from .room import address, floor_of, send, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]


def test_who_is_signed_in_hears_of_answers_unless_they_take_the_tick_away(client: Client) -> None:
    floor, person = floor_of(), PersonFactory()
    client.force_login(person)
    assert re.search(r'<input type="checkbox" name="tell"[^>]* checked', words(client.get(address(floor))))
    said = send(client, floor, script=True, text="By account?", tell="on").json()["message"]
    assert said == "Your question is in. You hear of each answer by mail."
    assert Follow.objects.count() == 1
    assert Question.objects.get().asker is None, "and stays unnamed"
    said = send(client, floor, script=True, text="Not by mail?").json()["message"]
    assert (said, Follow.objects.count()) == ("Your question is in.", 1)


def test_who_has_no_address_is_promised_no_mail(client: Client) -> None:
    floor = floor_of()
    client.force_login(PersonFactory(email=None))
    assert not re.search(r'<input type="checkbox" name="tell"[^>]* checked', words(client.get(address(floor))))
    assert send(client, floor, script=True, text="By mail?", tell="on").json()["message"] == "Your question is in."


def test_address_is_read_out_so_that_a_slip_is_noticed(client: Client) -> None:
    said = send(client, floor_of(), script=True, text="By mail?", address="ada@example.org").json()["message"]
    assert said == "Your question is in. We write to ada@example.org when it is answered."


def test_wrong_text_alone_leaves_the_options_folded(client: Client) -> None:
    floor = floor_of()
    client.force_login(PersonFactory())
    page = words(send(client, floor, text="", language="en", place="room", tell="on"))
    assert '<details class="fold small">' in page
    assert '<details class="fold small" open>' in words(send(client, floor, text="", language="en", place="room"))


def test_page_says_for_which_time_one_asks(client: Client, on_the_day: time_machine.Coordinates) -> None:
    question = QuestionFactory(floor=floor_of())
    floor = question.floor
    until = "Can be answered until"
    page = words(client.get(address(floor)))
    assert ("Ask the room" in page, "The room votes" in page, until in page) == (True, True, True)
    assert "<b>.</b>" in page, "a full stop between where it stands and what comes next"
    on_the_day.shift(-timedelta(days=5))
    page = words(client.get(address(floor)))
    assert ("Ask the room" in page, "The room votes" in page) == (False, False)
    assert "Ask before the session" in page
    on_the_day.shift(timedelta(days=15))
    page = words(client.get(address(floor)))
    assert ("Ask the room" in page, "The room votes" in page, until in page) == (False, False, False)
    assert page.count("The session is over. People can ask and answer until") == 1


def test_what_is_refused_has_a_box_of_its_own(client: Client) -> None:
    page = words(client.get(address(floor_of())))
    assert '<p class="message good" data-done hidden>' in page
    assert '<p class="message error" data-refused hidden>' in page
