"""The importer: hands a file in, reads what would happen, imports, corrects a session, releases, undoes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from hallway.exchange import frab_xml
from tests.exchange.programmes import small_programme

from .conftest import Visit, tab_to

# Each language has a community of its own: the same sessions twice in one are one programme.
COMMUNITY = {"en": "/c/jacaranda-developers/import/", "fr": "/c/quai-des-devs/import/"}
WHO = {"en": "organiser", "fr": "organisatrice"}
WORDS = {
    "en": {
        "check": "Check the file", "would": "This is what would happen", "go": "Import",
        "done": "The programme is imported", "see": "See the programme", "undo": "Undo this import",
        "stays": "This stays, since somebody worked on it",
    },
    "fr": {
        "check": "Vérifier le fichier", "would": "Voici ce qui se passerait",
        "go": "Importer", "done": "Le programme est importé", "see": "Voir le programme", "undo": "Annuler cet import",
        "stays": "Ceci reste, car quelqu’un y a travaillé",
    },
}  # fmt: skip
SLOW = 60_000  # milliseconds; a sweep and a child process stand between two pages


def press(page: Page, name: str) -> None:
    """Go to a button or link by keyboard and press it."""
    tab_to(page, name)
    page.keyboard.press("Enter")


@pytest.mark.parametrize(("language", "size"), [("en", "desk"), ("fr", "phone")])
def test_importer_hands_in_reads_the_report_imports_corrects_and_undoes(
    visit: Visit, axe: Callable[[Page], None], tmp_path: Path, language: str, size: str
) -> None:
    words = WORDS[language]
    file = tmp_path / "schedule.xml"
    programme = replace(small_programme(), slug=f"rencontres-{language}-2026", title=f"Rencontres {language}")
    file.write_bytes(frab_xml.write(programme))
    page = visit(language, size, path=COMMUNITY[language], as_=WHO[language])
    axe(page)
    page.locator("input[type=file]").set_input_files(file)
    press(page, words["check"])
    expect(page.locator("h1")).to_contain_text(words["would"], timeout=SLOW)
    expect(page.locator("main")).to_contain_text("Europe/Paris")
    page.wait_for_load_state()
    axe(page)
    page.locator("input[name=publish][value=now]").focus()
    page.keyboard.press("Space")
    page.locator("main form .button.primary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(words["done"], timeout=SLOW)
    page.wait_for_load_state()
    axe(page)
    run = page.url
    press(page, words["see"])
    expect(page.get_by_role("link", name="Tables & graphes").first).to_be_visible()
    # One session is corrected by hand.
    page.get_by_role("link", name="Tables & graphes").first.click()
    page.locator("a[href*='/edit/programme/']").first.click()
    box = page.locator("input[name^=title]").first
    if not box.is_visible():
        page.locator("details:has(input[name^=title]) summary").first.click()
    visible = page.locator("input[name^=title]:visible").first
    visible.fill("Tables, graphes et cartes")
    with page.expect_navigation():
        page.locator("main form .button.primary").first.click()
    page.goto(run)
    press(page, words["undo"])
    expect(page.locator("main form .button.danger")).to_be_visible()
    axe(page)
    page.locator("main form .button.danger").focus()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text(words["stays"])
    expect(page.locator("main")).to_contain_text("Tables, graphes et cartes")
