"""A visitor, with the keyboard alone: from the home page to a session in one's own calendar."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from .conftest import Visit, in_every_way, press, tab_to

WORDS = {
    "en": {"events": "Events", "filter": "Filter", "track": "Track", "show": "Show", "file": "Calendar file"},
    "fr": {
        "events": "Événements", "filter": "Filtrer", "track": "Parcours", "show": "Afficher",
        "file": "Fichier d’agenda",
    },
}  # fmt: skip
TITLE = "Parallel code on the laptop you already own"


@in_every_way(("en", "phone"), ("fr", "desk"))
def test_visitor_finds_a_session_and_keeps_it(
    visit: Visit, look: Callable[[Page], None], language: str, size: str
) -> None:
    said = WORDS[language]
    page = visit(language, size)
    look(page)
    press(page, said["events"])

    page.wait_for_url("**/events/")
    look(page)
    press(page, "Jacaranda Conf 2026")

    page.wait_for_url("**/e/jacaranda-conf/")
    look(page)
    press(page, "Programme")

    page.wait_for_url("**/e/jacaranda-conf/schedule/")
    look(page)
    press(page, said["filter"])
    tab_to(page, said["track"])
    page.keyboard.type("Data")
    press(page, said["show"])

    page.wait_for_url(re.compile(r"track="))
    expect(page.locator(".slot a", has_text=TITLE)).to_be_visible()
    look(page)
    press(page, TITLE)

    page.wait_for_url(re.compile(r"/sessions/\d+"))
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    look(page)
    with page.expect_download() as download:
        press(page, said["file"])
    calendar = Path(download.value.path()).read_text(encoding="utf-8")
    assert "BEGIN:VEVENT" in calendar
    assert TITLE in calendar.replace("\r\n ", "")


@in_every_way(("en", "desk"), ("fr", "phone"))
def test_visitor_searches_and_reads_about_a_speaker(
    visit: Visit, look: Callable[[Page], None], language: str, size: str
) -> None:
    page = visit(language, size, path="/communities/")
    look(page)
    page.get_by_role("banner").get_by_role("searchbox").focus()
    page.keyboard.type("kubernetes")
    page.keyboard.press("Enter")

    page.wait_for_url("**/search?q=kubernetes")
    look(page)
    wanted = {"en": "Kubernetes for a team", "fr": "Kubernetes pour une équipe"}[language]
    for _ in range(60):  # what changed in the journeys before is indexed by a sweep
        if page.get_by_role("link", name=wanted).count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    press(page, wanted)

    page.wait_for_url(re.compile(r"/(talks|sessions)/"))
    look(page)
    press(page, "Aïcha Diallo")

    page.wait_for_url("**/p/aicha-diallo/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Aïcha Diallo")
    look(page)
