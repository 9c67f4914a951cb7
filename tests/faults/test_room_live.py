"""Five hundred pages follow the questions of a session: each knows what a moderator pressed within a second."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import cycle
from pathlib import Path

import pytest

from hallway.kit import clock
from hallway.kit.models import FactRow
from hallway.sharing.questions import queries
from hallway.sharing.questions.models import Floor, Question
from hallway.sharing.questions.tokens import moderator_token
from tests.factories import FloorFactory, QuestionFactory
from tests.faults.audience import Listener, audience
from tests.faults.crowd import percentile
from tests.faults.house import House, Post, house, send_at_once
from tests.faults.test_door_live import LATE

pytestmark = [pytest.mark.database, pytest.mark.fault, pytest.mark.django_db(transaction=True)]
LISTENERS, PRESSES, MOST_SECONDS = 500, 40, 1.0
QUESTIONS = 12


@pytest.fixture
def floor() -> Floor:
    """A session that is on, with a dozen questions."""
    now = clock.now()
    made: Floor = FloorFactory(
        starts_at=now - timedelta(minutes=10), ends_at=now + timedelta(hours=1),
        session__event__starts_at=now - timedelta(minutes=10), session__event__ends_at=now + timedelta(hours=1),
    )  # fmt: skip
    QuestionFactory.create_batch(QUESTIONS, floor=made, asked_at=now, shown_at=now)
    return made


def presses(floor: Floor) -> Iterator[Post]:
    """Take up and answered, one question after the other, each as the moderator's page has it then."""
    path = f"/q/room/{moderator_token(floor)}/"
    for pk in cycle(floor.questions.order_by("pk").values_list("pk", flat=True)):
        for do in ("take", "answer", "unanswer"):
            mark = queries.mark_of(Question.objects.get(pk=pk))
            yield Post(path, {"do": do, "question": str(pk), "seen": mark, "said": ""})


def seconds_until_all_know(served: House, floor: Floor, *, times: int = PRESSES) -> list[float]:
    """From the moment a press is sent until each page has heard of it: one time for each of them, sorted."""
    began: dict[int, float] = {}
    listener = Listener(f"/live/public/floor:{floor.pk}", (served.port,))
    with audience([listener] * LISTENERS) as room:
        room.all_open()
        for _number, post in zip(range(times), presses(floor), strict=False):
            sent_at = time.time()
            (answer,) = send_at_once(served.port, [post], together=0)
            assert answer.status == 302, answer.body
            newest = FactRow.objects.filter(scopes__key=f"floor:{floor.pk}").latest("pk").pk
            began[newest] = sent_at
            room.all_heard(newest)
        heard = room.ask("all")
    took = [at - began[pk] for one in heard for pk, _data, at, _name in one["events"]]
    assert len(took) == times * LISTENERS, "somebody heard of it twice, or never"
    return sorted(took)


def test_five_hundred_pages_know_what_a_moderator_pressed_within_a_second(
    floor: Floor, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    with house(tmp_path / "house") as served:
        took = seconds_until_all_know(served, floor)
    figure(
        f"{PRESSES} presses of a moderator before {LISTENERS} open pages: p50 {percentile(took, 50) * 1000:.0f} ms, "
        f"p99 {percentile(took, 99) * 1000:.0f} ms, the last {took[-1] * 1000:.0f} ms"
    )
    assert percentile(took, 99) <= MOST_SECONDS


def test_late_news_of_the_room_turns_red(floor: Floor, tmp_path: Path) -> None:
    with house(tmp_path / "house", planted=LATE) as served:
        assert percentile(seconds_until_all_know(served, floor, times=2), 99) > MOST_SECONDS
