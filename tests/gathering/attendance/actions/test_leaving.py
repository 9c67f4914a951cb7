"""When a person leaves, or two turn out to be one; and when words have had their time."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest

from hallway.gathering.attendance import actions
from hallway.gathering.attendance.models import (
    AdmissionAnswer,
    AdmissionInvitation,
    CheckIn,
    DoorHelper,
    Registration,
    RegistrationRequest,
    StandingRegistration,
)
from hallway.gathering.events.models import Event
from hallway.kit.actors import SystemPerson, Visitor
from hallway.kit.refusal import NotAllowed
from hallway.people import actions as people
from hallway.people.models import Person
from tests.factories import PersonFactory, RegistrationFactory, SeriesFactory, TeamRoleFactory
from tests.gathering.attendance.line import come, list_of, now_of, states

pytestmark = pytest.mark.django_db
State = Registration.State
KEEPER = SystemPerson("seats")


def test_leaving_frees_the_seat_and_erases_words(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    organiser = TeamRoleFactory(community=admission.event.community).person
    question = actions.add_question(
        admission=admission, fields={"text": {"en": "Diet"}, "purpose": {"en": "Food"}}, by=organiser, at=at
    )
    going = come(admission, at, answers={question.pk: "vegan"}, message="Hello")[0]
    come(admission, at)
    actions.count_me_in(series=SeriesFactory(), person=going.person, by=going.person, at=at)
    before = at - timedelta(days=1)
    over = RegistrationFactory(
        person=going.person, admission__event__starts_at=before, admission__event__ends_at=before
    )
    people.leave_hallway(person=going.person, by=going.person, at=at)
    assert states(admission) == ["given_up", "offered"]
    row = now_of(going)
    assert (row.cause, row.name, row.message) == ("left", "", "")
    assert now_of(over).state == State.GOING, "what was stays counted"
    assert not AdmissionAnswer.objects.exists()
    assert not StandingRegistration.objects.exists()


def test_leaving_of_an_organiser_forgets_who_invited(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    TeamRoleFactory(community=admission.event.community)
    organiser = TeamRoleFactory(community=admission.event.community).person
    actions.invite(admission=admission, address="a@example.org", by=organiser, at=at)
    people.leave_hallway(person=organiser, by=organiser, at=at)
    assert AdmissionInvitation.objects.get().invited_by is None


def merge(gone: Person, keep: Person, at: datetime) -> None:
    people.merge_persons(keep=keep, gone=gone, by=SystemPerson("claims"), at=at)


def test_merging_moves_registrations(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    going = come(admission, at)[0]
    keep = PersonFactory()
    series = SeriesFactory()
    for one in (going.person, keep):
        actions.count_me_in(series=series, person=one, by=one, at=at)
    merge(going.person, keep, at)
    assert now_of(going).person_id == keep.pk
    assert StandingRegistration.objects.get().person_id == keep.pk


def test_merging_two_who_registered_for_the_same_keeps_the_better(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30))
    going, waiting, third = come(admission, at, 3)
    Registration.objects.filter(pk=waiting.pk).update(came_at=at)
    line = {"admission": admission, "kind": "came", "how": "list", "done_at": at, "received_at": at}
    CheckIn.objects.create(uid=uuid.uuid4(), registration=waiting, **line)
    merge(going.person, waiting.person, at)
    kept = now_of(going)
    assert (kept.person_id, kept.state, kept.came_at) == (waiting.person_id, State.GOING, at)
    assert not Registration.objects.filter(pk=waiting.pk).exists()
    assert CheckIn.objects.get().registration_id == going.pk
    assert now_of(third).state == State.WAITING


def test_merging_keeps_old_links_and_what_lists_one_was_in(at: datetime) -> None:
    admission = list_of(5, at + timedelta(days=30))
    organiser = TeamRoleFactory(community=admission.event.community).person
    request = actions.request_place(
        admission=admission, address="nomsa@example.org", language="en", by=Visitor("phone"), at=at
    )
    going = come(admission, at)[0]
    row = actions.confirm_request(request=request, name="Nomsa", by=Visitor("phone"), at=at)
    actions.export_list(event=admission.event, what="going", by=organiser, at=at)
    actions.export_list(event=admission.event, what="going", by=organiser, at=at)
    merge(row.person, going.person, at)
    kept = Registration.objects.get()
    assert RegistrationRequest.objects.get().registration_id == kept.pk
    assert kept.exports.count() == 2


def test_merging_two_who_both_go_frees_a_seat(at: datetime) -> None:
    admission = list_of(2, at + timedelta(days=30))
    one, two, third = come(admission, at, 3)
    merge(two.person, one.person, at)
    assert states(admission) == ["going", "offered"]
    assert now_of(third).state == State.OFFERED


def test_forget_old_words_keeps_each_as_long_as_it_says(at: datetime) -> None:
    admission = list_of(5, at + timedelta(days=1))
    organiser = TeamRoleFactory(community=admission.event.community).person
    fields = {"text": {"en": "Diet"}, "purpose": {"en": "Food"}}
    short = actions.add_question(admission=admission, fields={**fields, "kept_days": 2}, by=organiser, at=at)
    long = actions.add_question(admission=admission, fields={**fields, "kept_days": 20}, by=organiser, at=at)
    row = come(admission, at, answers={short.pk: "vegan", long.pk: "M"})[0]
    phone = Visitor("phone")
    actions.request_place(admission=admission, address="a@example.org", language="en", by=phone, at=at)
    actions.invite(admission=admission, address="b@example.org", by=organiser, at=at)
    DoorHelper.objects.create(event=admission.event, name="Lindiwe", nonce="n", made_at=at, opens_at=at, expires_at=at)
    line = {"admission": admission, "kind": "came", "how": "walked_in", "done_at": at, "received_at": at}
    CheckIn.objects.create(uid=uuid.uuid4(), walk_in=uuid.uuid4(), name="Somebody", **line)
    ended = actions.count_me_in(series=SeriesFactory(), person=row.person, by=row.person, at=at)
    actions.count_me_out(standing=ended, by=row.person, at=at)

    forget = lambda days: actions.forget_old_words(by=KEEPER, at=at + timedelta(days=days))  # noqa: E731 - four calls read better in one line each
    assert forget(2) == 0
    assert forget(3) == 1, "the request nobody confirmed"
    assert forget(4) == 1
    assert list(AdmissionAnswer.objects.values_list("question", flat=True)) == [long.pk]
    assert forget(22) == 1
    assert forget(32) == 3
    assert CheckIn.objects.get().name == ""
    assert forget(400) == 1
    assert not RegistrationRequest.objects.exists()
    with pytest.raises(NotAllowed):
        actions.forget_old_words(by=organiser, at=at)


def test_forget_addresses_of_what_was_called_off_without_a_date(at: datetime) -> None:
    admission = list_of(5, at + timedelta(days=1))
    organiser = TeamRoleFactory(community=admission.event.community).person
    actions.invite(admission=admission, address="b@example.org", by=organiser, at=at)
    called_off = {"starts_at": None, "ends_at": None, "state": Event.State.CANCELLED, "updated_at": at}
    Event.objects.update(**called_off)
    assert actions.forget_old_words(by=KEEPER, at=at + timedelta(days=30)) == 0
    assert actions.forget_old_words(by=KEEPER, at=at + timedelta(days=31)) == 1


def test_forget_answers_to_what_was_called_off_without_a_date(at: datetime) -> None:
    admission = list_of(5, at + timedelta(days=1))
    organiser = TeamRoleFactory(community=admission.event.community).person
    fields = {"text": {"en": "Diet"}, "purpose": {"en": "Food"}, "kept_days": 2}
    question = actions.add_question(admission=admission, fields=fields, by=organiser, at=at)
    come(admission, at, answers={question.pk: "vegan"})
    Event.objects.update(starts_at=None, ends_at=None, state=Event.State.POSTPONED, updated_at=at)
    assert actions.forget_old_words(by=KEEPER, at=at + timedelta(days=9)) == 0
    Event.objects.update(state=Event.State.CANCELLED)
    assert actions.forget_old_words(by=KEEPER, at=at + timedelta(days=9)) == 1


def test_forget_addresses_of_what_had_no_end(at: datetime) -> None:
    begins = at + timedelta(days=1)
    admission = list_of(5, begins)
    organiser = TeamRoleFactory(community=admission.event.community).person
    actions.invite(admission=admission, address="b@example.org", by=organiser, at=at)
    Event.objects.update(ends_at=None)
    assert actions.forget_old_words(by=KEEPER, at=begins + timedelta(days=30)) == 0
    assert actions.forget_old_words(by=KEEPER, at=begins + timedelta(days=31)) == 1
