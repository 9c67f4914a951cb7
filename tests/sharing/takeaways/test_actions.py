"""Takeaways and shared notes: who may write, whose word stands, that nobody's words are lost."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from hallway.gathering.events.actions import ban_from_event
from hallway.kit import export
from hallway.kit.actors import SystemPerson, Visitor
from hallway.kit.facts import announce
from hallway.kit.models import FactRow, FactScope, Revision
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.kit.reportable import KINDS, seen
from hallway.people.actions import block_person
from hallway.people.facts import PersonChanged, PersonLeft, PersonsMerged
from hallway.people.models import Person
from hallway.programme.schedule.models import Session
from hallway.sharing.takeaways.actions import (
    edit_takeaway,
    hide_revision,
    hide_takeaway,
    lock_shared_notes,
    mark_helped,
    revert_shared_notes,
    share_takeaway,
    show_revision,
    show_takeaway,
    unmark_helped,
    withdraw_takeaway,
    write_shared_notes,
)
from hallway.sharing.takeaways.models import HelpedMark, SharedNotesRevision, Takeaway
from hallway.sharing.takeaways.policies import can_mark_takeaway, can_write_notes
from hallway.sharing.takeaways.queries import (
    are_notes_open,
    closes_at,
    current_revision,
    difference,
    of_session,
    revision_with_before,
    revisions_of,
    visible_to,
)
from tests.factories import PersonFactory, SessionFactory, SlotFactory, TeamRoleFactory
from tests.pace import slower

pytestmark = pytest.mark.django_db
SYSTEM = SystemPerson("moderation")


@pytest.fixture
def writer() -> Person:
    made: Person = PersonFactory()
    return made


@pytest.fixture
def session(at: datetime) -> Session:
    made: Session = SessionFactory()
    SlotFactory(session=made, starts_at=at, ends_at=at + timedelta(minutes=45))
    return made


@pytest.fixture
def organiser(session: Session) -> Person:
    made: Person = TeamRoleFactory(community=session.event.community).person
    return made


def shared(session: Session, writer: Person, at: datetime, text: str = "Ask the department", **more: Any) -> Takeaway:
    return share_takeaway(session=session, text=text, is_named=more.pop("is_named", True), by=writer, at=at, **more)


def written(session: Session, by: Person, at: datetime, text: str, base: int = 0) -> SharedNotesRevision:
    return write_shared_notes(session=session, text=text, base=base, by=by, at=at)


def tags() -> set[str]:
    return set(Revision.objects.values_list("key", flat=True))


def test_share_takeaway_shows_it_everywhere_and_in_no_trail(session: Session, writer: Person, at: datetime) -> None:
    made = shared(session, writer, at, " One\u202e thing ", language="fr")
    assert (made.text, made.language, made.is_named) == ("One thing", "fr", True)
    assert list(of_session(session, None)) == [made]
    assert {
        f"takeaways:{session.pk}",
        f"takeaways-talk:{session.talk_id}",
        f"takeaways-event:{session.event_id}",
    } <= tags()
    assert not FactScope.objects.exists()
    assert shared(session, writer, at, "One thing") == made
    assert FactRow.objects.count() == 1


def test_share_takeaway_refused(session: Session, writer: Person, organiser: Person, at: datetime) -> None:
    with pytest.raises(NotAllowed, match=r"takeaways\.cannot_write"):
        share_takeaway(session=session, text="x", is_named=True, by=Visitor("d"), at=at)
    for text, code in (("\u200b \u3164", r"takeaways\.empty"), ("x" * 10_000, r"takeaways\.too_long")):
        with pytest.raises(Refusal, match=code):
            shared(session, writer, at, text)
    for number in range(5):
        shared(session, writer, at, f"{number}")
    with pytest.raises(Refusal, match=r"takeaways\.enough"):
        shared(session, writer, at, "more")
    made = Takeaway.objects.first()
    assert made is not None
    ban_from_event(event=session.event, who=writer, reason="x", by=organiser, at=at)
    for change in (
        lambda: shared(session, writer, at, "again"),
        lambda: edit_takeaway(takeaway=made, text="y", is_named=True, by=writer, at=at),
        lambda: written(session, writer, at, "x"),
    ):
        with pytest.raises(NotAllowed, match=r"takeaways\.cannot_write"):
            change()
    withdraw_takeaway(takeaway=made, by=writer, at=at)
    assert Takeaway.objects.count() == 5
    Session.objects.update(hidden_at=at)
    with pytest.raises(NotAllowed):
        shared(session, PersonFactory(), at)


def test_forty_takeaways_a_day_are_the_most(writer: Person, at: datetime) -> None:
    sessions = [SessionFactory() for _eight in range(9)]
    with pytest.raises(Refusal, match=r"pace\.too_often"):
        for one in sessions:
            for number in range(5):
                shared(one, writer, at, f"{number}")
    assert Takeaway.objects.count() == 40


def test_takeaway_is_changed_and_taken_back_by_its_writer_alone(
    session: Session, writer: Person, organiser: Person, at: datetime
) -> None:
    made = shared(session, writer, at)
    for other in (organiser, PersonFactory(is_administrator=True), Visitor("d")):
        with pytest.raises(NotAllowed, match=r"takeaways\.not_yours"):
            edit_takeaway(takeaway=made, text="y", is_named=True, by=other, at=at)
        with pytest.raises(NotAllowed, match=r"takeaways\.not_yours"):
            withdraw_takeaway(takeaway=made, by=other, at=at)
    for _twice in range(2):
        edit_takeaway(takeaway=made, text="Other", is_named=False, language="en", by=writer, at=at)
    made.refresh_from_db()
    assert (made.text, made.is_named, made.language) == ("Other", False, "en")
    stale = Takeaway.objects.get()
    for _twice in range(2):
        withdraw_takeaway(takeaway=made, by=writer, at=at)
        made.refresh_from_db()
    assert (made.text, made.withdrawn_at) == ("", at)
    withdraw_takeaway(takeaway=stale, by=writer, at=at)
    with pytest.raises(Refusal, match=r"takeaways\.gone"):
        edit_takeaway(takeaway=stale, text="y", is_named=True, by=writer, at=at)
    kinds = list(FactRow.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == [f"takeaways.takeaway_{what}" for what in ("shared", "changed", "withdrawn")]
    assert not visible_to(None).exists()


def test_marks_count_each_person_once_and_never_oneself(session: Session, writer: Person, at: datetime) -> None:
    made, reader = shared(session, writer, at), PersonFactory()
    for by in (writer, Visitor("d"), SYSTEM):
        with pytest.raises(NotAllowed, match=r"takeaways\.cannot_mark"):
            mark_helped(takeaway=made, by=by, at=at)
    for _twice in range(2):
        mark_helped(takeaway=made, by=reader, at=at)
    other = shared(session, writer, at, "First written, helped nobody")
    row = of_session(session, reader)
    assert [(one.pk, one.helped, one.is_marked) for one in row] == [(made.pk, 1, True), (other.pk, 0, False)]
    for _twice in range(2):
        unmark_helped(takeaway=made, by=reader, at=at)
    assert FactRow.objects.filter(kind="takeaways.takeaway_marked").count() == 2
    assert not HelpedMark.objects.exists()
    Takeaway.objects.filter(pk=made.pk).delete()
    with pytest.raises(Refusal, match=r"takeaways\.gone"):
        mark_helped(takeaway=made, by=reader, at=at)


def test_hidden_takeaway_is_read_by_its_writer_alone_until_it_is_shown(
    session: Session, writer: Person, organiser: Person, at: datetime
) -> None:
    made = shared(session, writer, at)
    with pytest.raises(NotAllowed, match=r"takeaways\.cannot_hide"):
        hide_takeaway(takeaway=made, by=PersonFactory(), at=at)
    for _twice in range(2):
        hide_takeaway(takeaway=made, by=organiser, at=at)
    assert not visible_to(PersonFactory()).exists()
    show_takeaway(takeaway=made, by=SYSTEM, at=at)
    assert visible_to(None).exists()
    facts = FactRow.objects.filter(kind="takeaways.takeaway_hidden").order_by("pk")
    assert [fact.payload["hidden"] for fact in facts] == [True, False]


def test_nobody_of_the_team_shows_again_what_they_wrote(session: Session, organiser: Person, at: datetime) -> None:
    made, revision = shared(session, organiser, at), written(session, organiser, at, "Rude words")
    other = TeamRoleFactory(community=session.event.community).person
    hide_takeaway(takeaway=made, by=other, at=at)
    hide_revision(revision=revision, by=other, at=at)
    for show, said in ((show_takeaway, {"takeaway": made}), (show_revision, {"revision": revision})):
        with pytest.raises(NotAllowed, match=r"takeaways\.cannot_show"):
            show(**said, by=organiser, at=at)
        show(**said, by=other, at=at)
    assert visible_to(None).get() == made and current_revision(session) == revision


def test_a_block_keeps_named_texts_apart_and_unnamed_ones_not(session: Session, writer: Person, at: datetime) -> None:
    named, unnamed = shared(session, writer, at), shared(session, writer, at, "unnamed", is_named=False)
    revision, reader = written(session, writer, at, "Notes"), PersonFactory()
    block_person(person=writer, by=reader, at=at)
    assert list(of_session(session, reader)) == [unnamed]
    assert list(of_session(session, None)) == [named, unnamed]
    # A button that refused would say whose it is.
    assert can_mark_takeaway(reader, unnamed) and not can_mark_takeaway(reader, named)
    assert [row.person for row in revisions_of(session, reader, most=9)] == [None]
    found = revision_with_before(session, revision.number, reader)
    assert found is not None
    assert found[0].person is None
    assert revisions_of(session, None, most=9)[0].person == writer


def test_shared_notes_keep_each_text_with_its_writer(session: Session, writer: Person, at: datetime) -> None:
    other = PersonFactory()
    first = written(session, writer, at, "one\ntwo")
    second = written(session, other, at, "one\ntwo\nthree", 1)
    assert written(session, other, at, "one\ntwo\nthree", 0) == second
    assert (first.number, second.number, current_revision(session)) == (1, 2, second)
    found = revision_with_before(session, 2, None)
    assert found == (second, first)
    assert [(line.how, line.text) for line in difference(first.text, second.text)] == [
        ("same", "one"), ("same", "two"), ("new", "three"),
    ]  # fmt: skip
    assert revision_with_before(session, 9, None) is None
    before = "\n".join(f"{number}" for number in range(30))
    assert [line.how for line in difference(before, f"first\n{before}\nlast")].count("skip") == 1
    assert [line.how for line in difference("a", "b")] == ["gone", "new"]


def test_thousands_of_lines_that_are_all_alike_keep_no_thread() -> None:
    before, after = "a\n" * 25_000, "a\n" * 24_999 + "b"
    begun = time.process_time()
    lines = list(difference(before, after))
    spent = time.process_time() - begun
    assert spent < 2 * slower()
    assert (len(lines), lines[-1].text) == (50_000, "b")


def test_who_wrote_beside_somebody_else_overwrites_nothing(session: Session, writer: Person, at: datetime) -> None:
    other = PersonFactory()
    written(session, writer, at, "one")
    kept = written(session, writer, at, "one and mine", 1)
    beside = written(session, other, at, "one and theirs", 1)
    assert beside.is_aside
    assert current_revision(session) == kept
    together = written(session, other, at, "one and mine and theirs", 2)
    assert (together.is_aside, together.number) == (False, 4)
    assert SharedNotesRevision.objects.count() == 4


def test_revert_brings_back_an_old_text_as_a_new_revision(session: Session, writer: Person, at: datetime) -> None:
    written(session, writer, at, "good")
    vandal = written(session, PersonFactory(), at, "spam", 1)
    back = revert_shared_notes(session=session, number=1, by=writer, at=at)
    assert (back.text, back.number, back.back_to) == ("good", 3, 1)
    assert revert_shared_notes(session=session, number=1, by=writer, at=at) == back
    hide_revision(revision=vandal, by=SYSTEM, at=at)
    for number in (2, 99):
        with pytest.raises(Refusal, match=r"shared_notes\.no_revision"):
            revert_shared_notes(session=session, number=number, by=writer, at=at)


def test_hidden_revision_gives_the_page_back_to_the_one_before(
    session: Session, writer: Person, organiser: Person, at: datetime
) -> None:
    good, bad = written(session, writer, at, "good"), written(session, PersonFactory(), at, "bad", 1)
    with pytest.raises(NotAllowed, match=r"takeaways\.cannot_hide"):
        hide_revision(revision=bad, by=writer, at=at)
    for _twice in range(2):
        hide_revision(revision=bad, by=organiser, at=at)
    assert current_revision(session) == good
    show_revision(revision=bad, by=organiser, at=at)
    assert current_revision(session) == bad
    assert FactRow.objects.filter(kind="takeaways.shared_notes_revision_hidden").count() == 2


def test_shared_notes_close_after_ninety_days_unless_the_team_says_otherwise(
    session: Session, writer: Person, organiser: Person, at: datetime
) -> None:
    late = at + timedelta(days=91)
    assert closes_at(session) == at + timedelta(days=90, minutes=45)
    assert are_notes_open(session, at)
    with pytest.raises(NotAllowed, match=r"shared_notes\.closed"):
        written(session, writer, late, "x")
    assert can_write_notes(organiser, session, late)
    with pytest.raises(NotAllowed, match=r"shared_notes\.cannot_lock"):
        lock_shared_notes(session=session, lock="open", by=writer, at=at)
    with pytest.raises(Refusal, match=r"shared_notes\.lock"):
        lock_shared_notes(session=session, lock="ajar", by=organiser, at=at)
    for _twice in range(2):
        lock_shared_notes(session=session, lock="open", by=organiser, at=at)
    written(session, writer, late, "x")
    lock_shared_notes(session=session, lock="closed", by=organiser, at=at)
    with pytest.raises(NotAllowed, match=r"shared_notes\.closed"):
        revert_shared_notes(session=session, number=1, by=writer, at=at)
    assert FactRow.objects.filter(kind="takeaways.shared_notes_locked").count() == 2
    assert are_notes_open(SessionFactory(), late)


def test_shared_notes_refuse_floods_and_what_is_too_long(session: Session, writer: Person, at: datetime) -> None:
    with pytest.raises(Refusal, match=r"takeaways\.too_long"):
        written(session, writer, at, "x" * 50_001)
    with pytest.raises(Refusal, match=r"pace\.too_often"):
        for number in range(201):
            written(session, writer, at, f"{number}", number)
    with pytest.raises(Refusal, match=r"pace\.too_often"):
        revert_shared_notes(session=session, number=1, by=writer, at=at)
    assert SharedNotesRevision.objects.count() == 200


def test_texts_of_who_left_are_erased_and_counts_stay(session: Session, writer: Person, at: datetime) -> None:
    made, theirs = shared(session, writer, at), shared(session, PersonFactory(), at, "theirs")
    mark_helped(takeaway=theirs, by=writer, at=at)
    written(session, writer, at, "Notes")
    part = export.CONTRIBUTORS["takeaways"](writer)
    assert {name: len(rows) for name, rows in part.items()} == {"takeaways": 1, "helped_you": 1, "shared_notes": 1}
    assert export.CONTRIBUTORS["takeaways"](PersonFactory()) == {}
    Revision.objects.all().delete()
    with transaction.atomic():
        announce(PersonChanged(person_id=writer.pk), by=writer, at=at)
    assert f"takeaways:{session.pk}" in tags()
    with transaction.atomic():
        announce(PersonLeft(person_id=writer.pk), by=SYSTEM, at=at)
    made.refresh_from_db()
    assert (made.text, made.person, made.withdrawn_at) == ("", None, at)
    assert [(one.helped, one.is_marked) for one in of_session(session, None)] == [(1, False)]
    revision = current_revision(session)
    assert revision is not None
    assert (revision.text, revision.person) == ("Notes", None)


def test_texts_follow_a_merged_person(session: Session, writer: Person, at: datetime) -> None:
    stays, third = PersonFactory(), PersonFactory()
    made, own, theirs = shared(session, writer, at), shared(session, stays, at, "own"), shared(session, third, at, "x")
    for takeaway, by in ((made, stays), (own, writer), (theirs, stays), (theirs, writer)):
        mark_helped(takeaway=takeaway, by=by, at=at)
    written(session, writer, at, "Notes")
    with transaction.atomic():
        announce(PersonsMerged(person_id=stays.pk, gone_id=writer.pk), by=SYSTEM, at=at)
    assert list(HelpedMark.objects.values_list("takeaway_id", "person_id")) == [(theirs.pk, stays.pk)]
    assert Takeaway.objects.filter(person=stays).count() == 2
    assert SharedNotesRevision.objects.get().person == stays


def test_what_was_written_can_be_reported_and_names_no_more_than_the_page(
    session: Session, writer: Person, at: datetime
) -> None:
    named, unnamed = shared(session, writer, at), shared(session, writer, at, "unnamed", is_named=False)
    revision = written(session, writer, at, "Notes")
    takeaway, page = KINDS["takeaway"], KINDS["shared_notes"]
    assert seen("takeaway", named.pk, None) == named
    assert [takeaway.authors(one) for one in (named, unnamed)] == [[writer], []]
    assert [takeaway.author_id(one) for one in (named, unnamed)] == [writer.pk, None]
    assert takeaway.wrote(unnamed, writer)
    assert not takeaway.wrote(unnamed, PersonFactory())
    assert seen("shared_notes", revision.pk, None) == revision
    assert (page.authors(revision), page.author_id(revision), page.text(revision)) == ([writer], writer.pk, "Notes")
    for kind, thing in ((takeaway, named), (page, revision)):
        assert kind.hide is not None
        assert kind.show is not None
        assert kind.title(thing) == session.talk.title["en"]
        assert f"/sessions/{session.pk}/" in kind.address(thing)
        assert kind.place(thing).event_id == session.event_id
        kind.hide(thing, reason="x", by=SYSTEM, at=at)
        assert seen(kind.kind, thing.pk, None) is None
        kind.show(thing, by=SYSTEM, at=at)
        assert seen(kind.kind, thing.pk, None) == thing
    withdraw_takeaway(takeaway=named, by=writer, at=at)
    assert seen("takeaway", named.pk, None) is None
    SharedNotesRevision.objects.update(person=None)
    assert page.authors(SharedNotesRevision.objects.get()) == []
