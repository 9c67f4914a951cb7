"""What people say: to a speaker who reads it by a mailed link, and to the makers of a tool, who answer it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import Message
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Page, expect

from .conftest import Server, free_port, press, tab_to
from .said import said

Visit = Callable[..., Page]
Look = Callable[[Page], None]
WORDS = {
    "en": {
        "say": "Feedback to the speaker", "clear": "clear", "text": "A sentence or two", "may": "The speaker may show",
        "send": "Send feedback", "thanks": "Thank you.", "waits": "1 text to a speaker waits",
        "through": "Let it through", "with": "1 text is with its speaker", "show": "Show it at my talk",
        "shown": "Everybody can read this piece", "people": "What people said about this talk",
        "card": "A word to the makers of a tool", "interest": "It interests me", "tool": "Which tool",
        "yours": "Your card", "address": "Your e-mail address", "url": "Its web page", "new": "Nobody named this tool",
        "give": "Give the card to the makers", "none": "There is no answer yet", "make": "I make this tool",
        "link": "Send me the link", "look": "Look at your mail", "yes": "Yes, I speak for its makers",
        "name": "Your name", "answer": "Your answer", "publish": "Publish the answer", "fix": "It is fixed",
        "version": "Version", "mark": "Mark as fixed", "fixed": "Fixed in 2.0", "no_mail": "No mail about it any more",
    },
    "fr": {
        "say": "Donner un retour", "clear": "clair", "text": "Une phrase ou deux", "may": "Mon texte peut être montré",
        "send": "Envoyer le retour", "thanks": "Merci.", "waits": "1 retour attend une lecture",
        "through": "Transmettre", "with": "1 texte est transmis", "show": "Montrer avec ma présentation",
        "shown": "Tout le monde peut lire ce texte", "people": "Ce qui a été dit de cette présentation",
        "card": "Un mot à l’équipe qui crée un outil", "interest": "Cela m’intéresse", "tool": "Quel outil",
        "yours": "Votre carte", "address": "Votre adresse", "url": "Sa page web", "new": "Personne n’a encore nommé",
        "give": "Transmettre la carte", "none": "Il n’y a pas encore de réponse", "make": "Je crée cet outil",
        "link": "M’envoyer le lien", "look": "Consultez votre messagerie", "yes": "Oui, je parle au nom",
        "name": "Votre nom", "answer": "Votre réponse", "publish": "Publier la réponse", "fix": "C’est corrigé",
        "version": "Version", "mark": "Marquer comme corrigé", "fixed": "Corrigé dans la version 2.0",
        "no_mail": "Plus de courriel",
    },
}  # fmt: skip
LANGUAGES = pytest.mark.parametrize(("language", "size"), [("en", "phone"), ("fr", "desk")])


class Letterbox:
    """A real mail server on this machine."""

    def __init__(self) -> None:
        self.taken: list[Message] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd calls it so
        self.taken.append(message_from_bytes(envelope.content))
        return "250 OK"

    def to(self, address: str, part: str) -> list[str]:
        """Links with ``part`` in the mails to somebody, oldest first."""
        found = []
        for mail in list(self.taken):
            if address in str(mail["To"]):
                texts = (
                    part.get_payload(decode=True) for part in mail.walk() if part.get_content_type() == "text/plain"
                )
                text = b"".join(one for one in texts if isinstance(one, bytes)).decode()
                found += re.findall(rf"https?://[^/\s]+(/{part}\S*)", text)[:1]
        return found

    def wait_for(self, address: str, part: str, *, seconds: float = 100) -> str:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if links := self.to(address, part):
                return links[-1]
            time.sleep(0.3)
        return pytest.fail(f"no mail to {address} with /{part} within {seconds} s")


@pytest.fixture
def letterbox(hallway: Server) -> Iterator[Letterbox]:
    box = Letterbox()
    port = free_port()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    said(hallway.data, "mail", str(port))
    yield box
    said(hallway.data, "mail", "0")
    server.stop()


@LANGUAGES
def test_a_listener_says_something_and_the_speaker_shows_it(
    visit: Visit, hallway: Server, look: Look, letterbox: Letterbox, language: str, size: str
) -> None:
    words, made = WORDS[language], said(hallway.data, "talk", f"said-{language}")
    listener = visit(language, size, path=made["session"])
    look(listener)
    press(listener, words["say"])
    expect(listener).to_have_url(re.compile("/feedback/"))
    look(listener)
    tab_to(listener, words["clear"])
    listener.keyboard.press("Space")
    tab_to(listener, words["text"])
    listener.keyboard.type(f"The second kettle convinced me, {language}")
    tab_to(listener, words["may"])
    listener.keyboard.press("Space")
    press(listener, words["send"])
    expect(listener.get_by_text(words["thanks"])).to_be_visible()
    look(listener)

    team = visit(language, "phone", path=made["session"].partition("sessions")[0], as_="organiser")
    team.get_by_role("link", name=words["waits"]).focus()
    team.keyboard.press("Enter")
    expect(team.get_by_text("The second kettle")).to_be_visible()
    look(team)
    press(team, words["through"])
    expect(team.get_by_text(words["with"])).to_be_visible()
    look(team)

    speaker = visit(language, size, path=letterbox.wait_for(made["speaker"], "feedback/"))
    expect(speaker.get_by_text("The second kettle")).to_be_visible()
    look(speaker)
    press(speaker, words["show"])
    expect(speaker.get_by_text(words["shown"])).to_be_visible()
    look(speaker)

    for where in (made["elsewhere"], made["talk"]):
        listener.goto(where)
        expect(listener.get_by_role("heading", name=words["people"])).to_be_visible()
        expect(listener.get_by_text("The second kettle")).to_be_visible()
    look(listener)


def write(page: Page, words: dict[str, str], text: str, tool: str, *, address: str = "", url: str = "") -> None:
    tab_to(page, words["interest"])
    page.keyboard.press("ArrowDown")
    tab_to(page, words["tool"])
    page.keyboard.type(tool)
    tab_to(page, words["yours"])
    page.keyboard.type(text)
    if address:
        tab_to(page, words["address"])
        page.keyboard.type(address)
    if url:
        press(page, words["new"])
        tab_to(page, words["url"])
        page.keyboard.type(url)
    press(page, words["give"])
    expect(page.get_by_role("heading", level=1)).to_have_text(words["yours"])


def claim(maker: Page, words: dict[str, str], address: str, look: Look, letterbox: Letterbox) -> None:
    """From the page of a tool to the desk of its makers, by a mailed link."""
    look(maker)
    press(maker, words["make"])
    expect(maker).to_have_url(re.compile("/claim/"))
    look(maker)
    tab_to(maker, words["address"])
    maker.keyboard.type(address)
    press(maker, words["link"])
    expect(maker.get_by_text(words["look"])).to_be_visible()
    maker.goto(letterbox.wait_for(address, "makers/confirm/"))
    look(maker)
    tab_to(maker, words["name"])
    maker.keyboard.type("Zola Sithole")
    press(maker, words["yes"])


@LANGUAGES
def test_a_card_reaches_the_makers_and_their_answer_its_writer_once(
    visit: Visit, hallway: Server, look: Look, letterbox: Letterbox, language: str, size: str
) -> None:
    words, made = WORDS[language], said(hallway.data, "talk", f"card-{language}")
    tool, domain, reader = f"Sparrow {language}", f"sparrow-{language}.example.org", f"reader-{language}@example.org"
    first = visit(language, size, path=made["session"], as_="attendee")
    press(first, words["card"])
    expect(first).to_have_url(re.compile("/card/"))
    look(first)
    write(first, words, "The loop loses its name", tool, url=f"https://{domain}/")
    look(first)
    second = visit(language, size, path=made["session"])
    press(second, words["card"])
    expect(second).to_have_url(re.compile("/card/"))
    write(second, words, "Its name: the loop loses it", tool, address=reader)
    expect(second.get_by_text(words["none"])).to_be_visible()
    look(second)

    maker = visit(language, size, path=f"/products/sparrow-{language}/")
    claim(maker, words, f"zola@{domain}", look, letterbox)
    expect(maker.get_by_text("The loop loses its name").first).to_be_visible()
    look(maker)
    maker.locator(".decide summary").first.focus()
    maker.keyboard.press("Enter")
    tab_to(maker, words["answer"])
    maker.keyboard.type("It keeps it from now on.")
    press(maker, words["publish"])
    expect(maker.locator(".maker-answer")).to_be_visible()
    maker.locator(".decide summary").nth(1).focus()
    maker.keyboard.press("Enter")
    tab_to(maker, words["version"])
    maker.keyboard.type("2.0")
    press(maker, words["mark"])
    expect(maker.get_by_text(words["fixed"]).first).to_be_visible()
    look(maker)

    second.goto(letterbox.wait_for(reader, "cards/"))
    expect(second.get_by_text("It keeps it from now on.")).to_be_visible()
    expect(second.get_by_text(words["no_mail"])).to_be_visible()
    look(second)
    deadline = time.monotonic() + 70
    while time.monotonic() < deadline and not _told_both(letterbox, reader):
        time.sleep(1)
    assert _told_both(letterbox, reader), "the answer and the fix were told"
    assert len(letterbox.to(reader, "cards/")) <= 2, "each of them once"
    second.goto("/products/")
    expect(second.get_by_role("link", name=tool)).to_be_visible()
    look(second)


def _told_both(letterbox: Letterbox, address: str) -> bool:
    """The mails hold no words of a stranger: of the answer and of the fix only that they are there."""
    return bool(letterbox.to(address, "cards/"))
