"""The workshop inside a conference: one seat, somebody who takes it, the next in line, and a release that moves it."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from .conftest import Server, Visit, press, tab_to

CONFERENCE = "jacaranda-conf"
# Each language has a session of its own on the second day, when nobody is in the last hours yet.
SESSIONS = {"en": "Privacy by arithmetic", "fr": "Maps for motorcycles"}
ROOM = "Ballroom"
WORDS = {
    "en": {
        "edit": "Edit this session", "give": "Give it seats of its own", "take": "Take a seat",
        "line": "Put me in line",
        "left": "1 seat, 1 left", "full": "1 seat, none left, 1 in line", "going": "You are going.",
        "next": "You are next in line.", "own": "own seats", "seats": "Seats", "save": "Save in the draft",
        "public": "Make it public", "start": "Starts", "room": "Room",
    },
    "fr": {
        "edit": "Modifier cette session", "give": "Ouvrir une inscription à part", "take": "Prendre une place",
        "line": "Rejoindre la file d’attente", "left": "1 place, 1 libre",
        "full": "1 place, aucune libre, 1 dans la file", "going": "Votre inscription est confirmée.",
        "next": "C’est bientôt à vous", "own": "sur inscription", "seats": "Places",
        "save": "Enregistrer dans le brouillon", "public": "Rendre public", "start": "Début", "room": "Salle",
    },
}  # fmt: skip


def rows(server: Server, query: str, *values: object) -> list[tuple[object, ...]]:
    with sqlite3.connect(server.data / "hallway.sqlite3", timeout=30) as database:
        return database.execute(query, values).fetchall()


def session_of(server: Server, title: str) -> tuple[int, str]:
    found = rows(
        server,
        "SELECT schedule_session.id, schedule_session.slug FROM schedule_session JOIN talks_talk "
        "ON talks_talk.id = talk_id WHERE talks_talk.title LIKE ?",
        f"%{title}%",
    )
    return int(str(found[0][0])), str(found[0][1])


def let_ten_minutes_pass(server: Server, admission: int) -> None:
    """A move is told when nobody moved it again for ten minutes; a journey does not wait so long."""
    before = (datetime.now(UTC) - timedelta(minutes=11)).strftime("%Y-%m-%d %H:%M:%S")
    rows(server, "UPDATE attendance_admission SET moved_at = ? WHERE id = ?", before, admission)
    rows(server, "UPDATE events_event SET updated_at = min(updated_at, ?) WHERE slug = ?", before, CONFERENCE)


def letters(server: Server, letter: str, title: str) -> list[tuple[str, str]]:
    """To whom a letter about it was written, and the file that came along."""
    found = rows(
        server,
        "SELECT to_address, attachments FROM notices_outboxmail WHERE dedupe_key LIKE ? AND subject LIKE ? ORDER BY id",
        f"attendance:{letter}:%",
        f"%{title}%",
    )
    return [(str(address), str(files)) for address, files in found]


def wait_for_letters(server: Server, letter: str, title: str, number: int) -> list[tuple[str, str]]:
    for _ in range(120):
        if len(found := letters(server, letter, title)) >= number:
            return found
        time.sleep(0.5)
    pytest.fail(f"{number} letters “{letter}” about {title} were not written within a minute")


def take_a_place(page: Page, axe: Callable[[Page], None], button: str) -> None:
    """From the session's page by its button to the form, and back."""
    session = page.url
    axe(page)
    press(page, button)
    page.wait_for_url("**/register/*/")
    axe(page)
    page.locator("main form button.primary").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/registration/\d+/"))
    axe(page)
    page.goto(session)


def give_one_seat(team: Page, axe: Callable[[Page], None], pk: int, words: dict[str, str]) -> None:
    """By the keyboard: from the session's page to its form, on to the page of its seats, and back."""
    press(team, words["edit"])
    team.wait_for_url(f"**/edit/programme/{pk}/")
    press(team, words["give"], most=200)
    team.wait_for_url("**/seats/")
    axe(team)
    tab_to(team, words["seats"])
    team.keyboard.type("1")
    team.keyboard.press("Enter")
    team.wait_for_url(f"**/edit/programme/{pk}/")
    expect(team.get_by_text(words["left"])).to_be_visible()
    axe(team)


