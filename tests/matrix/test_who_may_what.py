"""Every address, everybody who may knock, reading and writing, against a table."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import path

from hallway.kit import access
from hallway.people.models import Person
from tests.matrix import world
from tests.matrix.expected import ROWS
from tests.matrix.world import WHO, World, address_of, names_in, routes

pytestmark = pytest.mark.django_db
LETTERS = {200: "+", 204: "+", 400: "b", 401: "i", 403: "-", 404: "0", 405: "x", 409: "!"}
SHELVES = sorted({pattern.partition("/")[0] for pattern in ROWS})


@pytest.fixture
def both() -> World:
    return world.make_world()


def clients_of(both: World) -> dict[str, Client]:
    clients = {who: Client(raise_request_exception=False) for who in WHO}
    for who, person in both.people.items():
        clients[who].force_login(person)
    return clients


def letter(response: Any) -> str:
    if response.status_code in {301, 302}:
        return "?" if "/accounts/login/" in response["Location"] else "+"
    return LETTERS.get(response.status_code, str(response.status_code))


def answer(client: Client, method: str, address: str, data: dict[str, str] | None = None) -> str:
    """What comes back, leaving everything as it was."""
    point = transaction.savepoint()
    try:
        return letter(getattr(client, method)(address, data or {}))
    finally:
        transaction.savepoint_rollback(point)


def wrong_answers(shelf: str, both: World) -> list[str]:
    """``address: method who expected-got`` for each answer that is not the one in the table."""
    clients, wrong = clients_of(both), []
    for pattern in routes():
        if pattern.partition("/")[0] != shelf:
            continue
        address = address_of(pattern, both.mine)
        expected = ROWS.get(pattern, " ").split(" ")
        for method, letters in zip(("get", "post"), expected, strict=True):
            cookies = {who: dict(client.cookies) for who, client in clients.items()}
            got = "".join(answer(clients[who], method, address) for who in WHO)
            for who, client in clients.items():
                client.cookies.clear()
                client.cookies.update(cookies[who])
            if got != letters:
                wrong.append(f"{pattern}: {method} expected {letters or 'a row in expected.py'}, got {got}")
    return wrong


@pytest.mark.parametrize("shelf", SHELVES)
def test_who_may_what_is_as_written_down(shelf: str, both: World) -> None:
    assert wrong_answers(shelf, both) == []


def test_every_row_is_an_address() -> None:
    assert set(ROWS) - set(routes()) == set()
    assert {pattern.partition("/")[0] for pattern in routes()} == set(SHELVES)


def test_new_address_without_a_row_turns_red(both: World, monkeypatch: pytest.MonkeyPatch) -> None:
    planted = access.public(lambda request: None)
    monkeypatch.setattr(f"{__name__}.routes", lambda: iter(["hosting/planted/"]))
    monkeypatch.setattr("hallway.gathering.events.urls.urlpatterns", [path("hosting/planted/", planted)])
    assert "expected a row" in wrong_answers("hosting", both)[0]


def test_opened_door_turns_red(both: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hallway.gathering.events.policies.can_answer_host", lambda by, host: True)
    assert "expected ?000000+, got ?+++++++" in wrong_answers("hosting", both)[0]


NAMES_A_THING = [pattern for pattern in ROWS if len(names_in(pattern)) > 1 and pattern.startswith(("c/", "e/"))]
BELONGS = [p for p in NAMES_A_THING if not names_in(p)[-1].endswith(("section", "view", "what"))]


@pytest.mark.parametrize("method", ["get", "post"])
def test_things_of_others_are_not_found_below_ones_own_address(method: str, both: World) -> None:
    """An organiser, and an administrator, who puts an id of another community into an address of their own."""
    clients, wrong = clients_of(both), []
    assert len(BELONGS) >= 20
    for pattern in BELONGS:
        address = address_of(pattern, both.mine, other=both.theirs)
        for who in ("organiser", "administrator"):
            got = answer(clients[who], method, address, {"remove": "1", "do": "end", "name": "Taken", "version": "1"})
            # Whoever opens the address of a button is sent back to the page it stands on.
            sent_back = method == "get" and (ROWS[pattern].startswith("?+++++++") or pattern.endswith("/remove/"))
            if got not in {"0", "x"} and not sent_back:
                wrong.append(f"{method} {address} as {who}: {got}")
    assert wrong == []


def test_drafts_are_not_found_by_anybody_outside(both: World) -> None:
    clients, wrong = clients_of(both), []
    for pattern in (pattern for pattern in ROWS if pattern.startswith("e/")):
        address = address_of(pattern, both.mine).replace(both.mine.event.slug, both.mine.draft.slug)
        for who in ("anonymous", "stranger", "member", "other"):
            for method in ("get", "post"):
                got = answer(clients[who], method, address)
                if got not in ({"0", "?", "x"} if who == "anonymous" else {"0", "x"}):
                    wrong.append(f"{method} {address} as {who}: {got}")
    assert wrong == []


ADMINISTRATION = ("", "people/person/", "people/person/add/", "events/event/", "notices/outboxmail/")


@pytest.mark.parametrize("who", [who for who in WHO if who != "administrator"])
def test_administration_is_closed_to_everybody_else(who: str, both: World) -> None:
    client = clients_of(both)[who]
    for end in ADMINISTRATION:
        for method in ("get", "post"):
            response = getattr(client, method)(f"/administration/{end}")
            assert response.status_code in {302, 403, 404, 405}
            assert response.status_code != 302 or "/login/" in response["Location"]


def test_administration_lets_administrators_look_and_not_touch(both: World) -> None:
    client = clients_of(both)["administrator"]
    assert client.get("/administration/people/person/").status_code == 200
    assert client.get("/administration/people/person/add/").status_code == 403
    before = Person.objects.count()
    client.post("/administration/people/person/", {"action": "delete_selected", "_selected_action": "1", "post": "yes"})
    assert Person.objects.count() == before
