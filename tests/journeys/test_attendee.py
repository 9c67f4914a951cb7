"""Those who come: by link, in line, offered, given up by silence, every time, and when an evening moves."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from .conftest import Server, press, tab_to

Visit = Callable[..., Page]
Look = Callable[[Page], None]
WORDS = {
    "en": {
        "come": "I’m coming", "address": "Your e-mail address", "name": "Your name",
        "box": "Look at your mail", "in": "I’m coming", "line": "Put me in line", "going": "You are going.",
        "next": "You are next in line.",
        "cannot": "I cannot come", "give": "Yes, give it up", "gave": "You gave up your registration.",
        "kept": "A seat is kept for you until", "take": "Take the seat", "yours": "The seat is yours.",
        "still": "Are you still coming?", "silent": "There was no answer in time", "again": "I want to come after all",
        "every": "Count me in every time", "skip": "Skip this one", "own": "Your registration",
        "moved": "This has a new date.", "moved_mail": "New date:", "answer": "Without an answer",
        "postpone": "Postpone", "postponed": "The event is postponed.",
    },
    "fr": {
        "come": "Je viens", "address": "Votre adresse", "name": "Votre nom",
        "box": "Consultez votre messagerie", "in": "Je viens", "line": "Rejoindre la file d’attente",
        "going": "Votre inscription est confirmée.",
        "next": "personne n’est avant vous", "cannot": "Je ne peux pas venir", "give": "Oui, j’y renonce",
        "gave": "Vous avez renoncé à votre inscription.", "kept": "Une place vous est gardée",
        "take": "Prendre la place", "yours": "La place est à vous.", "still": "Vous venez toujours",
        "silent": "La réponse n’est pas venue à temps",
        "again": "Je veux venir, finalement", "every": "Je viens à chaque fois", "skip": "Sauter cette date",
        "own": "Votre inscription", "moved": "La date a changé.", "moved_mail": "Nouvelle date",
        "answer": "Sans réponse", "postpone": "Reporter", "postponed": "L’événement est reporté.",
    },
}  # fmt: skip
LANGUAGES = pytest.mark.parametrize("language", ["en", "fr"])
EVENING = {"en": "lake-code", "fr": "donnees-du-nord"}


def rows(hallway: Server, words: str, *values: object) -> list[tuple[str, ...]]:
    """Read or write rows of the running server: clocks are set back there, as nobody waits for a week."""
    with closing(sqlite3.connect(hallway.data / "hallway.sqlite3", timeout=30)) as database, database:
        return database.execute(words, values).fetchall()


def dates_of(hallway: Server, community: str) -> list[str]:
    """Addresses of the evenings of a community that are still to come, soonest first."""
    found = rows(
        hallway,
        "SELECT e.slug FROM events_event e JOIN communities_community c ON c.id = e.community_id WHERE c.slug = ?"
        " AND e.state = 'published' AND e.series_id IS NOT NULL AND e.starts_at > datetime('now') ORDER BY e.starts_at",
        community,
    )
    return [f"/e/{slug}/" for (slug,) in found]


def mail_to(page: Page, address: str, part: str, *, about: str = "", seconds: float = 180) -> str:
    """The address of the link with ``part`` in the newest mail to somebody (``about`` something), once it is there."""
    inbox, deadline = page.context.new_page(), time.monotonic() + seconds
    try:
        while time.monotonic() < deadline:
            inbox.goto(f"/demo/inbox/?to={address}")  # the page of all shows the newest alone
            mails = inbox.locator("article").filter(has_text=address).filter(has_text=about)
            links = mails.locator(f"a[href*='{part}']")
            if links.count():
                return str(links.first.get_attribute("href"))
            time.sleep(0.5)
    finally:
        inbox.close()
    return pytest.fail(f"no mail to {address} with {part} within {seconds} s")


def register(page: Page, language: str, address: str, name: str, look: Look, button: str = "in") -> None:
    """From the field on an event's page to a registration: one link, one button, by keyboard alone."""
    words = WORDS[language]
    look(page)
    tab_to(page, words["address"])
    page.keyboard.type(address)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(words["box"])
    look(page)
    page.goto(mail_to(page, address, "/registrations/confirm/"))
    look(page)
    tab_to(page, words["name"])
    page.keyboard.type(name)
    press(page, words[button])
    expect(page).to_have_url(re.compile(r"/registrations/\d+\."))


