"""Mail about seats, dates of series, and who is told what once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine

from hallway.gathering.attendance import actions, queries
from hallway.gathering.attendance.models import Admission, Registration
from hallway.gathering.events import actions as events
from hallway.gathering.events.models import Event
from hallway.gathering.events.policies import can_see_joining
from hallway.kit import clock
from hallway.kit.actors import SystemPerson
from hallway.kit.refusal import Refusal
from hallway.kit.sweeps import deliver_facts
from hallway.notices.models import OutboxMail
from hallway.people.models import Person
from tests.factories import (
    EventFactory,
    MembershipFactory,
    PersonFactory,
    RegistrationFactory,
    SeriesFactory,
    TeamRoleFactory,
    VenueFactory,
)
from tests.gathering.attendance.line import come, list_of, now_of, states

pytestmark = pytest.mark.django_db
State = Registration.State
KEEPER = SystemPerson("seats")


def heard(*rows: Registration, days: int = 0) -> list[list[str]]:
    """What each of them got, so many days later: the letter's key and whether a calendar came along."""
    with time_machine.travel(clock.now() + timedelta(days=days), tick=False):
        while deliver_facts():
            pass
    return [
        [
            f"{key.split(':')[1]}{' ' + files[0]['content_type'].split('=')[1].split(';')[0] if files else ''}"
            for key, files in OutboxMail.objects.filter(to_person=row.person)
            .order_by("pk")
            .values_list("dedupe_key", "attachments")
        ]
        for row in rows
    ]


@pytest.fixture(autouse=True)
def now(at: datetime) -> object:
    with time_machine.travel(at, tick=False):
        yield at


