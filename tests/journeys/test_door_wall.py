"""The newcomer before the code on the wall, and the team that opens a door."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserType, Page, Route, expect

from .book import counted, row
from .conftest import SIZES, Phones, Server, Visit, in_every_way, press, tab_to
from .test_scanner import film, scene

WORDS = {
    "en": {
        "here": "I’m here", "you": "You are here", "name": "Your name", "code": "Your six",
        "wrong": "Nobody at this event has this code", "make": "Make a link", "who": "Who helps",
        "paper": "Door list to print", "title": "Doors and their people",
    },
    "fr": {
        "here": "Je suis là", "you": "Vous êtes là", "name": "Votre nom", "code": "Votre code",
        "wrong": "Aucune inscription à cet événement n’a ce code", "make": "Créer un lien", "who": "Qui aide",
        "paper": "Liste d’entrée à imprimer", "title": "Les portes et leurs gens",
    },
}  # fmt: skip


@in_every_way(("en", "phone"), ("fr", "phone"))
def test_newcomer_checks_in_by_the_code_on_the_wall(
    phone: Phones, visit: Visit, evening: dict[str, Any], look: Callable[[Page], None], language: str, size: str
) -> None:
    say = WORDS[language]
    team = visit(language, "desk", path=f"/e/{evening['slug']}/door/wall/", as_="organiser")
    look(team)
    page = phone(evening["wall"], language, size)
    look(page)
    tab_to(page, say["name"])
    page.keyboard.type("Zanele Mokoena")
    press(page, say["here"])
    expect(page.get_by_role("heading", level=1)).to_have_text(say["you"])
    expect(team.locator("[data-came]")).to_have_text("1")
    look(page)

    other = phone(evening["wall"], language, size)
    tab_to(other, say["code"])
    other.keyboard.type("222222")
    other.keyboard.press("Enter")
    expect(other.get_by_text(say["wrong"])).to_be_visible()
    tab_to(other, say["code"])
    other.keyboard.press("Control+a")
    other.keyboard.type(evening["people"][0]["code"].lower())
    other.keyboard.press("Enter")
    expect(other.get_by_role("heading", level=1)).to_have_text(say["you"])
    expect(team.locator("[data-came]")).to_have_text("2")


def test_wall_tries_again_when_a_proxy_refuses_its_stream(
    hallway: Server, phone: Phones, evening: dict[str, Any]
) -> None:
    team = phone("/", size="desk")
    team.context.request.post("/demo/sign-in/organiser/", headers={"Origin": hallway.url})
    refused: list[str] = []

    def refuse_once(route: Route) -> None:
        refused.append(route.request.url)
        route.fulfill(status=502) if len(refused) == 1 else route.continue_()

    team.route("**/live/**", refuse_once)
    with team.expect_response(lambda answer: "/live/" in answer.url and answer.status == 200, timeout=15_000):
        team.goto(f"/e/{evening['slug']}/door/wall/")
    page = phone(evening["wall"])
    tab_to(page, "Your name")
    page.keyboard.type("Zanele Mokoena")
    press(page, "I’m here")
    expect(team.locator("[data-came]")).to_have_text("1")


@in_every_way(("en", "desk"), ("fr", "phone"))
def test_team_opens_the_door_and_makes_a_link_for_a_helper(
    phone: Phones, visit: Visit, evening: dict[str, Any], look: Callable[[Page], None], language: str, size: str
) -> None:
    say = WORDS[language]
    team = visit(language, size, path=f"/e/{evening['slug']}/door/", as_="organiser")
    look(team)
    tab_to(team, say["who"])
    team.keyboard.type("Kagiso")
    press(team, say["make"])
    address = team.locator("#helper-link").input_value()
    look(team)
    helper = phone("/" + address.split("/", 3)[3], language, size)
    counted(helper, 0)
    team.reload()
    expect(team.locator("#helper-link")).to_have_count(0)
    team.goto(f"/e/{evening['slug']}/door/list/")
    counted(team, 0)
    row(helper, "Lerato Nkosi").click()
    counted(team, 1)
    look(team)
    team.goto(f"/e/{evening['slug']}/door/")
    press(team, say["paper"])
    expect(team.get_by_role("heading", level=1)).to_have_text(say["title"])
    look(team)


def test_badge_is_scanned_by_a_real_camera(
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    hallway: Server,
    evening: dict[str, Any],
    tmp_path: Path,
) -> None:
    shown = film(tmp_path / "badge.y4m", (scene(evening["people"][4]["badge"]), 2.0))
    launch = {**browser_type_launch_args, "args": [*browser_type_launch_args["args"], *shown]}
    browser = browser_type.launch(**launch)
    try:
        page = browser.new_context(viewport=SIZES["phone"], base_url=hallway.url, reduced_motion="reduce").new_page()
        page.goto(evening["door"])
        counted(page, 0)
        press(page, "Scan with the camera")
        expect(row(page, "Lerato Nkosi")).to_have_attribute("aria-pressed", "true", timeout=20_000)
        counted(page, 1)
    finally:
        browser.close()
