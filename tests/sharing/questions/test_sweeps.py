"""What is due by the clock, done once, and not stopped by one that cannot be done."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from hallway.kit.models import FactRow
from hallway.kit.visitors import new_visitor
from hallway.notices.models import OutboxMail
from hallway.sharing.questions import actions
from hallway.sharing.questions.models import Digest, Follow
from hallway.sharing.questions.policies import QUESTIONS, moderator_link
from hallway.sharing.questions.sweeps import clear_stages, forget_addresses, tell_the_rest, write_digests
from tests.factories import AnswerFactory, FloorFactory, PersonFactory, QuestionFactory, SpeakingFactory

pytestmark = pytest.mark.django_db


def test_clear_stages_puts_back_what_a_room_forgot_and_nobody_reads_for_days_that_it_is_being_answered(
    client: Client, at: datetime
) -> None:
    floor, other = FloorFactory(starts_at=at - timedelta(hours=1), ends_at=at), FloorFactory(ends_at=at)
    row = QuestionFactory(floor=floor, text="Who pays for the kettle?")
    answered = actions.answer_live(question=QuestionFactory(floor=other), by=moderator_link(other), at=at)
    taken = at - timedelta(minutes=1)
    actions.take_question(question=row, by=moderator_link(floor), at=taken)
    for minutes, cleared in ((0, 0), (59, 0), (61, 1), (62, 0)):
        now = at + timedelta(minutes=minutes)
        with time_machine.travel(now, tick=False):
            assert clear_stages() == cleared
            page = client.get(f"/q/{floor.code}/").content.decode()
        assert ('class="question on-stage"' in page) is (minutes < 60)
    again = at + timedelta(hours=5)
    actions.take_question(question=row, by=moderator_link(floor), at=again)
    with time_machine.travel(again + timedelta(minutes=59), tick=False):
        assert clear_stages() == 0
        assert not actions.clear_stage(floor=floor, by=QUESTIONS, at=again)
    row.refresh_from_db()
    answered.refresh_from_db()
    assert (row.on_stage_at, row.answered_live_at, answered.answered_live_at) == (again, None, at)
    assert FactRow.objects.filter(kind="questions.question_taken").count() == 3


def test_write_digests_at_one_seven_and_twenty_one_days_and_then_no_more(at: datetime) -> None:
    floor = FloorFactory(ends_at=at)
    SpeakingFactory(talk=floor.session.talk)
    QuestionFactory(floor=floor)
    written = []
    for day in range(40):
        with time_machine.travel(at + timedelta(days=day), tick=False):
            written += [day] * write_digests()
            assert write_digests() == 0
    assert written == [1, 7, 21]
    assert list(Digest.objects.order_by("day").values_list("day", flat=True)) == [1, 7, 21]


def test_write_digests_of_a_floor_opened_again_and_of_what_is_asked_late(at: datetime) -> None:
    floor = FloorFactory(ends_at=at)
    speaker = SpeakingFactory(talk=floor.session.talk).person
    QuestionFactory(floor=floor)
    written = []
    for day in range(90):
        now = at + timedelta(days=day)
        with time_machine.travel(now, tick=False):
            if day in {24, 66}:
                QuestionFactory(floor=floor, shown_at=now)
            if day == 40:
                actions.reopen_floor(floor=floor, by=speaker, at=now)
            written += [day] * write_digests()
            assert write_digests() == 0
    assert written == [1, 7, 21, 29, 41, 47, 61, 69]


def test_tell_the_rest_reaches_an_address_that_had_enough_mail(at: datetime) -> None:
    floor = FloorFactory()
    with time_machine.travel(at, tick=False):
        for _number in range(4):
            row = QuestionFactory(floor=floor)
            actions.follow_question(question=row, address="a@example.org", language="en", by=new_visitor(), at=at)
            AnswerFactory(question=row, written_at=at)
        assert (tell_the_rest(), tell_the_rest()) == (3, 0)
    with time_machine.travel(at + timedelta(days=1, minutes=1), tick=False):
        assert (tell_the_rest(), tell_the_rest()) == (1, 0)
    assert OutboxMail.objects.count() == 4


def test_forget_addresses_is_a_year_later(at: datetime) -> None:
    row = QuestionFactory(floor=FloorFactory(ends_at=at))
    actions.follow_question(question=row, language="en", by=PersonFactory(), at=at)
    with time_machine.travel(at + timedelta(days=364)):
        assert forget_addresses() == 0
    with time_machine.travel(at + timedelta(days=366)):
        assert forget_addresses() == 1
    assert not Follow.objects.exists()
