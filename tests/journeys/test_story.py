"""One evening and what became of its questions: five people at once, two languages, and a clock that goes on."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from tests.journeys.conftest import ROOT, free_port, wait_until_healthy
from tests.journeys.rooms import open_room

TWO_DAYS = 2 * 86_400
QUEUE_SECONDS = 180
OTHER = {"en": "fr", "fr": "en"}
WALL = {"width": 1280, "height": 720}
PHONE = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 900}


@dataclass
class Moved:
    """An instance whose clock one can move: it is ended and started again with another offset."""

    data: Path
    port: int
    offset: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("HALLWAY_", "DJANGO_", "COV_"))
        }
        environment["HALLWAY_CLOCK_OFFSET"] = str(self.offset)
        with (self.data / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "hallway", "demo", "--port", str(self.port), "--data", str(self.data / "data")],
                cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        wait_until_healthy(self.url, self.process)

    def end(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def later_by(self, seconds: int) -> None:
        self.end()
        self.offset += seconds
        self.start()


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Moved]:
    server = Moved(tmp_path_factory.mktemp("story"), free_port())
    server.start()
    yield server
    server.end()


Enter = Callable[..., Page]


@pytest.fixture
def enter(browser: Browser, moved: Moved) -> Iterator[Enter]:
    """Somebody opens a page of the moved instance on a device of their own; no console message passes unseen."""
    contexts, said = [], []

    def open_page(path: str, language: str, size: dict[str, int], *, as_: str = "") -> Page:
        context = browser.new_context(
            viewport=size, locale={"en": "en-GB", "fr": "fr-FR"}[language], base_url=moved.url,
            reduced_motion="reduce", has_touch=size == PHONE,
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)

        def note(message: ConsoleMessage) -> None:
            if message.type in {"error", "warning"} and "ERR_CONNECTION" not in message.text:
                said.append(f"{page.url}: {message.text}")

        page.on("console", note)
        page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
        if as_:
            answer = context.request.post(f"{moved.url}/demo/sign-in/{as_}/", headers={"Origin": moved.url})
            assert answer.ok
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not said, "the console said: " + "; ".join(said)


def ask(page: Page, text: str, address: str = "") -> None:
    """By keyboard alone: write, and press the button."""
    form = page.locator("form[data-ask]")
    form.locator("#ask-text").fill(text)
    if address:
        fold = form.locator("details.fold")
        if fold.get_attribute("open") is None:
            fold.locator("summary").press("Enter")
        form.locator("input[type=email]").fill(address)
    button = form.locator("button.primary")
    expect(button).to_be_enabled()  # it rests for a moment after each press
    button.press("Enter")
    expect(item(page, text)).to_be_visible()


def item(page: Page, text: str) -> Locator:
    return page.locator("article.question").filter(has_text=text)


def in_room(page: Page, text: str) -> Locator:
    return page.locator("ol.qroom-list > li").filter(has_text=text)


def figures(page: Page) -> dict[str, str]:
    """What the ledger on a page says."""
    whole = page.locator(".ledger-note").first
    parts = whole.locator("dl.ledger > div")
    names = [str(part.get_attribute("class")).removeprefix("told-") for part in parts.all()]
    counted = dict(zip(names, parts.locator("dd").all_inner_texts(), strict=True))
    return {"asked": whole.locator(".figure").inner_text(), **counted}


def letters(page: Page, to: str) -> list[str]:
    """The texts of the mails to an address in the demonstration's inbox, once the first is there."""
    rows = page.locator("article.card").filter(has_text=to)
    page.goto(f"/demo/inbox/?to={to}")
    come_by_mail(page, rows)
    return [row.inner_text() for row in rows.all()]


def come_by_mail(page: Page, what: Locator) -> None:
    """Look into the inbox until it is there: after two days at once the clock's work stands in a queue before it."""
    given_up = time.monotonic() + QUEUE_SECONDS
    while not what.count() and time.monotonic() < given_up:
        page.wait_for_timeout(500)
        page.reload()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_questions_of_an_evening_outlive_it(
    enter: Enter, moved: Moved, axe: Callable[[Page], None], language: str
) -> None:
    other = OTHER[language]
    told = open_room(moved.data / "data", f"clocks-{language}", moved.offset)
    floor = f"/q/{told['code']}/"
    texts = [f"Question {number} of {language}: what about clock {number}?" for number in range(1, 13)]
    wall = enter(f"{floor}wall/", language, WALL)
    one, two, three = (enter(floor, which, PHONE) for which in (language, other, language))
    moderator = enter(told["moderate"], other, PHONE)
    _ask_twelve((one, two, three), texts, language)
    expect(item(one, texts[11])).to_be_visible()
    _two_vote((one, two, three), texts[0])
    axe(one)
    for text in texts[:3]:
        _answer_live(moderator, wall, text)
    expect(item(three, texts[0]).locator(".said-live")).to_be_visible()
    axe(moderator)
    axe(wall)
    for page in (one, two, three, moderator, wall):
        page.goto("about:blank")

    moved.later_by(TWO_DAYS)
    for page in (one, two):
        page.goto(floor)
        expect(item(page, texts[0]).locator("[data-votes-said]")).to_have_text("2")
        axe(page)
    late = enter(told["session"], other, DESK)
    thirteenth = f"Question 13 of {other}: and in two days?"
    ask(late, thirteenth, f"thirteen-{language}@example.org")
    axe(late)
    speaker = _speaker_answers(enter, told, language, [*texts[3:6], thirteenth])
    axe(speaker)
    thread = _another_way((one, two, three, enter(floor, language, DESK, as_="attendee")), floor, texts[0], texts[3])
    axe(thread)
    axe(one)
    ledger = enter(told["hallway"], language, DESK)
    assert figures(ledger) == {"asked": "13", "live": "3", "later": "4", "open": "6"}
    axe(ledger)
    _told_once(enter, language)
    again = enter(told["again"], other, DESK)
    elsewhere = again.locator(".still-open").first.locator("li")
    expect(elsewhere).to_have_count(6)
    for text in texts[6:12]:
        expect(elsewhere.filter(has_text=text)).to_be_visible()
    axe(again)


