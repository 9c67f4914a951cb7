from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction
from django.utils.functional import SimpleLazyObject

from hallway.gathering.events.actions import edit_room, edit_venue
from hallway.kit.actors import SystemPerson
from hallway.kit.held import held
from hallway.kit.refusal import Refusal
from hallway.programme.schedule.actions import edit_track
from tests.factories import RoomFactory, TrackFactory, VenueFactory

pytestmark = pytest.mark.django_db
HERE = SystemPerson("tests")


def test_held_is_the_row_as_it_is_now() -> None:
    room = RoomFactory(name="Attic")
    type(room).objects.update(name="Cellar")
    with transaction.atomic():
        assert held(room, "room.gone").name == "Cellar"


def test_held_of_a_lazy_object_is_the_row_it_stands_for() -> None:
    room = RoomFactory(name="Attic")
    with transaction.atomic():
        assert held(SimpleLazyObject(lambda: room), "room.gone") == room


@pytest.mark.parametrize(
    ("factory", "edit", "code"),
    [
        (RoomFactory, lambda row, at: edit_room(room=row, changes={"name": "Cellar"}, by=HERE, at=at), "room.gone"),
        (VenueFactory, lambda row, at: edit_venue(venue=row, changes={"name": "Cellar"}, by=HERE, at=at), "venue.gone"),
        (TrackFactory, lambda row, at: edit_track(track=row, changes={"name": "Cellar"}, by=HERE, at=at), "track.gone"),
    ],
)
def test_who_edits_what_was_just_removed_reads_a_sentence(
    factory: Any, edit: Callable[[Any, datetime], object], code: str, at: datetime
) -> None:
    row = factory()
    type(row).objects.filter(pk=row.pk).delete()
    with pytest.raises(Refusal) as refused:
        edit(row, at)
    assert refused.value.code == code
