from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine

from hallway.kit.actors import SystemPerson
from hallway.people import sweeps
from hallway.people.actions import open_account
from hallway.people.models import Person, PersonClaim
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def test_forget_empty_accounts_after_a_day_and_nobody_else(at: datetime) -> None:
    open_account(email="mistyped@example.org", by=SystemPerson("tests"), at=at)
    PersonFactory(created_at=at)
    PersonFactory(created_at=at, email=None, claimed_at=None, name="A speaker")
    with time_machine.travel(at + timedelta(hours=23), tick=False):
        assert sweeps.forget_empty_accounts() == 0
    with time_machine.travel(at + timedelta(hours=25), tick=False):
        assert sweeps.forget_empty_accounts() > 0
    assert Person.objects.count() == 2


def test_forget_old_claims_ninety_days_after_they_expired(at: datetime) -> None:
    person = PersonFactory(email=None)
    PersonClaim.objects.create(person=person, address="a@example.org", token_hash="x", created_at=at, expires_at=at)
    with time_machine.travel(at + timedelta(days=89), tick=False):
        assert sweeps.forget_old_claims() == 0
    with time_machine.travel(at + timedelta(days=91), tick=False):
        assert sweeps.forget_old_claims() == 1
