"""A workshop that is out of the programme: nobody registers, those who did hear it once, and may get it back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from hallway.gathering.attendance import actions, queries, sweeps
from hallway.gathering.attendance.models import Admission, Registration
from hallway.gathering.attendance.tokens import Right
from hallway.kit.actors import SystemPerson
from hallway.kit.links import token_of
from hallway.kit.models import FactRow
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.kit.sweeps import deliver_facts
from hallway.notices.models import OutboxMail
from tests.factories import EventFactory, PersonFactory
from tests.gathering.attendance.line import come, now_of

pytestmark = pytest.mark.django_db
SYSTEM = SystemPerson("schedule")
HOUR, QUIET = timedelta(hours=1), timedelta(minutes=11)
TITLE = {"en": "Property tests"}


def workshop(at: datetime, *, is_off: bool = False, seats: int = 1) -> Admission:
    event = EventFactory(starts_at=at + timedelta(days=30), ends_at=at + timedelta(days=31))
    return actions.add_workshop(
        event=event, title=TITLE, capacity=seats, starts_at=at + timedelta(days=30, hours=2),
        ends_at=at + timedelta(days=30, hours=4), place="Long room", is_off=is_off, by=SYSTEM, at=at,
    )  # fmt: skip


def put_back(admission: Admission, at: datetime, **other: object) -> Admission:
    place = {
        "title": TITLE, "starts_at": admission.starts_at, "ends_at": admission.ends_at, "place": "Long room", **other,
    }  # fmt: skip
    return actions.place_workshop(admission=admission, by=SYSTEM, at=at, **place)


def hear(at: datetime) -> None:
    with time_machine.travel(at, tick=False):
        deliver_facts()


def told(admission: Admission, at: datetime) -> str:
    return actions.tell_changes(admission=Admission.objects.get(pk=admission.pk), by=SYSTEM, at=at)


def test_add_workshop_that_is_off_lets_nobody_in_until_it_is_placed(at: datetime) -> None:
    admission = workshop(at, is_off=True)
    person = PersonFactory()
    assert not queries.visible_to(None).filter(is_event=False).exists()
    with pytest.raises(Refusal) as refused:
        actions.register(admission=admission, person=person, by=person, at=at)
    assert refused.value.code == "attendance.off"
    with pytest.raises(Refusal):
        actions.request_place(admission=admission, address="a@example.org", language="en", by=SYSTEM, at=at)
    put_back(admission, at)
    assert queries.visible_to(None).filter(is_event=False).exists()
    assert actions.register(admission=admission, person=person, by=person, at=at).state == "going"


def test_call_off_workshop_keeps_registrations_and_gives_no_seat(at: datetime) -> None:
    admission = workshop(at)
    going, waiting = come(admission, at, 2)
    later = at + HOUR
    assert actions.call_off_workshop(admission=admission, by=SYSTEM, at=later).off_at == later
    assert actions.call_off_workshop(admission=admission, by=SYSTEM, at=later + HOUR).off_at == later
    assert FactRow.objects.filter(kind="attendance.admission_changed").count() == 1
    assert queries.registrations_to_come(going.person, later) == []
    actions.give_up_seat(registration=going, by=going.person, at=later)
    assert now_of(waiting).state == "waiting", "nobody is offered a seat in what does not take place"
    with pytest.raises(Refusal) as refused:
        actions.take_seat(registration=now_of(waiting), by=waiting.person, at=later)
    assert refused.value.code == "attendance.off"
    back = put_back(Admission.objects.get(pk=admission.pk), later)
    assert (back.off_at, now_of(waiting).state) == (None, "offered")


def test_call_off_workshop_is_for_those_who_run_registrations(at: datetime) -> None:
    admission = workshop(at)
    with pytest.raises(NotAllowed):
        actions.call_off_workshop(admission=admission, by=PersonFactory(), at=at)


def test_tell_changes_of_a_workshop_that_is_off_once_and_of_one_that_is_back(at: datetime) -> None:
    admission = workshop(at)
    come(admission, at, 1)
    later = at + HOUR
    actions.call_off_workshop(admission=admission, by=SYSTEM, at=later)
    assert told(admission, later) == "", "the next release may hold it again"
    assert told(admission, later + QUIET) == "workshop_off"
    assert told(admission, later + QUIET) == ""
    put_back(Admission.objects.get(pk=admission.pk), later + HOUR, place="Ballroom")
    assert told(admission, later + HOUR) == "back"


def test_tell_changes_says_nothing_of_a_workshop_off_and_on_within_minutes(at: datetime) -> None:
    admission = workshop(at)
    come(admission, at, 1)
    later = at + HOUR
    actions.call_off_workshop(admission=admission, by=SYSTEM, at=later)
    put_back(Admission.objects.get(pk=admission.pk), later + timedelta(minutes=2))
    assert told(admission, later + HOUR) == ""


def test_tell_changes_of_a_workshop_that_was_told_before_there_was_such_a_thing(at: datetime) -> None:
    admission = workshop(at)
    come(admission, at, 1)
    row = Admission.objects.get(pk=admission.pk)
    del row.told["off"]
    row.save()
    assert told(admission, at + HOUR) == ""


def test_sweeps_leave_a_workshop_that_is_off_alone(at: datetime) -> None:
    admission = workshop(at)
    going, waiting = come(admission, at, 2)
    actions.give_up_seat(registration=going, by=going.person, at=at)
    come(admission, at, 1)
    begins = admission.begins_at
    assert begins is not None
    Registration.objects.filter(pk=waiting.pk).update(offered_until=at + HOUR)
    assert queries.with_time_over(at + HOUR) != []
    actions.call_off_workshop(admission=admission, by=SYSTEM, at=at)
    assert queries.with_time_over(at + HOUR) == []
    assert queries.to_be_asked(begins - HOUR) == []
    assert queries.in_the_last_hours(begins - HOUR) == []


def test_those_registered_hear_that_it_is_off_with_a_file_that_takes_it_out(at: datetime) -> None:
    admission = workshop(at, seats=2)
    rows = come(admission, at, 3)
    hear(at)
    OutboxMail.objects.all().delete()
    actions.call_off_workshop(admission=admission, by=SYSTEM, at=at)
    assert told(admission, at + QUIET) == "workshop_off"
    hear(at + QUIET)
    mails = list(OutboxMail.objects.order_by("pk"))
    assert sorted(mail.to_person_id for mail in mails) == sorted(row.person_id for row in rows)
    files = [file["text"] for mail in mails for file in mail.attachments]
    assert len(files) == 2, "whoever was in line had nothing in a calendar"
    for file in files:
        assert "STATUS:CANCELLED" in file
        assert f"UID:event-{admission.event_id}-workshop-{admission.pk}@" in file
    with time_machine.travel(at + QUIET, tick=False):
        assert sweeps.tell_what_changed() == 0


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [
        ("en", "Not in the programme any more", "There is nothing you need to do."),
        ("fr", "Retiré du programme", "Vous n’avez rien à faire."),
    ],
)
def test_mail_of_a_workshop_that_is_off_says_so(language: str, subject: str, words: str, at: datetime) -> None:
    admission = workshop(at)
    row = come(admission, at, 1)[0]
    Registration.objects.update(language=language)
    row.person.page_language = language
    row.person.save()
    hear(at)
    OutboxMail.objects.all().delete()
    actions.call_off_workshop(admission=admission, by=SYSTEM, at=at)
    told(admission, at + QUIET)
    hear(at + QUIET)
    mail = OutboxMail.objects.get()
    assert mail.subject.startswith(subject)
    for text in (mail.text, mail.html):
        assert words in text
        assert "Property tests" in text


def test_page_of_a_registration_says_that_the_workshop_is_off(client: Client, at: datetime) -> None:
    admission = workshop(at)
    row = come(admission, at, 1)[0]
    page = f"/registrations/{token_of(Right.REGISTRATION, row.pk, row.nonce)}/"
    with time_machine.travel(at, tick=False):
        actions.call_off_workshop(admission=admission, by=SYSTEM, at=at)
        text = client.get(page).content.decode()
        assert "This workshop is not in the programme any more." in text
        assert "you have your place back" in text
        put_back(Admission.objects.get(pk=admission.pk), at)
        assert "You are going." in client.get(page).content.decode()
