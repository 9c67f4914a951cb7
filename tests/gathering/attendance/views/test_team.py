"""The team's list: found, decided, counted, opened and closed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.utils import translation

from hallway.gathering.attendance.actions import write_in_book
from hallway.gathering.attendance.models import Admission, AdmissionAnswer, Registration
from hallway.gathering.attendance.views.team import glance_at
from hallway.gathering.events.models import Event
from tests.factories import AdmissionFactory, RegistrationFactory
from tests.gathering.attendance.desk import Desk, desk, of_host, of_role, words_of
from tests.gathering.attendance.doorway import came
from tests.gathering.attendance.line import come

pytestmark = pytest.mark.django_db
State = Registration.State


@pytest.fixture(autouse=True)
def on_the_day(at: datetime) -> Any:
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def team(at: datetime) -> Desk:
    return desk(at)


def state_of(row: Registration) -> str:
    row.refresh_from_db()
    return row.state


def test_list_says_at_a_glance_how_full_it_is(team: Desk, at: datetime) -> None:
    team.person("Lwazi", guests=2)
    team.person("Zola", State.OFFERED, offered_until=at + timedelta(hours=9))
    team.person("Mpho", State.WAITING)
    team.person("Abel", State.GIVEN_UP)
    page = team.page()
    assert "<b>3</b> of 10 seats taken, <b>1</b> on offer, <b>6</b> free" in page
    for number, name in ((3, "going"), (1, "seat on offer"), (1, "in line"), (0, "asked"), (1, "gave up")):
        assert f"<b>{number}</b> {name}" in page
    assert "<small>until <time" in page, "one offer ends once"
    assert "8 Oct, 20:00" in page, "until when the offer waits, on the event's clock"
    assert all(name in page for name in ("Lwazi", "Zola", "Mpho"))
    assert "Abel" not in page, "those who gave up are one tap away, not in the way"


def test_list_with_several_offers_says_when_the_first_ends(team: Desk, at: datetime) -> None:
    for hours in (9, 30):
        team.person("Zola", State.OFFERED, offered_until=at + timedelta(hours=hours))
    assert "<small>the first until <time" in team.page()


def test_list_counts_seats_of_those_who_walked_in_while_the_door_is_open(team: Desk, at: datetime) -> None:
    team.person("Lwazi")
    with time_machine.travel(team.event.starts_at, tick=False):
        lines = [came(uuid4(), team.event.starts_at, how="walked_in") for _one in range(2)]
        write_in_book(admission=team.admission, lines=lines, by=team.organiser, at=team.event.starts_at)
        assert "<b>1</b> of 10 seats taken, <b>2</b> walked in, <b>7</b> free" in team.page()
        assert "3 of 10 seats" in words_of(team.client.get(f"/e/{team.event.slug}/"))
    with time_machine.travel(team.event.ends_at + timedelta(hours=1), tick=False):
        assert "<b>1</b> of 10 seats taken, <b>9</b> free" in team.page()


def test_words_under_a_figure_agree_with_it_in_french(team: Desk) -> None:
    team.person("Lwazi", guests=1)
    team.person("Abel", State.GIVEN_UP)
    with translation.override("fr"):
        figures = {state: (name, number) for state, name, number in glance_at(team.admission).figures}
    assert figures[State.GOING] == ("confirmées", 2)
    assert figures[State.GIVEN_UP] == ("a renoncé", 1)
    assert figures[State.OFFERED] == ("place proposée", 0)


def test_list_sorts_names_as_people_do(team: Desk) -> None:
    for name in ("Sipho", "zola", "Émile", "Abel"):
        team.person(name)
    page = team.page()
    places = [page.index(f"<bdi>{name}</bdi>") for name in ("Abel", "Émile", "Sipho", "zola")]
    assert places == sorted(places)


def test_list_where_more_go_than_there_are_seats_says_so(team: Desk) -> None:
    team.person("Lwazi", guests=11)
    assert '<b class="bad">2 too many</b>' in team.page()


def test_list_without_a_limit_names_none(at: datetime) -> None:
    team = desk(at, seats=None)
    team.person("Lwazi")
    assert "<b>1</b> seat taken, no limit" in team.page()


def test_list_of_nobody_says_what_to_do(team: Desk) -> None:
    assert "two clicks are enough to register" in team.page()
    Event.objects.filter(pk=team.event.pk).update(state="draft", public_at=None)
    assert "as soon as the event is published" in team.page()
    assert "Nobody like that" in team.page(q="Zola")


def test_list_is_narrowed_by_state_and_name(team: Desk) -> None:
    team.person("Lwazi Dube")
    team.person("Zola Dube", State.WAITING)
    team.person("Abel Dlamini", State.GIVEN_UP, cause="silence")
    team.person("Mpho Dube", State.DECLINED, reason="No room for sales")
    gone = team.page(state="given_up")
    assert ("Abel Dlamini" in gone, "no answer in time" in gone, "Lwazi" in gone) == (True, True, False)
    found = team.page(q="dube")
    assert ("Lwazi Dube" in found, "Zola Dube" in found, "Mpho Dube" in found) == (True, True, False)
    both = team.page(q="dube", state="declined")
    assert ("Mpho Dube" in both, "No room for sales" in both, "Lwazi" in both) == (True, True, False)
    assert "Lwazi Dube" in team.page(state="nonsense"), "what is no state narrows nothing"


def test_list_shows_what_each_person_wrote(team: Desk) -> None:
    row = team.person("Lwazi", message="I bring <b>a drum</b>", guests=1)
    AdmissionAnswer.objects.create(registration=row, question=team.question(), text="Trams & trains")
    photo = team.question("photo", "Pictures?")
    AdmissionAnswer.objects.create(registration=row, question=photo, text="no")
    page = team.page()
    assert "I bring &lt;b&gt;a drum&lt;/b&gt;" in page
    assert "with 1 guest" in page
    assert "What do you build?" in page
    assert "Trams &amp; trains" in page
    assert '<dd dir="auto">No</dd>' in page, "a kept no is said in the reader's language"


def test_line_is_shown_in_its_order_with_places(team: Desk) -> None:
    team.person("Zola", State.WAITING, position=1)
    team.person("Abel", State.WAITING, position=2, first_time=True)
    page = team.page(state="waiting")
    assert page.index("Zola") < page.index("no. 1 in line") < page.index("Abel") < page.index("no. 2 in line")
    Admission.objects.update(rule="first_timers")
    page = team.page(state="waiting")
    assert page.index("Abel") < page.index("no. 1 in line") < page.index("Zola")
    Admission.objects.update(rule="lottery")
    assert "no. 1" not in team.page(state="waiting"), "chance gives no places"


def test_list_costs_the_same_for_one_and_three(team: Desk, django_assert_num_queries: Any) -> None:
    question = team.question()
    for number in (1, 3):
        for _one in range(number):
            for state in (State.GOING, State.WAITING, State.ASKED):
                row = team.person("Lwazi", state)
                AdmissionAnswer.objects.create(registration=row, question=question, text="Trams")
        with django_assert_num_queries(13):
            team.page()


def test_list_of_a_thousand_is_paged_and_costs_no_more(team: Desk, django_assert_num_queries: Any) -> None:
    RegistrationFactory.create_batch(120, admission=team.admission, state=State.GOING)
    with django_assert_num_queries(10):
        page = team.page()
    assert page.count('class="title"') == 50
    assert "Page 1 of 3" in page
    last = team.get(page=3)
    assert len(last.context["lines"]) == 20


def test_pager_keeps_what_was_asked_for(team: Desk) -> None:
    RegistrationFactory.create_batch(60, admission=team.admission, state=State.WAITING, name="Lwazi & Zola")
    assert "?state=waiting&amp;q=Lwazi+%26+Zola&amp;page=2" in team.page(state="waiting", q="Lwazi & Zola").replace(
        "&page", "&amp;page"
    )


def test_those_who_asked_are_on_top_and_decided_in_two_taps(team: Desk) -> None:
    Admission.objects.update(how="approval")
    one, two = team.person("Lwazi", State.ASKED, position=1), team.person("Zola", State.ASKED, position=2)
    page = team.page()
    assert page.index("They wait for your answer") < page.index("Everybody registered")
    assert "They wait for your answer" in team.page(state="asked")
    assert "They wait for your answer" not in team.page(state="going") + team.page(q="Lwazi")
    assert team.said(f"{one.pk}/", do="approve") == "Yes to Lwazi: they have a seat."
    assert team.said(f"{two.pk}/", do="decline", reason="This one is for tram drivers") == (
        "Declined. Zola gets a mail with your reason."
    )
    two.refresh_from_db()
    assert (state_of(one), two.state, two.reason) == ("going", "declined", "This one is for tram drivers")
    assert "They wait for your answer" not in team.page()


def test_yes_where_it_is_full_is_a_place_in_line(at: datetime) -> None:
    team = desk(at, seats=1)
    team.person("Lwazi")
    asked = team.person("Zola", State.ASKED)
    assert team.said(f"{asked.pk}/", do="approve") == "Yes to Zola: they stand in line."


def test_no_without_a_reason_comes_back_with_the_form_open(team: Desk) -> None:
    row = team.person("Lwazi")
    response = team.post(f"{row.pk}/", do="decline", reason="  ")
    assert response.status_code == 200
    assert b"This field is required." in response.content
    assert b'<details class="fold" open>' in response.content
    assert state_of(row) == "going"


def test_no_to_somebody_going_gives_the_seat_on(at: datetime) -> None:
    team = desk(at, seats=1)
    going, waiting = come(team.admission, at, 2)
    assert "Their seat goes to the next in line." in team.page(f"{going.pk}/")
    team.said(f"{going.pk}/", do="decline", reason="Twice registered")
    assert (state_of(going), state_of(waiting)) == ("declined", "offered")


def test_yes_to_somebody_who_gave_up_is_refused_in_a_sentence(team: Desk) -> None:
    row = team.person("Lwazi", State.GIVEN_UP)
    response = team.post(f"{row.pk}/", do="approve")
    assert response.status_code == 409
    assert b"Invite them instead." in response.content
    page = team.page(f"{row.pk}/")
    assert 'value="approve"' not in page
    assert 'value="decline"' not in page


def test_person_shows_offers_and_what_follows_a_no(team: Desk, at: datetime) -> None:
    row = team.person("Lwazi", State.DECLINED, reason="Sold out", first_time=True)
    row.offers.create(made_at=at, until=at + timedelta(hours=1), outcome="ended")
    page = team.page(f"{row.pk}/")
    assert all(words in page for words in ("Sold out", "a seat was offered", "comes for the first time"))
    assert team.address("invitations/") in page


def test_after_a_decision_one_is_back_where_one_was(team: Desk) -> None:
    row = team.person("Lwazi", State.ASKED)
    response = team.post(f"{row.pk}/", do="approve", back="state=asked&page=2")
    assert response["Location"] == team.address() + "?state=asked&page=2"
    for evil in ("//evil.example", "a=1\r\nSet-Cookie: x", "x" * 600):
        other = team.person("Zola", State.ASKED)
        assert team.post(f"{other.pk}/", do="approve", back=evil)["Location"] == team.address()


def test_people_and_lists_of_other_events_are_not_found(team: Desk) -> None:
    elsewhere = RegistrationFactory(state=State.ASKED)
    assert team.get(f"{elsewhere.pk}/").status_code == 404
    assert team.post(f"{elsewhere.pk}/", do="approve").status_code == 404
    assert state_of(elsewhere) == "asked"
    assert team.get(list=elsewhere.admission_id).status_code == 404
    assert team.get(list="nonsense").status_code == 404
    workshop = AdmissionFactory(event=team.event, is_event=False, title={"en": "Trams in Rust"})
    there = RegistrationFactory(admission=workshop)
    assert team.get(f"{there.pk}/").status_code == 404, "somebody of a workshop is on its list alone"
    person = team.client.get(team.address(f"{there.pk}/?list={workshop.pk}"))
    assert f'class="tag" href="{team.address("")}"' in person.content.decode(), "a person of one list is not in another"


def test_lists_of_one_event_are_one_tap_apart(team: Desk) -> None:
    workshop = AdmissionFactory(event=team.event, is_event=False, title={"en": "Trams in Rust"}, capacity=5)
    team.person("Lwazi")
    team.person("Zola", admission=workshop)
    assert "Trams in Rust" in team.page()
    page = team.page(list=workshop.pk)
    assert ("Zola" in page, "Lwazi" in page, "<b>1</b> of 5 seats taken" in page) == (True, False, True)
    assert team.address(f"settings/?list={workshop.pk}") in page
    response = team.client.post(team.address(f"seats/?list={workshop.pk}"), {"seats": "7"})
    assert response["Location"] == team.address(f"?list={workshop.pk}")
    workshop.refresh_from_db()
    assert workshop.capacity == 7


@pytest.mark.parametrize("part", ["", "seats/", "settings/", "questions/", "invitations/", "lists/", "after/"])
def test_pages_are_for_organisers_and_those_who_co_host(team: Desk, at: datetime, part: str) -> None:
    assert team.get(part).status_code == 200
    assert of_host(team, at).get(part).status_code == 200
    for other in (of_role(team, "editor"), of_role(team, "helper"), of_host(team, at, "editor")):
        assert other.get(part).status_code == 403
        assert other.post(part).status_code == 403
    asked = of_host(team, at, accepted=False)
    assert asked.get(part).status_code == 403


def test_host_decides_too(team: Desk, at: datetime) -> None:
    row = team.person("Lwazi", State.ASKED)
    assert of_role(team, "editor").post(f"{row.pk}/", do="approve").status_code == 403
    assert state_of(row) == "asked"
    of_host(team, at).said(f"{row.pk}/", do="approve")
    assert state_of(row) == "going"


def test_seats_are_changed_after_seeing_whom_it_touches(at: datetime) -> None:
    team = desk(at, seats=2)
    come(team.admission, at, 5)
    page = team.page("seats/", seats=4)
    assert "2 people in line are offered a seat." in page
    assert "Change it" in page
    assert team.said("seats/", seats=4).startswith("The number of seats is changed.")
    team.event.refresh_from_db()
    assert team.event.seats == 4, "the event's page says the same"
    fewer = team.page("seats/", seats=1)
    assert "2 offers are taken back; these people stand in line where they stood." in fewer
    assert "1 more person goes than there are seats; they keep theirs." in fewer
    assert "1 person in line gets a seat at once." in team.page("seats/", seats="")


def test_seats_that_are_the_same_or_no_number_change_nothing(team: Desk) -> None:
    same = team.page("seats/", seats=10)
    assert "That is the number already" in same
    assert "Change it" not in same
    assert "Ensure this value is greater than or equal to 1." in team.page("seats/", seats=0)
    response = team.post("seats/", seats="many")
    assert response.status_code == 200
    assert b"Enter a whole number." in response.content
    team.event.refresh_from_db()
    assert team.event.seats == 10


def test_seats_without_anybody_touched_say_so(team: Desk) -> None:
    page = team.page("seats/", seats=12)
    assert "Nobody’s place changes." in page
    assert "12 seats are free then." in page


def test_seats_in_the_last_hours_are_for_whoever_comes_first(at: datetime) -> None:
    team = desk(at, seats=1)
    come(team.admission, at, 3)
    with time_machine.travel(at + timedelta(days=30, hours=-1), tick=False):
        assert "2 people in line hear that seats are free for whoever comes first." in team.page("seats/", seats=2)


def test_registration_is_closed_and_opened_in_one_tap(team: Desk, at: datetime) -> None:
    assert "Registration is open." in team.page()
    assert team.said("opening/", do="close").startswith("Registration is closed.")
    assert "Registration has been closed since" in team.page()
    assert team.said("opening/", do="open") == "Registration is open."
    team.admission.refresh_from_db()
    assert (team.admission.opens_at, team.admission.closes_at) == (None, None)
    closes_at = at + timedelta(days=20)
    Admission.objects.update(opens_at=at + timedelta(days=2), closes_at=closes_at)
    assert team.said("opening/", do="open") == "Registration is open."
    team.admission.refresh_from_db()
    assert (team.admission.opens_at, team.admission.closes_at) == (None, closes_at), "it closes as planned"
    assert team.said("opening/", do="else") == ""
    assert team.get("opening/").status_code == 302


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"opens_at": timedelta(days=2)}, "Registration opens"),
        ({"closes_at": timedelta(days=2)}, "Registration is open until"),
        ({"how": "none"}, "There is no registration here."),
        ({"off_at": timedelta()}, "Not in the programme: nobody can register"),
        ({"how": "approval"}, "For people the team says yes to."),
        ({"how": "invitation"}, "For people the team invited."),
    ],
)
def test_list_says_whether_one_can_register(team: Desk, at: datetime, fields: dict[str, Any], words: str) -> None:
    changes = {name: at + value if isinstance(value, timedelta) else value for name, value in fields.items()}
    Admission.objects.update(**changes)
    assert words in team.page()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": "cancelled"}, "Cancelled, so nobody can register."),
        ({"state": "postponed"}, "Postponed: people can register again"),
        ({"state": "draft", "public_at": None}, "People can register as soon as the event is published."),
        ({"hidden_at": datetime(2026, 10, 7, tzinfo=UTC)}, "This event is hidden at the moment"),
    ],
)
def test_list_of_what_does_not_take_place_has_no_button(team: Desk, fields: dict[str, Any], words: str) -> None:
    Event.objects.filter(pk=team.event.pk).update(**fields)
    page = team.page()
    assert words in page
    assert 'value="close"' not in page


def test_list_of_what_is_over_leads_to_who_came(team: Desk, at: datetime) -> None:
    Event.objects.update(starts_at=at - timedelta(days=2), ends_at=at - timedelta(days=1))
    page = team.page()
    assert "It is over." in page
    assert team.address("after/") in page


def test_somebody_who_left_has_no_name_on_the_list(team: Desk) -> None:
    row = team.person("", State.GIVEN_UP, person__name="")
    assert "somebody who left" in team.page(state="given_up")
    assert "somebody who left" in team.page(f"{row.pk}/")
