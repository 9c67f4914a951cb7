"""Pages of takeaways and shared notes: from a private note to what everybody reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from hallway.kit import clock
from hallway.learning.agenda.actions import save_note
from hallway.people.models import Person
from hallway.programme.schedule.models import Session
from hallway.sharing.takeaways.actions import (
    edit_takeaway,
    hide_takeaway,
    mark_helped,
    share_takeaway,
    write_shared_notes,
)
from hallway.sharing.takeaways.models import HelpedMark, SharedNotes, SharedNotesRevision, Takeaway
from tests.factories import PersonFactory, SessionFactory, SlotFactory, TeamRoleFactory

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script> [x](javascript:alert(1)) \u202eback"


@pytest.fixture
def session(at: datetime) -> Session:
    made: Session = SessionFactory()
    SlotFactory(session=made, starts_at=at, ends_at=at + timedelta(minutes=45))
    return made


@pytest.fixture
def writer() -> Person:
    made: Person = PersonFactory(name="Musa Wekesa")
    return made


def below(session: Session) -> str:
    return f"/e/{session.event.slug}/sessions/{session.pk}/"


def page_of(session: Session) -> str:
    return f"/e/{session.event.slug}/sessions/{session.pk}-{session.slug}/"


def test_note_becomes_a_takeaway_that_everybody_reads(
    client: Client, session: Session, writer: Person, at: datetime
) -> None:
    save_note(session=session, text="Private and **useful**", revision=0, by=writer, at=at)
    client.force_login(writer)
    assert f'href="{below(session)}takeaways/new/"' in client.get(page_of(session)).content.decode()
    assert "Private and **useful**" in client.get(f"{below(session)}takeaways/new/").content.decode()
    given = {"text": "**Useful**", "signed": "name", "language": "en"}
    made = client.post(f"{below(session)}takeaways/new/", given, follow=True)
    assert "You can change it or take it back" in made.content.decode()
    everybody = Client()
    for address in (page_of(session), f"{below(session)}takeaways/"):
        page = everybody.get(address)
        assert "<strong>Useful</strong>" in page.content.decode()
        assert "Private" not in page.content.decode()
        assert "Musa Wekesa" in page.content.decode()
        assert f"takeaways:{session.pk}" in page["X-Hallway-Store"]
    takeaway = Takeaway.objects.get()
    client.post(f"/takeaways/{takeaway.pk}/", {**given, "signed": "attendee"})
    text = everybody.get(page_of(session)).content.decode()
    assert "An attendee" in text
    assert "Musa Wekesa" not in text
    assert "Change or take back" in client.get(page_of(session)).content.decode()
    client.post(f"/takeaways/{takeaway.pk}/", {"do": "withdraw"})
    assert "Useful" not in everybody.get(page_of(session)).content.decode()


def test_what_cannot_be_shown_is_said_and_kept(client: Client, session: Session, writer: Person, at: datetime) -> None:
    client.force_login(writer)
    for text, sentence in (("\u200b", "Write something first."), ("y" * 10_000, "This is too long")):
        page = client.post(f"{below(session)}takeaways/new/", {"text": text, "signed": "name", "language": "en"})
        assert sentence in page.content.decode()
    assert "y" * 10_000 in page.content.decode()
    made = share_takeaway(session=session, text="x", is_named=True, by=writer, at=at)
    wrong = client.post(f"/takeaways/{made.pk}/", {"text": "y" * 3_000, "signed": "name", "language": ""})
    assert "This is too long" in wrong.content.decode()
    hide_takeaway(takeaway=made, by=TeamRoleFactory(community=session.event.community).person, at=at)
    assert "has hidden this" in client.get(f"/takeaways/{made.pk}/").content.decode()
    client.force_login(PersonFactory())
    assert client.get(f"/takeaways/{made.pk}/").status_code == 404
    assert client.post(f"/takeaways/{made.pk}/helped/").status_code == 404
    client.logout()
    assert client.get(f"{below(session)}takeaways/new/").status_code == 302
    Session.objects.update(kind="break", talk=None)
    assert client.get(f"{below(session)}takeaways/").status_code == 404
    assert "What people took home" not in client.get(page_of(session)).content.decode()


def test_change_within_seconds_is_said_and_kept(client: Client, session: Session, writer: Person) -> None:
    client.force_login(writer)
    now = clock.now()
    made = share_takeaway(session=session, text="x", is_named=True, by=writer, at=now)
    edit_takeaway(takeaway=made, text="y", is_named=True, by=writer, at=now + timedelta(minutes=1))
    page = client.post(f"/takeaways/{made.pk}/", {"text": "My new words", "signed": "name", "language": "en"})
    shown = page.content.decode()
    assert "Wait a few seconds, and save it again." in shown and "My new words" in shown
    assert Takeaway.objects.get().text == "y"


def test_hostile_text_is_shown_safely(client: Client, session: Session, writer: Person, at: datetime) -> None:
    share_takeaway(session=session, text=HOSTILE, is_named=True, by=writer, at=at)
    write_shared_notes(session=session, text=HOSTILE, base=0, by=writer, at=at)
    for address in (
        page_of(session), f"{below(session)}takeaways/", f"{below(session)}notes/", f"{below(session)}notes/history/1/",
    ):  # fmt: skip
        text = client.get(address).content.decode()
        assert "<script>alert" not in text
        assert 'href="javascript:' not in text
        assert "\u202e" not in text


def test_helped_is_pressed_once_and_taken_back(client: Client, session: Session, writer: Person, at: datetime) -> None:
    made, reader = share_takeaway(session=session, text="x", is_named=True, by=writer, at=at), PersonFactory()
    client.force_login(reader)
    answer = client.post(f"/takeaways/{made.pk}/helped/", {"helped": "yes", "from": "session"})
    assert answer["Location"] == f"{page_of(session)}#takeaway-{made.pk}"
    assert 'aria-pressed="true"' in client.get(page_of(session)).content.decode()
    answer = client.post(f"/takeaways/{made.pk}/helped/", {"helped": "no"})
    assert answer["Location"] == f"{below(session)}takeaways/#takeaway-{made.pk}"
    assert not HelpedMark.objects.exists()
    client.force_login(writer)
    assert client.post(f"/takeaways/{made.pk}/helped/").status_code == 403


def test_talk_page_has_the_takeaways_of_all_its_occasions(client: Client, session: Session, at: datetime) -> None:
    elsewhere = SessionFactory(talk=session.talk)
    for one in (session, elsewhere):
        share_takeaway(session=one, text=f"From {one.event.slug}", is_named=True, by=PersonFactory(), at=at)
    page = client.get(f"/talks/{session.talk_id}/")
    for one in (session, elsewhere):
        assert f"From {one.event.slug}" in page.content.decode()
    assert f"takeaways-talk:{session.talk_id}" in page["X-Hallway-Store"]


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("address", "queries"), [("takeaways/", 6), ("notes/history/", 6), ("notes/history/1/", 8), ("notes/", 10)]
)
def test_page_asks_as_often_for_one_row_as_for_three(
    address: str, queries: int, rows: int, client: Client, session: Session, at: datetime,
    django_assert_num_queries: Callable[..., Any],
) -> None:  # fmt: skip
    for number in range(rows):
        made = share_takeaway(session=session, text=f"{number}", is_named=True, by=PersonFactory(), at=at)
        mark_helped(takeaway=made, by=PersonFactory(), at=at)
        write_shared_notes(session=session, text=f"{number}", base=number, by=PersonFactory(), at=at)
    client.get("/e/none/")
    with django_assert_num_queries(queries):
        assert client.get(f"{below(session)}{address}").status_code == 200


def test_shared_notes_are_written_read_and_closed(
    client: Client, session: Session, writer: Person, at: datetime
) -> None:
    notes = f"{below(session)}notes/"
    assert "Begin it" in client.get(notes).content.decode()
    client.force_login(writer)
    client.post(f"{notes}write/", {"text": "# Ask\n\nthe *department*", "base": 0})
    text = Client().get(notes).content.decode()
    assert "<em>department</em>" in text
    assert "Musa Wekesa" in text
    assert "the department" in Client().get(page_of(session)).content.decode()
    assert "too long" in client.post(f"{notes}write/", {"text": "y" * 50_001, "base": 1}).content.decode()
    assert "no number" not in client.post(f"{notes}write/", {"text": "y", "base": "x"}).content.decode()
    assert client.post(notes, {"lock": "closed"}).status_code == 403
    organiser = TeamRoleFactory(community=session.event.community).person
    client.force_login(organiser)
    client.post(notes, {"lock": "closed"})
    assert SharedNotes.objects.get().lock == "closed"
    assert "These notes are closed." in Client().get(notes).content.decode()
    assert client.get(f"{notes}write/").status_code == 200
    client.force_login(writer)
    assert client.get(f"{notes}write/")["Location"] == notes


def test_two_writers_at_once_see_both_texts(client: Client, session: Session, writer: Person, at: datetime) -> None:
    notes = f"{below(session)}notes/"
    write_shared_notes(session=session, text="theirs", base=0, by=PersonFactory(), at=at)
    client.force_login(writer)
    answer = client.post(f"{notes}write/", {"text": "mine", "base": 0})
    text = answer.content.decode()
    assert "Somebody saved while you wrote." in text
    assert ">\nmine</textarea>" in text
    assert '<input type="hidden" name="base" value="1"' in text
    assert "theirs" in text
    client.post(f"{notes}write/", {"text": "mine and theirs", "base": 1})
    assert "mine and theirs" in Client().get(notes).content.decode()
    assert "Written at the same time as another" in Client().get(f"{notes}history/").content.decode()


def test_revision_is_reverted_and_hidden_from_its_page(
    client: Client, session: Session, writer: Person, at: datetime
) -> None:
    notes = f"{below(session)}notes/"
    write_shared_notes(session=session, text="good", base=0, by=writer, at=at)
    write_shared_notes(session=session, text="badword", base=1, by=PersonFactory(), at=at)
    assert "<del>" in client.get(f"{notes}history/2/").content.decode()
    assert client.get(f"{notes}history/9/").status_code == 404
    assert client.post(f"{notes}history/2/").status_code == 200
    client.force_login(writer)
    assert client.post(f"{notes}history/9/").status_code == 404
    client.post(f"{notes}history/1/", {"do": "revert"})
    assert "Back to revision 1" in client.get(f"{notes}history/").content.decode()
    assert client.post(f"{notes}history/2/", {"do": "hide"}).status_code == 403
    client.force_login(TeamRoleFactory(community=session.event.community).person)
    client.post(f"{notes}history/2/", {"do": "hide"})
    assert "badword" not in Client().get(f"{notes}history/2/").content.decode()
    assert "badword" in client.get(f"{notes}history/2/").content.decode()
    client.post(f"{notes}history/2/", {"do": "show"})
    assert SharedNotesRevision.objects.filter(hidden_at=None).count() == 3
