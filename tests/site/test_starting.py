from __future__ import annotations

import fcntl
import socket
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


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_refuse_taken_port_says_what_to_do(host: str) -> None:
    with socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET) as server:
        port = server.getsockname()[1]
        with pytest.raises(Refusal, match=r"site\.port_taken") as refused:
            starting.refuse_taken_port(host, port)
    assert f"port {port}" in str(refused.value.sentence)
    starting.refuse_taken_port(host, port)


def test_refuse_taken_port_leaves_other_troubles_to_the_system() -> None:
    with pytest.raises(OSError, match="assign requested address"):
        starting.refuse_taken_port("192.0.2.1", 8000)


@pytest.mark.database
@pytest.mark.django_db
def test_bring_up_to_date_says_nothing_when_there_is_nothing_to_do() -> None:
    starting.bring_up_to_date()
    assert connection.introspection.table_names()
