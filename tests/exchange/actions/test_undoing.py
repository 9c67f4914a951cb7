from __future__ import annotations

from dataclasses import replace

import pytest

from hallway.exchange.actions import undo_import
from hallway.exchange.models import ImportedThing, ImportRun
from hallway.gathering.events.models import Event
from hallway.kit.models import Revision
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.people.models import Person, PersonClaim
from hallway.programme.schedule.actions import add_session, add_slot, give_session_seats, release_schedule
from hallway.programme.schedule.models import Session, Slot
from hallway.programme.talks.actions import edit_talk
from hallway.programme.talks.models import Talk
from hallway.sharing.questions.models import Floor, Question
from tests.exchange.programmes import small_programme
from tests.exchange.stored import (
    AT,
    IMPORTER,
    LATER,
    bring_in,
    event_of,
    exports,
    row_counts,
    with_session,
    without_session,
)
from tests.factories import CommunityFactory, QuestionFactory, RegistrationFactory, TeamRoleFactory

pytestmark = pytest.mark.django_db
BOOKS = {"exchange.importrun", "kit.factrow", "kit.factscope", "kit.delivery", "kit.revision"}


def undo(run: ImportRun) -> ImportRun:
    undo_import(run=run, by=IMPORTER, at=LATER)
    return ImportRun.objects.get(pk=run.pk)


def other_programme():
    """The small one with a title, a time, a person and a room changed, one session gone and one new."""
    small = small_programme()
    new = replace(
        small.sessions[0],
        key="s9",
        guid="",
        title="Nouvelle",
        slots=(replace(small.sessions[0].slots[0], key="s9/1", id=None),),
    )
    changed = with_session(without_session(small, "s4"), "s2", title="Autre", tags=("neu",))
    ada = replace(small.people[0], biography="Nouveau texte.")
    rooms = (replace(small.rooms[0], capacity=250), small.rooms[1])
    return replace(changed, sessions=(*changed.sessions, new), people=(ada, small.people[1]), rooms=rooms)


def test_undo_of_a_new_event_leaves_no_row() -> None:
    community = CommunityFactory()
    before = row_counts()
    run = undo(bring_in(community=community))
    after = row_counts()
    assert {name for name in after if after[name] != before[name]} <= BOOKS
    assert (run.state, run.event, run.report["left"]) == ("undone", None, [])


@pytest.mark.parametrize("publish", [False, True])
def test_undo_of_a_change_gives_byte_equal_exports(publish: bool) -> None:
    community = CommunityFactory()
    event = event_of(bring_in(community=community))
    before, counts = exports(event), row_counts()
    run = bring_in(other_programme(), community=community, publish=publish, at=LATER)
    if publish:
        assert all(exports(event)[format] != before[format] for format in before)
    assert undo(run).report["left"] == []
    assert exports(event) == before
    after = row_counts()
    assert {name for name in after if after[name] != counts[name]} <= BOOKS
    assert bring_in(community=community).report["changed"] == 0


def test_undo_makes_stored_pages_old() -> None:
    community = CommunityFactory()
    event = event_of(bring_in(community=community))
    run = bring_in(other_programme(), community=community)
    before = Revision.objects.get(key=f"event:{event.pk}").seq
    undo(run)
    assert Revision.objects.get(key=f"event:{event.pk}").seq > before


def test_undo_after_a_release_by_hand_puts_the_draft_back() -> None:
    community = CommunityFactory()
    event = event_of(bring_in(community=community))
    before = set(Slot.objects.values_list("session_id", "starts_at"))
    run = bring_in(other_programme(), community=community, publish=False, at=LATER)
    release_schedule(event=event, by=IMPORTER, at=LATER)
    assert undo(run).report["left"] == []
    assert set(Slot.objects.filter(removed_at=None).values_list("session_id", "starts_at")) == before
    release_schedule(event=event, by=IMPORTER, at=LATER)
    assert Session.objects.filter(event=event, public_at__isnull=False).count() == 4


def test_undo_leaves_whole_a_session_somebody_edited() -> None:
    run = bring_in()
    talk = Talk.objects.get(title__und="Tables & graphes")
    edit_talk(talk=talk, changes={"title": {"fr": "Corrigé ici"}}, by=IMPORTER, at=LATER)
    done = undo(run)
    event = Event.objects.get()
    assert list(Session.objects.values_list("talk__title__fr", flat=True)) == ["Corrigé ici"]
    assert Slot.objects.count() == 2
    assert Person.objects.count() == 2
    assert event.rooms.count() == 2
    assert "Corrigé ici" in done.report["left_names"]
    assert ("talks.talk", "edited") in {(entry["table"], entry["why"]) for entry in done.report["left"]}
    again = bring_in(community=event.community)
    assert (again.event_id, Session.objects.count()) == (event.pk, 5)
    assert Talk.objects.filter(title={"fr": "Corrigé ici"}).exists()


