from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hallway.exchange import frab_xml
from hallway.exchange.actions.asking import file_of
from hallway.exchange.models import ImportRun
from hallway.gathering.communities.models import Community
from hallway.gathering.events.models import Event
from hallway.people.models import Person
from hallway.programme.schedule.models import Session
from tests.exchange.programmes import small_programme
from tests.exchange.stored import AT, bring_in, event_of, with_session
from tests.factories import CommunityFactory, PersonFactory, TeamRoleFactory

pytestmark = pytest.mark.django_db
TABLE = b"titre;date;d\xc3\xa9but;fin;salle;intervenants\nOuverture;08/10/2026;9h30;10h;Grande salle;Ada Exemple\n"


@pytest.fixture(autouse=True)
def _own_folder(settings: object, tmp_path: Path) -> None:
    settings.HALLWAY_DATA = tmp_path


@pytest.fixture
def community() -> Community:
    made: Community = CommunityFactory(zone="Europe/Paris")
    return made


@pytest.fixture
def organiser(community: Community, client: Client) -> Person:
    person: Person = TeamRoleFactory(community=community).person
    client.force_login(person)
    return person


def hand_in(client: Client, address: str, data: bytes, name: str = "schedule.xml", zone: str = "Europe/Paris"):
    return client.post(address, {"file": SimpleUploadedFile(name, data), "zone": zone})


def newest() -> ImportRun:
    run = ImportRun.objects.order_by("-pk").first()
    assert run is not None
    return run


def page(client: Client, run: ImportRun, lang: str = "en") -> str:
    answer = client.get(f"/c/{run.community.slug}/import/{run.pk}/?lang={lang}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def work(run: ImportRun) -> ImportRun:
    call_command("exchange_run", run.pk)
    run.refresh_from_db()
    return run


@pytest.mark.usefixtures("organiser")
def test_programme_goes_from_file_to_event_and_back(client: Client, community: Community) -> None:
    address = f"/c/{community.slug}/import/"
    answer = hand_in(client, address, frab_xml.write(small_programme()))
    run = newest()
    assert answer["Location"] == f"{address}{run.pk}/"
    waiting = page(client, run)
    assert 'http-equiv="refresh"' in waiting
    assert work(run).state == "checked"
    assert not Event.objects.exists()
    report = page(client, run)
    assert "Thursday 8 October 2026, 09:00" in report
    assert "Europe/Paris" in report
    assert "<b>4</b> sessions" in report
    assert "A new event is made." in report
    client.post(f"{address}{run.pk}/start/", {"publish": "now"})
    assert work(run).state == "done"
    event = event_of(run)
    assert event.state == "published"
    result = page(client, run)
    assert f'href="/e/{event.slug}/schedule/"' in result
    assert "goes with its 4 sessions" in client.get(f"{address}{run.pk}/undo/").content.decode()
    answer = client.post(f"{address}{run.pk}/undo/", follow=True)
    assert "The import is undone." in answer.content.decode()
    assert not Event.objects.exists()
    assert newest().state == "undone"


@pytest.mark.usefixtures("organiser")
def test_table_asks_for_its_columns_first(client: Client, community: Community) -> None:
    address = f"/c/{community.slug}/import/"
    answer = client.get(hand_in(client, address, TABLE, "mon_programme.csv")["Location"])
    run = newest()
    assert answer["Location"] == f"{address}{run.pk}/columns/"
    form = client.get(answer["Location"]).content.decode()
    assert "Ouverture" in form
    assert 'value="mon programme"' in form
    assert '<option value="titre" selected>' in form
    refused = client.post(answer["Location"], {"title": "", "event_title": ""}).content.decode()
    assert "Tell us which column holds the title." in refused
    columns = {"title": "titre", "date": "date", "start": "début", "end": "fin", "room": "salle"}
    client.post(answer["Location"], {**columns, "speakers": "intervenants", "event_title": "Journée"})
    assert work(run).state == "checked", newest().report
    assert "Thursday 8 October 2026, 09:30" in page(client, run)
    client.post(f"{address}{run.pk}/start/", {"publish": "later"})
    work(run)
    event = event_of(run)
    assert (event.title, event.state) == ({"und": "Journée"}, "draft")
    assert Session.objects.get().talk.speakers.get().name == "Ada Exemple"


@pytest.mark.usefixtures("organiser")
def test_local_times_marked_as_utc_can_be_read_the_other_way(client: Client, community: Community) -> None:
    text = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-WR-TIMEZONE:Asia/Tokyo\r\nX-WR-CALNAME:Night\r\nBEGIN:VEVENT\r\nUID:a\r\n"
        "SUMMARY:Opening\r\nDTSTART:20261008T093000Z\r\nDTEND:20261008T143000Z\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:b\r\n"
        "SUMMARY:Closing\r\nDTSTART:20261008T150000Z\r\nDTEND:20261008T160000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    address = f"/c/{community.slug}/import/"
    hand_in(client, address, text.encode(), "x.ics")
    run = work(newest())
    assert "Read the times as local times" in page(client, run)
    client.post(f"{address}{run.pk}/times/", {"shifted": "1"})
    assert work(run).state == "checked"
    assert "09:30, Asia/Tokyo" in page(client, run).replace("</time>", "")
    assert "Read the times as UTC" in page(client, run)


@pytest.mark.usefixtures("organiser")
def test_import_into_an_event_updates_it_and_says_what_stays(client: Client, community: Community) -> None:
    event = event_of(bring_in(community=community))
    changed = with_session(small_programme(), "s2", title="Autre titre")
    answer = hand_in(client, f"/e/{event.slug}/import/", frab_xml.write(changed))
    run = work(newest())
    assert answer["Location"] == f"/c/{community.slug}/import/{run.pk}/"
    text = page(client, run)
    assert "brought up to date" in text
    client.post(f"{answer['Location']}start/", {"publish": "later"})
    work(run)
    assert "The changes are in the draft." in page(client, run)


@pytest.mark.usefixtures("organiser")
@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("x.xml", b"", "The file is empty"),
        ("x.csv", b"only one column\n", "We do not recognise this file as CSV"),
    ],
)
def test_hopeless_file_is_refused_on_the_form(
    client: Client, community: Community, name: str, data: bytes, words: str
) -> None:
    answer = hand_in(client, f"/c/{community.slug}/import/", data, name)
    assert words in answer.content.decode()
    assert not ImportRun.objects.exists()


