"""What becomes of questions: digest, mailed link, four answers, another way, ledger, the same talk elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .asked_evening import QUESTIONS, open_asked_evening
from .conftest import Server, in_every_way, press, tab_to
from .test_attendee import mail_to, rows

Visit = Callable[..., Page]
Look = Callable[[Page], None]
WORDS = {
    "en": {
        "wait": "6 questions wait for you", "all": "Publish all that I wrote", "saved": "4 answers are published.",
        "two": "2 questions wait for you", "answer": "Your answer", "send": "Send the answer",
        "helped": "This helped me",
        "another": "Another way:", "way": "another way", "asked": "questions were asked",
        "room": "Answered in the room",
        "later": "Answered later", "open": "Open", "elsewhere": "Still open from other times this talk was given",
        "read": "These questions can only be read now", "again": "Open the questions again for 30 days",
        "opened": "Questions are open for thirty days more.", "case": "Me too: here is my case",
        "stop": "Write no more", "stopped": "You hear no more of this question",
    },
    "fr": {
        "wait": "6 questions vous attendent", "all": "Publier tout ce que j’ai écrit",
        "saved": "4 réponses sont publiées.", "two": "2 questions vous attendent", "answer": "Votre réponse",
        "send": "Envoyer la réponse", "helped": "Cela m’aide", "another": "Autre approche",
        "way": "autre approche",
        "asked": "questions posées", "room": "Réponse en direct", "later": "Réponse plus tard",
        "open": "Sans réponse", "elsewhere": "Encore sans réponse, des autres fois",
        "read": "Ces questions ne peuvent plus qu’être lues", "again": "Rouvrir les questions pour 30 jours",
        "opened": "Les questions sont ouvertes pour trente jours de plus.", "case": "Moi aussi",
        "stop": "Ne plus m’écrire", "stopped": "Vous ne recevez plus rien sur cette question",
    },
}  # fmt: skip


def mails_to(page: Page, address: str, part: str) -> int:
    """How many mails to somebody have a link with ``part``."""
    inbox = page.context.new_page()
    inbox.goto(f"/demo/inbox/?to={address}")
    number = inbox.locator("article").filter(has_text=address).filter(has=inbox.locator(f"a[href*='{part}']")).count()
    inbox.close()
    return number


@in_every_way(("en", "phone"), ("fr", "desk"))
def test_questions_outlive_the_session(visit: Visit, hallway: Server, look: Look, language: str, size: str) -> None:
    words = WORDS[language]
    told = open_asked_evening(hallway.data, f"rain-{language}-{size}", hallway.url)

    def come(path: str, **how: Any) -> Page:
        return visit(language, size, path=path, **how)

    speaker = come("/offline/")
    answer_by_mailed_link(speaker, told, words, look)
    askers_are_told_once(come, speaker, told, words, look)
    another_way_helps_most(come, f"{told['floor']}{told['questions'][1]}/", words, look)
    ledger_says_so(come(told["hallway"]), words, look)
    again = come(told["elsewhere"])
    expect(again.get_by_role("heading", name=re.compile(words["elsewhere"]))).to_be_visible()
    expect(again.locator(".asked").filter(has_text="recording")).to_be_visible()
    look(again)

    ended = (datetime.now(UTC) - timedelta(days=40)).strftime("%Y-%m-%d %H:%M:%S")
    rows(hallway, "UPDATE questions_floor SET starts_at = ?, ends_at = ? WHERE code = ?", ended, ended, told["code"])
    late = come(f"{told['floor']}{told['questions'][5]}/", as_="attendee")
    expect(late.get_by_text(words["read"])).to_be_visible()
    expect(late.get_by_text(words["case"])).to_have_count(0)
    look(late)
    speaker.reload()
    press(speaker, words["again"])
    expect(speaker.get_by_text(words["opened"])).to_be_visible()
    look(speaker)
    late.reload()
    expect(late.get_by_text(words["case"])).to_be_visible()


def answer_by_mailed_link(speaker: Page, told: dict[str, Any], words: dict[str, str], look: Look) -> None:
    """Four of six, without signing in; the page is left as the link opens it."""
    link = mail_to(speaker, told["speaker"], "/q/speaker/")
    speaker.goto(link)
    expect(speaker.get_by_role("heading", level=1)).to_have_text(words["wait"])
    look(speaker)
    tab_to(speaker, words["answer"])
    speaker.keyboard.type("With a *dome*.")
    for number, pk in enumerate(told["questions"][1:4]):
        speaker.locator(f"#text-{pk}").fill(f"Answer number {number}.")
    press(speaker, words["all"])
    expect(speaker.get_by_text(words["saved"])).to_be_visible()
    expect(speaker.get_by_role("heading", level=1)).to_have_text(words["two"])
    look(speaker)
    speaker.goto(link)


def askers_are_told_once(
    come: Callable[..., Page], page: Page, told: dict[str, Any], words: dict[str, str], look: Look
) -> None:
    """One mail to each of the four whose question was answered; one of them wants no more."""
    for address in told["askers"][:4]:
        mail_to(page, address, "/q/stop/")
    assert [mails_to(page, address, "/q/stop/") for address in told["askers"]] == [1, 1, 1, 1, 0, 0]
    asker = come(mail_to(page, told["askers"][0], "/q/stop/"))
    look(asker)
    press(asker, words["stop"])
    expect(asker.get_by_role("heading", level=1)).to_have_text(words["stopped"])
    look(asker)


def another_way_helps_most(come: Callable[..., Page], thread: str, words: dict[str, str], look: Look) -> None:
    """Somebody who was there does it differently; three readers say that it helped, one of them without a script."""
    attendee = come(thread, as_="attendee")
    look(attendee)
    tab_to(attendee, words["answer"])
    attendee.keyboard.type("We use a bicycle, and it works at night too.")
    attendee.keyboard.press("Tab")
    attendee.keyboard.press("ArrowDown")
    expect(attendee.get_by_label(re.compile(words["another"]))).to_be_checked()
    press(attendee, words["send"])
    other = attendee.locator(".answer-card").filter(has_text="bicycle")
    expect(other.get_by_text(words["way"], exact=True)).to_be_visible()
    look(attendee)
    for number in range(3):
        reader = come(thread, js=number != 2)
        mark = reader.locator(".answer-card").filter(has_text="bicycle").get_by_role("button", name=words["helped"])
        half_written = reader.locator("details:has(textarea)").first
        if number == 0:
            half_written.locator("summary").click()
            half_written.locator("textarea").fill("On night trains it stops.")
        mark.focus()
        reader.keyboard.press("Enter")
        expect(mark).to_have_attribute("aria-pressed", "true")
        if number == 0:
            expect(half_written.locator("textarea")).to_be_visible()
            expect(half_written.locator("textarea")).to_have_value("On night trains it stops.")
        expect(mark.locator("b")).to_have_text(str(number + 1))
        if number == 0:
            expect(mark).to_be_focused()
            look(reader)


def ledger_says_so(ledger: Page, words: dict[str, str], look: Look) -> None:
    """The event's Hallway: six asked, four answered later, two open."""
    look(ledger)
    note = ledger.locator(".ledger-note")
    expect(note.locator(".figure")).to_have_text(str(len(QUESTIONS)))
    expect(note.get_by_text(words["asked"], exact=True)).to_be_visible()
    for name, number in ((words["room"], 0), (words["later"], 4), (words["open"], 2)):
        expect(note.locator("dl > div").filter(has_text=name)).to_contain_text(str(number))
    expect(ledger.locator(".asked")).to_have_count(2)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_one_can_help_with_is_chosen_by_keyboard(visit: Visit, look: Look, language: str) -> None:
    label, save = {"en": ("Topics", "Save"), "fr": ("Sujets", "Enregistrer")}[language]
    page = visit(language, "phone", path="/me/help/", as_="attendee")
    look(page)
    tab_to(page, label)
    page.keyboard.type(", Rust")
    press(page, save)
    expect(page).to_have_url(re.compile(r"/$"))
    look(page)
