from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from hallway.exchange import frab_xml
from hallway.exchange.actions import agree_to_import, ask_import, read_times_otherwise, work_off_import
from hallway.exchange.models import ImportRun
from hallway.exchange.opening import LIMIT_BYTES
from hallway.kit.models import FactRow
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.people.models import Person
from tests.exchange.programmes import small_programme
from tests.factories import PersonFactory, TeamRoleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.HALLWAY_DATA = tmp_path


@pytest.fixture
def organiser() -> Person:
    person: Person = TeamRoleFactory().person
    return person


def ask(by: Person, at: datetime, data: bytes | None = None) -> ImportRun:
    data = frab_xml.write(small_programme()) if data is None else data
    community = by.team_roles.get().community
    return ask_import(community=community, data=data, filename="s.xml", zone="", options={}, by=by, at=at)


def test_ask_import_refuses_more_than_anybody_may_hand_in_and_keeps_nothing(
    organiser: Person, at: datetime, tmp_path: Path
) -> None:
    with pytest.raises(Refusal, match=r"exchange\.too-large") as refused:
        ask(organiser, at, bytes(LIMIT_BYTES + 1))
    assert (refused.value.status, ImportRun.objects.count(), list(tmp_path.iterdir())) == (413, 0, [])


def test_agree_to_import_only_once_it_was_checked_and_once(organiser: Person, at: datetime) -> None:
    run = ask(organiser, at)
    with pytest.raises(NotAllowed, match=r"exchange\.cannot_import"):
        agree_to_import(run=run, publish=True, by=PersonFactory(), at=at)
    with pytest.raises(Refusal, match=r"exchange\.not_checked"):
        agree_to_import(run=run, publish=True, by=organiser, at=at)
    work_off_import(run=run, by=organiser, at=at)
    for _ in range(2):
        assert agree_to_import(run=run, publish=True, by=organiser, at=at).state == "agreed"
    assert FactRow.objects.filter(kind="exchange.import_agreed").count() == 1
    with pytest.raises(Refusal, match=r"exchange\.too_late"):
        read_times_otherwise(run=run, shifted=True, by=organiser, at=at)
