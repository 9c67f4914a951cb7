"""A secret word stands in every field that is not public. Whoever walks through the whole site never meets it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client

from hallway.finding.indexing import index_everything
from hallway.finding.models import SearchEntry
from hallway.gathering.communities.actions import invite_to_team
from hallway.kit import access
from hallway.kit.store import STORE_HEADER, keep
from tests.matrix import world
from tests.matrix.expected import ROWS
from tests.matrix.world import SECRET, SOON, World, address_of

pytestmark = pytest.mark.django_db
LINK = re.compile(r'(?:href|src|action|content)="(?:https?://(?:localhost:8000|testserver))?(/[^"#]*)"')
MOST_PAGES = 240
LINKED = ("door/", "feedback/", "makers/confirm/")
BESIDES = (
    "/search?q=draft", "/search?q=speaker", "/search?q=link", "/search?q=example.org", "/search?q=community",
    "/search?q=talk", "/events/?when=past", "/service-worker.js", "/manifest.webmanifest",
)  # fmt: skip


@pytest.fixture
def full() -> World:
    made = world.make_world()
    world.make_drafts(made.mine)
    index_everything()
    return made


def pages_for(client: Client, first: list[str]) -> Iterator[tuple[str, Any]]:
    """Every page a reader comes to by following links, whatever it is."""
    waiting, seen = [*first], set(first)
    while waiting:
        address = waiting.pop(0)
        response = client.get(address)
        yield address, response
        for found in LINK.findall(response.content.decode("utf-8", "replace")):
            link = unescape(found)
            if len(seen) < MOST_PAGES and link not in seen and not link.startswith(("/static/", "/accounts/")):
                seen.add(link)
                waiting.append(link)


def public_addresses(full: World) -> list[str]:
    """What everybody may open; not where a link says who one is: helpers at the door, speakers, who asks to speak."""
    public = (pattern for pattern, row in ROWS.items() if row[0] == "+" and not pattern.startswith(LINKED))
    return [address_of(pattern, full.mine) for pattern in public]


def leaks(client: Client, full: World) -> list[str]:
    found = []
    for address, response in pages_for(client, [*public_addresses(full), *BESIDES]):
        told = response.content.decode("utf-8", "replace") + str(response.headers)
        if SECRET in told.lower():
            place = told.lower().index(SECRET)
            found.append(f"{address}: …{told[max(0, place - 60) : place + 60]}…")
    return found


@pytest.mark.parametrize("who", ["anonymous", pytest.param("member", marks=pytest.mark.full)])
def test_nothing_private_is_told_to_people_outside(who: str, full: World) -> None:
    client = Client()
    if who != "anonymous":
        reader = full.people[who]
        type(reader).objects.filter(pk=reader.pk).update(email=f"{who}@example.org")
        client.force_login(reader)
    assert leaks(client, full) == []


def test_search_entries_hold_nothing_private(full: World) -> None:
    assert SearchEntry.objects.count() >= 6
    for entry in SearchEntry.objects.all():
        assert SECRET not in f"{entry.title}{entry.detail}{entry.url}{entry.folded}{entry.folded_title}"


def test_team_reads_a_trail_without_addresses(full: World) -> None:
    client = Client()
    client.force_login(full.people["helper"])
    invite_to_team(
        community=full.mine.community, invited=[("khaya@example.org", "helper")], by=full.mine.organiser, at=SOON
    )
    trail = client.get(f"/c/{full.mine.community.slug}/trail/").content.decode()
    assert "invited somebody to the team" in trail
    assert "@example.org" not in trail


def test_leak_turns_red(full: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hallway.gathering.events.policies.can_see_joining", lambda person, event: True)
    assert any("/e/conf-mine/: " in said for said in leaks(Client(), full))


MARK = "zyxmark"
ODD = {
    "User-Agent": MARK, "Referer": f"http://testserver/{MARK}", "X-Forwarded-For": MARK, "X-Forwarded-Host": MARK,
    "X-Real-Ip": MARK, "Accept": f"text/html, {MARK}/x",
}  # fmt: skip


def unfit_for_the_store(full: World) -> list[str]:
    """Public addresses whose stored answer would hold something of one reader's."""
    anonymous, signed_in, wrong = Client(headers=ODD), Client(), []
    anonymous.cookies["colour"] = MARK
    signed_in.force_login(full.people["stranger"])
    for address in public_addresses(full):
        response = anonymous.get(address)
        if STORE_HEADER in response:
            told = response.content.decode("utf-8", "replace") + str(response.headers)
            if MARK in told or "csrfmiddlewaretoken" in told or response.cookies:
                wrong.append(f"{address}: something of the reader’s is stored")
        if STORE_HEADER in signed_in.get(address):
            wrong.append(f"{address}: a signed-in answer is stored")
        if STORE_HEADER in anonymous.post(address):
            wrong.append(f"{address}: the answer to a POST is stored")
        anonymous.cookies.clear()
        anonymous.cookies["colour"] = MARK
    return wrong


def test_nothing_personal_is_stored(full: World) -> None:
    assert unfit_for_the_store(full) == []


def test_reader_in_a_stored_page_turns_red(full: World, monkeypatch: pytest.MonkeyPatch) -> None:
    @access.public
    def planted(request: HttpRequest, **_ignored: Any) -> HttpResponse:
        return keep(HttpResponse(request.headers.get("User-Agent", "")), ["home"])

    monkeypatch.setattr("hallway.finding.views.search.__code__", planted.__code__)
    monkeypatch.setitem(vars(__import__("hallway.finding.views", fromlist=["x"])), "keep", keep)
    monkeypatch.setitem(vars(__import__("hallway.finding.views", fromlist=["x"])), "HttpResponse", HttpResponse)
    assert "/search: something of the reader’s is stored" in unfit_for_the_store(full)


def test_signed_in_name_in_a_stored_page_turns_red(full: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "hallway.site.middleware.StoredPagesMiddleware.__call__", lambda self, request: self.get_response(request)
    )
    assert any("a signed-in answer is stored" in said for said in unfit_for_the_store(full))
