"""Five hundred people in a room: each sees a question within a second of its asking, and votes as they stand."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from hallway.kit import clock
from hallway.sharing.questions.models import Floor, Question
from tests.factories import FloorFactory, QuestionFactory
from tests.faults.audience import Listener, Room, audience
from tests.faults.crowd import percentile
from tests.faults.house import House, house

pytestmark = [pytest.mark.database, pytest.mark.fault, pytest.mark.django_db(transaction=True)]
LISTENERS, QUESTIONS, VOTES, HANDS, MOST_SECONDS = 500, 25, 200, 6, 1.0
MOST_COUNTS = 4.5  # a second: one every quarter, and a little that sockets add
# The faults: whatever is told waits first; and each vote is told at once.
LATE = """
import time
from hallway.front.hub import Hub
told = Hub._publish
Hub._publish = lambda self, *event: (time.sleep(1.2), told(self, *event))[1]
"""
EACH_VOTE = """
from hallway.front import hub
hub.WINDOW = 0.0
"""


@pytest.fixture
def floor() -> Floor:
    """A session that began ten minutes ago, and whose event did an hour ago."""
    now = clock.now()
    begins, ends = now - timedelta(minutes=10), now + timedelta(hours=1)
    made: Floor = FloorFactory(
        starts_at=begins, ends_at=ends, session__event__starts_at=now - timedelta(hours=1),
        session__event__ends_at=now + timedelta(hours=5),
    )  # fmt: skip
    return made


def post(served: House, path: str, **said: str) -> dict[str, Any]:
    """What a script of the page sends, from a device nobody has seen before."""
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)
    headers = {
        "Host": f"localhost:{served.port}", "Origin": f"http://localhost:{served.port}", "Accept": "application/json",
        "Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin",
    }  # fmt: skip
    connection.request("POST", path, urlencode(said), headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status == 200, (answer.status, body[:500])
    found: dict[str, Any] = json.loads(body)
    return found


@contextmanager
def room_of(floor: Floor, folder: Path, planted: str = "", listeners: int = LISTENERS) -> Iterator[tuple[House, Room]]:
    """The house, and so many pages of the floor that are open."""
    with ExitStack() as stack:
        served = stack.enter_context(house(folder / "house", planted=planted))
        pages = [Listener(f"/live/public/floor:{floor.pk}", (served.port,))] * listeners
        room = stack.enter_context(audience(pages))
        room.all_open()
        yield served, room


def seconds_until_seen(served: House, room: Room, floor: Floor, number: int) -> list[float]:
    """From the moment each question is sent until each page has it, sorted."""
    sent: dict[int, float] = {}
    for place in range(number):
        began = time.time()
        said = post(served, f"/q/{floor.code}/", text=f"What did you learn from outage number {place}?", language="en")
        sent[said["id"]] = began
        time.sleep(0.1)
    time.sleep(2)
    took = []
    for heard in room.ask("all"):
        asked = [(json_id(data), at) for _id, data, at, name in heard["events"] if name == "question_asked"]
        assert [pk for pk, _at in asked] == list(sent)
        took += [at - sent[pk] for pk, at in asked]
    return sorted(took)


def json_id(data: str) -> int:
    """The question's id in the beginning of what was said of it."""
    return int(data.split('"id": ')[1].split(",")[0])


def test_five_hundred_pages_show_a_question_within_a_second(
    floor: Floor, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    with room_of(floor, tmp_path) as (served, room):
        took = seconds_until_seen(served, room, floor, QUESTIONS)
        figure(
            f"{QUESTIONS} questions before {LISTENERS} open pages: p50 {percentile(took, 50) * 1000:.0f} ms, "
            f"p99 {percentile(took, 99) * 1000:.0f} ms, the last {took[-1] * 1000:.0f} ms"
        )
        assert len(took) == QUESTIONS * LISTENERS
        assert percentile(took, 99) <= MOST_SECONDS


def test_late_questions_turn_red(floor: Floor, tmp_path: Path) -> None:
    with room_of(floor, tmp_path, LATE, listeners=20) as (served, room):
        assert percentile(seconds_until_seen(served, room, floor, 2), 99) > MOST_SECONDS


def votes_seen(served: House, room: Room, question: Question) -> tuple[set[int], list[float]]:
    """How many votes the pages saw last, and how many counts a second each page got, sorted."""
    path = f"/q/{question.floor.code}/{question.pk}/vote/"
    with ThreadPoolExecutor(HANDS) as hands:
        list(hands.map(lambda _vote: post(served, path), range(VOTES)))
    time.sleep(1.5)
    last, rates = set(), []
    for heard in room.ask("all"):
        told = [(json.loads(data)["votes"], at) for _id, data, at, name in heard["events"] if name == "question_voted"]
        assert [votes for votes, _at in told] == sorted(votes for votes, _at in told)
        last.add(told[-1][0])
        rates.append((len(told) - 1) / (told[-1][1] - told[0][1]))
    return last, sorted(rates)


def test_votes_come_four_times_a_second_and_the_last_count_is_right(
    floor: Floor, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    question = QuestionFactory(floor=floor, votes=0)
    with room_of(floor, tmp_path, listeners=100) as (served, room):
        last, rates = votes_seen(served, room, question)
        question.refresh_from_db()
        figure(f"{VOTES} votes before 100 open pages: {rates[-1]:.1f} counts a second at most")
        assert last == {question.votes} == {VOTES}
        assert rates[-1] <= MOST_COUNTS


def test_each_vote_told_at_once_turns_red(floor: Floor, tmp_path: Path) -> None:
    question = QuestionFactory(floor=floor, votes=0)
    with room_of(floor, tmp_path, EACH_VOTE, listeners=20) as (served, room):
        assert votes_seen(served, room, question)[1][0] > MOST_COUNTS
