"""A founder, with the keyboard alone: four screens from a name to a page with its next three dates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from .conftest import Visit, tab_to


@dataclass(frozen=True)
class Words:
    """What the labels say in one language."""

    name: str
    place: str
    languages: str
    spoken: str
    topics: str
    go_on: str
    usual_place: str
    seats: str
    address: str
    sentence: str
    publish: str
    rule: str
    line: str
    founded: str


WORDS = {
    "en": Words(
        name="Name",
        place="Place",
        languages="Languages",
        spoken="English, Zulu",
        topics="Topics",
        go_on="Go on",
        usual_place="Usual place",
        seats="Seats",
        address="E-mail address",
        sentence="English",
        publish="Publish",
        rule="Third Wednesday of the month, 18:30",
        line="Every month in Johannesburg, in English and Zulu.",
        founded="is founded.",
    ),
    "fr": Words(
        name="Nom",
        place="Lieu",
        languages="Langues",
        spoken="français, anglais",
        topics="Sujets",
        go_on="Continuer",
        usual_place="Lieu habituel",
        seats="Places",
        address="Adresse électronique",
        sentence="Français",
        publish="Publier",
        rule="Le troisième mercredi du mois à 18\u00a0h\u00a030",
        line="Chaque mois à Johannesburg, en français et en anglais.",
        founded="est fondée.",
    ),
}


def fill(page: Page, label: str, text: str) -> None:
    tab_to(page, label)
    page.keyboard.type(text)


def press(page: Page, button: str) -> None:
    tab_to(page, button)
    page.keyboard.press("Enter")


@pytest.mark.parametrize(("language", "size"), [("en", "phone"), ("fr", "desk")])
def test_founder_goes_from_a_name_to_three_dates(
    visit: Visit, axe: Callable[[Page], None], language: str, size: str
) -> None:
    said = WORDS[language]
    name = f"Marula Makers {language}"
    page = visit(language, size, path="/c/new/", as_="attendee")

    page.wait_for_url("**/name/")
    axe(page)
    fill(page, said.name, name)
    fill(page, said.place, "Johannesburg")
    fill(page, said.languages, said.spoken)
    fill(page, said.topics, "Python")
    press(page, said.go_on)

    page.wait_for_url("**/meet/")
    expect(page.locator(".dates-box")).to_contain_text(said.rule)
    expect(page.locator(".next-dates li")).to_have_count(3)
    axe(page)
    fill(page, said.usual_place, "The Kiln")
    fill(page, said.seats, "60")
    press(page, said.go_on)

    page.wait_for_url("**/team/")
    axe(page)
    fill(page, said.address, f"khaya-{language}@example.org")
    press(page, said.go_on)

    page.wait_for_url("**/look/")
    axe(page)
    tab_to(page, said.sentence)  # the fold of the language; its box is next
    page.keyboard.press("Tab")
    page.keyboard.type("Marula")
    expect(page.locator("[data-mirror]")).to_have_text("Marula")
    press(page, said.publish)

    page.wait_for_url("**/c/marula-makers-*/")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.get_by_role("status")).to_contain_text(said.founded)
    expect(page.locator(".masthead")).to_contain_text(said.line)
    axe(page)