def test_undo_leaves_an_event_with_a_session_added_by_hand() -> None:
    run = bring_in()
    event = event_of(run)
    added = add_session(event=event, kind="other", title={"fr": "À la main"}, by=IMPORTER, at=LATER)
    add_slot(session=added, room=event.rooms.first(), starts_at=AT, ends_at=LATER, by=IMPORTER, at=LATER)
    done = undo(run)
    assert list(Session.objects.values_list("pk", flat=True)) == [added.pk]
    assert (Event.objects.count(), event.rooms.count()) == (1, 1)
    assert {entry["why"] for entry in done.report["left"]} == {"used"}


def test_undo_leaves_a_person_who_was_invited_or_claimed_their_page() -> None:
    run = bring_in()
    ada, bo = Person.objects.order_by("pk")
    PersonClaim.objects.create(person=bo, address="bo@example.org", token_hash="x", created_at=AT, expires_at=LATER)
    Person.objects.filter(pk=ada.pk).update(claimed_at=LATER, email="ada@example.org")
    undo(run)
    assert set(Person.objects.values_list("pk", flat=True)) == {ada.pk, bo.pk}


def test_undo_touches_no_profile_claimed_since() -> None:
    community = CommunityFactory()
    bring_in(community=community)
    run = bring_in(other_programme(), community=community)
    Person.objects.filter(name="Ada Exemple").update(claimed_at=LATER)
    done = undo(run)
    assert Person.objects.get(name="Ada Exemple").biography == {"und": "Nouveau texte."}
    assert [entry["table"] for entry in done.report["left"]] == ["people.person"]


def test_undo_twice_refused() -> None:
    run = undo(bring_in())
    with pytest.raises(Refusal, match=r"exchange\.not_done"):
        undo(run)


def test_undo_goes_newest_first_and_skips_imports_without_news() -> None:
    community = CommunityFactory()
    first = bring_in(community=community)
    bring_in(community=community)
    second = bring_in(other_programme(), community=community)
    with pytest.raises(Refusal, match=r"exchange\.newer_first"):
        undo(first)
    undo(second)
    undo(first)
    assert not Event.objects.exists()
    assert not ImportedThing.objects.exists()


def test_undo_refused_for_editors_when_the_event_would_go() -> None:
    run = bring_in()
    editor = TeamRoleFactory(community=run.community, role="editor").person
    with pytest.raises(NotAllowed, match=r"exchange\.cannot_undo"):
        undo_import(run=run, by=editor, at=LATER)
    assert Event.objects.exists()


def test_undo_leaves_an_event_somebody_registered_for() -> None:
    run = bring_in()
    event = Event.objects.get()
    RegistrationFactory(admission=event.admissions.get())
    undo(run)
    assert Event.objects.get() == event


def test_undo_leaves_a_session_with_seats_of_its_own_and_its_list() -> None:
    run = bring_in()
    session = Session.objects.get(talk__title__und="Tables & graphes")
    admission = give_session_seats(session=session, seats=12, by=IMPORTER, at=LATER)
    RegistrationFactory(admission=admission)
    done = undo(run)
    session.refresh_from_db()
    assert (session.admission, admission.registrations.count()) == (admission, 1)
    assert {"table": "schedule.session", "id": session.pk, "why": "used"} in done.report["left"]
    assert "Tables & graphes" in done.report["left_names"]


def test_undo_of_a_move_is_written_in_the_list_of_the_workshop() -> None:
    community = CommunityFactory()
    event = event_of(bring_in(community=community))
    moved = with_session(small_programme(), "s2", title="Autre")
    session = Session.objects.get(event=event, talk__title__und="Tables & graphes")
    admission = give_session_seats(session=session, seats=12, by=IMPORTER, at=LATER)
    run = bring_in(moved, community=community, at=LATER)
    admission.refresh_from_db()
    assert admission.title == {"und": "Autre"}
    undo(run)
    admission.refresh_from_db()
    assert admission.title == {"und": "Tables & graphes"}
    assert Session.objects.get(pk=session.pk).admission == admission


def test_released_sessions_nobody_asked_about_go_with_their_floors() -> None:
    run = bring_in(publish=True)
    assert Floor.objects.filter(event=event_of(run)).exists(), "each released session has a floor"
    assert undo(run).report["left"] == []
    assert not Floor.objects.exists()


def test_session_people_asked_about_stays_whole_and_is_named() -> None:
    run = bring_in(publish=True)
    asked = Session.objects.filter(talk__isnull=False, slots__isnull=False).order_by("pk")[0]
    others = Session.objects.exclude(pk=asked.pk).count()
    QuestionFactory(floor=Floor.objects.get(session=asked))
    slots = asked.slots.count()
    run = undo(run)
    assert {"table": "schedule.session", "id": asked.pk, "why": "used"} in run.report["left"]
    assert Question.objects.count() == 1
    stays = Session.objects.get()
    assert (stays.pk, stays.slots.count(), stays.talk_id) == (asked.pk, slots, asked.talk_id)
    assert others
