"""What the team finds on lower pages: how full an event is, who waits for an answer, who will hear of a change."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from hallway.gathering.attendance.models import Admission, Registration
from hallway.gathering.events.models import Event
from tests.factories import AdmissionFactory
from tests.gathering.attendance.desk import Desk, desk, of_host, of_role, words_of

pytestmark = pytest.mark.django_db
State = Registration.State


@pytest.fixture(autouse=True)
def on_the_day(at: datetime) -> Any:
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def team(at: datetime) -> Desk:
    return desk(at)


def event_page(made: Desk) -> str:
    return words_of(made.client.get(f"/e/{made.event.slug}/"))


def community_page(made: Desk) -> str:
    return words_of(made.client.get(f"/c/{made.event.community.slug}/"))


def test_event_page_says_to_organisers_how_full_it_is(team: Desk, at: datetime) -> None:
    team.person("Lwazi", guests=1)
    team.person("Zola", State.WAITING)
    team.person("Abel", State.ASKED)
    page = event_page(team)
    assert "2 of 10 seats, 1 in line, <b>1 asked</b>" in page
    assert team.address() in page
    assert "2 of 10 seats" in event_page(of_host(team, at))
    assert team.address() not in event_page(of_role(team, "editor"))
    Admission.objects.update(capacity=None)
    assert "2 seats taken, 1 in line" in event_page(team)
    Admission.objects.update(how="none")
    assert "There is no registration here." in event_page(team)


def test_event_page_without_a_list_has_no_way_to_it(team: Desk) -> None:
    team.admission.delete()
    assert team.address() not in event_page(team)


def test_community_page_says_who_waits_for_an_answer(team: Desk, at: datetime) -> None:
    assert "wait for your yes or no" not in community_page(team)
    team.person("Lwazi", State.ASKED)
    workshop = AdmissionFactory(event=team.event, is_event=False)
    team.person("Zola", State.ASKED, admission=workshop)
    team.person("Abel")
    assert "2 people wait for your yes or no<small" in community_page(team)
    assert "wait for your yes or no" not in community_page(of_role(team, "editor"))
    Event.objects.update(starts_at=at - timedelta(days=2), ends_at=at - timedelta(days=1))
    assert "wait for your yes or no" not in community_page(team), "what is over waits for nobody"


@pytest.mark.parametrize("part", ["edit/when/", "edit/where/", "postpone/", "cancel/"])
def test_pages_that_move_an_event_say_how_many_hear_of_it(team: Desk, part: str) -> None:
    address = f"/e/{team.event.slug}/{part}"
    assert "registered p" not in words_of(team.client.get(address))
    team.person("Lwazi")
    team.person("Zola", State.WAITING)
    team.person("Abel", State.GIVEN_UP)
    when = "at once by mail" if part == "cancel/" else "ten minutes after your last change"
    page = words_of(team.client.get(address))
    assert "2 registered people hear of " in page
    assert when in page
    assert ("at once if there is no new date" in page) == (part == "postpone/")


def test_pages_that_move_nothing_do_not_speak_of_mail(team: Desk) -> None:
    team.person("Lwazi")
    for part in ("edit/what/", "copy/", "delete/"):
        assert "registered p" not in words_of(team.client.get(f"/e/{team.event.slug}/{part}"))


def test_event_people_registered_for_is_not_hidden_from_them(team: Desk) -> None:
    row = team.person("Lwazi")
    response = team.client.post(f"/e/{team.event.slug}/unpublish/", headers={"Sec-Fetch-Site": "same-origin"})
    assert response.status_code == 409
    assert "1 person is registered for this. Postpone or cancel it instead" in words_of(response)
    row.delete()
    assert team.client.post(f"/e/{team.event.slug}/unpublish/").status_code == 302
    team.event.refresh_from_db()
    assert team.event.state == "draft"
