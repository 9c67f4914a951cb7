from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hallway.exchange.actions import agree_to_import, forget_old_imports, undo_import, work_off_import
from hallway.exchange.actions.asking import file_of
from hallway.exchange.actions.working import IMPORTER
from hallway.exchange.models import ImportRun
from hallway.gathering.events.models import Event
from hallway.kit.models import FactRow
from hallway.kit.refusal import Refusal
from hallway.people.models import Person
from tests.exchange.actions.test_asking import ask
from tests.factories import TeamRoleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.HALLWAY_DATA = tmp_path


@pytest.fixture
def organiser() -> Person:
    person: Person = TeamRoleFactory().person
    return person


def reason(run: ImportRun) -> str:
    return str(run.report["refusal"]["code"])


def test_work_off_import_refused_when_whoever_asked_has_left(organiser: Person, at: datetime) -> None:
    assert reason(work_off_import(run=ask(organiser, at), by=None, at=at)) == "exchange.nobody"


def test_work_off_import_refused_without_its_file(organiser: Person, at: datetime) -> None:
    run = ask(organiser, at)
    file_of(run).unlink()
    assert reason(work_off_import(run=run, by=organiser, at=at)) == "exchange.file_gone"


def test_second_worker_on_a_run_stores_nothing(organiser: Person, at: datetime) -> None:
    run = ask(organiser, at)
    work_off_import(run=run, by=organiser, at=at)
    agreed = agree_to_import(run=run, publish=False, by=organiser, at=at)
    for_the_second = ImportRun.objects.get(pk=agreed.pk)
    work_off_import(run=agreed, by=organiser, at=at)
    found = work_off_import(run=for_the_second, by=organiser, at=at)
    assert (found.state, Event.objects.count()) == ("done", 1)
    assert FactRow.objects.filter(kind="exchange.programme_imported").count() == 1


def test_undo_import_refused_when_its_event_is_gone(organiser: Person, at: datetime) -> None:
    run = ask(organiser, at)
    work_off_import(run=run, by=organiser, at=at)
    done = work_off_import(run=agree_to_import(run=run, publish=False, by=organiser, at=at), by=organiser, at=at)
    ImportRun.objects.filter(pk=done.pk).update(event=None)
    with pytest.raises(Refusal, match=r"exchange\.event_gone"):
        undo_import(run=done, by=organiser, at=at)


def test_forget_old_imports_takes_files_after_a_day_and_tells_nothing_of_none(organiser: Person, at: datetime) -> None:
    run = ask(organiser, at)
    assert forget_old_imports(by=IMPORTER, at=at + timedelta(hours=23)) == 0
    assert not FactRow.objects.filter(kind="exchange.imports_forgotten").exists()
    assert forget_old_imports(by=IMPORTER, at=at + timedelta(hours=25)) == 1
    assert not file_of(run).exists()
