from __future__ import annotations

from datetime import datetime

import pytest

from hallway.exchange.models import ImportRun
from hallway.people.actions import leave_hallway, merge_persons
from tests.factories import CommunityFactory, PersonFactory

pytestmark = pytest.mark.django_db


def run_of(person: object, at: datetime) -> ImportRun:
    return ImportRun.objects.create(community=CommunityFactory(), by_person=person, by_key=person.actor_key, at=at)


def test_leaving_takes_the_name_off_imports(at: datetime) -> None:
    person = PersonFactory()
    run = run_of(person, at)
    leave_hallway(person=person, by=person, at=at)
    run.refresh_from_db()
    assert (run.by_person, run.by_key) == (None, "person:left")


def test_merging_moves_imports(at: datetime) -> None:
    keep, gone = PersonFactory(), PersonFactory()
    run = run_of(gone, at)
    merge_persons(keep=keep, gone=gone, by=PersonFactory(is_administrator=True), at=at)
    run.refresh_from_db()
    assert (run.by_person, run.by_key) == (keep, keep.actor_key)
