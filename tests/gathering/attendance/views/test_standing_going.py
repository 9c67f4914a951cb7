"""Who else is going, on the page that opens by the link alone: “those who are going too” have no account, mostly."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from hallway.gathering.attendance import actions
from hallway.gathering.attendance.models import Admission, Registration
from hallway.people.actions import block_person
from tests.factories import TeamRoleFactory
from tests.gathering.attendance.line import come

from . import page_of

pytestmark = pytest.mark.django_db
Shown = Registration.Shown


def going(admission: Admission, at: datetime, *chosen: str) -> list[Registration]:
    """One for each choice, named after it."""
    Admission.objects.update(capacity=99)
    rows = come(admission, at, len(chosen))
    for number, (row, shown) in enumerate(zip(rows, chosen, strict=True)):
        actions.change_registration(registration=row, shown=shown, by=row.person, at=at)
        Registration.objects.filter(pk=row.pk).update(name=f"Sees-{shown}-{number}")
    return rows


def text_of(client: Client, row: Registration) -> str:
    return str(client.get(page_of(row)).content.decode())


def test_those_going_too_are_named_by_the_link_alone(admission: Admission, public: Client, at: datetime) -> None:
    mine, *_others = going(admission, at, Shown.GOING, Shown.GOING, Shown.EVERYBODY, Shown.NOBODY)
    page = text_of(public, mine)
    assert "Sees-going-1" in page
    assert "Sees-everybody-2" in page
    assert "Sees-nobody" not in page
    assert "Only those are named who chose to be seen." in page
    assert "Sees-going" not in str(public.get("/e/jacaranda-evening/").content.decode())


def test_whoever_gave_their_seat_up_sees_nobody(admission: Admission, public: Client, at: datetime) -> None:
    mine, _other = going(admission, at, Shown.GOING, Shown.GOING)
    actions.give_up_seat(registration=mine, by=mine.person, at=at)
    assert "Sees-going-1" not in text_of(public, mine)


def test_a_link_of_the_team_opens_no_list_and_a_block_holds(admission: Admission, public: Client, at: datetime) -> None:
    mine, hidden, other = going(admission, at, Shown.NOBODY, Shown.NOBODY, Shown.GOING)
    TeamRoleFactory(community=admission.event.community, person=mine.person)
    page = text_of(public, mine)
    assert "Sees-going-2" in page
    assert "Sees-nobody-1" not in page
    block_person(person=mine.person, by=other.person, at=at)
    assert "Sees-going-2" not in text_of(public, mine)
    assert "Sees-going-2" in text_of(public, hidden)


@pytest.mark.parametrize("others", [1, 3])
def test_names_take_the_same_queries_for_one_and_three(
    admission: Admission, public: Client, at: datetime, others: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    mine, *_rest = going(admission, at, Shown.GOING, *[Shown.GOING] * others)
    text_of(public, mine)
    with django_assert_num_queries(10):
        assert text_of(public, mine).count("Sees-going-") >= others
