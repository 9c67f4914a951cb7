"""Whoever left or became one with somebody in the meantime writes nothing: nobody would erase it, or find it again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from hallway.gathering.communities.actions import write_to_team
from hallway.gathering.communities.models import TeamMessage
from hallway.kit.actors import SystemPerson, Visitor
from hallway.kit.refusal import Refusal
from hallway.kit.reportable import KINDS
from hallway.learning.agenda.actions import save_note
from hallway.learning.agenda.models import Note
from hallway.moderation.actions import report_thing
from hallway.moderation.models import Report
from hallway.people.actions import leave_hallway, merge_persons
from hallway.people.actions.staying import stay
from hallway.people.models import Person
from hallway.programme.schedule.models import Session
from hallway.sharing.feedback.actions import give_feedback, write_card
from hallway.sharing.feedback.models import Card, Feedback
from hallway.sharing.takeaways.actions import revert_shared_notes, share_takeaway, write_shared_notes
from hallway.sharing.takeaways.models import SharedNotesRevision, Takeaway
from tests.factories import PersonFactory, SessionFactory, SlotFactory, SpeakingFactory

pytestmark = pytest.mark.django_db
Write = Callable[[Session, Person, datetime], Any]
WRITES: list[tuple[Write, type[Any], str]] = [
    (lambda session, by, at: save_note(session=session, text="Mine", revision=0, by=by, at=at), Note, "person"),
    (
        lambda session, by, at: share_takeaway(session=session, text="Mine", is_named=True, by=by, at=at),
        Takeaway, "person",
    ),
    (
        lambda session, by, at: write_shared_notes(session=session, text="Mine", base=1, by=by, at=at),
        SharedNotesRevision, "person",
    ),
    (
        lambda session, by, at: revert_shared_notes(session=session, number=1, by=by, at=at),
        SharedNotesRevision, "person",
    ),
    (lambda session, by, at: give_feedback(session=session, text="Mine", by=by, at=at), Feedback, "writer"),
    (
        lambda session, by, at: write_card(
            session=session, tool="Kiln", kind="friction", text="Mine", named=True, by=by, at=at
        ),
        Card, "writer",
    ),
    (
        lambda session, by, at: report_thing(
            what=KINDS["session"], thing=session, trouble="hurtful", note="Mine", by=by, at=at
        ),
        Report, "reporter",
    ),
    (
        lambda session, by, at: write_to_team(community=session.event.community, text="Mine", by=by, at=at),
        TeamMessage, "writer",
    ),
]  # fmt: skip


@pytest.fixture
def session(at: datetime) -> Session:
    made: Session = SessionFactory()
    SlotFactory(session=made, starts_at=at - timedelta(minutes=30), ends_at=at + timedelta(minutes=10))
    SpeakingFactory(talk=made.talk)
    other = PersonFactory()
    for base, text in enumerate(("First", "Second")):
        write_shared_notes(session=made, text=text, base=base, by=other, at=at)
    return made


def gone(how: str, at: datetime) -> Person:
    """Somebody as a request on its way knows them, who is not there any more."""
    by: Person = PersonFactory()
    if how == "left":
        leave_hallway(person=Person.objects.get(pk=by.pk), by=by, at=at)
    else:
        merge_persons(keep=PersonFactory(), gone=by, by=SystemPerson("tests"), at=at)
    return by


@pytest.mark.parametrize("how", ["left", "merged"])
@pytest.mark.parametrize(("write", "model", "column"), WRITES)
def test_write_by_somebody_gone_meanwhile_is_refused(
    write: Write, model: type[Any], column: str, how: str, session: Session, at: datetime
) -> None:
    by = gone(how, at)
    with pytest.raises(Refusal, match=r"people\.gone"):
        write(session, by, at)
    assert not model._default_manager.filter(**{column: by}).exists()
    there = PersonFactory()
    write(session, there, at)
    assert model._default_manager.filter(**{column: there}).exists()


def test_stay_asks_nothing_of_a_device_and_of_hallway_itself() -> None:
    with transaction.atomic():
        stay(Visitor("device"))
        stay(SystemPerson("tests"))
