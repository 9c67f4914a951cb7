"""Shared notes that are closed, or whose writer is shut out, between the page and the lock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

import pytest

from hallway.gathering.events.actions import mute_at_event
from hallway.kit.actors import SystemPerson
from hallway.kit.refusal import NotAllowed
from hallway.programme.schedule.models import Session
from hallway.sharing.takeaways.actions import (
    revert_shared_notes,
    shared,
    write_shared_notes,
)
from hallway.sharing.takeaways.models import SharedNotes, SharedNotesRevision
from tests.between import just_before
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
WRITES: list[Callable[..., SharedNotesRevision]] = [
    partial(write_shared_notes, text="More", base=2),
    partial(revert_shared_notes, number=1),
]


@pytest.mark.parametrize("write", WRITES, ids=["write", "revert"])
@pytest.mark.parametrize(("what", "code"), [("close", "shared_notes.closed"), ("mute", "takeaways.cannot_write")])
def test_closed_or_muted_while_the_page_was_open_takes_no_text(
    what: str, code: str, write: Callable[..., SharedNotesRevision], session: Session, at: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    by = PersonFactory()
    for base, text in enumerate(("one", "two")):
        write_shared_notes(session=session, text=text, base=base, by=by, at=at)
    happens = {
        "close": partial(SharedNotes.objects.update, lock=SharedNotes.Lock.CLOSED),
        "mute": partial(mute_at_event, event=session.event, who=by, reason="x", by=SystemPerson("tests"), at=at),
    }[what]
    just_before(shared, "stay", happens, monkeypatch)
    with pytest.raises(NotAllowed) as refused:
        write(session=session, by=by, at=at)
    assert refused.value.code == code
    assert SharedNotesRevision.objects.count() == SharedNotes.objects.get().number == 2


def test_refused_writing_makes_no_page(session: Session, at: datetime) -> None:
    by = PersonFactory()
    mute_at_event(event=session.event, who=by, reason="x", by=SystemPerson("tests"), at=at)
    with pytest.raises(NotAllowed):
        write_shared_notes(session=session, text="x", base=0, by=by, at=at)
    assert not SharedNotes.objects.exists()