def _ask_twelve(pages: tuple[Page, Page, Page], texts: list[str], language: str) -> None:
    """In turn on three phones; who asks the fourth to the sixth wants the answer by mail."""
    for number, text in enumerate(texts):
        address = f"asker-{number + 1}-{language}@example.org" if number in (3, 4, 5) else ""
        ask(pages[number % 3], text, address)


def _two_vote(pages: tuple[Page, Page, Page], text: str) -> None:
    """Whoever asked it has no vote for it; the other two have one each, and everybody sees both."""
    asker, *others = pages
    for page in others:
        button = item(page, text).locator("button.vote")
        expect(button).to_have_attribute("aria-pressed", "false")
        button.press("Enter")
        expect(button).to_have_attribute("aria-pressed", "true")
    expect(item(asker, text).locator("button.vote")).to_be_disabled()
    expect(item(asker, text).locator("button.vote")).to_have_attribute("aria-pressed", "false")
    for page in pages:
        expect(item(page, text).locator("[data-votes-said]")).to_have_text("2")


def _answer_live(moderator: Page, wall: Page, text: str) -> None:
    """Taken up, shown on the wall within moments, answered with a line of what was said."""
    in_room(moderator, text).locator("button[value=take]").press("Enter")
    expect(wall.locator(".qwall-asked h2")).to_have_text(text)
    stage = moderator.locator("#part-stage")
    stage.locator("textarea").fill("Clocks lie a little, and here is by how much.")
    stage.locator("button[value=answer]").press("Enter")
    expect(stage.locator("textarea")).to_have_count(0)


def _speaker_answers(enter: Enter, told: dict[str, Any], language: str, texts: list[str]) -> Page:
    """The speaker opens the link of the first mail, without signing in, and answers four."""
    inbox = enter(f"/demo/inbox/?to={told['speaker']}", language, DESK)
    mail = inbox.locator("article.card").filter(has_text=told["speaker"]).filter(has_text=texts[0])
    link = mail.locator("a[href*='/q/speaker/']").first
    come_by_mail(inbox, link)
    address = str(link.get_attribute("href"))
    page = enter(re.sub(r"^https?://[^/]+", "", address), language, PHONE)
    for text in texts:
        waiting = page.locator("fieldset.waiting").filter(has_text=text)
        waiting.locator("textarea").fill("It depends on the clock, and this is how.")
    page.locator("button[value=all]").press("Enter")
    expect(page.locator("fieldset.waiting").filter(has_text=texts[0])).to_have_count(0)
    return page


def _another_way(people: tuple[Page, Page, Page, Page], floor: str, text: str, answered: str) -> Page:
    """An attendee says how they do it, and three people say that it helped them; the speaker's answer helped one."""
    *readers, page = people
    item(page, text).locator("h3 a").press("Enter")
    form = page.locator("#answering form.form")
    form.locator("textarea").fill("We ask two clocks and believe neither.")
    form.locator("[value=another_way]").check()
    form.locator("button.primary").press("Enter")
    expect(page.locator("article.answer-card").filter(has_text="believe neither")).to_be_visible()
    for reader in readers:
        reader.goto(floor)
        _say_it_helped(reader, text, "believe neither")
    page.goto(floor)
    _say_it_helped(page, answered, "It depends on the clock")
    helped = {}
    for question in (answered, text):
        page.goto(floor)
        item(page, question).locator("h3 a").press("Enter")
        helped[question] = int(_helped(page.locator("article.answer-card").first))
    assert helped == {text: 3, answered: 1}
    return page


def _say_it_helped(page: Page, question: str, answer: str) -> None:
    """From the list to the question's page."""
    item(page, question).locator("h3 a").press("Enter")
    mark = page.locator("article.answer-card").filter(has_text=answer).locator("button[value=helped]")
    mark.press("Enter")
    expect(mark).to_have_attribute("aria-pressed", "true")


def _helped(card: Locator) -> str:
    found = re.findall(r"\d+", card.locator(".marks").inner_text())
    return found[0] if found else "0"


def _told_once(enter: Enter, language: str) -> None:
    """Each of the four askers has one mail about their question, without the words of somebody they do not know."""
    page = enter("/demo/inbox/", language, DESK)
    for name in ("asker-4", "asker-5", "asker-6", "thirteen"):
        found = letters(page, f"{name}-{language}@example.org")
        assert len(found) == 1, (name, found)
        assert "believe neither" not in found[0]
        assert "It depends" not in found[0]
