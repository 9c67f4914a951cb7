"""What lower pages say of seats, and to whom."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from hallway.gathering.attendance import actions
from hallway.gathering.attendance.models import Admission, Registration, StandingRegistration
from hallway.gathering.events.models import Event
from hallway.kit.models import Revision
from hallway.kit.store import STORE_HEADER, UNTIL_HEADER
from hallway.people import actions as people
from tests.factories import AdmissionFactory, EventFactory, PersonFactory, SeriesFactory, TeamRoleFactory
from tests.gathering.attendance.line import come, list_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_the_day(at: datetime) -> Any:
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def admission(at: datetime) -> Admission:
    made = list_of(60, at + timedelta(days=30))
    Event.objects.filter(pk=made.event_id).update(slug="evening", title={"en": "Evening"})
    made.refresh_from_db()
    return made


def page(client: Client, address: str = "/e/evening/") -> str:
    return str(client.get(address).content.decode())


def test_event_page_has_the_button_and_how_full_it_is(admission: Admission, client: Client, at: datetime) -> None:
    come(admission, at, 3)
    html = page(client)
    for words in (
        "57 seats left",
        "3 of 60 seats taken",
        "Everybody may register.",
        "Whoever came first is next.",
        "I’m coming",
    ):
        assert words in html, words
    assert 'action="/e/evening/register/"' in html
    assert 'data-standing="/e/evening/registration/where/" hidden' in html


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"capacity": 1}, ("full, 2 in line", "Put me in line", "1 of 1 seats taken")),
        (
            {"how": "approval", "reason": {"en": "We are few."}},
            ("Ask to come", "The team says yes or no", "We are few."),
        ),
        ({"how": "invitation"}, ("By invitation", "by invitation")),
        ({"capacity": None}, ("3 people come", "I’m coming")),
    ],
)
def test_event_page_says_it_in_the_words_of_its_admission(
    admission: Admission, client: Client, at: datetime, fields: dict[str, Any], words: tuple[str, ...]
) -> None:
    Admission.objects.update(capacity=1 if fields.get("capacity") else 60)
    admission.refresh_from_db()
    come(admission, at, 3)
    Admission.objects.update(**fields)
    html = page(client)
    assert [one for one in words if one not in html] == []


def test_event_page_is_stored_until_registration_opens(admission: Admission, client: Client, at: datetime) -> None:
    opens = at + timedelta(days=3)
    Admission.objects.update(opens_at=opens)
    response = client.get("/e/evening/")
    html = response.content.decode()
    assert "Registration opens later" in html
    assert "registration from 11 Oct" in html
    assert response[UNTIL_HEADER] == str(int(opens.timestamp()))
    assert f"seats:{admission.event_id}" in response[STORE_HEADER].split()


def test_event_page_says_to_the_person_signed_in_where_they_stand(
    admission: Admission, client: Client, at: datetime
) -> None:
    row = come(admission, at)[0]
    client.force_login(row.person)
    html = page(client)
    assert "You are going." in html
    assert "I’m coming" not in html
    assert "data-standing" not in html
    actions.give_up_seat(registration=row, by=row.person, at=at)
    assert "I’m coming" in page(client)


def test_event_page_without_registration_has_no_button(client: Client, at: datetime) -> None:
    EventFactory(slug="plain")
    assert "register" not in page(client, "/e/plain/")
    AdmissionFactory(event=EventFactory(slug="none"), how="none")
    html = page(client, "/e/none/")
    assert "I’m coming" not in html
    assert "Registration</h2>" not in html


def test_programme_page_says_nothing_of_seats(admission: Admission, client: Client) -> None:
    assert "60 seats left" in page(client)
    assert "60 seats left" not in page(client, "/e/evening/schedule/")


def test_those_going_are_named_to_whom_they_allow(admission: Admission, client: Client, at: datetime) -> None:
    for name, shown in (("Shy Person", "nobody"), ("Warm Person", "going"), ("Open Person", "everybody")):
        actions.change_registration(
            registration=(row := come(admission, at)[0]), name=name, shown=shown, by=row.person, at=at
        )

    def seen() -> list[str]:
        html = page(client)
        return [name for name in ("Shy", "Warm", "Open") if f"{name} Person" in html]

    assert seen() == ["Open"]
    client.force_login(PersonFactory())
    assert seen() == ["Open"]
    client.force_login(come(admission, at)[0].person)
    assert seen() == ["Warm", "Open"]
    assert "Only those are named who chose to be seen." in page(client)
    client.force_login(TeamRoleFactory(community=admission.event.community).person)
    assert seen() == ["Shy", "Warm", "Open"]
    assert "Others see only those who chose to be seen." in page(client)
    assert "Only those are named" not in page(client)


def test_page_that_names_somebody_is_old_when_they_leave(admission: Admission, client: Client, at: datetime) -> None:
    row = come(admission, at)[0]
    actions.change_registration(registration=row, shown="everybody", by=row.person, at=at)
    with time_machine.travel(at + timedelta(days=40), tick=False):
        assert row.name in page(client)
        stored_under = client.get("/e/evening/")[STORE_HEADER].split()
        people.leave_hallway(person=row.person, by=row.person, at=at + timedelta(days=40))
        bumped = set(Revision.objects.filter(changed_at=at + timedelta(days=40)).values_list("key", flat=True))
        assert bumped & set(stored_under)
        assert row.name not in page(client)


def test_workshops_stand_on_the_page_with_their_seats(
    admission: Admission, client: Client, at: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def workshop(title: str) -> Admission:
        made: Admission = AdmissionFactory(
            event=admission.event, is_event=False, title={"en": title}, capacity=5, place="Room B",
            starts_at=at + timedelta(days=30),
        )  # fmt: skip
        return made

    first = workshop("Rust")
    page(client)
    with django_assert_num_queries(EVENT_QUERIES):
        html = page(client)
    assert f'href="/e/evening/register/{first.pk}/"' in html
    assert "5 seats left" in html
    assert "Room B" in html
    workshop("Go")
    workshop("Zig")
    come(admission, at, 3, guests=1)
    Registration.objects.update(shown="everybody")
    with django_assert_num_queries(EVENT_QUERIES):
        assert "Zig" in page(client)


EVENT_QUERIES = 9


def test_rows_of_lists_say_how_full_in_one_query_for_all(
    client: Client, at: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def announce(number: int, **fields: Any) -> None:
        for _one in range(number):
            list_of(12, at + timedelta(days=20), **fields)

    announce(1)
    client.get("/events/")
    with django_assert_num_queries(ROW_QUERIES):
        assert page(client, "/events/").count("12 seats left") == 1
    announce(2)
    with django_assert_num_queries(ROW_QUERIES):
        assert page(client, "/events/").count("12 seats left") == 3
    announce(1, how="invitation")
    announce(1, closes_at=at)
    html = page(client, "/events/")
    assert "by invitation" in html
    assert "registration closed" in html


ROW_QUERIES = 10


def test_rows_of_what_is_over_say_nothing(client: Client, at: datetime) -> None:
    list_of(12, at - timedelta(days=20))
    assert "seats left" not in page(client, "/events/?when=past")


def test_next_event_of_a_community_has_the_button(admission: Admission, client: Client, at: datetime) -> None:
    address = f"/c/{admission.event.community.slug}/"
    response = client.get(address)
    assert 'href="/e/evening/register/"' in response.content.decode()
    assert response[UNTIL_HEADER]
    row = come(admission, at)[0]
    client.force_login(row.person)
    assert "You are going." in page(client, address)


def test_account_lists_what_one_registered_for_soonest_first(
    client: Client, at: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    person = PersonFactory()
    client.force_login(person)
    assert "Nothing to come." in page(client, "/me/")

    def go(days: int) -> None:
        admission = list_of(12, at + timedelta(days=days))
        Event.objects.filter(pk=admission.event_id).update(title={"en": f"In {days} days"})
        actions.register(admission=admission, person=person, by=person, at=at)

    go(5)
    page(client, "/me/")
    with django_assert_num_queries(ME_QUERIES):
        page(client, "/me/")
    go(3)
    go(9)
    with django_assert_num_queries(ME_QUERIES):
        html = page(client, "/me/")
    assert html.index("In 3 days") < html.index("In 5 days") < html.index("In 9 days")
    assert "You are going." in html
    assert "In 3 days" in page(client, "/"), "and the home of somebody signed in says so, too"


ME_QUERIES = 22


def test_account_lists_where_one_comes_every_time_and_ends_it(
    client: Client, at: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    person = PersonFactory()
    client.force_login(person)
    assert "every date" not in page(client, "/me/")

    def stand(title: str, **fields: Any) -> StandingRegistration:
        series = SeriesFactory(title={"en": title}, **fields)
        return StandingRegistration.objects.create(series=series, person=person, since=at)

    first = stand("Jacaranda evenings")
    with django_assert_num_queries(ME_QUERIES):
        page(client, "/me/")
    stand("Baobab mornings")
    stand("Marula nights")
    stand("What is no more", ended_at=at)
    with django_assert_num_queries(ME_QUERIES):
        html = page(client, "/me/")
    assert html.count("No longer every time") == 3
    assert html.index("Jacaranda evenings") < html.index("Baobab mornings") < html.index("Marula nights")
    assert "What is no more" not in html
    end, same_site = f"/me/every-time/{first.pk}/end/", {"Sec-Fetch-Site": "same-origin"}
    other = Client()
    other.force_login(PersonFactory())
    assert other.post(end, headers=same_site).status_code == 404
    assert client.get(end).status_code == 405
    html = client.post(end, headers=same_site, follow=True).content.decode()
    assert "You are no longer counted in every time." in html
    assert "Jacaranda evenings" not in html
    first.refresh_from_db()
    assert first.ended_at == at
