"""Whoever holds a page's revision waits for no other row: watched wherever actions and receivers are tested.

On PostgreSQL two changes would otherwise wait for one another, one for a page and one for a row, and one of them is
thrown away. ``kit/store.bumped_last`` is the remedy.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.db.transaction import Atomic

from hallway.kit import store

WATCHED = {"test_actions.py", "test_receivers.py"}


def is_watched(path: Path) -> bool:
    """Whether a file tests actions or receivers by themselves."""
    return path.parent.name == "actions" or path.name in WATCHED


@contextmanager
def pages_come_last() -> Iterator[None]:
    """Fail whoever locks a row in a transaction that holds a page's revision already."""
    bump, lock = store.bump, QuerySet.select_for_update
    holder: list[Atomic] = []

    def bumped(*tags: str) -> None:
        bump(*tags)
        if tags and store._gathered.get() is None:
            holder[:] = filter(None, [_change()])

    def locked(rows: QuerySet[Any], *args: Any, **kwargs: Any) -> QuerySet[Any]:
        assert not holder or _change() is not holder[0], (
            f"{rows.model._meta.label} is locked while a page's revision is held: bump last, see kit/store.bumped_last"
        )
        return lock(rows, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "bump", bumped)
        patch.setattr(QuerySet, "select_for_update", locked)
        yield


def _change() -> Atomic | None:
    """The transaction of the change, which is not the one a test is rolled back by."""
    return next((block for block in connection.atomic_blocks if not block._from_testcase), None)
