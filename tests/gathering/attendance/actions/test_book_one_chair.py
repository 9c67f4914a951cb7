"""Who walked in and registered afterwards sits on one chair, once somebody has said that they are one."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest

from hallway.gathering.attendance import actions, queries
from hallway.gathering.attendance.actions.book import Line
from hallway.gathering.attendance.crowds import turnouts_of
from hallway.gathering.attendance.facts import SeatsFirstCome
from hallway.gathering.attendance.models import Admission, CheckIn, Registration
from hallway.kit.actors import Visitor
from hallway.kit.models import FactRow
from tests.factories import PersonFactory
from tests.gathering.attendance.doorway import came, evening, going, team_of
from tests.gathering.attendance.line import now_of

pytestmark = pytest.mark.django_db
PHONE = Visitor("wall")


def walked_in_and_registered(admission: Admission, at: datetime) -> tuple[UUID, Registration]:
    """Naledi, who came without a registration and made one in the room."""
    walk, person = uuid4(), PersonFactory(name="Naledi Botha")
    actions.walk_in(admission=admission, name="Naledi", walk_in=walk, by=PHONE, at=at)
    return walk, actions.register(admission=admission, person=person, by=person, at=at)


def figures(admission: Admission, at: datetime) -> tuple[int | None, int, int]:
    """Free chairs, those who came with a registration, those without."""
    [turnout] = turnouts_of([admission])
    return queries.free_seats(admission, at), turnout.came, turnout.walked_in


def test_check_self_in_of_who_walked_in_before_takes_one_chair(at: datetime) -> None:
    admission = evening(at, seats=2)
    walk, row = walked_in_and_registered(admission, at)
    assert figures(admission, at) == (0, 0, 1)
    late = PersonFactory()
    assert actions.register(admission=admission, person=late, by=late, at=at).state == Registration.State.WAITING
    later = at + timedelta(minutes=1)
    for _twice in range(2):
        actions.check_self_in(registration=row, walked_in=walk, by=PHONE, at=later)
    assert figures(admission, at) == (1, 1, 0)
    assert now_of(row).came_at == later
    assert CheckIn.objects.count() == 3, "nothing is changed that stood in the book"
    last = FactRow.objects.filter(kind="attendance.door_book_written").latest("pk")
    assert (last.payload["came"], last.payload["going"]) == (1, 1), "every counter hears one person"
    assert FactRow.objects.filter(kind=SeatsFirstCome.kind).count() == 1, "those in line hear of the other chair"


def test_check_self_in_after_the_door_says_that_they_are_one(at: datetime) -> None:
    admission = evening(at, seats=4)
    walk, row = walked_in_and_registered(admission, at)
    actions.check_self_in(registration=row, by=PHONE, at=at)
    assert figures(admission, at) == (2, 1, 1), "nobody is taken for another by name"
    actions.check_self_in(registration=row, walked_in=walk, by=PHONE, at=at + timedelta(minutes=1))
    assert figures(admission, at) == (3, 1, 0)
    assert now_of(row).came_at == at


def test_check_self_in_with_a_number_nobody_walked_in_under(at: datetime) -> None:
    admission = evening(at, seats=4)
    row = going(admission)[0]
    actions.check_self_in(registration=row, walked_in=uuid4(), by=PHONE, at=at)
    assert figures(admission, at) == (3, 1, 0)


def test_two_devices_that_say_it_without_network_make_one_person_in_any_order(at: datetime) -> None:
    def lines(walk: UUID, row: Registration) -> list[list[Line]]:
        return [
            [came(row, at + timedelta(minutes=minute)), came(walk, at + timedelta(minutes=minute), kind="undone")]
            for minute in (1, 2)
        ] + [[came(row, at + timedelta(seconds=90), how="scanned")]]

    for order in permutations(range(3)):
        admission = evening(at, seats=5)
        walk, row = walked_in_and_registered(admission, at)
        batches, by = lines(walk, row), team_of(admission)
        for batch in (batches[place] for place in order):
            answer = actions.write_in_book(admission=admission, lines=batch, by=by, at=at + timedelta(minutes=5))
        assert (answer.came, figures(admission, at)) == (1, (4, 1, 0)), order
