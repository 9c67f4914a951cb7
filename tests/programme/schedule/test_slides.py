"""Slides after a session: whose are missing, who would like them, who is told and how often."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from hallway.kit.actors import SystemPerson, Visitor
from hallway.kit.facts import announce
from hallway.kit.models import FactRow
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.notices.models import OutboxMail
from hallway.people.facts import PersonLeft, PersonsMerged
from hallway.people.models import Person
from hallway.programme.schedule.actions import ask_for_slides, remind_of_slides, tell_slides_arrived
from hallway.programme.schedule.models import Session, SlidesReminder, SlidesRequest, Slot
from hallway.programme.schedule.policies import can_ask_for_slides
from hallway.programme.schedule.queries import own_data
from hallway.programme.schedule.queries.slides import count_asked, missing_slides, to_be_told
from hallway.programme.schedule.sweeps import (
    forget_who_waited_in_vain,
    remind_speakers_of_slides,
    tell_who_waits_for_slides,
)
from hallway.programme.talks.actions import NewMaterial, add_material, remove_material, say_no_slides
from hallway.programme.talks.models import Material, Talk
from hallway.programme.talks.tokens import address_for
from tests.factories import PersonFactory, SessionFactory, SlotFactory, SpeakingFactory

pytestmark = pytest.mark.django_db
SLIDES = SystemPerson("slides")
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
PDF = SimpleUploadedFile("My deck.pdf", b"%PDF-1.7 deck")


@pytest.fixture(autouse=True)
def own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def clock(at: datetime) -> Iterator[Any]:
    """Two hours after a session began; ``shift`` moves it."""
    with time_machine.travel(at + 2 * HOUR, tick=False) as traveller:
        yield traveller


@pytest.fixture
def speaker() -> Person:
    made: Person = PersonFactory(name="Inês", page_language="fr", claimed_at=None)
    return made


@pytest.fixture
def session(at: datetime, speaker: Person) -> Session:
    """From ``at`` on for 45 minutes, in a public programme."""
    made: Session = SessionFactory(event__starts_at=at, event__ends_at=at + 8 * HOUR)
    SpeakingFactory(talk=made.talk, person=speaker)
    SlotFactory(session=made, starts_at=at, ends_at=at + timedelta(minutes=45))
    return made


def page_of(session: Session) -> str:
    return f"/e/{session.event.slug}/sessions/{session.pk}-{session.slug}/"


def bring(session: Session, at: datetime, **more: Any) -> Material:
    new = NewMaterial(kind=more.pop("kind", "slides"), address="https://example.org/deck")
    return add_material(talk=session.talk, new=new, by=SLIDES, at=at, **more)


def test_speaker_is_reminded_a_day_and_a_week_after_and_never_again(
    session: Session, speaker: Person, clock: Any, at: datetime
) -> None:
    ask_for_slides(session=session, by=Visitor("a"), at=at)
    assert remind_speakers_of_slides() == 0
    told = []
    for _half_day in range(30):
        clock.shift(DAY / 2)
        told.append(remind_speakers_of_slides())
    assert (told.index(1), sum(told)) == (1, 2)
    assert told[12:16].count(1) == 1
    mails = list(OutboxMail.objects.order_by("pk"))
    assert [(mail.to_person, mail.language) for mail in mails] == [(speaker, "fr")] * 2
    assert all(address_for(session.talk.speakings.get()) in mail.text for mail in mails)
    assert SlidesReminder.objects.count() == 2


def test_only_speakers_who_miss_slides_and_can_be_reached_are_reminded(session: Session, at: datetime) -> None:
    now = at + DAY + HOUR
    SpeakingFactory(talk=session.talk, person=PersonFactory(email=None))
    SpeakingFactory(talk=session.talk, person=PersonFactory(left_at=at))
    assert len(list(missing_slides(now))) == 1
    code = bring(session, at, kind="code")
    assert len(list(missing_slides(now))) == 1
    slides = bring(session, at, event=session.event)
    assert list(missing_slides(now)) == []
    for material in (code, slides):
        remove_material(material=material, by=SLIDES, at=at)
    assert len(list(missing_slides(now))) == 1
    say_no_slides(talk=session.talk, by=SLIDES, at=at)
    assert list(missing_slides(now)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"hidden_at": 1}, {"removed_at": 1}, {"public_at": None}, {"event__state": "cancelled"},
        {"event__state": "postponed"}, {"event__state": "draft"}, {"event__hidden_at": 1}, {"event__public_at": None},
        {"talk__withdrawn_at": 1}, {"talk__hidden_at": 1}, {"later": 1},
    ],
)  # fmt: skip
def test_nobody_is_reminded_of_what_did_not_take_place(change: dict[str, Any], session: Session, at: datetime) -> None:
    now = at + DAY + HOUR
    assert len(list(missing_slides(now))) == 1
    for name, value in change.items():
        if name == "later":
            SlotFactory(session=session, starts_at=at + DAY, ends_at=at + DAY + HOUR)
            continue
        owner, _, field = name.rpartition("__")
        row = getattr(session, owner) if owner else session
        type(row).objects.filter(pk=row.pk).update(**{field: at if value == 1 else value})
    assert list(missing_slides(now)) == []


def test_what_is_long_past_is_not_begun_to_be_reminded_of(session: Session, at: datetime) -> None:
    assert [one.days for one in missing_slides(at + 8 * DAY)] == [7]
    assert [one.days for one in missing_slides(at + 4 * DAY)] == []
    assert [one.days for one in missing_slides(at + 20 * DAY)] == []
    first = next(missing_slides(at + 8 * DAY))
    assert remind_of_slides(missing=first, by=SLIDES, at=at)
    assert not remind_of_slides(missing=first, by=SLIDES, at=at)


def test_asking_counts_each_person_and_device_once(session: Session, at: datetime) -> None:
    person = PersonFactory()
    for by in (person, person, Visitor("a"), Visitor("a"), Visitor("b")):
        ask_for_slides(session=session, by=by, at=at)
    assert count_asked(session) == 3
    row = ask_for_slides(session=session, address=" B@Example.org ", language="fr-CA", by=Visitor("b"), at=at)
    assert (row.address, row.language, row.asked_at) == ("b@example.org", "fr", at)
    ask_for_slides(session=session, address="b@example.org", by=Visitor("b"), at=at)
    assert count_asked(session) == 3
    assert ask_for_slides(session=session, address="c@example.org", by=person, at=at).address == ""
    assert FactRow.objects.filter(kind="schedule.slides_asked").count() == 4


def test_asking_is_refused_with_a_sentence(session: Session, at: datetime) -> None:
    with pytest.raises(Refusal, match=r"slides\.address"):
        ask_for_slides(session=session, address="nobody", by=Visitor("a"), at=at)
    slides = bring(session, at)
    with pytest.raises(Refusal, match=r"slides\.there"):
        ask_for_slides(session=session, by=Visitor("a"), at=at)
    remove_material(material=slides, by=SLIDES, at=at)
    say_no_slides(talk=session.talk, by=SLIDES, at=at)
    session.talk.refresh_from_db()
    with pytest.raises(Refusal, match=r"slides\.none"):
        ask_for_slides(session=session, by=Visitor("a"), at=at)
    Session.objects.filter(pk=session.pk).update(hidden_at=at)
    with pytest.raises(NotAllowed, match=r"slides\.cannot_ask"):
        ask_for_slides(session=session, by=Visitor("a"), at=at)
    assert not can_ask_for_slides(SLIDES, session)


def test_asking_ends_at_a_hundred_a_day(session: Session, at: datetime) -> None:
    for number in range(100):
        row = ask_for_slides(session=session, address=f"a{number}@example.org", by=Visitor("a"), at=at)
    with pytest.raises(Refusal, match=r"pace\.too_often"):
        ask_for_slides(session=session, address="more@example.org", by=Visitor("a"), at=at)
    assert row.address == "a99@example.org"


def test_who_asked_is_told_once_when_slides_arrive(session: Session, clock: Any, at: datetime) -> None:
    person = PersonFactory(page_language="fr")
    ask_for_slides(session=session, by=person, at=at)
    ask_for_slides(session=session, address="b@example.org", language="en", by=Visitor("b"), at=at)
    ask_for_slides(session=session, by=Visitor("silent"), at=at)
    bring(session, at, kind="code")
    assert tell_who_waits_for_slides() == 0
    bring(session, at)
    assert tell_who_waits_for_slides() == 3
    bring(session, at)
    assert tell_who_waits_for_slides() == 0
    mails = {mail.to_address: mail for mail in OutboxMail.objects.all()}
    assert set(mails) == {person.email, "b@example.org"}
    assert (mails[person.email].language, mails["b@example.org"].language) == ("fr", "en")
    assert page_of(session) in mails["b@example.org"].text
    assert "forgotten the address" in mails["b@example.org"].text
    assert not SlidesRequest.objects.exclude(address="").exists()
    assert count_asked(session) == 3


def test_slides_taken_away_again_or_for_another_occasion_tell_nobody(
    session: Session, clock: Any, at: datetime
) -> None:
    elsewhere = SessionFactory(talk=session.talk)
    ask_for_slides(session=session, address="b@example.org", by=Visitor("b"), at=at)
    material = bring(session, at, event=elsewhere.event)
    assert tell_who_waits_for_slides() == 0
    remove_material(material=material, by=SLIDES, at=at)
    bring(session, at)
    request = to_be_told(at + 2 * HOUR)[0]
    Session.objects.filter(pk=session.pk).update(hidden_at=at)
    assert tell_who_waits_for_slides() == 0
    assert not tell_slides_arrived(request=request, address="/", by=SLIDES, at=at)
    assert not OutboxMail.objects.exists()
    request.delete()
    request.pk = 0
    with pytest.raises(Refusal, match=r"slides\.gone"):
        tell_slides_arrived(request=request, address="/", by=SLIDES, at=at)


def test_an_address_that_had_its_mails_waits_until_tomorrow(session: Session, clock: Any, at: datetime) -> None:
    sessions = [session, *(SessionFactory(event=session.event, talk=session.talk) for _three in range(3))]
    for one in sessions:
        ask_for_slides(session=one, address="b@example.org", by=Visitor("b"), at=at)
    bring(session, at)
    assert tell_who_waits_for_slides() == 3
    assert tell_who_waits_for_slides() == 0
    clock.shift(DAY + HOUR)
    assert tell_who_waits_for_slides() == 1
    assert OutboxMail.objects.count() == 4


def test_addresses_for_slides_that_never_came_are_forgotten(session: Session, clock: Any, at: datetime) -> None:
    ask_for_slides(session=session, address="b@example.org", by=Visitor("b"), at=at)
    assert forget_who_waited_in_vain() == 0
    clock.shift(timedelta(days=200))
    assert (forget_who_waited_in_vain(), forget_who_waited_in_vain()) == (1, 0)
    assert count_asked(session) == 1


def test_who_leaves_waits_no_more_and_still_counts(session: Session, speaker: Person, clock: Any, at: datetime) -> None:
    person = PersonFactory()
    ask_for_slides(session=session, by=person, at=at)
    remind_of_slides(missing=next(missing_slides(at + DAY + HOUR)), by=SLIDES, at=at)
    assert own_data(person)["would_like_slides_of"][0]["title"] == session.talk.title
    with transaction.atomic():
        for one in (person, speaker):
            announce(PersonLeft(person_id=one.pk), by=SLIDES, at=at)
    assert count_asked(session) == 1
    assert SlidesRequest.objects.get().person is None
    assert not SlidesReminder.objects.exists()
    Talk.objects.update(withdrawn_at=None)
    bring(session, at)
    assert tell_who_waits_for_slides() == 0


def test_requests_and_reminders_follow_a_merged_person(session: Session, at: datetime) -> None:
    stays, gone = PersonFactory(), PersonFactory()
    other = SessionFactory(event=session.event, talk=session.talk)
    for by, one in ((stays, session), (gone, session), (gone, other)):
        ask_for_slides(session=one, by=by, at=at)
    for person, days in ((stays, 1), (gone, 1), (gone, 7)):
        SlidesReminder.objects.create(talk=session.talk, event=session.event, person=person, days=days, at=at)
    with transaction.atomic():
        announce(PersonsMerged(person_id=stays.pk, gone_id=gone.pk), by=SLIDES, at=at)
    asked = SlidesRequest.objects.order_by("session_id").values_list("session_id", "person_id", "asker")
    assert list(asked) == [(session.pk, stays.pk, stays.actor_key), (other.pk, stays.pk, stays.actor_key)]
    assert list(SlidesReminder.objects.values_list("person_id", "days").order_by("days")) == [
        (stays.pk, 1),
        (stays.pk, 7),
    ]


# Pages


def test_session_page_has_the_button_only_while_slides_are_missing(
    client: Client, session: Session, clock: Any, at: datetime
) -> None:
    ask = f'action="/e/{session.event.slug}/sessions/{session.pk}/slides/"'
    assert ask in client.get(page_of(session)).content.decode()
    for by in ("a", "b"):
        ask_for_slides(session=session, by=Visitor(by), at=at)
    page = client.get(page_of(session))
    assert "2 people would like the slides." in page.content.decode()
    assert f"slides:{session.pk}" in page["X-Hallway-Store"].split()
    bring(session, at)
    text = client.get(page_of(session)).content.decode()
    assert ask not in text
    assert "https://example.org/deck" in text
    Slot.objects.update(public_starts_at=at + DAY, public_ends_at=at + DAY + HOUR)
    Material.objects.all().delete()
    assert ask not in client.get(page_of(session)).content.decode()


def test_a_device_asks_by_one_press_and_leaves_an_address(client: Client, session: Session, clock: Any) -> None:
    address = f"/e/{session.event.slug}/sessions/{session.pk}/slides/"
    answer = client.post(address, follow=True)
    assert "You are counted." in answer.content.decode()
    client.post(address, {"address": "b@example.org"})
    assert SlidesRequest.objects.get().address == "b@example.org"
    text = client.get(address).content.decode()
    assert "One mail to b@example.org" in text
    assert "b@example.org" not in Client().get(address).content.decode()
    wrong = Client().post(address, {"address": "b@"})
    assert wrong.status_code == 409
    assert 'value="b@"' in wrong.content.decode()
    assert "This is not an e-mail address" in wrong.content.decode()


def test_somebody_signed_in_asks_by_one_press(client: Client, session: Session, clock: Any, at: datetime) -> None:
    address = f"/e/{session.event.slug}/sessions/{session.pk}/slides/"
    client.force_login(PersonFactory())
    assert "I would like the slides" in client.get(address).content.decode()
    assert "One mail tells you" in client.post(address, follow=True).content.decode()
    bring(session, at)
    assert client.post(address).status_code == 409
    assert "They are there" in client.get(address).content.decode()
    Session.objects.update(hidden_at=at)
    assert client.get(address).status_code == 404


def test_devices_that_throw_their_cookie_away_are_stopped(session: Session, clock: Any) -> None:
    address = f"/e/{session.event.slug}/sessions/{session.pk}/slides/"
    answers = [Client().post(address).status_code for _device in range(302)]
    assert (answers[0], answers[-1]) == (302, 429)
    assert SlidesRequest.objects.count() <= 300
