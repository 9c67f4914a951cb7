"""The code on the wall: people check themselves in, guessing is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, RequestFactory

from hallway.gathering.attendance import actions
from hallway.gathering.attendance.entries import book_of
from hallway.gathering.attendance.models import Admission, CheckIn, Registration
from hallway.gathering.attendance.remembering import COOKIE, remember
from hallway.gathering.attendance.views.wall import COOKIE as HERE
from hallway.gathering.events import actions as events
from tests.factories import PersonFactory
from tests.gathering.attendance.doorway import came, evening, going, team_of
from tests.gathering.attendance.line import now_of

pytestmark = pytest.mark.django_db
State = Registration.State


@pytest.fixture(autouse=True)
def on_the_day(at: datetime) -> Iterator[None]:
    cache.clear()
    with time_machine.travel(at, tick=False):
        yield
    cache.clear()


@pytest.fixture
def admission(at: datetime) -> Admission:
    return evening(at, seats=10)


@pytest.fixture
def wall(admission: Admission, at: datetime) -> str:
    return wall_of(admission, at)


def wall_of(admission: Admission, at: datetime) -> str:
    token = actions.change_wall(admission=admission, by=team_of(admission), at=at)
    return f"/e/{admission.event.slug}/here/{token}/"


def say(client: Client, wall: str, **data: Any) -> Any:
    return client.post(wall, data, headers={"Sec-Fetch-Site": "same-origin"})


def words(response: Any) -> str:
    text: str = response.content.decode()
    return text


def test_signed_in_person_says_i_am_here_once(client: Client, admission: Admission, wall: str, at: datetime) -> None:
    row = going(admission, guests=1)[0]
    client.force_login(row.person)
    page = words(client.get(wall))
    assert (row.name in page, "and 1 guest" in page, row.code in page) == (True, True, False)
    for _twice in range(2):
        assert say(client, wall, do="here").status_code == 302
    assert "You are here" in words(client.get(wall))
    assert (now_of(row).came_at, CheckIn.objects.get().seats) == (at, 2)


def test_device_that_registered_is_known(admission: Admission, wall: str) -> None:
    row, other = going(admission)[0], going(evening(admission.event.starts_at))[0]
    client = Client()
    for known in (row, other):
        request = RequestFactory().get("/")
        request.COOKIES.update({name: morsel.value for name, morsel in client.cookies.items()})
        answer = HttpResponse()
        remember(request, answer, known)
        client.cookies[COOKIE] = answer.cookies[COOKIE].value
    assert row.name in words(client.get(wall))
    say(client, wall, do="here")
    assert now_of(row).came_at is not None
    assert now_of(other).came_at is None


def test_code_checks_in_and_this_device_says_so(client: Client, admission: Admission, wall: str) -> None:
    row = going(admission)[0]
    typed = f" {row.code[:3].lower()}-{row.code[3:].lower()}"
    assert say(client, wall, do="code", code=typed).status_code == 302
    page = words(client.get(wall))
    assert ("You are here" in page, row.name in page) == (True, True)
    assert COOKIE not in client.cookies, "a code is not the link from the mail"
    fresh = words(Client().get(wall))
    assert row.name not in fresh


@pytest.mark.parametrize("code", ["222222", "", "x" * 20, "x" * 5000, "<script>", "\x00"])
def test_code_of_nobody_is_refused_in_a_sentence(client: Client, admission: Admission, wall: str, code: str) -> None:
    going(admission, code="ABCDEF")
    response = say(client, wall, do="code", code=code)
    assert response.status_code == 200
    assert CheckIn.objects.count() == 0
    assert "<script>" not in words(response)


def test_code_of_another_event_is_of_nobody(client: Client, wall: str, at: datetime) -> None:
    foreign = going(evening(at))[0]
    assert "Nobody at this event has this code" in words(say(client, wall, do="code", code=foreign.code))
    assert now_of(foreign).came_at is None


def test_ninth_wrong_code_of_a_device_is_refused_even_when_right(
    client: Client, admission: Admission, wall: str, at: datetime
) -> None:
    row = going(admission)[0]
    client.get(wall)
    for _attempt in range(8):
        assert say(client, wall, do="code", code="222222").status_code == 200
    response = say(client, wall, do="code", code=row.code)
    assert (response.status_code, "Wait a quarter of an hour" in words(response)) == (429, True)
    assert say(Client(), wall, do="code", code=row.code).status_code == 302, "another phone in the same room"
    with time_machine.travel(at + timedelta(minutes=16), tick=False):
        assert say(client, wall, do="code", code=row.code).status_code == 302


def test_right_codes_are_not_counted(admission: Admission, wall: str) -> None:
    client = Client()
    client.get(wall)
    rows = going(admission, 10)
    assert [say(client, wall, do="code", code=row.code).status_code for row in rows] == [302] * 10


def test_guessing_without_cookies_is_refused_by_address_and_by_event(
    admission: Admission, wall: str, at: datetime
) -> None:
    def guess(address: str) -> int:
        client = Client(REMOTE_ADDR=address)
        status: int = say(client, wall, do="code", code="222222").status_code
        return status

    tries = [guess(f"192.0.2.{place % 6}") for place in range(301)]
    assert (tries[:300].count(200), tries[300]) == (300, 429)
    cache.clear()
    assert [guess("192.0.2.9") for _try in range(61)][-2:] == [200, 429]
    assert guess("192.0.2.10") == 200
    other = wall_of(evening(at), at)
    assert say(Client(REMOTE_ADDR="192.0.2.10"), other, do="code", code="222222").status_code == 200


def test_newcomer_says_a_name_once(client: Client, admission: Admission, wall: str) -> None:
    form = client.get(wall).context["forms"]["walk"].initial["form"]
    for _twice in range(2):
        assert say(client, wall, do="walk", form=form, name="Zanele").status_code == 302
    assert CheckIn.objects.get().name == "Zanele"
    assert "Welcome. You are checked in" in words(client.get(wall))
    assert client.get(wall).context["forms"]["walk"].initial["form"] == form


def walked_in(client: Client, wall: str) -> None:
    form = client.get(wall).context["forms"]["walk"].initial["form"]
    say(client, wall, do="walk", form=form, name="Zanele")


@pytest.mark.parametrize(("pressed", "here"), [("same", 1), ("here", 2)])
def test_newcomer_who_registers_says_whether_it_is_the_same_person(
    client: Client, admission: Admission, wall: str, at: datetime, pressed: str, here: int
) -> None:
    walked_in(client, wall)
    row = going(admission, name="Zanele Mokoena")[0]
    client.force_login(row.person)
    page = words(client.get(wall))
    assert ("<h1>Is this you?" in client.get(wall).content.decode(), "Are both of these you?" in page) == (True, True)
    assert (book_of(admission).came, now_of(row).came_at) == (1, None), "nobody is taken for another by name"
    with time_machine.travel(at + timedelta(minutes=1), tick=False):
        assert say(client, wall, do=pressed).status_code == 302
        page = words(client.get(wall))
    assert ("Is this you?" in page, "Welcome, Zanele Mokoena" in page) == (False, True)
    assert book_of(admission).came == here


def test_newcomer_who_stands_in_line_too_is_here(client: Client, admission: Admission, wall: str) -> None:
    """They have the one chair they sit on."""
    walked_in(client, wall)
    client.force_login(going(admission, state=State.WAITING)[0].person)
    assert "You are here" in words(client.get(wall))


@pytest.mark.parametrize("data", [{"name": "", "form": str(uuid4())}, {"name": "x", "form": "x"}, {"name": "x" * 500}])
def test_newcomer_without_a_name_is_asked_for_it(client: Client, wall: str, data: dict[str, str]) -> None:
    response = say(client, wall, do="walk", **data)
    assert (response.status_code, CheckIn.objects.count()) == (200, 0)
    assert response.context["forms"]["walk"].errors


def test_newcomer_is_sent_to_the_door_when_it_is_full(client: Client, at: datetime) -> None:
    admission = evening(at, seats=1)
    going(admission)
    response = say(client, wall_of(admission, at), do="walk", form=str(uuid4()), name="Zanele")
    assert (response.status_code, "Ask at the door" in words(response)) == (409, True)


def test_newcomer_whom_the_door_took_out_is_told(client: Client, admission: Admission, wall: str, at: datetime) -> None:
    form = client.get(wall).context["forms"]["walk"].initial["form"]
    say(client, wall, do="walk", form=form, name="Zanele")
    undone = came(form, at + timedelta(seconds=1), kind="undone")
    actions.write_in_book(admission=admission, lines=[undone], by=team_of(admission), at=at)
    assert "The door has taken you out again" in words(client.get(wall))


def test_nobody_presses_a_button_that_is_not_there(client: Client, admission: Admission, wall: str) -> None:
    response = say(client, wall, do="here")
    assert (response.status_code, "Type your code or your name" in words(response)) == (409, True)
    waiting = going(admission, state=State.WAITING)[0]
    client.force_login(waiting.person)
    assert "You do not have a seat yet" in words(client.get(wall))
    assert say(client, wall, do="here").status_code == 409


@pytest.mark.parametrize(
    ("moved", "sentence"),
    [(timedelta(minutes=-91), "from an hour before the start: on Thursday"), (timedelta(hours=3), "This event ended")],
)
def test_wall_outside_the_evening_says_when(
    client: Client, admission: Admission, wall: str, at: datetime, moved: timedelta, sentence: str
) -> None:
    row = going(admission)[0]
    with time_machine.travel(at + moved, tick=False):
        page = client.get(wall)
        assert (page.status_code, sentence in words(page)) == (200, True)
        for data in ({"do": "code", "code": row.code}, {"do": "walk", "form": str(uuid4()), "name": "x"}):
            response = say(client, wall, **data)
            assert (response.status_code, sentence in words(response)) == (409, True)
    assert CheckIn.objects.count() == 0


def test_code_that_was_changed_opens_nothing(client: Client, admission: Admission, wall: str, at: datetime) -> None:
    actions.change_wall(admission=admission, by=team_of(admission), at=at)
    for answer in (client.get(wall), say(client, wall, do="here")):
        assert (answer.status_code, "does not work any more" in words(answer)) == (404, True)


def test_code_of_the_wall_belongs_to_its_event(client: Client, admission: Admission, wall: str, at: datetime) -> None:
    other = evening(at)
    foreign = wall.replace(admission.event.slug, other.event.slug)
    assert client.get(foreign).status_code == 404
    events.rename_event(event=admission.event, slug="another-name", by=team_of(admission, "organiser"), at=at)
    assert client.get(wall).status_code == 200, "the poster hangs already"


@pytest.mark.parametrize("cookie", ["x", "a:b:c", ""])
def test_cookie_that_is_not_ours_is_nobodys(client: Client, wall: str, cookie: str) -> None:
    client.cookies[HERE] = cookie
    assert client.get(wall).status_code == 200


def test_projector_shows_code_and_counter_to_the_team_alone(client: Client, admission: Admission, at: datetime) -> None:
    row = going(admission)[0]
    page = f"/e/{admission.event.slug}/door/wall/"
    client.force_login(team_of(admission))
    assert client.get(page, follow=True).redirect_chain[0][0] == f"/e/{admission.event.slug}/door/"
    wall_of(admission, at)
    actions.check_self_in(registration=row, by=row.person, at=at)
    text = words(client.get(page))
    assert "<b data-came>1</b>" in text
    assert 'class="qr"' in text
    assert 'lang="fr"' in text
    client.force_login(PersonFactory())
    assert client.get(page).status_code == 403


def test_flood_of_people_who_walk_in_is_refused_by_address_and_by_event(
    admission: Admission, wall: str, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "hallway.gathering.attendance.views.wall.WALK_INS",
        {"walk_in_address": "2/15m/ip", "walk_in_event": "5/15m/key"},
    )

    def walk(address: str) -> int:
        fields = {"do": "walk", "form": str(uuid4()), "name": "Somebody"}
        status: int = say(Client(REMOTE_ADDR=address), wall, **fields).status_code
        return status

    assert [walk("192.0.2.1") for _try in range(3)] == [302, 302, 429]
    assert [walk(f"192.0.2.{place}") for place in range(2, 6)] == [302, 302, 302, 429]
    assert CheckIn.objects.count() == 5
    with time_machine.travel(at + timedelta(minutes=16), tick=False):
        assert walk("192.0.2.1") == 302
