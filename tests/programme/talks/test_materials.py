"""What belongs to a talk: who may bring it, what is taken, and that its file goes with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from hallway.kit import export, uploads
from hallway.kit.actors import SystemPerson, Visitor
from hallway.kit.facts import announce
from hallway.kit.models import FactRow, Revision
from hallway.kit.refusal import NotAllowed, Refusal
from hallway.people.facts import PersonLeft, PersonsMerged
from hallway.people.models import Person
from hallway.programme.talks.actions import (
    NewMaterial,
    add_material,
    change_material,
    hide_material,
    remove_material,
    remove_talks,
    say_no_slides,
    set_speakers,
    show_material,
    withdraw_talk,
)
from hallway.programme.talks.models import Material, Speaking, Talk
from hallway.programme.talks.queries import has_slides, materials_of, speaking_by_link
from hallway.programme.talks.tokens import address_for
from tests.factories import EventFactory, PersonFactory, SpeakingFactory, TalkFactory

pytestmark = pytest.mark.django_db
SYSTEM = SystemPerson("importer")
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"


def pdf(name: str = "slides.pdf", content: bytes = PDF) -> uploads.Document:
    return uploads.document_from(SimpleUploadedFile(name, content))


def link(address: str = "https://example.org/deck", **more: Any) -> NewMaterial:
    return NewMaterial(kind=more.pop("kind", "slides"), address=address, **more)


def kept() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).glob("materials/*") if path.is_file()]


@pytest.fixture(autouse=True)
def own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def speaker() -> Person:
    made: Person = PersonFactory()
    return made


@pytest.fixture
def talk(speaker: Person) -> Talk:
    made: Talk = TalkFactory()
    SpeakingFactory(talk=made, person=speaker)
    return made


def test_add_material_by_address_shows_it_and_makes_pages_old(talk: Talk, speaker: Person, at: datetime) -> None:
    made = add_material(talk=talk, new=link(title="  The  deck "), by=speaker, at=at)
    made.refresh_from_db()
    assert (made.title, made.address, made.file, made.size) == ("The deck", "https://example.org/deck", "", 0)
    assert materials_of(talk) == [made]
    assert Revision.objects.filter(key=f"talk:{talk.pk}").exists()
    assert FactRow.objects.get(kind="talks.material_added").payload["what"] == "slides"


def test_add_material_by_file_keeps_it_under_a_name_nobody_guesses(talk: Talk, speaker: Person, at: datetime) -> None:
    new = NewMaterial(kind="slides", document=pdf(), filename="..\\..\\C:/tmp/My\u202e slides\x00.PDF")
    first = add_material(talk=talk, new=new, by=speaker, at=at)
    second = add_material(talk=talk, new=new, by=speaker, at=at)
    assert (first.filename, first.size) == ("My slides.pdf", len(PDF))
    assert first.file != second.file
    assert sorted(path.read_bytes() for path in kept()) == [PDF, PDF]
    bare = NewMaterial(kind="slides", document=pdf(), filename=".pdf")
    assert add_material(talk=talk, new=bare, by=speaker, at=at).filename == f"talk-{talk.pk}.pdf"


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (NewMaterial(kind="slides"), r"material\.one_thing"),
        (NewMaterial(kind="poem", address="https://example.org"), r"material\.kind"),
        (NewMaterial(kind="link", address="javascript:alert(1)"), r"material\.address"),
        (NewMaterial(kind="link", address="//example.org/x"), r"material\.address"),
        (NewMaterial(kind="link", address="https://example.org/" + "x" * 490), r"material\.address"),
        (NewMaterial(kind="link", address="https://example.org", title="x" * 10_000), r"material\.title"),
    ],
)
def test_add_material_refused_for_what_leads_nowhere(
    new: NewMaterial, code: str, talk: Talk, speaker: Person, at: datetime
) -> None:
    with pytest.raises(Refusal, match=code):
        add_material(talk=talk, new=new, by=speaker, at=at)
    assert not Material.objects.exists()


def test_add_material_refused_to_others_and_leaves_no_file(talk: Talk, speaker: Person, at: datetime) -> None:
    for stranger in (PersonFactory(), Visitor("d")):
        with pytest.raises(NotAllowed, match=r"talk\.cannot_change_materials"):
            add_material(talk=talk, new=link(), by=stranger, at=at)
    Talk.objects.filter(pk=talk.pk).update(withdrawn_at=at)
    with pytest.raises(Refusal, match=r"talk\.withdrawn"):
        add_material(talk=talk, new=NewMaterial(kind="slides", document=pdf()), by=speaker, at=at)
    with pytest.raises(Refusal, match=r"material\.one_thing"):
        add_material(talk=talk, new=link(document=pdf()), by=speaker, at=at)
    Talk.objects.filter(pk=talk.pk).delete()
    with pytest.raises(Refusal, match=r"talk\.gone"):
        add_material(talk=talk, new=NewMaterial(kind="slides", document=pdf()), by=SYSTEM, at=at)
    assert kept() == []


def test_add_material_ends_at_twenty_and_at_sixty_a_day(talk: Talk, speaker: Person, at: datetime) -> None:
    for _number in range(20):
        add_material(talk=talk, new=link(), by=speaker, at=at)
    with pytest.raises(Refusal, match=r"material\.enough"):
        add_material(talk=talk, new=link(), by=speaker, at=at)
    for _number in range(40):
        remove_material(material=talk.materials.first(), by=speaker, at=at)
        add_material(talk=talk, new=link(), by=speaker, at=at)
    with pytest.raises(Refusal, match=r"pace\.too_often"):
        add_material(talk=talk, new=link(), by=speaker, at=at)


def test_change_material_says_what_changed_and_keeps_a_file(talk: Talk, speaker: Person, at: datetime) -> None:
    event = EventFactory()
    by_link = add_material(talk=talk, new=link(), by=speaker, at=at)
    by_file = add_material(talk=talk, new=NewMaterial(kind="slides", document=pdf()), by=speaker, at=at)
    new = {"kind": "code", "title": "Code", "address": "https://example.org/code", "event": event}
    for material in (by_link, by_file):
        change_material(material=material, **new, by=speaker, at=at)
        material.refresh_from_db()
        assert (material.kind, material.title, material.event) == ("code", "Code", event)
    assert (by_link.address, by_file.address) == ("https://example.org/code", "")
    change_material(material=by_link, **new, by=speaker, at=at)
    assert FactRow.objects.filter(kind="talks.material_changed").count() == 2
    assert materials_of(talk, EventFactory().pk) == []
    with pytest.raises(Refusal, match=r"material\.no_address"):
        change_material(material=by_link, **{**new, "address": " "}, by=speaker, at=at)
    with pytest.raises(NotAllowed):
        change_material(material=by_link, **new, by=PersonFactory(), at=at)


def test_remove_material_takes_the_file_away_once(
    talk: Talk, speaker: Person, at: datetime, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    made = add_material(talk=talk, new=NewMaterial(kind="slides", document=pdf()), by=speaker, at=at)
    with pytest.raises(NotAllowed):
        remove_material(material=made, by=PersonFactory(), at=at)
    for _twice in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            remove_material(material=made, by=speaker, at=at)
    assert kept() == []
    assert FactRow.objects.filter(kind="talks.material_removed").count() == 1


def test_say_no_slides_once_until_slides_are_added(talk: Talk, speaker: Person, at: datetime) -> None:
    for _twice in range(2):
        say_no_slides(talk=talk, by=speaker, at=at)
    talk.refresh_from_db()
    assert talk.no_slides_at == at
    assert FactRow.objects.filter(kind="talks.no_slides_said").count() == 1
    add_material(talk=talk, new=link(kind="code"), by=speaker, at=at)
    talk.refresh_from_db()
    assert talk.no_slides_at == at
    add_material(talk=talk, new=link(), by=speaker, at=at)
    talk.refresh_from_db()
    assert talk.no_slides_at is None
    with pytest.raises(NotAllowed):
        say_no_slides(talk=talk, by=PersonFactory(), at=at)


def test_slides_are_there_by_material_or_by_an_imported_link(talk: Talk, speaker: Person, at: datetime) -> None:
    here, there = EventFactory(), EventFactory()
    assert not has_slides(talk, here.pk)
    add_material(talk=talk, new=link(), event=there, by=speaker, at=at)
    assert (has_slides(talk, here.pk), has_slides(talk, there.pk)) == (False, True)
    talk.links = ["https://example.org/slides", {"url": "https://example.org", "title": "Slides"}]
    assert has_slides(talk, here.pk)
    talk.links = talk.links[:1]
    assert not has_slides(talk, here.pk)


def test_mailed_link_is_for_one_speaker_as_long_as_they_speak(talk: Talk, speaker: Person, at: datetime) -> None:
    own = talk.speakings.get()
    token = address_for(own).split("/")[-2]
    assert speaking_by_link(token) == own
    other = SpeakingFactory(talk=talk)
    assert speaking_by_link(token.replace(f"{own.pk}.", f"{other.pk}.", 1)) is None
    assert speaking_by_link("") is None
    set_speakers(talk=talk, people=[other.person, speaker], by=speaker, at=at)
    assert list(talk.speakings.values_list("person_id", "position")) == [(other.person_id, 0), (speaker.pk, 1)]
    assert speaking_by_link(token) == own
    Person.objects.filter(pk=speaker.pk).update(left_at=at)
    assert speaking_by_link(token) is None
    set_speakers(talk=talk, people=[other.person], by=speaker, at=at)
    assert speaking_by_link(token) is None
    assert Speaking.objects.filter(nonce="").count() == 0


@pytest.mark.parametrize("how", ["withdraw", "remove", "leave"])
def test_materials_go_with_the_texts_of_the_talk(
    how: str, talk: Talk, speaker: Person, at: datetime, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    add_material(talk=talk, new=NewMaterial(kind="slides", document=pdf()), by=speaker, at=at)
    add_material(talk=talk, new=link(), by=speaker, at=at)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        if how == "withdraw":
            withdraw_talk(talk=talk, by=speaker, at=at)
        elif how == "remove":
            remove_talks(talks=[talk], by=speaker, at=at)
        else:
            announce(PersonLeft(person_id=speaker.pk), by=SYSTEM, at=at)
    assert not Material.objects.exists()
    assert kept() == []


def test_materials_of_a_talk_with_others_lose_the_name_or_follow_it(talk: Talk, speaker: Person, at: datetime) -> None:
    SpeakingFactory(talk=talk)
    made = add_material(talk=talk, new=link(), by=speaker, at=at)
    stays = PersonFactory()
    with transaction.atomic():
        announce(PersonsMerged(person_id=stays.pk, gone_id=speaker.pk), by=SYSTEM, at=at)
    made.refresh_from_db()
    assert made.added_by == stays.actor_key
    with transaction.atomic():
        announce(PersonLeft(person_id=stays.pk), by=SYSTEM, at=at)
    made.refresh_from_db()
    assert made.added_by == ""


def test_export_holds_materials_with_their_files(talk: Talk, speaker: Person, at: datetime) -> None:
    made = add_material(talk=talk, new=NewMaterial(kind="slides", document=pdf(), filename="a.pdf"), by=speaker, at=at)
    lost = add_material(talk=talk, new=NewMaterial(kind="slides", document=pdf()), by=speaker, at=at)
    uploads.remove_file(lost.file)
    part = export.CONTRIBUTORS["talks"](speaker)
    assert part.files == {f"materials/{made.pk}-a.pdf": PDF}
    assert [row.get("file") for row in part.data[0]["materials"]] == [f"materials/{made.pk}-a.pdf", None]


def test_database_refuses_a_material_that_is_nothing(talk: Talk, at: datetime) -> None:
    from django.db.utils import IntegrityError

    with pytest.raises(IntegrityError), transaction.atomic():
        Material.objects.create(talk=talk, added_by="", created_at=at, updated_at=at)
    assert connection.is_usable()


def test_hidden_material_is_on_no_page_and_counts_as_none(at: datetime) -> None:
    talk = TalkFactory()
    shown = add_material(talk=talk, new=link(), by=SYSTEM, at=at)
    hide_material(material=shown, by=SYSTEM, at=at)
    assert materials_of(talk) == [] and list(talk.materials.all()) == [shown]
    show_material(material=shown, by=PersonFactory(is_administrator=True), at=at)
    assert materials_of(talk) == [shown]
