"""What a device knows again without an account, and what it does not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.test import Client

from hallway.gathering.attendance import actions
from hallway.gathering.attendance.models import Admission
from hallway.gathering.attendance.remembering import COOKIE, MOST, remembered
from hallway.kit.store import STORE_HEADER
from hallway.kit.visitors import KNOWN
from tests.factories import RegistrationFactory
from tests.gathering.attendance.line import come, list_of
from tests.gathering.attendance.views import page_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_the_day(at: datetime) -> Any:
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def public() -> Client:
    return Client()


@pytest.fixture
def admission(at: datetime) -> Admission:
    made = list_of(30, at + timedelta(days=30))
    type(made.event).objects.filter(pk=made.event_id).update(slug="jacaranda-evening")
    made.refresh_from_db()
    return made


def test_device_that_registered_is_told_where_it_stands(admission: Admission, public: Client, at: datetime) -> None:
    address = "/e/jacaranda-evening/registration/where/"
    assert public.get(address).status_code == 204
    row = come(admission, at)[0]
    assert public.get(page_of(row)).cookies[KNOWN].value == "1"  # by which the page of the event knows that it may ask
    line = public.get(address)
    assert "You are going." in line.content.decode()
    assert page_of(row) in line.content.decode()
    assert STORE_HEADER not in line
    actions.give_up_seat(registration=row, by=row.person, at=at)
    assert public.get(address).status_code == 204


@pytest.mark.parametrize(
    "value",
    ["", "nonsense", pytest.param(signing.dumps([1, 2], salt="another"), id="signed for something else"), "1:2:3"],
)
def test_device_with_a_cookie_that_is_not_ours_is_nobody(
    admission: Admission, public: Client, at: datetime, value: str
) -> None:
    come(admission, at)
    public.cookies[COOKIE] = value
    assert public.get("/e/jacaranda-evening/registration/where/").status_code == 204


def test_device_remembers_twenty_newest_first(admission: Admission, public: Client, rf: Any, at: datetime) -> None:
    rows = [RegistrationFactory(admission=admission) for _one in range(MOST + 2)]
    for row in rows:
        public.get(page_of(row))
    public.get(page_of(rows[-2]))
    request = rf.get("/")
    request.COOKIES[COOKIE] = public.cookies[COOKIE].value
    known = remembered(request)
    assert len(known) == MOST
    assert known[:2] == [rows[-2], rows[-1]]
    assert rows[0] not in known
    with time_machine.travel(at + timedelta(days=401), tick=False):
        assert remembered(request) == []
