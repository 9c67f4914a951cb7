"""Every migration is taken back on PostgreSQL and made again, in a database of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.faults.house import ROOT, database_url

pytestmark = [
    pytest.mark.database, pytest.mark.postgresql_only, pytest.mark.fault, pytest.mark.full,
    pytest.mark.django_db(transaction=True),
]  # fmt: skip
THERE_AND_BACK = """
import time
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

def tables():
    return sorted(connection.introspection.table_names())

call_command("migrate", verbosity=0)
there, began = tables(), time.perf_counter()
executor = MigrationExecutor(connection)
executor.migrate(sorted({(app, None) for app, _name in executor.loader.graph.nodes}))
assert tables() == ["django_migrations"], tables()
took = time.perf_counter() - began
call_command("migrate", verbosity=0)
assert tables() == there
print(len(there), round(took, 1))
"""


@pytest.fixture
def empty_database() -> Iterator[str]:
    name = f"{connection.settings_dict['NAME']}_back"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    yield name
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_all_migrations_go_back_and_forth(empty_database: str, tmp_path: Path, figure: Callable[[str], None]) -> None:
    env = os.environ | {
        "HALLWAY_DATABASE_URL": database_url(empty_database),
        "HALLWAY_DATA": str(tmp_path), "HALLWAY_MODE": "test", "DJANGO_SETTINGS_MODULE": "hallway.site.settings",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", THERE_AND_BACK], cwd=ROOT, env=env, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr[-2000:]
    tables, seconds = done.stdout.split()
    figure(f"migrations, postgresql: {tables} tables taken back in {seconds} s, and made again")
