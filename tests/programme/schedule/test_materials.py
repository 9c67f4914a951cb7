"""Pages on which speakers bring what belongs to a talk, and from which everybody takes it away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hallway.kit.actors import SystemPerson, Visitor
from hallway.people.models import Person
from hallway.programme.schedule.actions import ask_for_slides
from hallway.programme.schedule.models import Session
from hallway.programme.talks.actions import NewMaterial, add_material
from hallway.programme.talks.models import Material, Talk
from hallway.programme.talks.tokens import address_for
from tests.factories import PersonFactory, SessionFactory, SlotFactory, SpeakingFactory, TeamRoleFactory

pytestmark = pytest.mark.django_db
SLIDES = SystemPerson("slides")
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
PDF = SimpleUploadedFile("My deck.pdf", b"%PDF-1.7 deck")


@pytest.fixture(autouse=True)
def own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def clock(at: datetime) -> Iterator[Any]:
    """Two hours after a session began; ``shift`` moves it."""
    with time_machine.travel(at + 2 * HOUR, tick=False) as traveller:
        yield traveller


@pytest.fixture
def speaker() -> Person:
    made: Person = PersonFactory(name="Inês", page_language="fr", claimed_at=None)
    return made


@pytest.fixture
def session(at: datetime, speaker: Person) -> Session:
    """From ``at`` on for 45 minutes, in a public programme."""
    made: Session = SessionFactory(event__starts_at=at, event__ends_at=at + 8 * HOUR)
    SpeakingFactory(talk=made.talk, person=speaker)
    SlotFactory(session=made, starts_at=at, ends_at=at + timedelta(minutes=45))
    return made


def page_of(session: Session) -> str:
    return f"/e/{session.event.slug}/sessions/{session.pk}-{session.slug}/"


def bring(session: Session, at: datetime, **more: Any) -> Material:
    new = NewMaterial(kind=more.pop("kind", "slides"), address="https://example.org/deck")
    return add_material(talk=session.talk, new=new, by=SLIDES, at=at, **more)


def test_speaker_brings_a_file_by_the_mailed_link_without_signing_in(
    client: Client, session: Session, at: datetime
) -> None:
    address = re.sub(r"https?://[^/]+", "", address_for(session.talk.speakings.get()))
    assert "Bring your slides" in client.get(address).content.decode()
    PDF.seek(0)
    answer = client.post(address, {"do": "add", "new-kind": "slides", "new-file": PDF}, follow=True)
    assert "It is on the page of your talk." in answer.content.decode()
    material = Material.objects.get()
    link = f"/talks/{session.talk_id}/materials/{material.pk}/My%20deck.pdf"
    assert link in Client().get(page_of(session)).content.decode()
    got = Client().get(link)
    assert b"".join(got) == b"%PDF-1.7 deck"
    assert got["Content-Disposition"] == "attachment; filename*=UTF-8''My%20deck.pdf"
    assert got["Content-Security-Policy"].startswith("sandbox")
    prefix = f"m{material.pk}"
    change = {"do": "change", "material": material.pk, f"{prefix}-kind": "code", f"{prefix}-title": "Handout"}
    client.post(address, change)
    material.refresh_from_db()
    assert (material.kind, material.title, material.added_by) == (
        "code",
        "Handout",
        session.talk.speakers.get().actor_key,
    )
    client.post(address, {"do": "none"})
    session.talk.refresh_from_db()
    assert session.talk.no_slides_at
    client.post(address, {"do": "remove", "material": material.pk})
    assert not Material.objects.exists()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"new-kind": "slides"}, "Give an address or choose a file"),
        ({"new-kind": "slides", "new-address": "ftp://x"}, "Give a whole web address"),
        ({"new-kind": "slides", "new-file": SimpleUploadedFile("a.pdf", b"<html>")}, "Export yours as PDF"),
        ({"new-kind": "slides", "new-file": SimpleUploadedFile("a.html", b"%PDF-")}, "Export yours as PDF"),
        ({"new-kind": "link", "new-address": "https://x.org", "new-title": "x" * 500}, "This is too long"),
    ],
)
def test_what_cannot_be_taken_is_said_and_what_was_typed_is_kept(
    given: dict[str, Any], sentence: str, client: Client, session: Session
) -> None:
    address = re.sub(r"https?://[^/]+", "", address_for(session.talk.speakings.get()))
    answer = client.post(address, {"do": "add", **given})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert sentence in text
    assert str(given.get("new-address", "")) in text
    assert not Material.objects.exists()


def test_page_says_how_many_wait_and_what_is_needed(client: Client, session: Session, at: datetime) -> None:
    address = re.sub(r"https?://[^/]+", "", address_for(session.talk.speakings.get()))
    assert "would like your slides" not in client.get(address).content.decode()
    for device in ("a", "b"):
        ask_for_slides(session=session, by=Visitor(device), at=at)
    later = at + 30 * DAY
    again = SessionFactory(talk=session.talk, event__starts_at=later, event__ends_at=later + HOUR)
    SlotFactory(session=again, starts_at=later, ends_at=later + HOUR)
    page = client.get(address).content.decode()
    assert "2 people would like your slides." in page
    for needed in ("A file from this device", "Or its address"):
        assert f"{needed}</label>" in page, "one of the two is needed, so that neither is called optional"
    days = re.findall(r"<option[^>]*>[^<]+ · (\d+ \w+ \d{4})</option>", page)
    assert len(days) == 2, "each occasion has its day"


def test_materials_page_is_for_whoever_may_correct_the_talk(client: Client, session: Session, at: datetime) -> None:
    address = f"/talks/{session.talk_id}/materials/"
    SessionFactory(talk=session.talk, event__title={"en": "Elsewhere"})
    client.force_login(PersonFactory())
    assert client.get(address).status_code == 403
    assert address not in client.get(page_of(session)).content.decode()
    speaker = session.talk.speakers.get()
    client.force_login(speaker)
    assert address in client.get(page_of(session)).content.decode()
    assert "Elsewhere" in client.get(address).content.decode()
    given = {"do": "add", "new-kind": "link", "new-address": "https://example.org", "new-event": session.event_id}
    client.post(address, given)
    assert Material.objects.get().event == session.event
    assert client.get("/talks/0/materials/").status_code == 404
    other = TeamRoleFactory().person
    client.force_login(other)
    assert client.post(address, {"do": "remove", "material": Material.objects.get().pk}).status_code == 403


def test_file_of_a_talk_nobody_may_read_is_not_given_away(client: Client, session: Session, at: datetime) -> None:
    material = bring(session, at)
    assert client.get(f"/talks/{session.talk_id}/materials/{material.pk}/x").status_code == 404
    PDF.seek(0)
    from hallway.kit.uploads import document_from, remove_file

    new = NewMaterial(kind="slides", document=document_from(PDF), filename="a.pdf")
    file = add_material(talk=session.talk, new=new, by=SLIDES, at=at)
    address = f"/talks/{session.talk_id}/materials/{file.pk}/a.pdf"
    answer = client.get(address)
    assert (answer.status_code, b"".join(answer)) == (200, b"%PDF-1.7 deck")
    assert client.get(address.replace(f"/{session.talk_id}/", "/999/")).status_code == 404
    Talk.objects.update(hidden_at=at)
    assert client.get(address).status_code == 404
    Talk.objects.update(hidden_at=None)
    remove_file(file.file)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_materials_page_asks_as_often_for_one_as_for_three(
    rows: int, client: Client, session: Session, at: datetime, django_assert_num_queries: Any
) -> None:
    for _row in range(rows):
        bring(session, at)
    address = re.sub(r"https?://[^/]+", "", address_for(session.talk.speakings.get()))
    client.get("/e/none/")
    with django_assert_num_queries(6):
        assert client.get(address).status_code == 200
    talk = SessionFactory(talk=session.talk).talk
    with django_assert_num_queries(12):
        assert client.get(f"/talks/{talk.pk}/").content.decode().count("https://example.org/deck") == rows