@LANGUAGES
def test_a_seat_is_taken_waited_for_offered_and_given_up_by_silence(
    visit: Visit, hallway: Server, look: Look, language: str
) -> None:
    words, evening = WORDS[language], dates_of(hallway, EVENING[language])[0]
    slug = evening.strip("/").split("/")[1]
    where = "WHERE is_event AND event_id = (SELECT id FROM events_event WHERE slug = ?)"
    rows(hallway, f"UPDATE attendance_admission SET capacity = 1, ask_days = '[]' {where}", slug)  # noqa: S608 - our own
    first = visit(language, "phone", path=evening)
    register(first, language, f"first-{language}@example.org", "Zodwa", look)
    expect(first.get_by_role("heading", level=1)).to_have_text(words["going"])
    look(first)
    second = visit(language, "phone", path=f"{evening}register/")
    register(second, language, f"second-{language}@example.org", "Tendai", look, "line")
    expect(second.get_by_text(words["next"])).to_be_visible()
    look(second)

    press(first, words["cannot"])  # unfolds what becomes of the seat
    press(first, words["give"])
    expect(first.get_by_role("heading", level=1)).to_have_text(words["gave"])
    look(first)
    second.goto(mail_to(second, f"second-{language}@example.org", "do=take"))
    expect(second.get_by_role("heading", level=1)).to_contain_text(words["kept"])
    look(second)
    press(second, words["take"])
    expect(second.get_by_text(words["yours"])).to_be_visible()

    # The seat was taken long ago, and thirty days before the start people are asked.
    rows(hallway, "UPDATE attendance_registration SET state_at = '2020-01-01 00:00:00' WHERE name = 'Tendai'")
    rows(hallway, f"UPDATE attendance_admission SET must_answer = 1, ask_days = '[30]' {where}", slug)  # noqa: S608 - our own
    second.goto(mail_to(second, f"second-{language}@example.org", "do=coming"))
    expect(second.get_by_text(words["still"]).first).to_be_visible()
    expect(second.get_by_text(words["answer"]).first).to_be_visible()
    look(second)
    rows(hallway, "UPDATE attendance_stillcoming SET answer_by = datetime('now', '-1 minute')")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not second.get_by_text(words["silent"]).count():
        time.sleep(1)
        second.reload()
    expect(second.get_by_text(words["silent"])).to_be_visible()
    expect(second.get_by_text(words["again"], exact=True)).to_be_visible()
    look(second)


@pytest.mark.parametrize(("language", "who"), [("en", "attendee"), ("fr", "speaker")])
def test_somebody_is_counted_in_every_time_and_skips_one(
    visit: Visit, hallway: Server, look: Look, language: str, who: str
) -> None:
    words, (first, second, *_later) = WORDS[language], dates_of(hallway, "quai-des-devs")
    page = visit(language, "phone", path=f"{first}register/", as_=who)
    look(page)
    press(page, words["come"])
    expect(page.get_by_role("heading", level=1)).to_have_text(words["going"])
    press(page, words["every"])
    expect(page.get_by_role("button", name=words["every"])).to_have_count(0)
    look(page)
    page.goto(second)
    expect(page.get_by_text(words["going"])).to_be_visible()
    look(page)
    press(page, words["own"])
    expect(page).to_have_url(re.compile(r"/registrations/\d+\."))
    press(page, words["skip"])  # one press, and that date is skipped
    expect(page.get_by_role("heading", level=1)).to_have_text(words["gave"])
    look(page)
    page.goto(first)
    expect(page.get_by_text(words["going"])).to_be_visible()
    page.goto("/me/")
    look(page)