@pytest.mark.usefixtures("organiser")
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.xml", b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><schedule>&c;</schedule>'),
        ("x.json", b'{"schedule": '),
        ("x.json", b'{"a": "\\ud800"}'),
        ("x.xml", b"<schedule>\x00</schedule>"),
        ("x.xml", b"<html></html>"),
        ("x.bin", b"PK\x03\x04\x00\x00"),
        ("x.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"),
        ("../../etc/passwd", b"{}"),
    ],
)
def test_hostile_file_ends_in_a_sentence_in_both_languages(
    client: Client, community: Community, name: str, data: bytes
) -> None:
    hand_in(client, f"/c/{community.slug}/import/", data, name)
    run = work(newest())
    assert run.state == "refused"
    assert file_of(run).parent.name == "imports"
    english, french = page(client, run), page(client, run, "fr")
    assert "This file cannot be imported" in english
    assert "Ce fichier ne peut pas être importé" in french
    said = run.report["refusal"]["said"]
    assert said["en"] != said["fr"]
    assert not Event.objects.exists()


def test_hand_in_refused_for_strangers(client: Client, community: Community) -> None:
    client.force_login(PersonFactory())
    assert client.get(f"/c/{community.slug}/import/").status_code == 403
    event = event_of(bring_in(community=community))
    assert client.get(f"/e/{event.slug}/import/").status_code == 403
    assert client.get(f"/c/{community.slug}/import/{newest().pk}/").status_code == 404


def test_signed_out_readers_are_asked_to_sign_in(client: Client, community: Community) -> None:
    answer = client.get(f"/c/{community.slug}/import/")
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/accounts/login/")


@pytest.mark.usefixtures("organiser")
def test_list_of_imports_asks_as_many_queries_for_three_as_for_one(client: Client, community: Community) -> None:
    address = f"/c/{community.slug}/import/"
    counted = []
    for number in (1, 2):
        for _ in range(number):
            ImportRun.objects.create(
                community=community, filename="a.xml", by_key="x", at=AT, state="done", event=event_of(bring_in())
            )
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counted.append(len(queries))
    assert counted[0] == counted[1]


@pytest.mark.usefixtures("organiser")
@pytest.mark.parametrize("path", ["", "{run}/", "{run}/undo/"])
def test_pages_speak_french(client: Client, community: Community, path: str) -> None:
    run = bring_in(community=community)
    text = client.get(f"/c/{community.slug}/import/{path.format(run=run.pk)}?lang=fr").content.decode()
    assert any(words in text for words in ("Importer un programme", "Le programme est importé", "Annuler cet import"))
