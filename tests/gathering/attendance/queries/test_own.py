"""What a person takes with them is all of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from hallway.gathering.attendance import actions, models, queries
from hallway.kit.actors import Visitor
from hallway.people.models import Person
from tests.factories import PersonFactory, TeamRoleFactory
from tests.gathering.attendance.line import come, list_of

pytestmark = pytest.mark.django_db
# Under another name, of another person, or a number of the database alone.
OTHERWISE = {
    "id", "uid", "admission", "registration", "person", "question", "event", "series", "registrations", "walk_in",
    "helper", "invited_by", "made_by", "by", "text",
}  # fmt: skip


def promised(model: Any) -> set[str]:
    """Fields of a row about a person that somebody may read."""
    privacy = model.privacy
    return {*privacy.public, *privacy.community, *privacy.event, *privacy.private} - OTHERWISE


def somebody(at: datetime) -> tuple[Person, Person]:
    """Who registered by a link and answered, and the organiser who took a list with them in it."""
    admission = list_of(5, at + timedelta(days=5))
    organiser = TeamRoleFactory(community=admission.event.community).person
    fields = {"text": {"en": "Diet"}, "purpose": {"en": "Food"}}
    question = actions.add_question(admission=admission, fields=fields, by=organiser, at=at)
    phone = Visitor("phone")
    asked = actions.request_place(admission=admission, address="ada@example.org", language="en", by=phone, at=at)
    row = actions.confirm_request(request=asked, name="Ada", answers={question.pk: "vegan"}, by=phone, at=at)
    row.offers.create(made_at=at, until=at)
    row.asked_again.create(days=7, starts_at=at, asked_at=at)
    row.invitations.create(admission=admission, address="ada@example.org", nonce="n", created_at=at)
    row.check_ins.create(uid=uuid4(), admission=admission, kind="came", how="list", done_at=at, received_at=at)
    actions.export_list(event=admission.event, what="everybody", by=organiser, at=at)
    return row.person, organiser


def test_own_data_has_every_field_that_is_not_secret(at: datetime) -> None:
    person, _organiser = somebody(at)
    row = queries.own_data(person)["registrations"][0]
    assert promised(models.Registration) <= set(row)
    assert row["answers"] == [{"question": {"en": "Diet"}, "answer": "vegan"}]
    parts = {
        "check_ins": models.CheckIn, "offers": models.SeatOffer, "asked_again": models.StillComing,
        "requests": models.RegistrationRequest, "invitations": models.AdmissionInvitation,
    }  # fmt: skip
    for name, model in parts.items():
        assert promised(model) - set(row[name][0]) <= {"name"}, name
    assert not {"nonce", "lot"} & set(row)


def test_own_data_says_who_took_lists(at: datetime) -> None:
    person, organiser = somebody(at)
    (taken,) = queries.own_data(person)["registrations"][0]["lists_taken_out"]
    assert (taken["by"], taken["what"], taken["at"]) == (organiser.name, "everybody", at)
    (took,) = queries.own_data(organiser)["lists_you_took"]
    assert (took["what"], took["at"]) == ("everybody", at)
    assert queries.own_data(PersonFactory()) == {}


@pytest.mark.parametrize("number", [1, 3])
def test_own_data_asks_once_however_many_registrations(
    at: datetime, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    person = come(list_of(5, at + timedelta(days=5)), at)[0].person
    for days in range(6, 5 + number):
        admission = list_of(5, at + timedelta(days=days))
        actions.register(admission=admission, person=person, by=person, at=at)
    with django_assert_num_queries(13):
        assert len(queries.own_data(person)["registrations"]) == number
