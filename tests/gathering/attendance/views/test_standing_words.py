"""What a page says fits where somebody stands: its words, its button, its way back."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from hallway.gathering.attendance import actions
from hallway.gathering.attendance.models import Admission, Registration, StandingRegistration, StillComing
from hallway.gathering.events.models import Event
from hallway.notices.models import OutboxMail
from tests.factories import AdmissionFactory, SeriesFactory
from tests.gathering.attendance.line import come, now_of

from . import mailed_link, page_of, post
from .test_attending import PAGE
from .test_standing import text_of

pytestmark = pytest.mark.django_db
State = Registration.State


def test_who_stands_in_line_or_asked_reads_since_when_and_from_when_the_first_to_come_has_it(
    admission: Admission, public: Client, at: datetime
) -> None:
    rows = come(admission, at - timedelta(days=1), 3)
    assert "In line since: Wednesday 7 October, 11:00." in text_of(public, rows[2])
    page = " ".join(re.sub(r"<[^>]+>", "", text_of(public, rows[2])).split())
    assert (
        "From Saturday 7 November, 08:00, Johannesburg (UTC+2) on, a free seat is for whoever takes it first." in page
    )
    actions.give_up_seat(registration=rows[2], by=rows[2].person, at=at)
    actions.register(admission=admission, person=rows[2].person, by=rows[2].person, at=at)
    assert "In line since: today, 11:00." in text_of(public, rows[2]), "whoever comes back stands at the end"
    Admission.objects.update(first_come_hours=0)
    assert "whoever takes it first" not in text_of(public, rows[2]).partition("</section>")[0]
    begins = admission.begins_at
    assert begins is not None
    Admission.objects.update(first_come_hours=3)
    with time_machine.travel(begins - timedelta(hours=2), tick=False):
        assert "on, a free seat is for" not in text_of(public, rows[2]), "that hour has come"
    Registration.objects.filter(pk=rows[2].pk).update(state=State.ASKED)
    assert "You asked: today, 11:00." in text_of(public, rows[2])


def test_confirm_button_says_what_it_does(admission: Admission, public: Client, at: datetime) -> None:
    post(public, PAGE, {"address": "amina@example.org"})
    link = mailed_link()

    def buttons() -> list[str]:
        page = public.get(link).content.decode()
        return [words for words in ("I’m coming", "Put me in line", "Ask to come") if words in page]

    assert buttons() == ["I’m coming"]
    come(admission, at, 2)
    assert buttons() == ["Put me in line"]
    Admission.objects.update(how="approval")
    assert buttons() == ["Ask to come"]


def test_once_it_is_on_the_code_comes_first_and_no_calendar_file(
    admission: Admission, public: Client, at: datetime
) -> None:
    row = come(admission, at)[0]
    assert "Into my calendar" in text_of(public, row)
    begins = admission.begins_at
    assert begins is not None
    with time_machine.travel(begins + timedelta(minutes=5), tick=False):
        page = text_of(public, row)
    assert row.code in page
    assert "Into my calendar" not in page
    assert "We ask you by mail" not in page, "the days of that question are past"


def test_workshops_are_only_named_to_those_who_have_one(admission: Admission, public: Client, at: datetime) -> None:
    row = come(admission, at)[0]
    assert "Workshops of this event" not in text_of(public, row, "?do=give-up")
    workshop = AdmissionFactory(
        event=admission.event, is_event=False, title={"en": "Looms"}, starts_at=admission.begins_at
    )
    actions.register(admission=workshop, person=row.person, name="Amina", by=row.person, at=at)
    too = "Workshops of this event you registered for are given up too."
    assert too in text_of(public, row, "?do=give-up")
    StillComing.objects.create(registration=row, days=7, starts_at=admission.event.starts_at, asked_at=at)
    series = SeriesFactory(community=admission.event.community)
    StandingRegistration.objects.create(series=series, person=row.person, since=at)
    Event.objects.update(series=series)
    assert text_of(public, row).count(too) == 3, "beside each button that gives the event up"


def test_who_gave_up_comes_after_all_by_the_same_link(admission: Admission, public: Client, at: datetime) -> None:
    row = come(admission, at)[0]
    again = f"{page_of(row)}again/"
    assert public.get(again)["Location"] == page_of(row), "opened only, it does nothing"
    post(public, f"{page_of(row)}give-up/")
    page = text_of(public, row)
    assert "I want to come after all" in page
    assert "2 of 2 seats are left." in page
    assert post(public, again, {"name": ""}).status_code == 200
    assert now_of(row).state == State.GIVEN_UP, "a name is needed"
    assert post(public, again, {"name": "Amina", "guests": "0"})["Location"].endswith("?done=registered")
    assert (now_of(row).state, now_of(row).name) == (State.GOING, "Amina")
    assert not OutboxMail.objects.filter(subject__startswith="One press").exists(), "no other link is mailed"


def test_who_gave_up_stands_in_line_when_it_is_full_by_then(admission: Admission, public: Client, at: datetime) -> None:
    first = come(admission, at, 3)[0]
    post(public, f"{page_of(first)}give-up/")
    assert "Put me in line" in text_of(public, first)
    post(public, f"{page_of(first)}again/", {"name": "Amina", "guests": "0"})
    assert now_of(first).state == State.WAITING
    post(public, f"{page_of(first)}give-up/")
    Admission.objects.update(closes_at=at)
    assert "I want to come after all" not in text_of(public, first)
    late = post(public, f"{page_of(first)}again/", {"name": "Amina", "guests": "0"})
    assert late.status_code == 409
    assert now_of(first).state == State.GIVEN_UP


def test_who_asked_and_gives_up_is_told_of_the_team_not_of_a_line(
    admission: Admission, public: Client, at: datetime
) -> None:
    Admission.objects.update(how="approval")
    admission.refresh_from_db()
    row = come(admission, at)[0]
    page = text_of(public, row, "?do=give-up")
    assert "The team need not answer you then." in page
    assert "You leave the line" not in page