def move(team: Page, words: dict[str, str]) -> str:
    """To another room, half an hour later, and that is released. Returns the new time as a calendar has it."""
    start = team.get_by_label(words["start"]).first
    hour, minute = map(int, start.input_value().split(":")[:2])
    minutes = hour * 60 + minute + 30
    start.fill(f"{minutes // 60 % 24:02}:{minutes % 60:02}")
    team.get_by_label(words["room"]).first.select_option(label=ROOM)
    tab_to(team, words["save"], most=200)
    team.keyboard.press("Enter")
    team.wait_for_url("**/edit/programme/")
    team.goto(f"/e/{CONFERENCE}/edit/programme/release/")
    press(team, words["public"], most=200)
    team.wait_for_url(f"**/e/{CONFERENCE}/schedule/")
    return f"T{minutes // 60 % 24:02}{minutes % 60:02}00"


@pytest.mark.parametrize(("language", "size"), [("en", "phone"), ("fr", "phone")])
def test_workshop_is_given_seats_taken_waited_for_and_moved(
    visit: Visit, hallway: Server, axe: Callable[[Page], None], language: str, size: str
) -> None:
    words, title = WORDS[language], SESSIONS[language]
    pk, slug = session_of(hallway, title)
    address = f"/e/{CONFERENCE}/sessions/{pk}-{slug}/"
    team = visit(language, size, path=address, as_="organiser")
    give_one_seat(team, axe, pk, words)
    admission = int(str(rows(hallway, "SELECT admission_id FROM schedule_session WHERE id = ?", pk)[0][0]))
    # Somebody who goes to the conference takes it, the next one waits.
    going = visit(language, size, path=address, as_="attendee")
    take_a_place(going, axe, words["take"])
    expect(going.get_by_text(words["going"])).to_be_visible()
    waiting = visit(language, size, path=address, as_="speaker")
    take_a_place(waiting, axe, words["line"])
    expect(waiting.get_by_text(words["next"])).to_be_visible()
    axe(waiting)
    stranger = visit(language, size, path=f"/e/{CONFERENCE}/schedule/?day=all")
    expect(stranger.locator(f"li > a[href$='/sessions/{pk}/']").first).to_contain_text(words["own"])
    team.reload()
    expect(team.get_by_text(words["full"])).to_be_visible()
    wait_for_letters(hallway, "registered", title, 2)
    begins = move(team, words)
    # Both hear it once, and the calendar of the one who goes follows.
    let_ten_minutes_pass(hallway, admission)
    told = wait_for_letters(hallway, "told", title, 2)
    assert sorted(address for address, _files in told) == ["bontle-mashaba@example.org", "thabo-nel@example.org"]
    files = dict(told)
    assert files["thabo-nel@example.org"] == "[]", "whoever is in line has nothing in a calendar"
    event = rows(hallway, "SELECT id FROM events_event WHERE slug = ?", CONFERENCE)[0][0]
    uid = f"UID:event-{event}-workshop-{admission}@"
    for said in (uid, f"LOCATION:{ROOM}", begins):
        assert said in files["bontle-mashaba@example.org"]
    first = dict(letters(hallway, "registered", title))["bontle-mashaba@example.org"]
    assert uid in first
    assert f"LOCATION:{ROOM}" not in first
    going.goto(address)
    expect(going.locator("header", has_text=ROOM).first).to_be_visible()
    inbox = visit(language, size, path="/demo/inbox/?to=bontle-mashaba@example.org")
    expect(inbox.locator("article", has_text=title).first).to_be_visible()
    time.sleep(16)  # the sweep that tells looks every fifteen seconds
    assert len(letters(hallway, "told", title)) == 2
