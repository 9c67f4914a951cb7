"""What is kept of a talk, by many in the same moment: nothing counted twice, no word lost, nobody told twice."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hallway.kit.actors import SystemPerson, Visitor
from hallway.learning.agenda.actions import save_note
from hallway.learning.agenda.models import Note
from hallway.notices.models import OutboxMail
from hallway.programme.schedule.actions import ask_for_slides, remind_of_slides, tell_slides_arrived
from hallway.programme.schedule.models import SlidesReminder, SlidesRequest
from hallway.programme.schedule.queries.slides import missing_slides, to_be_told
from hallway.programme.talks.actions import NewMaterial, add_material
from hallway.programme.talks.models import Material
from hallway.sharing.takeaways.actions import mark_helped, share_takeaway, write_shared_notes
from hallway.sharing.takeaways.models import HelpedMark, SharedNotesRevision, Takeaway
from hallway.sharing.takeaways.queries import current_revision
from tests.factories import PersonFactory, SessionFactory, SlotFactory, SpeakingFactory
from tests.faults.test_races import at_once, codes

pytestmark = [pytest.mark.database, pytest.mark.fault, pytest.mark.django_db(transaction=True)]
SLIDES = SystemPerson("slides")


def test_two_devices_that_save_one_note_at_once_keep_both_texts(at: datetime) -> None:
    session, writer = SessionFactory(), PersonFactory()
    texts = [f"device {number}" for number in range(4)]
    failures = at_once(
        *(lambda text=text: save_note(session=session, text=text, revision=0, by=writer, at=at) for text in texts)
    )
    assert failures == []
    note = Note.objects.get()
    assert sorted([note.text, *note.other_text.split("\n\n")]) == texts


def test_four_who_write_the_shared_notes_at_once_lose_no_word(at: datetime) -> None:
    session, writers = SessionFactory(), [PersonFactory() for _four in range(4)]
    write_shared_notes(session=session, text="begun", base=0, by=writers[0], at=at)
    failures = at_once(
        *(
            lambda by=by: write_shared_notes(session=session, text=f"of {by.name}", base=1, by=by, at=at)
            for by in writers
        )
    )
    assert failures == []
    rows = SharedNotesRevision.objects.order_by("number")
    assert [row.number for row in rows] == [1, 2, 3, 4, 5]
    assert [row.is_aside for row in rows] == [False, False, True, True, True]
    assert {row.text for row in rows} == {"begun", *(f"of {by.name}" for by in writers)}
    now = current_revision(session)
    assert now is not None
    assert now.number == 2


def test_what_is_pressed_twice_at_once_counts_once(at: datetime) -> None:
    session, writer, reader = SessionFactory(), PersonFactory(), PersonFactory()
    share = lambda: share_takeaway(session=session, text="x", is_named=True, by=writer, at=at)  # noqa: E731 - said four times
    assert at_once(share, share, share) == []
    takeaway = Takeaway.objects.get()
    mark = lambda: mark_helped(takeaway=takeaway, by=reader, at=at)  # noqa: E731 - said three times
    assert at_once(mark, mark, mark) == []
    assert HelpedMark.objects.count() == 1
    ask = lambda: ask_for_slides(session=session, address="a@example.org", by=Visitor("a"), at=at)  # noqa: E731 - as above
    assert at_once(ask, ask, ask) == []
    assert SlidesRequest.objects.count() == 1


def test_two_processes_that_sweep_at_once_remind_and_tell_once(at: datetime) -> None:
    session = SessionFactory()
    SpeakingFactory(talk=session.talk)
    SlotFactory(session=session, starts_at=at, ends_at=at + timedelta(minutes=45))
    ask_for_slides(session=session, address="a@example.org", by=Visitor("a"), at=at)
    missing = next(missing_slides(at + timedelta(days=1, hours=1)))
    remind = lambda: remind_of_slides(missing=missing, by=SLIDES, at=at)  # noqa: E731 - said three times
    assert at_once(remind, remind, remind) == []
    assert SlidesReminder.objects.count() == OutboxMail.objects.count() == 1
    add_material(talk=session.talk, new=NewMaterial("slides", address="https://example.org"), by=SLIDES, at=at)
    request = to_be_told(at)[0]
    tell = lambda: tell_slides_arrived(request=request, address="/", by=SLIDES, at=at)  # noqa: E731 - said three times
    assert at_once(tell, tell, tell) == []
    assert OutboxMail.objects.count() == 2


def test_the_twentieth_material_is_the_last_however_many_come_at_once(at: datetime) -> None:
    session, speaker = SessionFactory(), PersonFactory()
    SpeakingFactory(talk=session.talk, person=speaker)
    new = NewMaterial("link", address="https://example.org")
    for _number in range(18):
        add_material(talk=session.talk, new=new, by=speaker, at=at)
    add = lambda: add_material(talk=session.talk, new=new, by=speaker, at=at)  # noqa: E731 - said four times
    assert codes(at_once(add, add, add, add)) == ["material.enough", "material.enough"]
    assert Material.objects.count() == 20
