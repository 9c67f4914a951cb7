"""The page of the door for the team: links, code for the wall, paper."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from hallway.gathering.attendance import actions, queries
from hallway.gathering.attendance.models import Admission, DoorHelper, ListExport
from hallway.gathering.events.models import Event
from hallway.kit import live
from tests.factories import PersonFactory, VenueFactory
from tests.gathering.attendance.doorway import evening, going, helper_of, team_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_the_day(at: datetime) -> Iterator[None]:
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def admission(at: datetime) -> Admission:
    return evening(at, seats=10)


@pytest.fixture
def page(admission: Admission) -> str:
    return f"/e/{admission.event.slug}/door/"


@pytest.fixture
def team(client: Client, admission: Admission) -> Client:
    client.force_login(team_of(admission))
    return client


def press(client: Client, page: str, **data: Any) -> Any:
    return client.post(page, data, headers={"Sec-Fetch-Site": "same-origin"}, follow=True)


def test_link_for_a_helper_is_shown_once(team: Client, page: str, at: datetime) -> None:
    shown = press(team, page, do="invite", name="Lerato <3").content.decode()
    helper = DoorHelper.objects.get()
    address = shown.partition('readonly value="')[2].partition('"')[0]
    assert queries.helper_by(address.split("/")[-2]) == helper
    assert "The link for Lerato &lt;3" in shown
    again = team.get(page).content.decode()
    assert (address in again, "Lerato &lt;3" in again) == (False, True)


def test_link_without_a_name_is_asked_for_one(team: Client, page: str) -> None:
    assert "This field is required" in press(team, page, do="invite", name="").content.decode()
    assert press(team, page, do="something").status_code == 200
    assert DoorHelper.objects.count() == 0


def test_link_after_the_event_is_refused_in_a_sentence(team: Client, page: str, at: datetime) -> None:
    with time_machine.travel(at + timedelta(days=2), tick=False):
        assert "its door is closed" in press(team, page, do="invite", name="x").content.decode()


def test_link_is_ended_by_its_own_team(team: Client, page: str, admission: Admission, at: datetime) -> None:
    helper, _token = helper_of(admission, at)
    foreign, _token = helper_of(evening(at), at)
    assert "The link of Lerato has ended." in press(team, page, do="end", helper=helper.pk).content.decode()
    for other in (foreign.pk, "", "x", "9" * 30):
        assert press(team, page, do="end", helper=other).status_code == 404
    ended = DoorHelper.objects.exclude(ended_at=None)
    assert list(ended) == [helper]
    assert "has ended" in team.get(page).content.decode()


def test_code_for_the_wall_is_made_and_made_anew(team: Client, page: str, admission: Admission) -> None:
    before = team.get(page).content.decode()
    assert ("Make the code" in before, "Show it full screen" in before) == (True, False)
    after = press(team, page, do="wall").content.decode()
    assert ("Make a new code" in after, "Show it full screen" in after) == (True, True)
    first = Admission.objects.get(pk=admission.pk).wall_nonce
    press(team, page, do="wall")
    assert first != Admission.objects.get(pk=admission.pk).wall_nonce


@pytest.mark.parametrize("what", ["", "list/", "wall/", "paper/", "print/list/", "print/badges/"])
def test_pages_of_the_door_are_the_teams(client: Client, page: str, what: str) -> None:
    assert client.get(page + what).status_code == 302
    client.force_login(PersonFactory())
    assert client.get(page + what).status_code == 403


def test_list_on_paper_needs_nothing_installed(team: Client, page: str, admission: Admission, at: datetime) -> None:
    row = going(admission, name="Émile", guests=1)[0]
    going(admission, name="Ama", state="waiting")
    going(admission, name="Declined", state="declined")
    actions.check_self_in(registration=row, by=row.person, at=at)
    text = press(team, f"{page}paper/").content.decode()
    assert text.index("Ama") < text.index("Émile")
    assert [word in text for word in (row.code, "here already", "in line", "Declined")] == [True, True, True, False]
    assert set(ListExport.objects.values_list("what", "registrations__name")) == {("list", "Émile"), ("list", "Ama")}


def test_list_on_paper_is_printed_before_anybody_registered(team: Client, page: str, admission: Admission) -> None:
    assert "Door list" in press(team, f"{page}paper/").content.decode()
    assert ListExport.objects.count() == 0


@pytest.mark.parametrize("what", ["list", "badges", "poster"])
def test_paper_comes_as_pdf(team: Client, page: str, admission: Admission, what: str) -> None:
    Event.objects.filter(pk=admission.event_id).update(venue=VenueFactory(community=admission.event.community))
    press(team, page, do="wall")
    row = going(admission, guests=1)[0]
    answer = team.get(f"{page}print/poster/") if what == "poster" else press(team, f"{page}print/{what}/")
    assert (answer.status_code, answer["Content-Type"], answer.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert f"{admission.event.slug}-{what}.pdf" in answer["Content-Disposition"]
    exports = list(ListExport.objects.values_list("what", "registrations"))
    assert exports == ([] if what == "poster" else [(what, row.pk)])


def test_opening_the_address_of_a_list_prints_nothing(team: Client, page: str, admission: Admission) -> None:
    going(admission)
    assert team.get(f"{page}print/list/").status_code == 405
    assert team.get(f"{page}paper/")["Location"] == page
    assert ListExport.objects.count() == 0


def test_list_of_nobody_is_not_printed(team: Client, page: str) -> None:
    assert press(team, f"{page}print/badges/").status_code == 409


def test_nothing_else_is_printed(team: Client, page: str) -> None:
    assert team.get(f"{page}print/everything/").status_code == 404
    assert team.get(f"{page}print/poster/").status_code == 404, "there is no code yet"


def test_event_page_leads_the_team_to_the_door(client: Client, admission: Admission, at: datetime) -> None:
    page, door = f"/e/{admission.event.slug}/", f'href="/e/{admission.event.slug}/door/"'
    assert door not in client.get(page).content.decode()
    client.force_login(team_of(admission, "organiser"))
    today = client.get(page).content.decode()
    assert f'class="button small primary" {door}' in today
    with time_machine.travel(at - timedelta(days=3), tick=False):
        assert f'class="button small" {door}' in client.get(page).content.decode()
    Event.objects.filter(pk=admission.event_id).update(state="cancelled")
    assert door not in client.get(page).content.decode()


@pytest.mark.parametrize("what", ["", "wall/"])
def test_counter_hears_who_came_between_its_page_and_its_stream(
    team: Client, page: str, admission: Admission, at: datetime, what: str
) -> None:
    first, second = going(admission, 2)
    press(team, page, do="wall")
    actions.check_self_in(registration=first, by=first.person, at=at)
    answer = team.get(page + what).content.decode()
    assert "<b data-came>1</b>" in answer
    found = re.search(r'data-live="/live/(public/door:\d+)\?after=(\d+)"', answer)
    assert found is not None
    channel, after = found[1], int(found[2])
    assert live.missed([(channel, after, frozenset())])[1] == [([], None)]
    actions.check_self_in(registration=second, by=second.person, at=at)
    ((told, _ends_at),) = live.missed([(channel, after, frozenset())])[1]
    assert [json.loads(one.data)["came"] for one in told] == [2]
