"""Somebody reports, the team decides, the subject appeals, another one answers; and two people who no longer meet."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from .conftest import EVERY, Visit, in_every_way, press, tab_to

WORDS = {
    "en": {
        "report": "Report this", "trouble": "It is advertising, or has nothing to do with this",
        "note": "In your words",
        "send": "Send the report", "thanks": "Thank you", "mute": "They read, and write nothing", "reason": "Reason",
        "decide": "Decide", "decided": "Decided. Whoever it is about reads your reason",
        "why": "Why should the decision be another one?", "appeal": "Send the appeal", "waits": "You get a mail with",
        "back": "the decision is taken back", "answer": "Why", "sent": "Send the answer", "answered": "Answered.",
        "taken_back": "The decision was taken back.", "block": "Block",
        "blocked": "do not see each other here any more", "unblock": "Unblock", "again": "can see each other again",
    },
    "fr": {
        "report": "Signaler", "trouble": "C’est de la publicité, ou sans rapport avec le sujet",
        "note": "Avec vos mots",
        "send": "Envoyer le signalement", "thanks": "Merci", "mute": "La priver d’écriture", "reason": "Motif",
        "decide": "Décider", "decided": "Décision prise. La personne concernée lira votre motif",
        "why": "Pourquoi la décision devrait-elle être différente", "appeal": "Envoyer le recours",
        "waits": "Vous recevrez la réponse par courriel", "back": "la décision est annulée",
        "answer": "Pourquoi", "sent": "Envoyer la réponse", "answered": "Réponse donnée.",
        "taken_back": "La décision a été annulée.", "block": "Bloquer",
        "blocked": "ne vous voyez plus ici", "unblock": "Débloquer", "again": "pouvez de nouveau vous voir",
    },
}  # fmt: skip
# Each way has a talk of its own, whose speaker helps to run nothing.
TALKS = dict(zip(EVERY, (
    "kubernetes-for-a-team-of-three", "test-the-image-you-ship-not-the-one-you-built",
    "parallel-code-on-the-laptop-you-already-own", "clinics-cables-and-clean-data",
), strict=True))  # fmt: skip


def session_of(page: Page, words: str) -> str:
    """Where the conference's session of this name stands."""
    page.goto(f"/search?q={words.replace('-', '+')}")
    address = page.locator('main a[href*="/sessions/"]').first.get_attribute("href")
    assert address is not None
    return address


def appeal(inbox: Page, title: str, said: dict[str, str], look: Callable[[Page], None]) -> Page:
    """The subject reads the mail, and asks for another look with its link alone."""
    letter = inbox.get_by_role("article").filter(has_text="No advertising here, please.").filter(has_text=title)
    for _look in range(300):
        if letter.count():
            break
        inbox.wait_for_timeout(500)
        inbox.reload()
    found = re.search(r"/appeals/[\w.-]+/", letter.first.inner_text())
    assert found is not None
    inbox.goto(found.group())
    look(inbox)
    tab_to(inbox, said["why"])
    inbox.keyboard.type("I only named what we built.")
    press(inbox, said["appeal"])
    expect(inbox.locator("main")).to_contain_text(said["waits"])
    look(inbox)
    return inbox


def look_again(other: Page, title: str, said: dict[str, str], look: Callable[[Page], None]) -> None:
    """Somebody else than who decided takes it back."""
    other.get_by_role("link", name=title).first.click()
    expect(other.locator("main")).to_contain_text("I only named what we built.")
    look(other)
    other.get_by_role("radio", name=said["back"]).check()
    tab_to(other, said["answer"])
    other.keyboard.type("You are right.")
    press(other, said["sent"])
    expect(other.get_by_role("status")).to_contain_text(said["answered"])


@in_every_way(("en", "phone"), ("fr", "phone"))
def test_report_is_decided_appealed_and_looked_at_again(
    visit: Visit, look: Callable[[Page], None], language: str, size: str
) -> None:
    said, talk = WORDS[language], TALKS[language, size]
    anybody = visit(language, size)
    anybody.goto(session_of(anybody, talk))
    title = anybody.locator("h1").inner_text()
    anybody.locator("aside a[href*='/report/session/']").press("Enter")
    expect(anybody).to_have_url(re.compile("/report/"))
    look(anybody)
    anybody.get_by_role("radio", name=said["trouble"]).check()
    tab_to(anybody, said["note"])
    anybody.keyboard.type("It sells <b>something</b>.")
    press(anybody, said["send"])
    expect(anybody.locator("h1")).to_have_text(said["thanks"])
    look(anybody)

    team = visit(language, size, as_="organiser", path="/moderation/")
    look(team)
    team.get_by_role("link", name=title).first.click()
    expect(team.locator("main")).to_contain_text("It sells <b>something</b>.")
    look(team)
    team.get_by_role("radio", name=said["mute"]).check()
    tab_to(team, said["reason"])
    team.keyboard.type("No advertising here, please.")
    press(team, said["decide"])
    expect(team.get_by_role("status")).to_contain_text(said["decided"])

    inbox = appeal(visit(language, size, path="/demo/inbox/"), title, said, look)
    look_again(visit(language, size, as_="khanyi-zulu", path="/moderation/"), title, said, look)
    inbox.reload()
    expect(inbox.locator("main")).to_contain_text(said["taken_back"])


@in_every_way(("en", "desk"), ("fr", "phone"))
def test_two_who_blocked_no_longer_meet(visit: Visit, look: Callable[[Page], None], language: str, size: str) -> None:
    said = WORDS[language]
    page = visit(language, size, as_="attendee", path="/search?q=Hannah+Weber")
    link = page.locator('main a[href="/p/hannah-weber/"]')
    expect(link).to_be_visible()
    link.click()
    summary = page.locator("details.said-more > summary").last
    summary.focus()
    page.keyboard.press("Enter")
    look(page)
    press(page, said["block"])
    expect(page.get_by_role("status")).to_contain_text(said["blocked"])
    look(page)
    page.goto("/search?q=Hannah+Weber")
    expect(page.locator('main a[href="/p/hannah-weber/"]')).to_have_count(0)
    anybody = visit(language, size, path="/search?q=Hannah+Weber")
    expect(anybody.locator('main a[href="/p/hannah-weber/"]')).to_be_visible()

    hannah = visit(language, size, as_="hannah-weber", path="/me/blocked/")
    expect(hannah.locator("main .list")).to_have_count(0)
    page.goto("/me/blocked/")
    look(page)
    press(page, said["unblock"])
    expect(page.get_by_role("status")).to_contain_text(said["again"])
    look(page)
