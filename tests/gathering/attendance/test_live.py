"""What listeners hear of the door."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

import pytest

from hallway.gathering.attendance import actions
from hallway.kit import live
from tests.gathering.attendance.doorway import came, evening, going, team_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard() -> Iterator[list[tuple[str, live.Told]]]:
    """What is published, by a publisher that only notes it; the one there was comes back."""
    before, said = (list(live._publisher), list(live._again)), []
    live.use(lambda channel, told: said.append((channel, told)))
    yield said
    live._publisher[:], live._again[:] = before


def test_door_tells_counts_and_nothing_of_whom(
    heard: list[tuple[str, live.Told]], at: datetime, django_capture_on_commit_callbacks: object
) -> None:
    admission = evening(at)
    one, _two = going(admission, 2, name="zyxsecret", guests=1)
    with django_capture_on_commit_callbacks(execute=True):
        answer = actions.write_in_book(
            admission=admission, lines=[came(one, at, seats=2)], by=team_of(admission), at=at
        )  # fmt: skip
    [(channel, told)] = heard
    assert (channel, told.name) == (f"public/door:{admission.event_id}", "door_book_written")
    assert json.loads(told.data) == {"came": 2, "going": 4, "last": answer.last_id}
    asked = [(channel, told.id - 1, frozenset()), (channel, told.id, frozenset())]
    assert live.missed(asked)[1] == [([told], None), ([], None)]
