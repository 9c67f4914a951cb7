"""An organiser, with the keyboard alone: adds a talk by hand, sees a clash, corrects it, releases with a note."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from .conftest import EVERY, Visit, in_every_way, press, tab_to

WORDS = {
    "en": {
        "write": "Write the programme", "add": "Add a talk", "box": "English", "names": "Add speakers",
        "room": "Room", "save": "Save in the draft", "move": "Move or remove", "start": "Starts",
        "editor": "Schedule", "preview": "Preview", "release": "Release version", "public": "Make it public",
    },
    "fr": {
        "write": "Écrire le programme", "add": "Ajouter une présentation", "box": "Français",
        "names": "Ajouter des personnes", "room": "Salle", "save": "Enregistrer dans le brouillon",
        "move": "Déplacer ou retirer", "start": "Début", "editor": "Programme", "preview": "Aperçu",
        "release": "Publier la version", "public": "Rendre public",
    },
}  # fmt: skip
# All ways share one event, and one room that stands empty at the end of its first day: each has ten minutes of it.
TURN = dict(zip(EVERY, range(4), strict=True))


def into_box(page: Page, language_name: str, text: str) -> None:
    """Write into the box of a language: its fold has the name, the box is next."""
    tab_to(page, language_name)
    page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def read_time(said: str) -> str:
    """``07:45`` and « 7 h 45 » as a time field has it."""
    hour, minute = [*re.findall(r"\d+", said), "0"][:2]
    return f"{int(hour):02}:{int(minute):02}"


def quiet_time(opens: str, turn: int) -> str:
    """Seven hours and a quarter after the opening, when only the first room is in use, and then one's turn."""
    hour, minute = map(int, opens.split(":"))
    minutes = hour * 60 + minute + 7 * 60 + 15 + turn * 10
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def type_time(page: Page, label: str, time: str) -> None:
    """Type into a time field, whichever clock the browser's own language has."""
    tab_to(page, label)
    hour, minute = time.split(":")
    twelve = f"{int(hour) % 12 or 12:02}{minute}{'P' if int(hour) > 11 else 'A'}"
    for keys in (twelve, f"{hour}{minute}"):
        page.keyboard.type(keys)
        if page.evaluate("document.activeElement.value") == time:
            return
        for _ in range(3):
            page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.value") == time


def release(page: Page, look: Callable[[Page], None], said: dict[str, str], title: str, way: str) -> None:
    """From the talk back to the board, to the preview, and out with a note."""
    press(page, said["editor"])
    page.wait_for_url("**/edit/programme/")
    expect(page.locator("li.clash", has_text=title)).to_have_count(0)
    press(page, said["preview"])
    page.wait_for_url("**/edit/preview/")
    look(page)
    page.go_back()
    press(page, said["release"])

    page.wait_for_url("**/edit/programme/release/")
    look(page)
    into_box(page, said["box"], f"One more for the evening, {way}.")
    press(page, said["public"])

    page.wait_for_url("**/e/jacaranda-conf/schedule/")
    look(page)


@in_every_way(("en", "phone"), ("fr", "desk"))
def test_organiser_adds_corrects_and_releases(
    visit: Visit, look: Callable[[Page], None], language: str, size: str
) -> None:
    said, way = WORDS[language], f"{language} {size}"
    first, better = f"A tlak by hand, {way}", f"A talk by hand, {way}"
    page = visit(language, size, path="/e/jacaranda-conf/schedule/", as_="organiser")
    press(page, said["write"])

    page.wait_for_url("**/edit/programme/")
    look(page)
    opens, taken = (read_time(words) for words in page.locator(".slot h4 time").all_inner_texts()[:2])
    press(page, said["add"])

    page.wait_for_url("**/edit/programme/add/")
    look(page)
    into_box(page, said["box"], first)
    tab_to(page, said["names"])
    page.keyboard.type(f"Zodwa Khoza {way}")
    type_time(page, said["start"], taken)
    tab_to(page, said["room"])
    page.keyboard.type("Ballroom")
    press(page, said["save"])

    page.wait_for_url("**/edit/programme/")
    expect(page.locator("li.clash", has_text=first).locator(".warning").first).to_be_visible()
    look(page)
    press(page, first)

    page.wait_for_url("**/edit/programme/*/")
    look(page)
    into_box(page, said["box"], better)
    press(page, said["save"])

    page.wait_for_url("**/edit/programme/")
    press(page, better)
    page.wait_for_url("**/edit/programme/*/")
    press(page, said["move"])
    page.wait_for_url("**/slots/*/")
    look(page)
    type_time(page, said["start"], quiet_time(opens, TURN[language, size]))
    tab_to(page, "Minutes")
    page.keyboard.type("10")
    press(page, said["save"])

    page.wait_for_url("**/edit/programme/*/")
    release(page, look, said, better, way)
    outside = visit(language, size, path="/e/jacaranda-conf/changes/")
    expect(outside.get_by_text(f"One more for the evening, {way}.")).to_be_visible()
    expect(outside.get_by_text(better).first).to_be_visible()
    look(outside)
