"""What happens between the page and the lock: shut out, merged, gone; and many changes at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest

from hallway.gathering.events.actions import mute_at_event
from hallway.kit.actors import SystemPerson
from hallway.kit.models import FactRow
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.people.actions import leave_hallway, merge_persons
from hallway.people.models import Person
from hallway.programme.schedule.models import Session
from hallway.sharing.takeaways.actions import edit_takeaway, mark_helped, share_takeaway, showing
from hallway.sharing.takeaways.models import HelpedMark, Takeaway
from tests.between import just_before
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
HALLWAY = SystemPerson("tests")


@pytest.fixture
def takeaway(session: Session, at: datetime) -> Takeaway:
    return share_takeaway(session=session, text="Take this", is_named=True, by=PersonFactory(), at=at)


def writer_of(takeaway: Takeaway) -> Person:
    assert takeaway.person is not None
    return takeaway.person


@pytest.mark.parametrize("what", ["share", "edit", "mark"])
def test_muted_while_the_page_was_open_is_refused(
    what: str, takeaway: Takeaway, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = PersonFactory() if what == "mark" else writer_of(takeaway)
    call = {
        "share": partial(share_takeaway, session=takeaway.session, text="More", is_named=True),
        "edit": partial(edit_takeaway, takeaway=takeaway, text="More", is_named=True),
        "mark": partial(mark_helped, takeaway=takeaway),
    }[what]
    mute = partial(mute_at_event, event=takeaway.session.event, who=by, reason="x", by=HALLWAY, at=at)
    just_before(showing, "stay", mute, monkeypatch)
    with pytest.raises(NotAllowed, match=r"takeaways\.cannot_"):
        call(by=by, at=at + timedelta(minutes=1))
    assert Takeaway.objects.get().text == "Take this" and not HelpedMark.objects.exists()


def test_edit_takeaway_by_somebody_who_left_meanwhile_is_refused(takeaway: Takeaway, at: datetime) -> None:
    stale = Takeaway.objects.select_related("person", "session__event").get()
    by = writer_of(stale)
    leave_hallway(person=by, by=Person.objects.get(pk=by.pk), at=at)
    with pytest.raises(Refusal, match=r"people\.gone"):
        edit_takeaway(takeaway=stale, text="My name is", is_named=True, by=by, at=at + timedelta(minutes=1))
    assert Takeaway.objects.get().text == ""


def test_edit_takeaway_of_the_entry_that_became_ones_own(takeaway: Takeaway, at: datetime) -> None:
    stale, keep = Takeaway.objects.get(), PersonFactory()
    merge_persons(keep=keep, gone=writer_of(takeaway), by=HALLWAY, at=at)
    edit_takeaway(takeaway=stale, text="Mine now", is_named=True, by=keep, at=at + timedelta(minutes=1))
    assert Takeaway.objects.get().text == "Mine now"
    with pytest.raises(NotAllowed, match=r"takeaways\.cannot_mark"):
        mark_helped(takeaway=stale, by=keep, at=at)


def test_edit_takeaway_waits_a_few_seconds(takeaway: Takeaway, at: datetime) -> None:
    edit = partial(edit_takeaway, takeaway=takeaway, is_named=True, by=takeaway.person)
    edit(text="Whoever sees a slip at once puts it right at once", at=at)
    with pytest.raises(Refusal, match=r"takeaways\.edits_too_often") as refused:
        edit(text="And again", at=at + timedelta(seconds=2))
    assert refused.value.status == 429
    edit(text="Whoever sees a slip at once puts it right at once", at=at)  # as it is already
    edit(text="One", at=at + showing.A_BREATH)
    assert Takeaway.objects.get().text == "One"
    assert FactRow.objects.filter(kind="takeaways.takeaway_changed").count() == 2
