"""Whatever people send instead of a question: it is shown as text or refused in a sentence, and the room goes on."""

from __future__ import annotations

import re
import resource
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from hallway.sharing.questions.models import Question
from tests.factories import QuestionFactory
from tests.sharing.questions.views.room import address, floor_of, send, words

pytestmark = [pytest.mark.fault, pytest.mark.django_db]
ZERO_WIDTH = "\u200b\u200d\ufeff\u2060"
TURNED = "\u202egnihtyna\u202c"


@pytest.fixture(autouse=True)
def on_the_day(at: datetime) -> Iterator[None]:
    """The clock stands still, and what was counted before is forgotten."""
    cache.clear()
    with time_machine.travel(at, tick=False):
        yield
    cache.clear()


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script><img src=x onerror=alert(2)>",
        "[click](javascript:alert(1)) https://example.org/?a=1&b=2 **bold**",
        f"{TURNED} and {ZERO_WIDTH}hidden{ZERO_WIDTH}",
        "{{ settings.SECRET_KEY }} {% debug %} %(name)s {0}",
        "\x00nul and \ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    ],
)
def test_whatever_is_asked_is_shown_as_text(client: Client, text: str) -> None:
    floor = floor_of()
    assert send(client, floor, text=text, named="on", name=text[:60]).status_code in {302, 400}
    page = words(client.get(address(floor, "?mine")))
    inside = page.partition("<main")[2].partition("</main>")[0]
    assert "<script>alert" not in inside
    assert "<img src=x" not in inside
    assert "javascript:" not in re.findall(r'href="([^"]*)"', inside)
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x00") & set(inside)
    assert client.get(address(floor)).status_code == 200


@pytest.mark.parametrize("text", ["", "   ", ZERO_WIDTH, "\u3164\u2800", "\u202e\u202c"])
def test_what_shows_nothing_is_no_question(client: Client, text: str) -> None:
    floor = floor_of()
    assert send(client, floor, text=text).status_code == 400
    assert send(client, floor, text="Why?", named="on", name=text).status_code == 400
    assert Question.objects.count() == 0


def test_ten_thousand_characters_are_a_sentence(client: Client) -> None:
    floor = floor_of()
    for said in ({"text": "x" * 10_000}, {"text": "Why?", "named": "on", "name": "x" * 10_000}):
        assert send(client, floor, **said).status_code == 400
    assert send(client, floor, text="Why?", language="x" * 10_000, place="y" * 10_000).status_code == 400
    assert Question.objects.count() == 0


def test_flood_of_one_device_ends_after_six_and_the_room_goes_on(client: Client) -> None:
    floor = floor_of()
    codes = [send(client, floor, text=f"Flood {number}").status_code for number in range(60)]
    assert codes.count(302) == 6
    assert set(codes[6:]) == {429}
    assert send(Client(REMOTE_ADDR="192.0.2.9"), floor, text="May I?").status_code == 302


def test_flood_of_devices_that_drop_their_cookie_leaves_room_for_others() -> None:
    floor = floor_of()
    codes = [send(Client(), floor, text=f"Flood {number}").status_code for number in range(90)]
    assert codes.count(302) == 30, "half of what the room takes in a minute"
    other = Client(REMOTE_ADDR="192.0.2.9")
    assert [send(other, floor, text=f"Honest {number}").status_code for number in range(6)] == [302] * 6
    assert send(Client(), floor, script=True, text="Flood").status_code == 429


# Each vote in a transaction of its own, as people send them: in one, PostgreSQL walks over all versions of a row.
@pytest.mark.django_db(transaction=True)
def test_whole_room_votes_from_one_address_within_a_minute(figure: Callable[[str], None]) -> None:
    question = QuestionFactory(floor=floor_of())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    for _device in range(1000):
        assert send(Client(), question.floor, f"{question.pk}/vote/", script=True, want="yes").status_code == 200
    spent = resource.getrusage(resource.RUSAGE_SELF).ru_utime - before
    question.refresh_from_db()
    assert question.votes == 1000
    figure(f"questions: 1,000 votes of 1,000 devices behind one address: {spent:.2f} s of CPU, {spent:.2f} ms a vote")
