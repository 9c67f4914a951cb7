"""Coming in: the one field, the mailed link, the one button behind it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from hallway.gathering.attendance import actions
from hallway.gathering.attendance.models import Admission, AdmissionQuestion, Registration
from hallway.gathering.attendance.remembering import COOKIE
from hallway.gathering.attendance.tokens import Right
from hallway.kit.links import token_of
from hallway.kit.store import STORE_HEADER, UNTIL_HEADER
from hallway.notices.models import OutboxMail
from tests.factories import AdmissionFactory, PersonFactory, TeamRoleFactory
from tests.gathering.attendance.line import come

from . import mailed_link, page_of, post

pytestmark = pytest.mark.django_db
PAGE = "/e/jacaranda-evening/register/"
State = Registration.State


def question(admission: Admission, **fields: object) -> AdmissionQuestion:
    said = {"text": {"en": "What do you eat?"}, "purpose": {"en": "For <b>supper</b>."}, **fields}
    return AdmissionQuestion.objects.create(admission=admission, **said)


def test_register_page_says_how_full_it_is_and_how_the_line_goes(
    admission: Admission, public: Client, at: datetime
) -> None:
    page = public.get(PAGE).content.decode()
    for words in (
        "2 of 2 seats are left.", "Saturday 7 November 2026", "11:00", "Karee Hall", "Whoever came first is next.",
        "kept for them for 24 hours at most", "In the last 3 hours before the start",
        "7 days before and the day before", "Nobody else sees that you go", "I’m coming",
    ):  # fmt: skip
        assert words in page, words
    come(admission, at, 4)
    assert "All 2 seats are taken or kept for somebody. 2 people are in line." in public.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("rule", "words"), [("lottery", "Chance decides who is next"), ("first_timers", "who come for the first time")]
)
def test_register_page_says_the_rule_publicly(admission: Admission, public: Client, rule: str, words: str) -> None:
    Admission.objects.update(rule=rule, must_answer=True, ask_days=[1], first_come_hours=1)
    page = public.get(PAGE).content.decode()
    assert words in page
    assert "We ask you by mail the day before whether you still come" in page
    assert "A seat nobody answers for goes to the next in line." in page
    assert "In the last hour before the start" in page


def test_register_page_is_stored_until_seats_or_the_clock_change_it(
    admission: Admission, public: Client, at: datetime
) -> None:
    Admission.objects.update(closes_at=at + timedelta(days=2))
    response = public.get(PAGE)
    assert f"seats:{admission.event_id}" in response[STORE_HEADER].split()
    assert response[UNTIL_HEADER] == str(int((at + timedelta(days=2)).timestamp()))
    assert not response.cookies


def test_two_clicks_from_the_page_to_a_seat(admission: Admission, public: Client) -> None:
    sent = post(public, PAGE, {"address": " Amina@Example.org "})
    assert sent.status_code == 200
    assert "amina@example.org" in sent.content.decode()
    assert not Registration.objects.exists(), "an unconfirmed address holds no seat"
    link = mailed_link()
    form = public.get(link)
    assert form.status_code == 200
    assert form["Cache-Control"].startswith("max-age=0")
    assert not Registration.objects.exists(), "opening the link changes nothing"
    arrived = post(public, link, {"name": "Amina Diallo", "guests": "0"})
    row = Registration.objects.get()
    assert (row.name, row.person.name, row.person.email, row.state) == (
        "Amina Diallo", "Amina Diallo", "amina@example.org", State.GOING,
    )  # fmt: skip
    assert arrived["Location"] == f"{page_of(row)}?done=registered"
    cookie = arrived.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    page = public.get(arrived["Location"])
    assert "You are going." in page.content.decode()
    assert row.code in page.content.decode()


def test_confirm_twice_and_in_two_tabs_registers_once(admission: Admission, public: Client) -> None:
    post(public, PAGE, {"address": "amina@example.org"})
    link = mailed_link()
    first = post(public, link, {"name": "Amina"})
    second = post(Client(), link, {"name": "Somebody else"})
    assert second["Location"] == page_of(Registration.objects.get())
    assert Registration.objects.get().name == "Amina"
    assert first["Location"].startswith(second["Location"])
    assert public.get(link)["Location"] == second["Location"], "a used link leads to what it made"


def test_confirm_is_a_handful_of_queries(
    admission: Admission, public: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    post(public, PAGE, {"address": "one@example.org"})
    post(public, mailed_link(), {"name": "One"})
    post(public, PAGE, {"address": "two@example.org"})
    link = mailed_link()
    # PostgreSQL is told to let one choose an address at a time.
    with django_assert_num_queries(CONFIRM_QUERIES + (connection.vendor == "postgresql")):
        assert post(public, link, {"name": "Two"}).status_code == 302


# Ten of them begin and end parts of the transaction; nineteen make somebody new and their confirmed address.
CONFIRM_QUERIES = 43


def test_confirm_knows_whose_address_it_is_and_does_not_ask_twice(admission: Admission, public: Client) -> None:
    person = PersonFactory(name="Kofi Annan", email="kofi@example.org")
    post(public, PAGE, {"address": "kofi@example.org"})
    assert 'value="Kofi Annan"' in public.get(mailed_link()).content.decode()
    post(public, mailed_link(), {"name": "Kofi"})
    row = Registration.objects.get()
    assert (row.person, row.name) == (person, "Kofi")
    post(public, PAGE, {"address": "kofi@example.org"})
    assert public.get(mailed_link())["Location"] == page_of(row)


def test_confirm_asks_questions_with_purpose_and_retention_and_keeps_what_was_typed(
    admission: Admission, public: Client
) -> None:
    diet = question(admission, kind="diet", kept_days=7)
    photo = question(admission, kind="photo", text={"en": "Pictures?"}, required=True)
    pick = question(admission, kind="choice", text={"en": "Track?"}, choices=["Web", "Data"])
    post(public, PAGE, {"address": "amina@example.org"})
    page = public.get(mailed_link()).content.decode()
    assert "For &lt;b&gt;supper&lt;/b&gt;." in page
    assert "it is deleted on 14 November 2026" in page
    refused = post(public, mailed_link(), {"name": "Amina", "guests": "1", f"question_{diet.pk}": "No nuts"})
    assert refused.status_code == 200
    assert "The team has to know this from everybody." in refused.content.decode()
    assert 'value="No nuts"' in refused.content.decode()
    answers = {f"question_{diet.pk}": "No nuts", f"question_{photo.pk}": "no", f"question_{pick.pk}": "Data"}
    assert post(public, mailed_link(), {"name": "Amina", "guests": "1", **answers}).status_code == 302
    row = Registration.objects.get()
    assert row.guests == 1
    assert dict(row.answers.values_list("question", "text")) == {diet.pk: "No nuts", photo.pk: "no", pick.pk: "Data"}


def test_confirm_in_french_has_no_english_in_it(admission: Admission, public: Client) -> None:
    question(admission, text={"fr": "Que mangez-vous ?"}, purpose={"fr": "Pour le dîner"})
    post(public, f"{PAGE}?lang=fr", {"address": "amina@example.org"})
    page = public.get(f"{mailed_link()}?lang=fr").content.decode()
    for words in (
        "Personne, juste moi",
        "elle est effacée le 14 novembre 2026",
        "Je viens",
    ):
        assert words in page
    for words in ("Nobody", "The team reads"):
        assert words not in page


def test_confirm_says_days_where_the_end_is_not_known(admission: Admission, public: Client) -> None:
    question(admission, kept_days=1)
    admission.event.__class__.objects.update(ends_at=None)
    post(public, PAGE, {"address": "amina@example.org"})
    assert "it is deleted 1 day after the event." in public.get(mailed_link()).content.decode()


def test_confirm_of_a_hybrid_event_offers_to_take_part_online(
    admission: Admission, public: Client, at: datetime
) -> None:
    admission.event.__class__.objects.update(attendance="hybrid")
    come(admission, at, 2)
    post(public, PAGE, {"address": "amina@example.org"})
    post(public, mailed_link(), {"name": "Amina", "where": "online", "guests": "1"})
    row = Registration.objects.get(name="Amina")
    assert (row.online, row.state, row.seats, row.guests) == (True, State.GOING, 0, 0)


def test_confirm_with_an_old_link_says_so_and_offers_a_new_one(
    admission: Admission, public: Client, at: datetime
) -> None:
    post(public, PAGE, {"address": "amina@example.org"})
    link = mailed_link()
    with time_machine.travel(at + timedelta(days=3), tick=False):
        for response in (public.get(link), post(public, link, {"name": "Amina"})):
            assert response.status_code == 410
            assert "more than two days old" in response.content.decode()
            assert 'name="address"' in response.content.decode()
    assert not Registration.objects.exists()


@pytest.mark.parametrize("path", ["confirm/9.short", "invited/1.AAAAAAAAAAAAAAAAAAAAAAAA", "nonsense"])
def test_foreign_and_mistyped_links_have_a_way_on(public: Client, path: str) -> None:
    response = public.get(f"/registrations/{path}/")
    assert response.status_code == 404
    assert "Open the newest mail" in response.content.decode()
    assert "/events/" in response.content.decode()


def test_confirm_link_of_another_right_opens_nothing(admission: Admission, public: Client, at: datetime) -> None:
    row = come(admission, at)[0]
    wrong = token_of(Right.BADGE, row.pk, row.nonce)
    assert public.get(f"/registrations/{wrong}/").status_code == 404
    assert post(public, f"/registrations/{wrong}/give-up/").status_code == 404


def test_register_with_a_mistyped_address_says_what_is_wrong(admission: Admission, public: Client) -> None:
    page = post(public, PAGE, {"address": "amina@"}).content.decode()
    assert "This is not an e-mail address we can write to." in page
    assert 'value="amina@"' in page
    assert not OutboxMail.objects.exists()


def test_register_too_often_from_one_address_is_asked_to_wait(admission: Admission, public: Client) -> None:
    answers = [post(public, PAGE, {"address": "amina@example.org"}) for _again in range(7)]
    assert [answer.status_code for answer in answers] == [200] * 6 + [429]
    assert "Wait a few minutes" in answers[-1].content.decode()


def test_register_answers_the_same_for_known_and_unknown_addresses(admission: Admission, public: Client) -> None:
    PersonFactory(email="known@example.org")
    pages = [
        post(public, PAGE, {"address": f"{who}@example.org"}).content.decode().replace(who, "x")
        for who in ("known", "unknown")
    ]
    assert pages[0] == pages[1]


def test_register_signed_in_is_one_button(admission: Admission, public: Client) -> None:
    person = PersonFactory(name="Thandi", email="thandi@example.org")
    public.force_login(person)
    page = public.get(PAGE)
    assert STORE_HEADER not in page
    assert 'value="Thandi"' in page.content.decode()
    assert "Mail goes to thandi@example.org." in page.content.decode()
    arrived = post(public, PAGE, {"name": "Thandi", "guests": "1"})
    assert arrived["Location"] == "/e/jacaranda-evening/registration/?done=registered"
    assert "You are going." in public.get(arrived["Location"]).content.decode()
    assert public.get(PAGE)["Location"] == "/e/jacaranda-evening/registration/"


def test_register_signed_in_with_too_many_guests_keeps_what_was_typed(admission: Admission, public: Client) -> None:
    public.force_login(PersonFactory())
    page = post(public, PAGE, {"name": "Thandi the Great", "guests": "9"})
    assert page.status_code == 200
    assert 'value="Thandi the Great"' in page.content.decode()
    assert not Registration.objects.exists()


def test_register_signed_in_when_it_closed_meanwhile_is_refused_with_a_sentence(
    admission: Admission, public: Client, at: datetime
) -> None:
    public.force_login(PersonFactory())
    Admission.objects.update(closes_at=at)
    page = post(public, PAGE, {"name": "Thandi"})
    assert page.status_code == 409
    assert "Registration has been closed since" in page.content.decode()


def test_register_where_the_team_says_yes_asks_for_a_sentence(admission: Admission, public: Client) -> None:
    Admission.objects.update(how="approval", reason={"en": "We are few."})
    page = public.get(PAGE).content.decode()
    assert all(words in page for words in ("The team says yes or no to each person.", "We are few.", "Ask to come"))
    assert "I’m coming" not in page
    post(public, PAGE, {"address": "amina@example.org"})
    post(public, mailed_link(), {"name": "Amina", "message": "I sing"})
    row = Registration.objects.get()
    assert (row.state, row.message) == (State.ASKED, "I sing")
    assert "You asked for a seat. The team answers." in public.get(page_of(row)).content.decode()


def test_register_after_a_no_says_why_and_offers_no_button(admission: Admission, public: Client, at: datetime) -> None:
    Admission.objects.update(how="approval")
    admission.refresh_from_db()
    row = come(admission, at)[0]
    organiser = TeamRoleFactory(community=admission.event.community).person
    actions.decline_registration(registration=row, reason="Next time.", by=organiser, at=at)
    public.force_login(row.person)
    page = public.get(PAGE).content.decode()
    assert "Next time." in page
    assert 'name="name"' not in page


CLOSED = {
    "cancelled": ({"state": "cancelled", "reason": {"en": "The hall is flooded."}}, {}, "The hall is flooded."),
    "postponed": ({"state": "postponed"}, {}, "Registration opens again when there is a new date."),
    "none": ({}, {"how": "none"}, "There is no registration: just come."),
    "elsewhere": ({"url": "https://tickets.example.org/"}, {"how": "none"}, "https://tickets.example.org/"),
    "invited": ({}, {"how": "invitation", "reason": {"en": "A dinner of twelve."}}, "A dinner of twelve."),
}


@pytest.mark.parametrize("state", CLOSED)
def test_register_where_nobody_can_says_why_and_what_to_do(admission: Admission, public: Client, state: str) -> None:
    of_event, of_admission, words = CLOSED[state]
    admission.event.__class__.objects.update(**of_event)
    if of_admission:
        Admission.objects.update(**of_admission)
    page = public.get(PAGE).content.decode()
    assert words in page
    assert 'name="address"' not in page
    assert 'class="button primary"' in page, "a next step"
    if state != "invited":
        refused = post(public, PAGE, {"address": "amina@example.org"})
        assert refused.status_code == 409
        assert not OutboxMail.objects.exists()


def test_register_before_it_opens_after_it_closed_and_when_it_is_over(
    admission: Admission, public: Client, at: datetime
) -> None:
    Admission.objects.update(opens_at=at + timedelta(days=1), closes_at=at + timedelta(days=2))
    assert "It opens: <time" in public.get(PAGE).content.decode()
    for later, words in ((3, "Registration has been closed since:"), (40, "This is over.")):
        with time_machine.travel(at + timedelta(days=later), tick=False):
            assert words in public.get(PAGE).content.decode()


def test_register_for_a_draft_is_for_the_team_to_see(admission: Admission, public: Client) -> None:
    admission.event.__class__.objects.update(state="draft", public_at=None)
    assert public.get(PAGE).status_code == 404
    public.force_login(TeamRoleFactory(community=admission.event.community).person)
    assert "This event is still a draft." in public.get(PAGE).content.decode()


def test_register_for_a_workshop_is_for_those_who_go_to_the_event(
    admission: Admission, public: Client, at: datetime
) -> None:
    workshop = AdmissionFactory(event=admission.event, is_event=False, title={"en": "Rust"}, capacity=5, place="Room B")
    address = f"{PAGE}{workshop.pk}/"
    page = public.get(address).content.decode()
    assert "Room B" in page
    assert "Register for the event" in page
    post(public, address, {"address": "amina@example.org"})
    refused = post(public, mailed_link(), {"name": "Amina"})
    assert refused.status_code == 409
    assert "Register for the event first." in refused.content.decode()
    person = come(admission, at)[0].person
    public.force_login(person)
    arrived = post(public, address, {"name": "Amina"})
    assert arrived["Location"] == f"/e/jacaranda-evening/registration/{workshop.pk}/?done=registered"
    assert "Rust" in public.get(arrived["Location"]).content.decode()


def test_register_for_a_workshop_of_another_event_is_not_found(admission: Admission, public: Client) -> None:
    other = AdmissionFactory(is_event=False, title={"en": "Rust"})
    assert public.get(f"{PAGE}{other.pk}/").status_code == 404


def test_register_where_there_is_no_list_is_not_found(admission: Admission, public: Client) -> None:
    Admission.objects.all().delete()
    assert public.get(PAGE).status_code == 404


def test_behind_a_link_of_an_event_that_is_cancelled_stands_a_sentence(admission: Admission, public: Client) -> None:
    post(public, PAGE, {"address": "amina@example.org"})
    admission.event.__class__.objects.update(state="cancelled")
    page = public.get(mailed_link()).content.decode()
    assert "This event is cancelled" in page
    assert 'name="name"' not in page
    refused = post(public, mailed_link(), {"name": "Amina"})
    assert refused.status_code == 409


def test_arriving_says_that_a_mail_is_on_its_way_and_opens_no_session(admission: Admission, public: Client) -> None:
    post(public, PAGE, {"address": "amina@example.org"})
    arrived = post(public, mailed_link(), {"name": "Amina"})
    assert "Done. A mail with the same is on its way to you." in public.get(arrived["Location"]).content.decode()
    assert "hallway_session" not in public.cookies, "pages everybody shares stay stored for this device"
