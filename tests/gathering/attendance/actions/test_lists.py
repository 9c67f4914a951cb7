"""Lists that leave the house: only what their purpose needs, and nobody in them is kept in the dark."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from hallway.gathering.attendance import actions
from hallway.gathering.attendance.actions.lists import Table, table_of
from hallway.gathering.attendance.facts import ListExported
from hallway.gathering.attendance.models import Admission, AdmissionAnswer, AdmissionQuestion, ListExport, Registration
from hallway.gathering.attendance.queries import own_data
from hallway.kit.models import FactRow, FactScope
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.kit.table import csv_bytes
from hallway.people.models import Person
from tests.factories import AdmissionFactory, RegistrationFactory, TeamRoleFactory

pytestmark = pytest.mark.django_db
State = Registration.State


@pytest.fixture
def admission() -> Admission:
    made: Admission = AdmissionFactory()
    return made


@pytest.fixture
def organiser(admission: Admission) -> Person:
    person: Person = TeamRoleFactory(community=admission.event.community).person
    return person


def asked(admission: Admission, kind: str, words: str) -> AdmissionQuestion:
    return AdmissionQuestion.objects.create(admission=admission, kind=kind, text={"en": words}, purpose={"en": "x"})


def said(row: Registration, question: AdmissionQuestion, text: str) -> None:
    AdmissionAnswer.objects.create(registration=row, question=question, text=text)


def taken(admission: Admission, what: str, by: Person, at: datetime) -> Table:
    export = actions.export_list(event=admission.event, what=what, by=by, at=at)
    return table_of(export, admission)


def test_export_list_is_noted_for_those_in_it(admission: Admission, organiser: Person, at: datetime) -> None:
    going = RegistrationFactory(admission=admission)
    RegistrationFactory(admission=admission, state=State.WAITING)
    export = actions.export_list(event=admission.event, what="going", by=organiser, at=at)
    assert (export.by, export.at, export.columns) == (organiser, at, ["name", "guests", "online"])
    assert list(export.registrations.all()) == [going]
    fact = FactRow.objects.get(kind=ListExported.kind)
    assert fact.payload == {"export_id": export.pk, "event_id": admission.event_id, "number": 1}
    assert FactScope.objects.filter(fact=fact, key=f"event:{admission.event_id}").exists(), "it is in the event's trail"
    seen = own_data(going.person)["registrations"][0]["lists_taken_out"]
    assert seen == [{"by": organiser.name, "at": at, "what": "going", "columns": ["name", "guests", "online"]}]


@pytest.mark.parametrize("role", ["editor", "helper"])
def test_export_list_is_for_organisers(admission: Admission, role: str, at: datetime) -> None:
    RegistrationFactory(admission=admission)
    person = TeamRoleFactory(community=admission.event.community, role=role).person
    with pytest.raises(NotAllowed):
        actions.export_list(event=admission.event, what="going", by=person, at=at)
    assert not ListExport.objects.exists()


def test_export_list_of_nobody_and_of_no_such_kind_is_refused(
    admission: Admission, organiser: Person, at: datetime
) -> None:
    with pytest.raises(Refusal, match="empty_list"):
        actions.export_list(event=admission.event, what="going", by=organiser, at=at)
    with pytest.raises(TypeError, match="no such list"):
        actions.export_list(event=admission.event, what="secrets", by=organiser, at=at)
    admission.delete()
    with pytest.raises(Refusal, match="empty_list"):
        actions.export_list(event=admission.event, what="everybody", by=organiser, at=at)


def test_only_the_full_list_has_addresses(admission: Admission, organiser: Person, at: datetime) -> None:
    row = RegistrationFactory(admission=admission, came_at=at, person__email="lwazi@example.org")
    RegistrationFactory(admission=admission, state=State.WAITING, person__email="zola@example.org")
    for kind in ("diet", "access", "photo"):
        said(row, asked(admission, kind, kind), "yes")
    for what in ("going", "waiting", "came", "diet", "access", "photo"):
        assert "example.org" not in str(taken(admission, what, organiser, at)), what
    assert "lwazi@example.org" in str(taken(admission, "everybody", organiser, at))


def test_full_list_has_the_teams_own_questions_but_not_what_people_eat_or_need(
    admission: Admission, organiser: Person, at: datetime
) -> None:
    row = RegistrationFactory(admission=admission, name="Lwazi", message="I bring a drum", guests=2)
    RegistrationFactory(admission=admission, state=State.GIVEN_UP)
    RegistrationFactory(admission=admission, state=State.DECLINED)
    RegistrationFactory(admission=admission, name="Gone", person__left_at=at)
    said(row, asked(admission, "text", "What do you build?"), "Trams")
    said(row, asked(admission, "diet", "What do you not eat?"), "Nuts")
    said(row, asked(admission, "access", "What do you need?"), "A ramp")
    table = taken(admission, "everybody", organiser, at)
    assert table.header == (
        "Name", "E-mail", "State", "Guests", "Online", "Since", "To the team", "What do you build?",
    )  # fmt: skip
    since = "2026-10-08 11:00"  # on the event's clock
    assert table.rows == [("Lwazi", row.person.email, "going", 2, "", since, "I bring a drum", "Trams")]


def test_kitchen_gets_numbers_without_names(admission: Admission, organiser: Person, at: datetime) -> None:
    question = asked(admission, "diet", "What do you not eat?")
    for text in ("Vegan", "vegan ", "No nuts"):
        said(RegistrationFactory(admission=admission, name="Lwazi"), question, text)
    said(RegistrationFactory(admission=admission, state=State.WAITING), question, "No fish")
    other = asked(admission, "text", "What do you build?")
    said(Registration.objects.filter(state=State.GOING)[0], other, "Trams")
    table = taken(admission, "diet", organiser, at)
    assert (table.header, table.rows) == (("Answer", "People"), [("Vegan", 2), ("No nuts", 1)])


def test_list_of_needs_names_only_those_who_said_so(admission: Admission, organiser: Person, at: datetime) -> None:
    access, photo = asked(admission, "access", "What do you need?"), asked(admission, "photo", "Pictures?")
    lwazi, zola = (RegistrationFactory(admission=admission, name=name) for name in ("Lwazi", "Zola"))
    said(lwazi, access, "A ramp")
    said(zola, photo, "no")
    assert taken(admission, "access", organiser, at).rows == [("Lwazi", "A ramp")]
    table = taken(admission, "photo", organiser, at)
    assert (table.header, table.rows) == (("Name", "Pictures?"), [("Zola", "No")])


def test_list_of_those_in_line_stands_in_their_order(admission: Admission, organiser: Person, at: datetime) -> None:
    waiting: dict[str, Any] = {"admission": admission, "state": State.WAITING}
    RegistrationFactory(name="Zola", position=10, first_time=True, **waiting)
    RegistrationFactory(name="Abel", position=20, **waiting)
    RegistrationFactory(name="Mpho", position=30, first_time=True, **waiting)
    assert [row[:2] for row in taken(admission, "waiting", organiser, at).rows] == [
        (1, "Zola"),
        (2, "Abel"),
        (3, "Mpho"),
    ]
    admission.rule = Admission.Rule.FIRST_TIMERS
    admission.save()
    assert [row[1] for row in taken(admission, "waiting", organiser, at).rows] == ["Zola", "Mpho", "Abel"]


def test_list_of_those_who_came_says_when_on_the_events_clock(
    admission: Admission, organiser: Person, at: datetime
) -> None:
    RegistrationFactory(admission=admission, name="Lwazi", came_at=at + timedelta(hours=1))
    RegistrationFactory(admission=admission, name="Zola")
    table = taken(admission, "came", organiser, at)
    assert table.rows == [("Lwazi", 0, "2026-10-08 12:00")]


def test_list_of_a_workshop_holds_its_own_people(admission: Admission, organiser: Person, at: datetime) -> None:
    workshop = AdmissionFactory(event=admission.event, is_event=False, title={"en": "Trams"})
    RegistrationFactory(admission=admission, name="Lwazi")
    RegistrationFactory(admission=workshop, name="Zola")
    export = actions.export_list(event=admission.event, what="going", admission=workshop, by=organiser, at=at)
    assert table_of(export, workshop).rows == [("Zola", 0, "")]


def test_list_of_another_event_is_not_taken_under_this_one(
    admission: Admission, organiser: Person, at: datetime
) -> None:
    other = RegistrationFactory().admission
    with pytest.raises(TypeError, match="another event"):
        actions.export_list(event=admission.event, what="going", admission=other, by=organiser, at=at)


@pytest.mark.parametrize("attack", ["=cmd|'/C calc'!A0", "+1", "-2+3", "@SUM(A1)", "\t=1", "a;=1"])
def test_name_that_is_a_formula_calculates_nothing(
    admission: Admission, organiser: Person, attack: str, at: datetime
) -> None:
    RegistrationFactory(admission=admission, name=attack)
    table = taken(admission, "going", organiser, at)
    line = csv_bytes(table.header, table.rows).decode("utf-8-sig").splitlines()[1]
    assert "'" in line.partition(attack.strip()[-3:])[0], line
    assert line.lstrip('"')[:1] not in {"=", "+", "-", "@", "\t"}


def test_export_list_counts_somebody_with_two_answers_once(
    admission: Admission, organiser: Person, at: datetime
) -> None:
    row = RegistrationFactory(admission=admission)
    for text in ("Diet", "Allergies"):
        fields = {"kind": "diet", "text": {"en": text}, "purpose": {"en": "Food"}}
        question = actions.add_question(admission=admission, fields=fields, by=organiser, at=at)
        row.answers.create(question=question, text="none")
    actions.export_list(event=admission.event, what="diet", by=organiser, at=at)
    assert FactRow.objects.get(kind=ListExported.kind).payload["number"] == 1
