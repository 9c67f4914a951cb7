"""Lists of events and workshops, their settings and questions."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hallway.gathering.attendance import actions, queries
from hallway.gathering.attendance.facts import SeatsFirstCome
from hallway.gathering.attendance.models import Admission, AdmissionQuestion
from hallway.gathering.events import actions as events
from hallway.kit.models import FactRow, Revision
from hallway.kit.refusal import NotAllowed, Refusal
from tests.factories import AdmissionFactory, EventFactory, PersonFactory, SeriesFactory, TeamRoleFactory
from tests.gathering.attendance.line import come, list_of, states

pytestmark = pytest.mark.django_db


def test_create_event_opens_its_list(at: datetime) -> None:
    role = TeamRoleFactory()
    event = events.create_event(
        community=role.community, title={"en": "Evening"}, starts_at=at, seats=40, by=role.person, at=at
    )
    admission = queries.main_admission(event)
    assert admission is not None
    assert (admission.how, admission.capacity) == ("open", 40)
    assert actions.open_admission(event=event, by=role.person, at=at).pk == admission.pk


def test_create_event_whose_page_is_elsewhere_registers_nobody_here(at: datetime) -> None:
    role = TeamRoleFactory()
    event = events.create_event(
        community=role.community, title={"en": "Elsewhere"}, url="https://example.org/", by=role.person, at=at
    )
    admission = queries.main_admission(event)
    assert admission is not None
    assert admission.how == "none"


def test_open_admission_of_a_date_takes_over_what_the_date_before_has(at: datetime) -> None:
    series = SeriesFactory()
    role = TeamRoleFactory(community=series.community)
    first = EventFactory(series=series, community=series.community, occurrence_on=at.date())
    earlier = AdmissionFactory(event=first, how="approval", guests_most=3, must_answer=True, rule="lottery")
    actions.add_question(
        admission=earlier, fields={"text": {"en": "Diet"}, "purpose": {"en": "Food"}, "kind": "diet"}, by=role.person,
        at=at,
    )  # fmt: skip
    second = EventFactory(
        series=series, community=series.community, occurrence_on=at.date() + timedelta(days=30), seats=7
    )
    admission = actions.open_admission(event=second, by=role.person, at=at)
    assert (admission.how, admission.guests_most, admission.must_answer, admission.rule, admission.capacity) == (
        "approval", 3, True, "lottery", 7,
    )  # fmt: skip
    assert admission.questions.get().kind == "diet"


def test_change_admission_by_others_is_refused(at: datetime) -> None:
    admission = AdmissionFactory()
    person = PersonFactory()
    for call in (
        lambda: actions.open_admission(event=admission.event, by=person, at=at),
        lambda: actions.change_admission(admission=admission, changes={"extra": 1}, by=person, at=at),
        lambda: actions.change_seats(admission=admission, seats=1, by=person, at=at),
        lambda: actions.resize(admission=admission, capacity=1, by=person, at=at),
        lambda: actions.add_workshop(event=admission.event, title={"en": "W"}, capacity=1, by=person, at=at),
        lambda: actions.remove_workshop(admission=admission, by=person, at=at),
        lambda: actions.add_question(admission=admission, fields={}, by=person, at=at),
    ):
        with pytest.raises(NotAllowed):
            call()


def test_change_admission_sets_what_differs(at: datetime) -> None:
    admission = list_of(3, at + timedelta(days=30))
    organiser = TeamRoleFactory(community=admission.event.community).person
    changed = actions.change_admission(
        admission=admission, changes={"guests_most": 4, "rule": "lottery"}, by=organiser, at=at
    )
    assert (changed.guests_most, changed.rule) == (4, "lottery")
    actions.change_admission(admission=admission, changes={"guests_most": 4}, by=organiser, at=at)
    with pytest.raises(TypeError, match="position"):
        actions.change_admission(admission=admission, changes={"last_position": 4}, by=organiser, at=at)
    with pytest.raises(Refusal, match="closes_before_opens"):
        actions.change_admission(admission=admission, changes={"opens_at": at, "closes_at": at}, by=organiser, at=at)
    for days in ([0], [31], [1, 2, 3, 4], ["7"]):
        with pytest.raises(Refusal, match="ask_days"):
            actions.change_admission(admission=admission, changes={"ask_days": days}, by=organiser, at=at)


def test_settings_that_free_no_seat_make_pages_old_and_call_nobody(at: datetime) -> None:
    begins = at + timedelta(hours=2)
    admission = list_of(1, begins)
    organiser = TeamRoleFactory(community=admission.event.community).person
    going, waiting = come(admission, at, 2)
    actions.give_up_seat(registration=going, by=going.person, at=at)
    calls = FactRow.objects.filter(kind=SeatsFirstCome.kind)
    before = Revision.objects.get(key=f"seats:{admission.event_id}").seq
    later = at + timedelta(minutes=40)
    actions.change_admission(admission=admission, changes={"guests_most": 0}, by=organiser, at=later)
    actions.change_registration(registration=waiting, name="Zanele", by=waiting.person, at=later)
    assert calls.count() == 1
    assert Revision.objects.get(key=f"seats:{admission.event_id}").seq > before


def test_fewer_seats_beyond_the_chairs_take_offers_back(at: datetime) -> None:
    admission = list_of(1, at + timedelta(days=30), extra=1)
    organiser = TeamRoleFactory(community=admission.event.community).person
    one, *_others = come(admission, at, 3)
    actions.give_up_seat(registration=one, by=one.person, at=at)
    assert states(admission) == ["given_up", "going", "offered"]
    actions.change_admission(admission=admission, changes={"extra": 0}, by=organiser, at=at)
    assert states(admission) == ["given_up", "going", "waiting"]


def test_workshop_has_seats_of_its_own_and_goes_when_nobody_came(at: datetime) -> None:
    admission = list_of(9, at + timedelta(days=30))
    organiser = TeamRoleFactory(community=admission.event.community).person
    workshop = actions.add_workshop(event=admission.event, title={"en": "Soldering"}, capacity=1, by=organiser, at=at)
    actions.change_seats(admission=workshop, seats=2, by=organiser, at=at)
    actions.change_seats(admission=workshop, seats=2, by=organiser, at=at)
    assert Admission.objects.get(pk=workshop.pk).capacity == 2
    row = come(admission, at)[0]
    there = actions.register(admission=workshop, person=row.person, by=row.person, at=at)
    with pytest.raises(Refusal, match="people_registered"):
        actions.remove_workshop(admission=workshop, by=organiser, at=at)
    with pytest.raises(Refusal, match="people_registered"):
        actions.remove_workshop(admission=admission, by=organiser, at=at)
    actions.give_up_seat(registration=there, by=row.person, at=at)
    actions.remove_workshop(admission=workshop, by=organiser, at=at)
    assert not admission.event.admissions.filter(is_event=False).exists()


def test_place_workshop_writes_down_what_the_programme_says(at: datetime) -> None:
    admission = list_of(9, at + timedelta(days=30))
    organiser = TeamRoleFactory(community=admission.event.community).person
    workshop = actions.add_workshop(event=admission.event, title={"en": "Soldering"}, capacity=1, by=organiser, at=at)
    begins = at + timedelta(days=30, hours=1)
    where = {"title": {"en": "Soldering"}, "starts_at": begins, "ends_at": None, "place": "Attic"}
    placed = actions.place_workshop(admission=workshop, **where, by=organiser, at=at)
    assert (placed.begins_at, placed.finishes_at, placed.place, placed.sequence) == (begins, begins, "Attic", 1)
    assert actions.place_workshop(admission=workshop, **where, by=organiser, at=at).sequence == 1
    with pytest.raises(NotAllowed):
        actions.place_workshop(admission=workshop, **where, by=PersonFactory(), at=at)


def test_questions_are_five_with_a_purpose(at: datetime) -> None:
    admission = list_of(9, at + timedelta(days=30))
    organiser = TeamRoleFactory(community=admission.event.community).person
    good = {"text": {"en": "Diet"}, "purpose": {"en": "Food"}}
    bad = [
        ({**good, "text": {"en": " "}}, "no_question"),
        ({"text": {"en": "Diet"}}, "no_purpose"),
        ({**good, "kind": "choice", "choices": ["one"]}, "no_choices"),
    ]
    for fields, code in bad:
        with pytest.raises(Refusal, match=code):
            actions.add_question(admission=admission, fields=fields, by=organiser, at=at)
    with pytest.raises(TypeError):
        actions.add_question(admission=admission, fields={**good, "admission": 3}, by=organiser, at=at)
    for _one in range(5):
        actions.add_question(admission=admission, fields=good, by=organiser, at=at)
    with pytest.raises(Refusal, match="questions"):
        actions.add_question(admission=admission, fields=good, by=organiser, at=at)
    assert list(admission.questions.values_list("position", flat=True)) == [0, 1, 2, 3, 4]


def test_change_and_remove_question(at: datetime) -> None:
    admission = list_of(9, at + timedelta(days=30))
    organiser = TeamRoleFactory(community=admission.event.community).person
    question = actions.add_question(
        admission=admission, fields={"text": {"en": "Diet"}, "purpose": {"en": "Food"}}, by=organiser, at=at
    )
    come(admission, at, answers={question.pk: "vegan"})
    actions.change_question(question=question, fields={"kept_days": 3}, by=organiser, at=at)
    actions.change_question(question=question, fields={"kept_days": 3}, by=organiser, at=at)
    question.refresh_from_db()
    assert question.kept_days == 3
    with pytest.raises(Refusal, match="no_purpose"):
        actions.change_question(question=question, fields={"purpose": {}}, by=organiser, at=at)
    for call in (actions.remove_question, lambda **more: actions.change_question(fields={}, **more)):
        with pytest.raises(NotAllowed):
            call(question=question, by=PersonFactory(), at=at)
    actions.remove_question(question=question, by=organiser, at=at)
    assert not AdmissionQuestion.objects.exists()
    with pytest.raises(Refusal, match="question_gone"):
        actions.remove_question(question=question, by=organiser, at=at)
