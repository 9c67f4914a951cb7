"""The page of a registration when things are not as they were: hidden, over, on another date."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from hallway.gathering.attendance import actions
from hallway.gathering.attendance.models import Admission, AdmissionQuestion, Registration, StillComing
from hallway.gathering.communities.models import Community
from hallway.gathering.events.models import Event
from hallway.kit.actors import SystemPerson
from hallway.kit.sweeps import deliver_facts
from hallway.notices.models import OutboxMail
from tests.factories import AdmissionFactory, PersonFactory
from tests.gathering.attendance.line import come, now_of

from . import page_of, post

pytestmark = pytest.mark.django_db


def test_page_of_a_hidden_event_tells_nothing_of_how_to_join(
    admission: Admission, public: Client, at: datetime
) -> None:
    Event.objects.update(attendance="hybrid", joining={"en": "meet.example.org code 4821"})
    row = come(admission, at)[0]
    Community.objects.update(hidden_at=at)
    page = public.get(page_of(row)).content.decode()
    assert "This event is hidden at the moment." in page
    assert "code 4821" not in page
    assert row.code not in page


def test_who_sees_it_can_be_changed_when_all_is_over(admission: Admission, public: Client, at: datetime) -> None:
    row = come(admission, at)[0]
    actions.change_registration(registration=row, shown="everybody", by=row.person, at=at)
    with time_machine.travel(at + timedelta(days=40), tick=False):
        page = public.get(page_of(row)).content.decode()
        assert "Who sees that you are going" in page
        assert "I cannot come" not in page
        post(public, page_of(row) + "shown/", {"shown": "nobody"})
    assert now_of(row).shown == "nobody"


def test_question_about_an_old_date_is_not_asked_on_the_page(
    admission: Admission, public: Client, at: datetime
) -> None:
    row = come(admission, at)[0]
    StillComing.objects.create(
        registration=row, days=7, starts_at=at + timedelta(days=9), asked_at=at, answer_by=at + timedelta(days=1)
    )
    assert "Are you still coming?" not in public.get(page_of(row)).content.decode()


@pytest.mark.parametrize("number", [0, 2**63, 10**30])
def test_own_page_of_no_list_is_not_found(admission: Admission, client: Client, number: int) -> None:
    client.force_login(PersonFactory())
    assert client.get(f"/e/{admission.event.slug}/registration/{number}/").status_code == 404


def test_workshop_is_entered_with_the_code_for_the_event(
    admission: Admission, public: Client, client: Client, at: datetime
) -> None:
    begins = admission.begins_at
    assert begins is not None
    workshop = AdmissionFactory(event=admission.event, is_event=False, title={"en": "Rust"}, starts_at=begins)
    row = come(admission, at)[0]
    inside = actions.register(admission=workshop, person=row.person, by=row.person, at=at)
    client.force_login(row.person)
    for reader, address, way in (
        (public, page_of(inside), page_of(row)),
        (client, f"/e/{admission.event.slug}/registration/{workshop.pk}/", f"/e/{admission.event.slug}/registration/"),
    ):
        page = reader.get(address).content.decode()
        assert "Your code for the event lets you in." in page
        assert f'href="{way}"' in page
        assert inside.code not in page, "no door knows it"
    text = public.get(page_of(inside) + "calendar.ics").content.decode()
    assert (row.code in text, inside.code in text) == (True, False)
    Registration.objects.filter(pk=row.pk).update(online=True, seats=0)
    assert "At the door" not in public.get(page_of(inside)).content.decode()


def test_mail_about_a_workshop_has_the_code_for_the_event(admission: Admission, at: datetime) -> None:
    workshop = AdmissionFactory(
        event=admission.event, is_event=False, title={"en": "Rust"}, starts_at=admission.begins_at, ask_days=[7]
    )
    row = come(admission, at)[0]
    inside = actions.register(admission=workshop, person=row.person, by=row.person, at=at)
    with time_machine.travel(at + timedelta(days=24), tick=False) as moved:
        actions.ask_still_coming(admission=workshop, by=SystemPerson("seats"), at=at + timedelta(days=24))
        moved.shift(timedelta(minutes=1))
        deliver_facts()
    mails = {mail.dedupe_key.split(":")[1]: mail for mail in OutboxMail.objects.filter(subject__contains="Rust")}
    assert set(mails) == {"registered", "coming"}
    for mail in mails.values():
        for words in (mail.text, mail.html):
            assert f"Your code for the event lets you in: {row.code}." in words
            assert inside.code not in words


def test_own_page_of_a_workshop_that_is_off_is_not_found(admission: Admission, client: Client, at: datetime) -> None:
    client.force_login(PersonFactory())
    workshop = AdmissionFactory(event=admission.event, is_event=False, title={"en": "Rust"})
    address = f"/e/{admission.event.slug}/registration/{workshop.pk}/"
    assert client.get(address).status_code == 302
    Admission.objects.filter(pk=workshop.pk).update(off_at=at)
    assert client.get(address).status_code == 404


def test_page_asks_for_the_answer_that_is_still_needed(admission: Admission, public: Client, at: datetime) -> None:
    row = come(admission, at)[0]
    question = AdmissionQuestion.objects.create(
        admission=admission, kind="text", text={"en": "What do you eat?"}, purpose={"en": "Catering"}, required=True
    )
    needed = "The team has to know something from everybody who comes."
    assert needed in public.get(page_of(row)).content.decode()
    post(public, page_of(row) + "change/", {"name": "Amina", "guests": "0", f"question_{question.pk}": "Injera"})
    assert row.answers.get().text == "Injera"
    assert needed not in public.get(page_of(row)).content.decode()


@pytest.mark.parametrize("state", ["postponed", "draft"])
def test_seat_at_an_event_without_a_date_is_given_up_on_its_page(
    admission: Admission, public: Client, at: datetime, state: str
) -> None:
    row = come(admission, at)[0]
    Event.objects.update(state=state)
    page = public.get(page_of(row)).content.decode()
    assert "I cannot come" in page
    assert f'action="{page_of(row)}give-up/"' in page
    assert "/change/" not in page
    assert public.get(page_of(row) + "?do=give-up").content.decode().count("give-up/") == 1, "asked once"
    post(public, page_of(row) + "give-up/")
    assert now_of(row).state == "given_up"
    assert "I cannot come" not in public.get(page_of(row)).content.decode()


def test_cancelled_event_that_never_had_a_new_date_promises_none(
    admission: Admission, public: Client, at: datetime
) -> None:
    Event.objects.update(state="cancelled", starts_at=None, ends_at=None)
    address = f"/e/{admission.event.slug}/"
    for page in (public.get(address), public.get(f"{address}register/")):
        words = page.content.decode()
        assert page.status_code == 200
        assert ("Date to come" in words, "The date is not settled yet." in words) == (False, False)
    Event.objects.update(state="postponed")
    assert "The date is not settled yet." in Client().get(f"{address}register/?lang=en").content.decode()


def test_page_opened_again_says_no_more_what_a_button_did_then(
    admission: Admission, public: Client, at: datetime
) -> None:
    first, _second, third = come(admission, at, 3)
    done = "Done. A mail with the same is on its way to you."
    assert done in public.get(page_of(third) + "?done=registered").content.decode()
    actions.give_up_seat(registration=first, by=first.person, at=at)
    assert now_of(third).state == "offered"
    page = public.get(page_of(third) + "?done=registered").content.decode()
    assert "A seat is kept for you" in page
    assert done not in page
    assert "Saved." in public.get(page_of(third) + "?done=saved").content.decode()
    assert 'role="status"' not in public.get(page_of(third) + "?done=nonsense").content.decode()


def test_page_has_one_thing_to_press_first_when_a_seat_is_given_up(
    admission: Admission, public: Client, at: datetime
) -> None:
    first, second, third = come(admission, at, 3)
    actions.give_up_seat(registration=first, by=first.person, at=at)

    def first_of(row: Registration) -> list[str]:
        page = public.get(page_of(row) + "?do=give-up").content.decode().partition('class="stack g4 stands"')[2]
        return [part.partition("</button>")[0] for part in page.partition("</section>")[0].split("button primary")[1:]]

    (only,) = first_of(third)
    assert "Yes, give it up" in only
    StillComing.objects.create(registration=second, days=7, starts_at=admission.begins_at, asked_at=at)
    (only,) = first_of(second)
    assert "Yes, give it up" in only


def test_page_does_not_speak_of_words_nobody_wrote(admission: Admission, public: Client, at: datetime) -> None:
    Admission.objects.update(how="approval")
    admission.refresh_from_db()
    silent, wrote = come(admission, at)[0], come(admission, at, message="I sing")[0]
    assert "The team says yes or no. You hear it by mail." in public.get(page_of(silent)).content.decode()
    assert "The team reads what you wrote" in public.get(page_of(wrote)).content.decode()
