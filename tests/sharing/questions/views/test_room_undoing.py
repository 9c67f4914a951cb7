"""What a moderator presses by mistake is undone: a mute, and two questions put together."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from hallway.sharing.questions import actions
from hallway.sharing.questions.models import Floor, Question
from hallway.sharing.questions.policies import QUESTIONS
from tests.factories import QuestionFactory
from tests.sharing.questions.scene import now_of
from tests.sharing.questions.stage import link, press, seen, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]
State = Question.State


def test_undo_of_a_mute_says_that_somebody_else_muted_them_too(client: Client, floor: Floor, at: datetime) -> None:
    question = QuestionFactory(floor=floor)
    answer = press(client, link(floor), "mute", **seen(question))
    assert 'value="take_back_mute"' in words(client.get(answer["Location"]))
    actions.mute_asker(question=question, by=QUESTIONS, cause="conduct-1", at=at)
    answer = press(client, link(floor), "take_back_mute", **seen(question))
    page = words(client.get(answer["Location"]))
    assert ("They stay muted" in page, 'id="undo"' in page) == (True, False)
    actions.take_back_mute(question=question, by=QUESTIONS, cause="conduct-1", at=at)
    assert "They stay muted" not in words(client.get(answer["Location"]))


def test_merging_is_undone_from_the_toast_and_from_the_list(client: Client, floor: Floor, at: datetime) -> None:
    double, same = QuestionFactory(floor=floor), QuestionFactory(floor=floor)
    answer = press(client, link(floor), "merge", into=same.pk, **seen(double))
    page = words(client.get(answer["Location"]))
    assert page.count('value="separate"') == 2 and 'id="undo"' in page
    told = seen(now_of(double))
    answer = press(client, link(floor), "separate", **told)
    page = words(client.get(answer["Location"]))
    assert ("stand by themselves again" in page, 'value="separate"' in page) == (True, False)
    assert (now_of(double).state, now_of(same).votes) == (State.SHOWN, 0)
    assert press(client, link(floor), "separate", **told).status_code == 409, "a second tap sees that it is done"
    press(client, link(floor), "merge", into=same.pk, **seen(now_of(double)))
    actions.answer_live(question=same, by=QUESTIONS, at=at)
    assert 'value="separate"' not in words(client.get(link(floor)))
    refused = press(client, link(floor), "separate", **seen(now_of(double)))
    assert refused.status_code == 409 and "answer is for both" in words(refused)
