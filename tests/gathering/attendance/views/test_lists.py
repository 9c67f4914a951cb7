"""Lists as files, from the page: by POST alone, and everybody sees who took which."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import time_machine

from hallway.gathering.attendance.models import AdmissionAnswer, ListExport
from tests.factories import AdmissionFactory
from tests.gathering.attendance.desk import Desk, desk, of_host, of_role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_the_day(at: datetime) -> Any:
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def team(at: datetime) -> Desk:
    return desk(at)


def test_list_is_a_file_for_any_spreadsheet(team: Desk) -> None:
    team.person("=HYPERLINK(1)", guests=1)
    response = team.post("lists/", what="going")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="tram-evening-going.csv"'
    assert response["Cache-Control"] == "no-store"
    assert response.content == "\ufeffName,Guests,Online\r\n'=HYPERLINK(1),1,\r\n".encode()


def test_list_is_never_taken_by_a_link(team: Desk) -> None:
    team.person("Lwazi")
    response = team.get("lists/", what="going")
    assert response["Content-Type"].startswith("text/html")
    assert not ListExport.objects.exists()


def test_lists_are_for_organisers(team: Desk, at: datetime) -> None:
    team.person("Lwazi")
    for role in ("editor", "helper"):
        assert of_role(team, role).post("lists/", what="going").status_code == 403
    assert not ListExport.objects.exists()
    assert of_host(team, at).post("lists/", what="going").status_code == 200


def test_list_of_no_kind_or_of_nobody_is_refused(team: Desk) -> None:
    assert team.post("lists/", what="secrets").status_code == 404
    response = team.post("lists/", what="waiting")
    assert response.status_code == 409
    assert b"Nobody is in this list" in response.content


def test_page_says_who_took_which_and_that_those_in_it_see_it(team: Desk) -> None:
    team.person("Lwazi")
    page = team.page("lists/")
    assert "Whoever is in it sees that it was downloaded" in page
    assert "Everybody in it sees that you downloaded their address." in page
    assert "Nobody has downloaded a list yet." in page
    assert "Kitchen" not in page, "nobody is asked what they eat"
    team.post("lists/", what="everybody")
    assert "Everybody, with addresses, 1 person, <bdi>Phindile Were</bdi>" in team.page("lists/")


def test_lists_count_those_in_them(team: Desk) -> None:
    question = team.question("diet", "What do you not eat?")
    row = team.person("Lwazi")
    team.person("Zola")
    AdmissionAnswer.objects.create(registration=row, question=question, text="Nuts")
    numbers = {one.what: one.number for one in team.get("lists/").context["offers"]}
    assert numbers == {"going": 2, "diet": 1, "waiting": 0, "came": 0, "everybody": 2}


def test_list_of_a_workshop_is_its_own_file(team: Desk) -> None:
    workshop = AdmissionFactory(event=team.event, is_event=False, title={"en": "Trams in Rust"})
    team.person("Lwazi")
    team.person("Zola", admission=workshop)
    response = team.client.post(team.address(f"lists/?list={workshop.pk}"), {"what": "going"})
    assert b"Zola" in response.content
    assert b"Lwazi" not in response.content
    assert f"-{workshop.pk}-going.csv" in response["Content-Disposition"]


def test_lists_cost_the_same_for_one_and_three(team: Desk, django_assert_num_queries: Any) -> None:
    for number in (1, 2):
        for _one in range(number):
            team.person("Lwazi")
            team.post("lists/", what="going")
        with django_assert_num_queries(10):
            team.page("lists/")