@LANGUAGES
def test_an_evening_moves_and_everybody_registered_hears_of_it(
    visit: Visit, hallway: Server, look: Look, language: str
) -> None:
    words, evening = WORDS[language], dates_of(hallway, "jacaranda-developers")[-1]
    slug, address = evening.strip("/").split("/")[1], f"moved-{language}@example.org"
    page = visit(language, "phone", path=evening)
    # Nobody waits for scripts: whoever leaves the page before they ran is known again all the same.
    page.route("**/attendance/standing*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    register(page, language, address, "Ruva", look)
    expect(page.get_by_role("heading", level=1)).to_have_text(words["going"])
    mine = page.url
    page.unroute("**/attendance/standing*.js")
    page.goto(evening)
    expect(page.get_by_role("link", name=words["own"])).to_be_visible()  # by this device alone

    organiser = visit(language, "desk", path=f"{evening}postpone/", as_="organiser")
    look(organiser)
    organiser.locator("[name=starts_on]").fill({"en": "2029-03-14", "fr": "2029-03-15"}[language])
    organiser.locator("[name=starts_time]").fill("18:30")
    organiser.locator("[name=ends_time]").fill("21:00")
    press(organiser, words["postpone"])
    expect(organiser.get_by_text(words["postponed"])).to_be_visible()
    # Ten minutes without another correction are over.
    rows(hallway, "UPDATE events_event SET updated_at = '2020-01-01 00:00:00' WHERE slug = ?", slug)
    page.goto(mine)
    expect(page.get_by_text(words["moved"])).to_be_visible()
    look(page)
    inbox, deadline = page.context.new_page(), time.monotonic() + 120
    letters = inbox.locator("article").filter(has_text=address).filter(has_text=words["moved_mail"])
    inbox.goto(f"/demo/inbox/?to={address}")
    while time.monotonic() < deadline and not letters.count():
        time.sleep(1)
        inbox.reload()
    expect(letters.first).to_contain_text("2029")
    expect(letters.first.locator("a[download]")).to_be_visible()


STAYS = {
    "en": {
        "counted": "You are counted in for every date", "yes": "Yes, I am coming",
        "good": "Good to know that you come.", "end": "No longer every time", "ended": "You are no longer counted in",
    },
    "fr": {
        "counted": "Vous venez désormais à toutes les dates", "yes": "Oui, je viens", "good": "C’est noté, vous venez",
        "end": "Ne plus venir à chaque fois", "ended": "Vous ne venez plus d’office",
    },
}  # fmt: skip


@LANGUAGES
def test_somebody_without_an_account_comes_every_time_and_says_so_when_asked(
    visit: Visit, hallway: Server, look: Look, language: str
) -> None:
    words, stays, address = WORDS[language], STAYS[language], f"every-{language}@example.org"
    first, second, *_later = dates_of(hallway, "quai-des-devs")
    slug = second.strip("/").split("/")[1]
    # Nine days from now, so that those who come can be asked, whatever day of the month it is.
    rows(
        hallway,
        "UPDATE events_event SET starts_at = datetime('now', '+9 days'),"
        " ends_at = datetime('now', '+9 days', '+2 hours') WHERE slug = ?",
        slug,
    )
    page = visit(language, "phone", path=first)
    register(page, language, address, f"Nomvula {language}", look)
    press(page, words["every"])
    expect(page.get_by_role("status").get_by_text(stays["counted"])).to_be_visible()
    look(page)

    # They came in long ago, and this date asks thirty days before.
    rows(
        hallway,
        "UPDATE attendance_registration SET state_at = '2020-01-01 00:00:00' WHERE name = ? AND admission_id IN"
        " (SELECT a.id FROM attendance_admission a JOIN events_event e ON e.id = a.event_id WHERE e.slug = ?)",
        f"Nomvula {language}",
        slug,
    )
    rows(
        hallway,
        "UPDATE attendance_admission SET ask_days = '[30]'"
        " WHERE event_id = (SELECT id FROM events_event WHERE slug = ?)",
        slug,
    )
    page.goto(mail_to(page, address, "do=coming"))
    expect(page.get_by_text(words["still"]).first).to_be_visible()
    press(page, stays["yes"])
    expect(page.get_by_text(stays["good"])).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(words["going"])
    expect(page.get_by_role("button", name=stays["yes"])).to_have_count(0)
    look(page)
    press(page, stays["end"])
    expect(page.get_by_text(stays["ended"])).to_be_visible()
    expect(page.get_by_role("button", name=words["every"])).to_be_visible()