def test_who_registers_hears_where_they_stand_once(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    going, waiting = come(admission, at, 2)
    assert heard(going, waiting) == [["registered PUBLISH"], ["registered"]]
    assert heard(going, waiting) == [["registered PUBLISH"], ["registered"]]


def test_who_gave_up_before_the_mail_was_written_hears_of_that_only(at: datetime) -> None:
    row = come(list_of(1, at + timedelta(days=30)), at)[0]
    actions.give_up_seat(registration=row, by=row.person, at=at)
    assert heard(row) == [["gone CANCEL"]]


def test_the_next_in_line_hears_of_an_offer_and_of_its_end(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    going, first, second = come(admission, at, 3)
    heard()
    actions.give_up_seat(registration=going, by=going.person, at=at)
    assert heard(going, first, second) == [
        ["registered PUBLISH", "gone CANCEL"], ["registered", "offer"], ["registered"],
    ]  # fmt: skip
    actions.end_due_offers(admission=admission, by=KEEPER, at=now_of(first).offered_until)
    assert heard(first, second, days=3) == [["registered", "offer", "gone"], ["registered", "offer"]]
    actions.take_seat(registration=second, by=second.person, at=at + timedelta(days=1))
    assert heard(second, days=3) == [["registered", "offer", "registered PUBLISH"]]


def test_an_offer_taken_before_its_mail_was_written_is_not_mailed(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    going, first = come(admission, at, 2)
    actions.give_up_seat(registration=going, by=going.person, at=at)
    actions.take_seat(registration=first, by=first.person, at=at)
    assert heard(first) == [["registered PUBLISH"]]


def test_offers_taken_back_are_told(at: datetime) -> None:
    admission = list_of(2, at + timedelta(days=30))
    organiser = TeamRoleFactory(community=admission.event.community).person
    one, _two, third = come(admission, at, 3)
    heard()
    actions.give_up_seat(registration=one, by=one.person, at=at)
    heard()
    actions.change_seats(admission=admission, seats=1, by=organiser, at=at)
    assert heard(third) == [["registered", "offer", "gone"]]


def test_yes_and_no_are_told(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30), how=Admission.How.APPROVAL)
    organiser = TeamRoleFactory(community=admission.event.community).person
    yes, no = come(admission, at, 2)
    heard()
    actions.approve_registration(registration=yes, by=organiser, at=at)
    actions.decline_registration(registration=no, reason="For teachers", by=organiser, at=at)
    assert heard(yes, no) == [["registered", "registered PUBLISH"], ["registered", "declined CANCEL"]]


def test_those_in_line_are_called_in_the_last_hours(at: datetime) -> None:
    admission = list_of(1, at + timedelta(hours=2))
    going, waiting = come(admission, at - timedelta(days=2), 2)
    heard()
    actions.give_up_seat(registration=going, by=going.person, at=at)
    assert heard(waiting) == [["registered", "first"]]


def test_those_going_are_asked_whether_they_still_come(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=6))
    going, waiting = come(admission, at - timedelta(days=9), 2)
    heard()
    actions.ask_still_coming(admission=admission, by=KEEPER, at=at)
    assert heard(going, waiting) == [["registered PUBLISH", "coming PUBLISH"], ["registered"]]
    actions.confirm_coming(registration=going, by=going.person, at=at)
    assert heard(going) == [["registered PUBLISH", "coming PUBLISH"]]


def test_an_event_moved_is_told_once_also_to_who_follows_the_community(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    organiser = TeamRoleFactory(community=admission.event.community).person
    going, waiting = come(admission, at, 2)
    follower = MembershipFactory(community=admission.event.community).person
    MembershipFactory(community=admission.event.community, person=going.person)
    heard()
    events.postpone_event(
        event=admission.event, starts_at=at + timedelta(days=40), reason={"en": "Flood"}, by=organiser, at=at
    )
    actions.tell_changes(admission=admission, by=KEEPER, at=at + timedelta(minutes=11))
    assert heard(going, waiting, days=1) == [["registered PUBLISH", "told PUBLISH"], ["registered", "told"]]
    assert OutboxMail.objects.filter(to_person=follower).count() == 1


def test_a_cancelled_event_leaves_calendars(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    organiser = TeamRoleFactory(community=admission.event.community).person
    going = come(admission, at)[0]
    heard()
    events.cancel_event(event=admission.event, reason={"en": "Storm"}, by=organiser, at=at)
    actions.tell_changes(admission=admission, by=KEEPER, at=at)
    assert heard(going) == [["registered PUBLISH", "told CANCEL"]]
    events.publish_event(event=Event.objects.get(), by=organiser, at=at)
    assert heard(going) == [["registered PUBLISH", "told CANCEL", "told PUBLISH"]]


def a_new_date(
    at: datetime, days: int, people: int, **settings: object
) -> tuple[Admission, list[Registration], list[list[str]]]:
    """A date of one seat published so many days before, whom it counted in, in their order, and what they heard."""
    series = SeriesFactory()
    organiser = TeamRoleFactory(community=series.community).person
    for hours in range(people):
        person = PersonFactory()
        actions.count_me_in(series=series, person=person, by=person, at=at - timedelta(hours=hours))
    begins = at + timedelta(days=days)
    event = EventFactory(
        series=series, community=series.community, occurrence_on=begins.date(), starts_at=begins,
        ends_at=begins + timedelta(hours=2), seats=1, state=Event.State.DRAFT, public_at=None,
    )  # fmt: skip
    admission = actions.open_admission(event=event, by=organiser, at=at)
    Admission.objects.filter(pk=admission.pk).update(**settings)
    events.publish_event(event=event, by=organiser, at=at)
    deliver_facts()
    rows = list(admission.registrations.select_related("person").order_by("position"))
    return admission, rows, heard(*rows)


def test_those_who_come_every_time_are_in_line_first_and_the_one_who_goes_is_asked_later(at: datetime) -> None:
    admission, rows, letters = a_new_date(at, 30, 2)
    assert [row.person.standing.get().since for row in rows] == [at - timedelta(hours=1), at], "who said so first"
    assert states(admission) == ["going", "waiting"]
    assert letters == [[], ["registered"]], "who stands in line is asked nothing later"
    moment = at + timedelta(days=23)
    actions.ask_still_coming(admission=admission, by=KEEPER, at=moment)
    assert heard(*rows, days=23) == [["coming PUBLISH"], ["registered"]]


@pytest.mark.parametrize(
    ("days", "settings", "letters"),
    [
        (5, {"ask_days": [7]}, [["registered PUBLISH"]]),
        (30, {"ask_days": []}, [["registered PUBLISH"]]),
        (5, {"ask_days": [7, 1]}, [[]]),
        (30, {"how": "approval"}, [["registered"]]),
    ],
)
def test_those_who_come_every_time_hear_at_once_where_nobody_asks_them_later(
    at: datetime, days: int, settings: dict[str, object], letters: list[list[str]]
) -> None:
    assert a_new_date(at, days, 1, **settings)[2] == letters


def test_who_counts_themselves_in_for_every_date_gets_no_mail_for_each(at: datetime) -> None:
    series = SeriesFactory()
    person = PersonFactory()
    for days in (20, 50, 80):
        begins = at + timedelta(days=days)
        event = EventFactory(
            series=series, community=series.community, occurrence_on=begins.date(), starts_at=begins, ends_at=begins
        )
        actions.open_admission(event=event, by=KEEPER, at=at)
    actions.count_me_in(series=series, person=person, by=person, at=at)
    deliver_facts()
    assert Registration.objects.filter(person=person, state=State.GOING).count() == 3
    assert not OutboxMail.objects.filter(to_person=person).exists()


def test_joining_details_are_for_those_going(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    going, waiting = come(admission, at, 2)
    assert can_see_joining(going.person, admission.event)
    assert not can_see_joining(waiting.person, admission.event)


def test_the_calendar_of_those_going_has_the_code_and_how_to_join(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    Event.objects.update(joining={"en": "https://meet.example.org/maps"})
    going = come(Admission.objects.select_related("event").get(pk=admission.pk), at)[0]
    heard()
    text = OutboxMail.objects.get(to_person=going.person).attachments[0]["text"].replace("\r\n ", "")
    assert going.code in text
    assert "meet.example.org/maps" in text
    assert f"UID:event-{admission.event_id}@" in text


def test_a_workshop_has_an_entry_of_its_own(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    organiser = TeamRoleFactory(community=admission.event.community).person
    begins = at + timedelta(days=30, hours=1)
    workshop = actions.add_workshop(
        event=admission.event,
        title={"en": "Soldering"},
        capacity=1,
        starts_at=begins,
        place="Attic",
        by=organiser,
        at=at,
    )
    going = come(admission, at)[0]
    actions.register(admission=workshop, person=going.person, by=going.person, at=at)
    heard()
    text = OutboxMail.objects.filter(to_person=going.person).latest("pk").attachments[0]["text"]
    assert f"UID:event-{admission.event_id}-workshop-{workshop.pk}@" in text
    assert "SUMMARY:Soldering" in text
    assert "LOCATION:Attic" in text


def with_workshops(at: datetime) -> tuple[Admission, Person, list[Admission], Registration]:
    """An event, its organiser, two workshops (one at an hour and in a room of its own), and who goes to all of it."""
    admission = list_of(3, at + timedelta(days=30))
    organiser = TeamRoleFactory(community=admission.event.community).person
    own = {"starts_at": at + timedelta(days=30, hours=1), "place": "Attic"}
    workshops = [
        actions.add_workshop(event=admission.event, title={"en": title}, capacity=3, by=organiser, at=at, **fields)
        for title, fields in (("Soldering", own), ("Weaving", {}))
    ]
    going = come(admission, at)[0]
    for workshop in workshops:
        actions.register(admission=workshop, person=going.person, by=going.person, at=at)
    heard()
    OutboxMail.objects.all().delete()
    return admission, organiser, workshops, going


def tell_all(at: datetime) -> None:
    for admission in Admission.objects.select_related("event").order_by("-pk"):
        actions.tell_changes(admission=admission, by=KEEPER, at=at)


def test_who_goes_to_workshops_too_hears_once_that_all_is_cancelled_and_every_calendar_follows(at: datetime) -> None:
    admission, organiser, workshops, going = with_workshops(at)
    events.cancel_event(event=admission.event, reason={"en": "Storm"}, by=organiser, at=at)
    tell_all(at)
    assert heard(going) == [["told CANCEL"]]
    mail = OutboxMail.objects.get(to_person=going.person)
    assert mail.subject.startswith("Cancelled: ")
    assert "The same goes for your workshops: Soldering, Weaving" in mail.text
    files = ["".join(one["text"].split("\r\n ")) for one in mail.attachments]
    assert [f"workshop-{one.pk}@" in text for one, text in zip(workshops, files[1:], strict=True)] == [True, True]
    assert all("METHOD:CANCEL" in text for text in files)


def test_who_goes_to_a_workshop_alone_hears_of_it_there(at: datetime) -> None:
    admission, organiser, _workshops, going = with_workshops(at)
    Registration.objects.filter(pk=going.pk).update(state=State.GIVEN_UP)
    events.cancel_event(event=admission.event, reason={"en": "Storm"}, by=organiser, at=at)
    tell_all(at)
    assert heard(going) == [["told CANCEL", "told CANCEL"]]


def test_another_place_of_the_event_is_no_news_of_a_workshop_with_its_own(at: datetime) -> None:
    admission, organiser, _workshops, going = with_workshops(at)
    venue = VenueFactory(community=admission.event.community)
    events.edit_event(event=admission.event, changes={"venue": venue}, by=organiser, at=at)
    tell_all(at + timedelta(hours=1))
    assert heard(going, days=1) == [["told PUBLISH"]]
    mail = OutboxMail.objects.get(to_person=going.person)
    assert "for your workshops: Weaving" in mail.text
    assert len(mail.attachments) == 2


def test_a_new_date_of_the_event_is_news_of_the_workshop_without_an_hour_of_its_own(at: datetime) -> None:
    admission, organiser, workshops, going = with_workshops(at)
    events.postpone_event(event=admission.event, starts_at=at + timedelta(days=40), reason={}, by=organiser, at=at)
    actions.call_off_workshop(admission=workshops[0], by=organiser, at=at)
    tell_all(at + timedelta(hours=1))
    heard(days=1)
    subjects = OutboxMail.objects.filter(to_person=going.person).order_by("subject").values_list("subject", flat=True)
    assert list(subjects) == [f"New date: {admission.event.title['en']}", "Not in the programme any more: Soldering"]
    assert "for your workshops: Weaving" in OutboxMail.objects.get(subject__startswith="New date").text


def test_the_export_of_a_person_has_their_registrations(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    person: Person = come(admission, at)[0].person
    data = queries.own_data(person)
    assert data["registrations"][0]["event"] == admission.event.slug
    assert queries.own_data(PersonFactory()) == {}
    assert states(admission) == ["going"]


def test_draft_somebody_is_registered_for_is_not_deleted(at: datetime) -> None:
    event = EventFactory(state="draft", public_at=None)
    organiser = TeamRoleFactory(community=event.community).person
    row = RegistrationFactory(admission__event=event, state=State.WAITING)
    with pytest.raises(Refusal, match=r"event\.in_use"):
        events.delete_event(event=event, by=organiser, at=at)
    Registration.objects.filter(pk=row.pk).update(state=State.GIVEN_UP)
    events.delete_event(event=event, by=organiser, at=at)
    assert not Event.objects.filter(pk=event.pk).exists()


def test_copy_of_an_event_takes_over_how_one_registers(at: datetime) -> None:
    organiser = TeamRoleFactory().person
    community = organiser.team_roles.get().community
    event = events.create_event(community=community, title={"en": "Trams"}, by=organiser, at=at, seats=30)
    admission = queries.main_admission(event)
    assert admission is not None
    settings = {"how": "approval", "rule": "lottery", "extra": 4, "ask_days": [3], "closes_at": at}
    actions.change_admission(admission=admission, changes=settings, by=organiser, at=at)
    actions.add_question(admission=admission, fields={"text": {"en": "A"}, "purpose": {"en": "B"}}, by=organiser, at=at)
    copy = queries.main_admission(events.copy_event(event=event, by=organiser, at=at))
    assert copy is not None
    assert (copy.how, copy.rule, copy.extra, copy.ask_days, copy.capacity) == ("approval", "lottery", 4, [3], 30)
    assert copy.closes_at is None, "its dates are others"
    assert [question.text for question in copy.questions.all()] == [{"en": "A"}]
    assert not copy.registrations.exists()
