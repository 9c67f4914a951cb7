"""What people write that no page shows: to a team, to speakers until it is taken back, and as makers of a tool."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .conftest import Server, press, tab_to
from .said import said

Visit = Callable[..., Page]
Look = Callable[[Page], None]
LANGUAGES = pytest.mark.parametrize(("language", "size"), [("en", "phone"), ("fr", "phone")])
WORDS = {
    "en": {
        "write": "Write to the team", "message": "Your message", "address": "Your e-mail",
        "send": "Send the message", "wrong": "This is not an e-mail address",
        "sent": "The organisers get your message by mail.", "back": "Back to where you were",
        "inbox": "Messages to the team", "answer": "Answer by mail", "theirs": "perhaps it is not theirs",
        "say": "Feedback to the speaker", "clear": "clear", "text": "A sentence or two", "give": "Send feedback",
        "thanks": "Thank you.", "all": "Everything you said", "only": "Only you see this page", "take": "Take it back",
        "yes": "Yes, take it back", "gone": "Nobody can read it any more.", "none": "Nothing yet",
        "make": "I make this tool", "line": "Give me a line", "placed": "The line is there",
        "asked": "The administration was asked to look", "desk": "Answer the cards", "told": "What people say to you",
    },
    "fr": {
        "write": "Écrire à l’équipe", "message": "Votre message", "address": "Votre adresse",
        "send": "Envoyer le message", "wrong": "L’équipe ne pourrait pas",
        "sent": "L’équipe d’organisation reçoit votre message", "back": "Revenir où vous étiez",
        "inbox": "Messages à l’équipe", "answer": "Répondre par courriel", "theirs": "peut-être",
        "say": "Donner un retour", "clear": "clair", "text": "Une phrase ou deux", "give": "Envoyer le retour",
        "thanks": "Merci.", "all": "Tout ce que vous avez dit",
        "only": "Cette page n’est visible que pour vous", "take": "Retirer",
        "yes": "Oui, retirer", "gone": "Votre retour est retiré.", "none": "Rien pour le moment",
        "make": "Je crée cet outil", "line": "Me donner une ligne", "placed": "La ligne est en place",
        "asked": "L’administration a été prévenue", "desk": "Répondre aux cartes", "told": "Ce que l’on vous dit",
    },
}  # fmt: skip


@LANGUAGES
def test_somebody_writes_to_the_team_without_an_account_and_an_organiser_can_answer(
    visit: Visit, look: Look, language: str, size: str
) -> None:
    words, asked = WORDS[language], f"Is there a ramp at the entrance, {language}?"
    writer = visit(language, size, path="/e/jacaranda-conf/")
    press(writer, words["write"])
    expect(writer).to_have_url(re.compile("/write/"))
    look(writer)
    tab_to(writer, words["message"])
    writer.keyboard.type(asked)
    tab_to(writer, words["address"])
    writer.keyboard.type("ramp at example.org")
    press(writer, words["send"])
    expect(writer.get_by_text(words["wrong"])).to_be_visible()
    expect(writer.get_by_label(words["message"])).to_have_value(asked)
    expect(writer.get_by_label(words["address"])).to_be_focused()  # one goes on where something is to be mended
    look(writer)
    writer.keyboard.press("Control+a")
    writer.keyboard.type(f"ramp-{language}@example.org")
    writer.keyboard.press("Enter")
    expect(writer.get_by_text(words["sent"])).to_be_visible()
    look(writer)
    press(writer, words["back"])
    expect(writer).to_have_url(re.compile("/e/jacaranda-conf/$"))

    organiser = visit(language, size, path="/c/jacaranda-developers/", as_="organiser")
    press(organiser, words["inbox"])
    expect(organiser).to_have_url(re.compile("/messages/$"))
    message = organiser.get_by_role("listitem").filter(has_text=asked)
    expect(message.get_by_role("link", name="Jacaranda Conf")).to_have_attribute("href", "/e/jacaranda-conf/")
    expect(message.get_by_text(words["theirs"])).to_be_visible()
    answer = message.get_by_role("link", name=words["answer"])
    expect(answer).to_have_attribute("href", f"mailto:ramp-{language}@example.org")
    look(organiser)
    organiser.goto("/demo/inbox/")
    expect(organiser.get_by_text(asked).first).to_be_attached()


@LANGUAGES
def test_what_one_said_is_found_again_and_taken_back_on_the_same_device(
    visit: Visit, hallway: Server, look: Look, language: str, size: str
) -> None:
    words, made = WORDS[language], said(hallway.data, "talk", f"back-{language}")
    listener = visit(language, size, path="/said/")
    expect(listener.get_by_role("heading", name=words["none"])).to_be_visible()
    look(listener)
    listener.goto(made["session"])
    press(listener, words["say"])
    expect(listener).to_have_url(re.compile("/feedback/"))
    tab_to(listener, words["clear"])
    listener.keyboard.press("Space")
    tab_to(listener, words["text"])
    listener.keyboard.type("I would rather not have said this")
    press(listener, words["give"])
    expect(listener.get_by_text(words["thanks"])).to_be_visible()
    press(listener, words["all"])
    expect(listener).to_have_url(re.compile("/said/$"))
    expect(listener.get_by_text(words["only"])).to_be_visible()
    expect(listener.get_by_text("I would rather not")).to_be_visible()
    look(listener)
    press(listener, words["take"])
    expect(listener.get_by_role("button", name=words["yes"])).to_be_visible()
    look(listener)
    press(listener, words["yes"])
    expect(listener.get_by_text(words["gone"])).to_be_visible()
    expect(listener.get_by_role("heading", name=words["none"])).to_be_visible()
    expect(listener.get_by_text("I would rather not")).to_have_count(0)
    look(listener)


@LANGUAGES
def test_a_maker_proves_it_by_a_line_that_the_administration_looks_at(
    visit: Visit, look: Look, language: str, size: str
) -> None:
    words, tool = WORDS[language], {"en": "rainlog", "fr": "timbila-sdk"}[language]
    maker = visit(language, size, path=f"/products/{tool}/", as_="attendee")
    press(maker, words["make"])
    expect(maker).to_have_url(re.compile("/claim/$"))
    press(maker, words["line"])
    proof = maker.locator("code.proof").first
    expect(proof).to_contain_text("hallway-maker=")
    look(maker)
    press(maker, words["placed"])
    expect(maker.get_by_text(words["asked"])).to_be_visible()
    look(maker)

    admin = visit(language, size, path="/makers/proofs/", as_="admin")
    expect(admin.get_by_text(str(proof.text_content()))).to_be_visible()
    look(admin)
    theirs = admin.locator(".list > li").filter(has_text=str(proof.text_content()))  # others wait there, too
    theirs.get_by_role("button", name=words["placed"]).press("Enter")
    expect(admin.get_by_text(str(proof.text_content()))).to_have_count(0)
    look(admin)

    maker.goto(f"/products/{tool}/")
    press(maker, words["desk"])
    expect(maker).to_have_url(re.compile("/makers/"))
    expect(maker.get_by_role("heading", level=1)).to_have_text(words["told"])
    look(maker)
