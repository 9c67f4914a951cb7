"""Pages of sessions whose counts change when two entries turn out to be one."""

from __future__ import annotations

from datetime import datetime

import pytest

from hallway.kit.actors import SystemPerson
from hallway.kit.models import Revision
from hallway.people.actions import merge_persons
from hallway.programme.schedule.models import Session
from hallway.sharing.takeaways.actions import mark_helped, share_takeaway
from hallway.sharing.takeaways.queries import of_session
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("own", "helped"), [(False, 1), (True, 0)], ids=["both marked it", "one marked the other's"])
def test_page_whose_count_two_who_are_one_change_is_old(own: bool, helped: int, session: Session, at: datetime) -> None:
    keep, gone = PersonFactory(), PersonFactory()
    made = share_takeaway(session=session, text="Take this", is_named=True, by=keep if own else PersonFactory(), at=at)
    for by in (gone,) if own else (keep, gone):
        mark_helped(takeaway=made, by=by, at=at)
    Revision.objects.all().delete()
    merge_persons(keep=keep, gone=gone, by=SystemPerson("tests"), at=at)
    assert Revision.objects.filter(key=f"takeaways:{session.pk}").exists()
    assert [row.helped for row in of_session(session, None)] == [helped]


def test_page_whose_count_stays_is_left_alone(session: Session, at: datetime) -> None:
    keep, gone = PersonFactory(), PersonFactory()
    made = share_takeaway(session=session, text="Take this", is_named=True, by=PersonFactory(), at=at)
    mark_helped(takeaway=made, by=gone, at=at)
    Revision.objects.all().delete()
    merge_persons(keep=keep, gone=gone, by=SystemPerson("tests"), at=at)
    assert not Revision.objects.filter(key=f"takeaways:{session.pk}").exists()
