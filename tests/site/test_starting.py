from __future__ import annotations

import fcntl
from pathlib import Path

import pytest
from django.db import connection

from hallway.kit.refusal import Refusal
from hallway.site import starting


def test_only_server_refuses_a_second_one_on_the_same_folder(tmp_path: Path, settings) -> None:
    settings.HALLWAY_VALKEY_URL = ""
    with starting.only_server(tmp_path), pytest.raises(Refusal, match=r"site\.already_serving"):
        starting.only_server(tmp_path).__enter__()
    with starting.only_server(tmp_path):
        pass


def test_only_server_lets_several_in_where_valkey_joins_them(tmp_path: Path, settings) -> None:
    settings.HALLWAY_VALKEY_URL = "redis://127.0.0.1:6379/0"
    alone = starting.lock(tmp_path, fcntl.LOCK_EX)
    with starting.only_server(tmp_path), starting.only_server(tmp_path), alone as free:
        assert not free


@pytest.mark.parametrize(("processes", "valkey"), [(0, ""), (2, "")])
def test_refuse_lonely_processes_says_no(processes: int, valkey: str, settings) -> None:
    settings.HALLWAY_VALKEY_URL = valkey
    with pytest.raises(Refusal):
        starting.refuse_lonely_processes(processes)


@pytest.mark.parametrize(("processes", "valkey"), [(1, ""), (4, "redis://127.0.0.1:6379/0")])
def test_refuse_lonely_processes_says_nothing(processes: int, valkey: str, settings) -> None:
    settings.HALLWAY_VALKEY_URL = valkey
    starting.refuse_lonely_processes(processes)


@pytest.mark.database
@pytest.mark.django_db
def test_bring_up_to_date_says_nothing_when_there_is_nothing_to_do() -> None:
    starting.bring_up_to_date()
    assert connection.introspection.table_names()
