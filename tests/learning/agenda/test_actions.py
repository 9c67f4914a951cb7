"""Private notes: saved as one types, nothing overwritten, read by nobody else."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import Client

from hallway.kit import export
from hallway.kit.actors import SystemPerson, Visitor
from hallway.kit.facts import announce
from hallway.kit.models import FactRow, FactScope
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.learning.agenda.actions import LONGEST, forget_note, rewrite_note, save_note, settle_note
from hallway.learning.agenda.models import Note
from hallway.learning.agenda.queries import visible_to, written_notes
from hallway.people.facts import PersonLeft, PersonsMerged
from hallway.people.models import Person
from hallway.programme.schedule.models import Session
from tests.factories import PersonFactory, SessionFactory

pytestmark = pytest.mark.django_db
SYSTEM = SystemPerson("people")


@pytest.fixture
def writer() -> Person:
    made: Person = PersonFactory()
    return made


@pytest.fixture
def session() -> Session:
    made: Session = SessionFactory()
    return made


def written(session: Session, writer: Person, at: datetime, text: str = "One thing", revision: int = 0) -> Note:
    note = save_note(session=session, text=text, revision=revision, by=writer, at=at)
    assert note is not None
    return note


def test_save_note_keeps_text_and_counts_what_was_saved(session: Session, writer: Person, at: datetime) -> None:
    note = written(session, writer, at, " One thing\r\nand \u202emore ")
    assert (note.text, note.revision, note.event) == ("One thing\nand more", 1, session.event)
    again = written(session, writer, at, "One thing, changed", 1)
    assert (again.pk, again.text, again.revision, again.other_text) == (note.pk, "One thing, changed", 2, "")
    assert written(session, writer, at, "One thing, changed", 0).revision == 2
    assert written(session, writer, at, "", 2).text == ""
    assert written(session, writer, at, "from anywhere", 1).text == "from anywhere"


def test_save_note_says_so_once_in_a_quarter_of_an_hour_and_in_no_trail(
    session: Session, writer: Person, at: datetime
) -> None:
    for minutes in range(0, 40, 2):
        note = save_note(
            session=session, text=f"{minutes}", revision=minutes // 2, by=writer, at=at + timedelta(minutes=minutes)
        )
        assert note is not None
        assert note.other_text == ""
    assert FactRow.objects.filter(kind="agenda.note_saved").count() == 3
    assert not FactScope.objects.exists()


def test_save_note_from_an_older_text_overwrites_nothing(session: Session, writer: Person, at: datetime) -> None:
    note = written(session, writer, at, "phone")
    for text in ("laptop", "laptop goes on", "laptop"):
        written(session, writer, at, text, 0)
    note.refresh_from_db()
    assert (note.text, note.other_text, note.revision) == ("phone", "laptop goes on", 1)
    written(session, writer, at, "tablet", 0)
    note.refresh_from_db()
    assert note.other_text == "laptop goes on\n\ntablet"
    with pytest.raises(Refusal, match=r"note\.full"):
        for number in range(5):
            written(session, writer, at, f"{number}" * (LONGEST - 1), 0)
    note.refresh_from_db()
    assert note.text == "phone"


def test_save_note_refused_to_others_too_long_and_where_nothing_is_read(
    session: Session, writer: Person, at: datetime
) -> None:
    with pytest.raises(NotAllowed, match=r"note\.cannot_write"):
        save_note(session=session, text="x", revision=0, by=Visitor("d"), at=at)
    with pytest.raises(Refusal, match=r"note\.too_long"):
        written(session, writer, at, "x" * (LONGEST + 1))
    assert save_note(session=session, text=" \u200b ", revision=0, by=writer, at=at) is None
    Session.objects.update(hidden_at=at)
    with pytest.raises(NotAllowed, match=r"note\.cannot_write"):
        written(session, writer, at)
    assert not Note.objects.exists()


def test_settle_note_makes_one_of_two_and_only_of_what_was_looked_at(
    session: Session, writer: Person, at: datetime
) -> None:
    note = written(session, writer, at, "phone")
    save_note(session=session, text="laptop", revision=0, by=writer, at=at + timedelta(minutes=1))
    note.refresh_from_db()
    seen = note.updated_at
    save_note(session=session, text="tablet", revision=0, by=writer, at=at + timedelta(minutes=2))
    for other in (seen, None):  # what a third device brought since would be gone unread
        with pytest.raises(Refusal, match=r"note\.changed"):
            settle_note(note=note, text="x", seen=other, by=writer, at=at)
    note.refresh_from_db()
    done = settle_note(note=note, text="phone\n\nlaptop", seen=note.updated_at, by=writer, at=at)
    assert (done.text, done.other_text, done.revision) == ("phone\n\nlaptop", "", 2)


def test_settle_note_keeps_both_also_when_they_are_long(session: Session, writer: Person, at: datetime) -> None:
    note = written(session, writer, at, "p" * LONGEST)
    written(session, writer, at, "l" * LONGEST, 0)
    note.refresh_from_db()
    both = f"{note.text}\n\n{note.other_text}"
    assert settle_note(note=note, text=both, seen=note.updated_at, by=writer, at=at).text == both


def test_save_note_whose_answer_was_lost_goes_on_as_one_text(session: Session, writer: Person, at: datetime) -> None:
    written(session, writer, at, "One thing", 0)
    note = written(session, writer, at, "One thing, and another", 0)
    assert (note.text, note.other_text, note.revision) == ("One thing, and another", "", 2)


@pytest.mark.parametrize("by", ["stranger", "administrator", "visitor"])
def test_nobody_else_reads_or_changes_a_note(by: str, session: Session, writer: Person, at: datetime) -> None:
    note = written(session, writer, at)
    other = Visitor("d") if by == "visitor" else PersonFactory(is_administrator=by == "administrator")
    assert not visible_to(other if isinstance(other, Person) else None).exists()
    for change in (
        lambda: rewrite_note(note=note, text="x", revision=1, by=other, at=at),
        lambda: settle_note(note=note, text="x", seen=note.updated_at, by=other, at=at),
        lambda: forget_note(note=note, by=other, at=at),
    ):
        with pytest.raises(NotAllowed, match=r"note\.not_yours"):
            change()
    if isinstance(other, Person):
        client = Client()
        client.force_login(other)
        assert client.get(f"/me/notes/{note.pk}/").status_code == 404
        assert client.post(f"/me/notes/{note.pk}/", {"do": "forget"}).status_code == 404
        assert "One thing" not in client.get(f"/administration/agenda/note/{note.pk}/change/").content.decode()
    assert Note.objects.get().text == "One thing"


def test_note_outlives_its_session_and_is_forgotten_by_its_writer(
    session: Session, writer: Person, at: datetime
) -> None:
    note = written(session, writer, at)
    session.event.delete()
    note.refresh_from_db()
    assert rewrite_note(note=note, text="still mine", revision=1, by=writer, at=at).text == "still mine"
    part = export.CONTRIBUTORS["notes"](writer)
    assert part.data[0]["text"] == "still mine"
    assert "still mine" in part.files["notes.md"].decode()
    for _twice in range(2):
        forget_note(note=note, by=writer, at=at)
    assert FactRow.objects.filter(kind="agenda.note_forgotten").count() == 1
    assert export.CONTRIBUTORS["notes"](writer).files == {}
    with pytest.raises(Refusal, match=r"note\.gone"):
        rewrite_note(note=note, text="x", revision=1, by=writer, at=at)


def test_notes_go_with_who_leaves_and_follow_who_is_merged(session: Session, writer: Person, at: datetime) -> None:
    stays, other = PersonFactory(), SessionFactory()
    for person, one, text in (
        (stays, session, "mine"), (writer, session, "theirs"), (writer, other, "alone"), (PersonFactory(), other, "x"),
    ):  # fmt: skip
        written(one, person, at, text)
    with transaction.atomic():
        announce(PersonsMerged(person_id=stays.pk, gone_id=writer.pk), by=SYSTEM, at=at)
    notes = {note.session_id: (note.text, note.other_text) for note in written_notes(stays)}
    assert notes == {session.pk: ("mine", "theirs"), other.pk: ("alone", "")}
    with transaction.atomic():
        announce(PersonLeft(person_id=stays.pk), by=SYSTEM, at=at)
    assert [note.text for note in Note.objects.all()] == ["x"]


# Pages


def test_note_stands_beside_its_session_for_its_writer_alone(
    client: Client, session: Session, writer: Person, at: datetime
) -> None:
    page = f"/e/{session.event.slug}/sessions/{session.pk}-{session.slug}/"
    written(session, writer, at)
    everybody = client.get(page)
    assert "One thing" not in everybody.content.decode()
    assert "X-Hallway-Store" in everybody
    client.force_login(writer)
    mine = client.get(page)
    assert "One thing" in mine.content.decode()
    assert "X-Hallway-Store" not in mine
    assert "1 note, read by nobody else" in client.get("/me/").content.decode()
    Session.objects.update(kind="break", talk=None)
    assert "own-note" not in client.get(page).content.decode()


def test_script_saves_and_hears_of_two_devices(client: Client, session: Session, writer: Person) -> None:
    client.force_login(writer)
    address = f"/e/{session.event.slug}/sessions/{session.pk}/note/"

    def send(text: str, revision: object, **more: object) -> tuple[int, dict[str, object]]:
        answer = client.post(
            address, {"text": text, "revision": revision, **more}, headers={"accept": "application/json"}
        )
        return answer.status_code, json.loads(answer.content)

    assert send("", 0) == (200, {"revision": 0})
    assert send("phone", "x", person=writer.pk)[1]["revision"] == 1
    assert send("phone goes on", 1)[1]["revision"] == 2
    status, said = send("laptop", 1)
    assert (status, said["settle"]) == (200, f"/me/notes/{Note.objects.get().pk}/")
    status, said = send("of somebody else", 2, person=writer.pk + 1)
    assert (status, said["code"]) == (409, "note.other_person")
    assert send("x" * 30_000, 2)[0] == 413
    assert Note.objects.get().text == "phone goes on"
    client.logout()
    assert client.post(address, {"text": "x"}).status_code == 302


def seen_on(page: str) -> str:
    """When the two texts were as a page shows them, as its form says it."""
    return re.findall(r'name="seen" value="([^"]+)"', page)[0]


def test_button_saves_without_a_script_and_leads_to_two_texts(
    client: Client, session: Session, writer: Person, at: datetime
) -> None:
    client.force_login(writer)
    address = f"/e/{session.event.slug}/sessions/{session.pk}/note/"
    answer = client.post(address, {"text": "one", "revision": 0}, follow=True)
    assert "Your notes are saved." in answer.content.decode()
    two = client.post(address, {"text": "two", "revision": 0}, follow=True).content.decode()
    assert "Keep both, one after the other" in two
    note = Note.objects.get()
    mine = f"/me/notes/{note.pk}/"
    for seen in ("", "yesterday"):
        assert client.post(mine, {"do": "both", "seen": seen}).status_code == 409
    client.post(mine, {"do": "both", "seen": seen_on(two)})
    note.refresh_from_db()
    assert (note.text, note.other_text) == ("one\n\ntwo", "")
    client.post(mine, {"text": "three", "revision": 2})
    assert client.post(mine, {"text": "four", "revision": 2})["Location"] == mine
    seen = seen_on(client.get(mine).content.decode())
    too_long = client.post(mine, {"text": "y" * 20_001, "revision": 3})
    assert too_long.status_code == 413
    client.post(mine, {"do": "other", "seen": seen})
    note.refresh_from_db()
    assert note.text == "four"
    typed = client.post(mine, {"text": "z" * 20_001, "revision": 4}).content.decode()
    assert "z" * 20_001 in typed
    assert client.post(mine, {"do": "forget"})["Location"] == "/me/notes/"
    Session.objects.update(hidden_at=at)
    assert client.post(address, {"text": "x"}).status_code == 404


def test_a_note_has_one_clock_beside_its_session_and_among_all(
    client: Client, session: Session, writer: Person, at: datetime
) -> None:
    Person.objects.filter(pk=writer.pk).update(zone="Pacific/Kiritimati")
    writer.refresh_from_db()
    written(session, writer, at, "one")
    client.force_login(writer)
    there = at.astimezone(ZoneInfo("Pacific/Kiritimati")).strftime("%H:%M")
    assert f", {there}</time>" in client.get("/me/notes/").content.decode()
    page = client.get(f"/e/{session.event.slug}/sessions/{session.pk}-{session.slug}/").content.decode()
    assert 'data-zone="Pacific/Kiritimati"' in page


@pytest.mark.parametrize("rows", [1, 3])
def test_all_notes_are_searched_and_taken_as_a_file(
    rows: int, client: Client, writer: Person, at: datetime, django_assert_num_queries: Any
) -> None:
    client.force_login(writer)
    assert "Nothing yet." in client.get("/me/notes/").content.decode()
    for number in range(rows):
        written(SessionFactory(), writer, at, f"**Éléphant** <script>n{number}x</script>")
    with django_assert_num_queries(5):
        page = client.get("/me/notes/").content.decode()
    assert page.count("<strong>Éléphant</strong>") == rows
    assert "<script>n0" not in page
    assert client.get("/me/notes/", {"q": "elephant"}).content.decode().count("<strong>") == rows
    assert client.get("/me/notes/", {"q": "elephant n0x"}).content.decode().count("<strong>") == 1
    assert "None of your notes" in client.get("/me/notes/", {"q": "giraffe"}).content.decode()
    file = client.get("/me/notes/notes.md")
    assert file.content.decode().count("Éléphant") == rows
    assert "attachment" in file["Content-Disposition"]
    Note.objects.update(other_text="from the laptop")
    assert "from the laptop" in client.get("/me/notes/notes.md").content.decode()
    for _many in range(40):
        written(SessionFactory(), writer, at)
    assert "Earlier ones" in client.get("/me/notes/").content.decode()
    Session.objects.update(hidden_at=at)
    assert "/sessions/" not in client.get("/me/notes/").content.decode()
