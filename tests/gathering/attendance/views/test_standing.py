"""The page of a registration: where somebody stands, and its buttons."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from hallway.gathering.attendance import actions
from hallway.gathering.attendance.models import (
    Admission,
    AdmissionQuestion,
    ListExport,
    Registration,
    StandingRegistration,
    StillComing,
)
from hallway.gathering.events.models import Event
from hallway.kit.actors import SystemPerson
from hallway.kit.store import STORE_HEADER
from tests.factories import AdmissionFactory, PersonFactory, SeriesFactory, TeamRoleFactory
from tests.gathering.attendance.line import come, now_of

from . import page_of, post

pytestmark = pytest.mark.django_db
State = Registration.State
KEEPER = SystemPerson("seats")


def text_of(client: Client, row: Registration, query: str = "") -> str:
    response = client.get(page_of(row) + query)
    assert response.status_code == 200
    return str(response.content.decode())


def presses(page: str, row: Registration, words: str) -> bool:
    """Whether a button with these words gives the seat up by itself."""
    form = page[: page.index(words)].rpartition("<form")[2]
    return f'method="post" action="{page_of(row)}give-up/"' in form and "</form>" not in form


def offered(admission: Admission, at: datetime) -> Registration:
    """Somebody in line for whom a seat is kept."""
    rows = come(admission, at, 3)
    actions.give_up_seat(registration=rows[0], by=rows[0].person, at=at)
    return now_of(rows[2])


def test_page_of_somebody_going_has_all_they_need(admission: Admission, public: Client, at: datetime) -> None:
    Event.objects.update(attendance="hybrid", joining={"en": "meet.example.org code 4821"})
    row = come(admission, at)[0]
    page = text_of(public, row)
    for words in (
        "You are going.",
        "Saturday 7 November 2026",
        "11:00",
        "Karee Hall",
        row.code,
        "code 4821",
        "calendar.ics",
    ):
        assert words in page, words
    assert f'aria-label="Your code for the door: {row.code}"' in page
    answer = public.get(page_of(row) + "calendar.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    assert row.code in answer.content.decode()


def test_page_is_never_stored_nor_told_to_other_sites(admission: Admission, public: Client, at: datetime) -> None:
    response = public.get(page_of(come(admission, at)[0]))
    assert STORE_HEADER not in response
    # Not “no-referrer”: browsers then send “Origin: null” with the page's own buttons, and older ones only that.
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]
    assert 'content="noindex"' in response.content.decode()


def test_page_of_somebody_in_line_says_where(admission: Admission, public: Client, at: datetime) -> None:
    rows = come(admission, at, 5)
    Event.objects.update(joining={"en": "code 4821"}, attendance="hybrid")
    assert "You are next in line." in text_of(public, rows[2])
    assert "1 person is before you." in text_of(public, rows[3])
    page = text_of(public, rows[4])
    assert "2 people are before you." in page
    assert "4821" not in page, "joining details are for those going"
    assert "Your code for the door" not in page
    Admission.objects.update(rule="lottery")
    assert "Chance decides who is next" in text_of(public, rows[4])


def test_seat_on_offer_says_until_when_and_is_taken_by_one_press(
    admission: Admission, public: Client, at: datetime
) -> None:
    row = offered(admission, at)
    page = text_of(public, row)
    assert "A seat is kept for you until Friday 9 October, 11:00." in page
    assert "Johannesburg (UTC+2)" in page
    assert public.get(f"{page_of(row)}take/")["Location"] == f"{page_of(row)}?do=take"
    assert now_of(row).state == State.OFFERED, "a link that is followed takes nothing"
    assert post(public, f"{page_of(row)}take/")["Location"] == f"{page_of(row)}?done=taken"
    assert now_of(row).state == State.GOING
    assert "The seat is yours." in text_of(public, row, "?done=taken")
    assert post(public, f"{page_of(row)}take/").status_code == 302, "twice is once"


def test_seat_whose_hour_is_over_is_refused_on_the_page(admission: Admission, public: Client, at: datetime) -> None:
    row = offered(admission, at)
    with time_machine.travel(at + timedelta(days=3), tick=False):
        late = post(public, f"{page_of(row)}take/")
        assert late.status_code == 409
        assert "This offer has ended" in late.content.decode()
        actions.end_due_offers(admission=admission, by=KEEPER, at=at + timedelta(days=3))
        page = text_of(public, row)
    assert "Your registration has ended." in page
    assert "There was no answer in time" in page
    assert "I want to come after all" in page


def test_giving_up_asks_once_and_says_what_becomes_of_the_seat(
    admission: Admission, public: Client, at: datetime
) -> None:
    first, _second, third = come(admission, at, 3)
    page = text_of(public, first, "?do=give-up")
    assert "Give it up?" in page
    assert "The seat is free for others at once." in page
    assert now_of(first).state == State.GOING
    assert public.get(f"{page_of(first)}give-up/")["Location"].endswith("?do=give-up")
    assert post(public, f"{page_of(first)}give-up/").status_code == 302
    assert (now_of(first).state, now_of(third).state) == (State.GIVEN_UP, State.OFFERED)
    page = text_of(public, first, "?done=given-up")
    assert "You gave up your registration." in page
    assert "somebody else can come" in page
    assert "/change/" not in page
    assert "You leave the line" not in text_of(public, third)


def test_still_coming_is_answered_by_one_press(admission: Admission, public: Client, at: datetime) -> None:
    row = come(admission, at)[0]
    StillComing.objects.create(
        registration=row, days=7, starts_at=admission.event.starts_at, asked_at=at, answer_by=at + timedelta(days=1)
    )
    page = text_of(public, row, "?do=coming")
    assert "Are you still coming?" in page
    assert presses(page, row, "No, give my seat up"), "no as well, without another page between"
    assert "Friday 9 October, 11:00, Johannesburg (UTC+2)" in page
    assert post(public, f"{page_of(row)}coming/")["Location"].endswith("?done=coming")
    assert StillComing.objects.get().answered_at == at
    assert "Are you still coming?" not in text_of(public, row)


def test_still_coming_after_the_seat_went_on_is_refused(admission: Admission, public: Client, at: datetime) -> None:
    row = come(admission, at)[0]
    actions.give_up_seat(registration=row, by=row.person, at=at)
    late = post(public, f"{page_of(row)}coming/")
    assert late.status_code == 409
    assert "If you want to come, register again." in late.content.decode()


def test_change_of_name_guests_and_answers(admission: Admission, public: Client, at: datetime) -> None:
    question = AdmissionQuestion.objects.create(admission=admission, text={"en": "Diet?"}, purpose={"en": "Supper"})
    row = come(admission, at, name="Old Name", answers={question.pk: "No nuts"})[0]
    page = text_of(public, row)
    assert 'value="Old Name"' in page
    assert 'value="No nuts"' in page
    changed = {"name": "New Name", "guests": "1", f"question_{question.pk}": "All"}
    assert post(public, f"{page_of(row)}change/", changed)["Location"].endswith("?done=saved")
    row = now_of(row)
    assert (row.name, row.guests, row.answers.get().text) == ("New Name", 1, "All")
    assert public.get(f"{page_of(row)}change/")["Location"] == page_of(row)


def test_change_for_which_no_seat_is_free_keeps_what_was_typed(
    admission: Admission, public: Client, at: datetime
) -> None:
    row, _other = come(admission, at, 2)
    refused = post(public, f"{page_of(row)}change/", {"name": "Typed Here", "guests": "1"})
    assert refused.status_code == 409
    page = refused.content.decode()
    assert "No seat is free for another guest." in page
    assert 'value="Typed Here"' in page
    nameless = post(public, f"{page_of(row)}change/", {"name": "", "guests": "0"})
    assert "Say your name" in nameless.content.decode()
    assert now_of(row).guests == 0


def test_group_that_holds_the_line_may_come_alone(admission: Admission, public: Client, at: datetime) -> None:
    first, _second = come(admission, at, 2)
    group = come(admission, at, guests=1)[0]
    actions.give_up_seat(registration=first, by=first.person, at=at)
    page = text_of(public, group)
    assert "1 seat is free; with your guests you need 2." in page
    assert post(public, f"{page_of(group)}alone/")["Location"].endswith("?done=alone")
    assert (now_of(group).state, now_of(group).guests) == (State.OFFERED, 0)


def test_in_the_last_hours_a_free_seat_is_for_the_taking(admission: Admission, public: Client, at: datetime) -> None:
    first, _second, third, fourth = come(admission, at, 4)
    late = admission.event.starts_at - timedelta(hours=1)
    with time_machine.travel(late, tick=False):
        assert "These are the last hours" in text_of(public, third)
        actions.give_up_seat(registration=first, by=first.person, at=late)
        assert "1 seat is free, and whoever takes it first has it." in text_of(public, fourth)
        assert post(public, f"{page_of(fourth)}take/").status_code == 302
        slow = post(public, f"{page_of(third)}take/")
        assert slow.status_code == 409
        assert "Somebody was faster" in slow.content.decode()


def test_who_sees_that_one_goes_is_ones_own_choice(admission: Admission, public: Client, at: datetime) -> None:
    row = come(admission, at)[0]
    assert "Who sees that you are going: nobody" in text_of(public, row)
    post(public, f"{page_of(row)}shown/", {"shown": "everybody"})
    assert now_of(row).shown == "everybody"
    post(public, f"{page_of(row)}shown/", {"shown": "the moon"})
    assert now_of(row).shown == "everybody"


def test_every_time_begins_skips_and_ends(admission: Admission, public: Client, at: datetime) -> None:
    series = SeriesFactory(community=admission.event.community, title={"en": "Evenings"})
    Event.objects.filter(pk=admission.event_id).update(series=series)
    row = come(admission, at)[0]
    assert "Count me in every time" in text_of(public, row)
    assert post(public, f"{page_of(row)}every-time/", {"do": "begin"})["Location"].endswith("?done=every-time")
    page = text_of(public, row)
    assert "You are counted in for every date of “Evenings”" in page
    assert presses(page, row, "Skip this one")
    post(public, f"{page_of(row)}give-up/")
    assert StandingRegistration.objects.get().ended_at is None, "skipping one skips one"
    assert "No longer every time" in text_of(public, row)
    for _twice in range(2):
        assert post(public, f"{page_of(row)}every-time/", {"do": "end"})["Location"].endswith("?done=not-every-time")
    assert StandingRegistration.objects.get().ended_at == at


def test_every_time_of_an_event_without_series_is_refused(admission: Admission, public: Client, at: datetime) -> None:
    row = come(admission, at)[0]
    assert "every time" not in text_of(public, row)
    refused = post(public, f"{page_of(row)}every-time/", {"do": "begin"})
    assert "no further dates" in refused.content.decode()


OFF = {
    "cancelled": "This event is cancelled.",
    "postponed": "You keep your place and hear by mail",
}


@pytest.mark.parametrize("state", OFF)
def test_page_of_an_event_that_does_not_take_place(
    admission: Admission, public: Client, at: datetime, state: str
) -> None:
    row = come(admission, at)[0]
    Event.objects.update(state=state, reason={"en": "A flood."})
    page = text_of(public, row)
    assert OFF[state] in page
    assert "A flood." in page
    assert "Your code for the door" not in page
    assert "?do=give-up" not in page or state == "postponed"


def test_page_of_an_event_that_moved_says_the_old_date(admission: Admission, public: Client, at: datetime) -> None:
    row = come(admission, at)[0]
    Event.objects.update(previous_starts_at=at + timedelta(days=20))
    assert "This has a new date. It was announced for:" in text_of(public, row)


def test_page_of_what_is_over(admission: Admission, public: Client, at: datetime) -> None:
    came, absent = come(admission, at, 2)
    Registration.objects.filter(pk=came.pk).update(came_at=at)
    with time_machine.travel(at + timedelta(days=40), tick=False):
        assert "You were there." in text_of(public, came)
        page = text_of(public, absent)
        assert "This is over." in page
        assert "I cannot come" not in page
        refused = post(public, f"{page_of(absent)}give-up/")
        assert refused.status_code == 409


def test_page_says_which_lists_one_is_in(admission: Admission, public: Client, at: datetime) -> None:
    row = come(admission, at)[0]
    assert "Nobody has taken out a list with you in it." in text_of(public, row)
    for who in (PersonFactory(name="Phindile"), None):
        ListExport.objects.create(event=admission.event, by=who, at=at, what="list").registrations.add(row)
    page = text_of(public, row)
    assert "Phindile took out a list with you in it (Door list):" in page
    assert "Somebody who left took out a list" in page


def test_page_is_built_in_as_many_queries_whatever_it_lists(
    admission: Admission, public: Client, at: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    row = come(admission, at)[0]

    def add(number: int) -> None:
        for _one in range(number):
            ListExport.objects.create(event=admission.event, by=PersonFactory(), at=at, what="list").registrations.add(
                row
            )
            AdmissionQuestion.objects.create(admission=admission, text={"en": "?"}, purpose={"en": "!"})

    add(1)
    text_of(public, row)
    with django_assert_num_queries(10):
        text_of(public, row)
    add(2)
    with django_assert_num_queries(10):
        text_of(public, row)


def test_declined_reads_why(admission: Admission, public: Client, at: datetime) -> None:
    row = come(admission, at)[0]
    organiser = TeamRoleFactory(community=admission.event.community).person
    actions.decline_registration(registration=row, reason="Only for <members>.", by=organiser, at=at)
    page = text_of(public, row)
    assert "The team declined your registration." in page
    assert "Only for &lt;members&gt;." in page


def test_page_in_french(admission: Admission, public: Client, at: datetime) -> None:
    with translation.override("fr"):
        page = text_of(public, come(admission, at)[0], "?lang=fr")
    assert "Votre inscription est confirmée." in page
    assert "samedi 7 novembre 2026" in page
    assert "11\xa0h, Johannesburg" in page


def test_page_of_somebody_who_left_is_not_found(admission: Admission, public: Client, at: datetime) -> None:
    row = come(admission, at)[0]
    type(row.person).objects.filter(pk=row.person_id).update(left_at=at)
    assert public.get(page_of(row)).status_code == 404


def test_calendar_of_what_has_no_date_is_not_found(admission: Admission, public: Client, at: datetime) -> None:
    row = come(admission, at)[0]
    Event.objects.update(starts_at=None, ends_at=None, state="date_open")
    assert public.get(f"{page_of(row)}calendar.ics").status_code == 404


def test_own_page_is_for_whoever_is_signed_in(admission: Admission, public: Client, at: datetime) -> None:
    address = "/e/jacaranda-evening/registration/"
    assert "/accounts/login/" in public.get(address)["Location"]
    row = come(admission, at)[0]
    public.force_login(row.person)
    assert row.code in public.get(address).content.decode()
    assert post(public, f"{page_of(row)}give-up/")["Location"] == f"{address}?done=given-up"
    public.force_login(PersonFactory())
    assert public.get(address)["Location"] == "/e/jacaranda-evening/register/"
    workshop = AdmissionFactory(event=admission.event, is_event=False, title={"en": "Rust"})
    answer = public.get(f"{address}{workshop.pk}/")
    assert answer["Location"] == f"/e/jacaranda-evening/register/{workshop.pk}/"
