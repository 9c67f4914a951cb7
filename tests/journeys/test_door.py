"""The door of an evening: two phones, one of them without network; the newcomer before the code on the wall."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, Page, Route, expect

from .book import counted, row
from .conftest import SIZES, Phones, Server, Visit, in_every_way, press, tab_to

LOCALES = {"en": "en-GB", "fr": "fr-FR"}
KEPT = "caches.open('hallway-doors').then((cache) => cache.keys()).then((all) => all.length)"
WORDS = {
    "en": {
        "unsent": "2 not sent yet", "walks": "Walks in", "undo": "Undo", "here": "I’m here", "you": "You are here",
        "name": "Your name", "code": "Your six", "make": "Make a link", "who": "Who helps",
        "wrong": "Nobody at this event has this code", "brought": "2 check-ins that were still on this device",
        "paper": "Door list to print", "title": "Doors and their people",
        "same": "Same person as",
    },
    "fr": {
        "unsent": "2 en attente d’envoi", "walks": "Faire entrer", "undo": "Annuler", "here": "Je suis là",
        "you": "Vous êtes là", "name": "Votre nom", "code": "Votre code", "make": "Créer un lien", "who": "Qui aide",
        "wrong": "Aucune inscription à cet événement n’a ce code", "brought": "2 arrivées encore sur cet appareil",
        "paper": "Liste d’entrée à imprimer", "title": "Les portes et leurs gens",
        "same": "Même personne\u202f:",
    },
}  # fmt: skip


ON_THE_DEVICE = """async () => {
    const here = location.pathname, store = await caches.open("hallway-doors");
    const has = async (path) => (await store.match(path)) !== undefined;
    for (let tries = 0; tries < 200; tries += 1) {
        if (navigator.serviceWorker.controller && (await has(here)) && (await has(`${here}list.json`))) return;
        await new Promise((wake) => setTimeout(wake, 100));
    }
    throw new Error("the door is not on the device");
}"""


def kept(page: Page) -> None:
    """Page and list are on the device, and the worker that brings them back stands ready."""
    page.evaluate(ON_THE_DEVICE)  # to wait for a function does not wait for what it promises


BOOK = re.compile(r"/book/")
LIVE = re.compile(r"/live/")


def cut_off(page: Page) -> None:
    """No network, and none either in the moment in which a page that is read again is not yet told so."""
    page.context.route(BOOK, lambda route: route.abort("internetdisconnected"))
    page.context.set_offline(True)


def held_back(page: Page) -> None:
    """Chromium lets a request go that was held back when its page is left: none may be on its way then, nor begin."""
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('no network')); }")
    page.wait_for_timeout(500)


def hows(page: Page) -> list[str]:
    """How those were found whose lines are still on the device."""
    keys = "Object.keys(localStorage).filter((key) => key.startsWith('door /'))"
    told: list[str] = page.evaluate(f"{keys}.map((key) => JSON.parse(localStorage[key]).how)")
    return told


@in_every_way(("en", "phone"), ("fr", "phone"))
def test_two_phones_one_without_network_write_one_book(
    phone: Phones, evening: dict[str, Any], look: Callable[[Page], None], language: str, size: str
) -> None:
    say = WORDS[language]
    one, two = phone(evening["door"], language, size), phone(evening["door"], language, size)
    for page in (one, two):
        counted(page, 0)
        kept(page)
    look(one)
    cut_off(two)
    expect(two.locator("[data-offline]")).to_be_visible()
    row(two, "Ama Mensah").click()
    row(two, "Chloé").click()
    counted(two, 4)
    expect(two.locator("[data-unsent]")).to_have_text(say["unsent"])
    look(two)

    held_back(two)
    two.reload()
    expect(row(two, "Ama Mensah")).to_have_attribute("aria-pressed", "true")
    counted(two, 4)
    expect(two.locator("[data-unsent]")).to_have_text(say["unsent"])

    row(one, "Sipho Zulu").click()
    row(one, "Émile").click()
    one.locator(".toast").get_by_role("button", name=say["undo"]).click()
    one.locator("#q").fill("Zanele <b>Mokoena</b>")
    expect(one.locator("#walk-name")).to_have_value("Zanele <b>Mokoena</b>")
    press(one, say["walks"])
    expect(one.locator("#q")).to_have_value("")
    counted(one, 2)

    two.context.unroute(BOOK)
    two.context.set_offline(False)
    expect(two.locator("[data-unsent]")).to_be_hidden()
    for page in (one, two):
        counted(page, 6)
        expect(row(page, "Émile")).to_have_attribute("aria-pressed", "false")
        for name in ("Ama Mensah", "Sipho Zulu", "Zanele <b>Mokoena</b>"):
            expect(row(page, name)).to_have_attribute("aria-pressed", "true")
    two.wait_for_timeout(600)
    row(two, "Ama Mensah").click()
    for page in (one, two):
        counted(page, 5)
        expect(row(page, "Ama Mensah")).to_have_attribute("aria-pressed", "false")
    look(two)


def test_somebody_is_found_without_accents_or_by_their_code_and_by_keyboard(
    phone: Phones, evening: dict[str, Any]
) -> None:
    page = phone(evening["door"])
    counted(page, 0)
    kept(page)
    page.context.set_offline(True)  # the code is known to the device alone
    field = page.locator("#q")
    field.fill("emile")
    expect(page.locator("[data-rows] li:not([hidden])")).to_have_count(1)
    field.fill("nobody at all")
    expect(page.locator("[data-found]")).to_contain_text("can walk in")
    expect(page.locator("#walk-name")).to_have_value("nobody at all")
    field.fill("emile")  # the next person, who must not walk in by the name of the one before
    expect(page.locator("#walk-name")).to_have_value("")
    expect(page.locator("#walk-name")).to_be_hidden()
    code = evening["people"][5]["code"].lower()
    field.fill(f"{code[:3]} {code[3:]}")
    expect(page.locator("[data-rows] li:not([hidden])")).to_have_count(1)
    field.press("Enter")
    page.keyboard.press("Enter")
    expect(row(page, "Naledi Botha")).to_have_attribute("aria-pressed", "true")
    assert hows(page) == ["code"]
    tab_to(page, "Undo")
    page.keyboard.press("Enter")
    expect(row(page, "Naledi Botha")).to_have_attribute("aria-pressed", "false")


def test_codes_are_known_on_an_address_that_is_not_secure(
    browser: Browser, hallway: Server, evening: dict[str, Any]
) -> None:
    hall = "http://church-hall.example"
    context = browser.new_context(viewport=SIZES["phone"], base_url=hall)

    def answer(route: Route) -> None:
        """As a server of that name would; its stream is left out."""
        if "/live/" in route.request.url:
            return route.abort()
        address, headers = route.request.url.replace(hall, hallway.url), {**route.request.headers}
        headers |= {"origin": hallway.url} if "origin" in headers else {}
        return route.fulfill(response=route.fetch(url=address, headers=headers))

    context.route("**/*", answer)
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.goto(evening["door"])
    counted(page, 0)
    assert page.evaluate("crypto.subtle === undefined"), "a browser counts no digests here"
    page.locator("#q").fill(evening["people"][5]["code"].lower())
    expect(page.locator("[data-found]")).to_contain_text("If it is a code, press “Search”")
    page.locator("#q").press("Enter")
    page.wait_for_url("**/?q=*")
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-rows] li:not([hidden])")).to_have_count(1)
    row(page, "Naledi Botha").click()
    counted(page, 1)
    context.unroute_all(behavior="ignoreErrors")  # what is on its way while the page ends is no fault
    context.close()


def test_somebody_in_line_is_let_in_knowingly_and_guests_are_counted(phone: Phones, evening: dict[str, Any]) -> None:
    page = phone(evening["door"])
    counted(page, 0)
    row(page, "Kofi Adjei").click()
    expect(page.locator("#main").get_by_text("They stand in line")).to_be_visible()
    counted(page, 0)
    page.get_by_role("button", name="Let in all the same").locator("visible=true").click()
    counted(page, 1)
    row(page, "Chloé").click()
    counted(page, 4)
    page.locator("[data-fewer]").locator("visible=true").click()
    counted(page, 3)
    page.reload()
    counted(page, 3)
    expect(page.get_by_text("2 of 3 are here")).to_be_visible()


@in_every_way(("en", "phone"), ("fr", "phone"))
def test_who_walked_in_and_is_registered_is_made_one_by_a_tap_and_two_again(
    phone: Phones, evening: dict[str, Any], look: Callable[[Page], None], language: str, size: str
) -> None:
    say = WORDS[language]
    one, two = phone(evening["door"], language, size), phone(evening["door"], language, size)
    counted(one, 0)
    one.locator("[data-fold] > summary").click()
    one.locator("#walk-name").fill("ama")
    press(one, say["walks"])
    walked = one.locator("[data-rows] button.door-row", has_text=re.compile("^ama"))
    for page in (one, two):
        counted(page, 1)
        expect(page.get_by_role("button", name=f"{say['same']} Ama Mensah")).to_be_visible()
    one.wait_for_timeout(600)
    walked.click()
    counted(two, 0, 9)  # seats are for anybody here: a chair that is free goes to who stands in line
    one.locator(".toast").get_by_role("button", name=say["undo"]).click()
    look(one)
    press(one, f"{say['same']} Ama Mensah")
    for page in (one, two):
        counted(page, 1, 9)
        expect(row(page, "Ama Mensah")).to_have_attribute("aria-pressed", "true")
        expect(page.locator(".door-same:visible")).to_have_count(0)
    one.locator(".toast").get_by_role("button", name=say["undo"]).click()
    for page in (one, two):
        counted(page, 1, 9)
        expect(row(page, "Ama Mensah")).to_have_attribute("aria-pressed", "false")
    two.wait_for_timeout(600)
    row(two, "Ama Mensah").click()  # as somebody who shows a code would be
    counted(one, 2, 9)
    look(two)
    two.locator(".toast [data-same]").click()
    for page in (one, two):
        counted(page, 1, 9)
        expect(row(page, "Ama Mensah")).to_have_attribute("aria-pressed", "true")


def test_badge_is_known_by_its_digest_alone(phone: Phones, evening: dict[str, Any]) -> None:
    page = phone(evening["door"])
    counted(page, 0)
    badge = evening["people"][0]["badge"]
    assert badge not in page.evaluate("fetch(location.pathname + 'list.json').then((answer) => answer.text())")
    scan = "(text) => document.dispatchEvent(new CustomEvent('scanned', { detail: { text } }))"
    page.evaluate(scan, f"https://hallway.example/x/{badge}")
    expect(row(page, "Ama Mensah")).to_have_attribute("aria-pressed", "true")
    page.evaluate(scan, f"https://hallway.example/x/{badge}")
    expect(page.locator(".toast")).to_contain_text("Ama Mensah is here already.")
    page.evaluate(scan, "https://elsewhere.example/")
    expect(page.locator(".toast")).to_contain_text("This code is from another event")
    counted(page, 1)


def test_counter_of_the_team_catches_up_with_who_came_before_it_listened(
    phone: Phones, visit: Visit, evening: dict[str, Any]
) -> None:
    team = visit(as_="organiser")
    # A stream that ends at once, as often as it is opened, is heard by nobody.
    team.context.route(LIVE, lambda route: route.fulfill(content_type="text/event-stream", body="retry: 500\n\n"))
    team.goto(f"/e/{evening['slug']}/door/")
    expect(team.locator("[data-came]")).to_have_text("0")
    page = phone(evening["door"])
    row(page, "Ama Mensah").click()
    counted(page, 1)
    expect(page.locator("[data-unsent]")).to_be_hidden()
    team.context.unroute(LIVE)
    expect(team.locator("[data-came]")).to_have_text("1", timeout=15_000)


def test_link_that_was_ended_takes_what_was_done_before_and_leaves_nothing_on_the_phone(
    phone: Phones, visit: Visit, evening: dict[str, Any]
) -> None:
    page = phone(evening["door"])
    counted(page, 0)
    kept(page)
    page.context.set_offline(True)
    row(page, "Ama Mensah").click()
    counted(page, 1)
    team = visit(path=f"/e/{evening['slug']}/door/", as_="organiser")
    press(team, "End it")
    expect(team.get_by_text("The link of Lerato has ended.")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("[data-problem]")).to_contain_text("ended on")
    assert page.evaluate(KEPT) == 0
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('door')).length") == 0
    expect(team.locator("[data-came]")).to_have_text("1")
    page.context.set_offline(True)
    page.goto(evening["door"])
    expect(page.get_by_role("heading", level=1)).to_have_text("You are offline")


@in_every_way(("en", "phone"), ("fr", "phone"))
def test_lines_left_on_a_phone_are_brought_when_its_link_is_opened_after_the_end(
    phone: Phones, visit: Visit, evening: dict[str, Any], look: Callable[[Page], None], language: str, size: str
) -> None:
    say = WORDS[language]
    page = phone(evening["door"], language, size)
    counted(page, 0)
    kept(page)
    cut_off(page)
    row(page, "Ama Mensah").click()
    row(page, "Chloé").click()
    counted(page, 4)
    held_back(page)
    address = page.url
    page.goto("about:blank")  # as a phone does with a page nobody looks at
    team = visit(path=f"/e/{evening['slug']}/door/", as_="organiser")
    press(team, "End it")
    expect(team.get_by_text("The link of Lerato has ended.")).to_be_visible()
    expect(team.locator("[data-came]")).to_have_text("0")
    page.context.set_offline(False)
    page.goto(address)
    expect(page.locator("[data-left]")).to_be_visible()
    page.context.unroute(BOOK)
    page.context.route(BOOK, lambda route: route.fulfill(status=429, json={"detail": "Too much at once."}))
    page.reload()
    expect(page.locator("[data-left]")).to_be_visible()  # a server that is asked too much is asked again later
    page.context.unroute(BOOK)
    expect(page.locator("[data-brought]")).to_contain_text(say["brought"])
    expect(page.locator("[data-left]")).to_be_hidden()
    look(page)
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('door')).length") == 0
    expect(team.locator("[data-came]")).to_have_text("4")


def test_more_lines_than_go_at_once_are_all_brought_after_the_end(
    phone: Phones, visit: Visit, evening: dict[str, Any]
) -> None:
    page = phone(evening["door"])
    kept(page)
    cut_off(page)
    row(page, "Ama Mensah").click()
    # As many as an evening without network leaves: each walked in, written as the page writes it.
    page.evaluate(
        """() => {
          const key = Object.keys(localStorage).find((one) => one.startsWith("door /"));
          const line = JSON.parse(localStorage[key]);
          for (let place = 0; place < 250; place += 1) {
            const uid = crypto.randomUUID();
            const walked = { uid, walk_in: uid, name: "", kind: "came", how: "walked_in", seats: 1 };
            const written = JSON.stringify({ ...walked, done_at: line.done_at });
            localStorage.setItem(key.replace(line.uid, uid), written);
          }
        }"""
    )
    held_back(page)
    page.reload()
    team = visit(path=f"/e/{evening['slug']}/door/", as_="organiser")
    press(team, "End it")
    expect(team.get_by_text("The link of Lerato has ended.")).to_be_visible()
    page.context.unroute(BOOK)
    page.context.set_offline(False)
    expect(page.locator("[data-problem]")).to_contain_text("ended on")
    expect(team.locator("[data-came]")).to_have_text("251")


def test_forgetting_leaves_nothing_on_the_device(phone: Phones, evening: dict[str, Any]) -> None:
    page = phone(evening["door"])
    kept(page)
    press(page, "Forget it on this device")
    expect(page.locator("[data-problem]")).to_contain_text("Nothing from this door")
    assert page.evaluate(KEPT) == 0


def test_door_without_scripts(phone: Phones, evening: dict[str, Any]) -> None:
    page = phone(evening["door"], js=False)
    page.locator("summary.door-row", has_text="Kofi Adjei").press("Enter")
    expect(page.get_by_text("They stand in line").locator("visible=true")).to_be_visible()
    page.get_by_role("button", name="Let in all the same").click()
    expect(page.locator("[data-came]")).to_have_text("1")
    row(page, "Kofi Adjei").click()
    expect(page.locator("[data-came]")).to_have_text("0")
    row(page, "Ama Mensah").click()
    expect(page.locator("[data-came]")).to_have_text("1")
    expect(row(page, "Ama Mensah")).to_contain_text("here, undo")
    page.locator("#q").fill("chloe")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("button.door-row")).to_have_count(1)
    row(page, "Chloé").click()
    page.goto(evening["door"])
    page.locator("[data-fold] > summary").click()
    page.locator("#walk-name").fill("Zanele")
    page.get_by_role("button", name="Walks in").click()
    expect(page.locator("[data-came]")).to_have_text("5")
    row(page, "Zanele").click()
    row(page, "Ama Mensah").click()
    expect(page.locator("[data-came]")).to_have_text("3")
