"""What is kept of a talk: a note becomes a takeaway, slides come by a mailed link, two write one page at once."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import SIZES, Server, press, tab_to
from .test_attendee import mail_to, rows
from .test_offline import KEPT

Visit = Callable[..., Page]
Look = Callable[[Page], None]
WORDS = {
    "en": {
        "saved": "Saved ", "waiting": "No network.", "here": "Kept on this device", "share": "Share as takeaway",
        "attendee": "An attendee", "show": "Show it to everybody", "helped": "This helped me",
        "want": "I would like the slides", "address": "Your e-mail address", "tell": "Tell me when they are there",
        "counted": "You are counted. One mail to", "put": "Put it on the page",
        "there": "It is on the page of your talk.",
        "write": "Write along", "save": "Save", "beside": "Somebody saved while you wrote.", "back": "Taken back.",
        "came": "What you wrote on this device is with your account now.", "take_back": "Take it back",
        "history": "Written at the same time as another",
    },
    "fr": {
        "saved": "Enregistré à", "waiting": "Pas de réseau.", "here": "Gardé sur cet appareil",
        "share": "En faire un texte à retenir", "attendee": "Une personne présente", "show": "Montrer à tout le monde",
        "helped": "Cela m’aide", "want": "J’aimerais les diapositives", "address": "Votre adresse électronique",
        "tell": "Me prévenir", "counted": "Votre demande est comptée. Un courriel à", "put": "Mettre sur la page",
        "there": "C’est sur la page de votre présentation.", "write": "Écrire avec les autres", "save": "Enregistrer",
        "beside": "Quelqu’un a enregistré pendant que vous écriviez.", "back": "Retiré.",
        "came": "Ce que vous aviez écrit sur cet appareil est maintenant dans votre compte.", "take_back": "Retirer",
        "history": "Écrite en même temps qu’une autre",
    },
}  # fmt: skip
WAYS = pytest.mark.parametrize(("language", "size"), [("en", "phone"), ("fr", "desk")])
PAST = (
    "SELECT s.id, s.slug, e.slug, p.email, s.talk_id FROM schedule_session s JOIN events_event e ON e.id = s.event_id"
    " JOIN talks_speaking k ON k.talk_id = s.talk_id JOIN people_person p ON p.id = k.person_id"
    " JOIN schedule_slot t ON t.session_id = s.id JOIN talks_talk a ON a.id = s.talk_id"
    " WHERE e.state = 'published' AND e.public_at IS NOT NULL AND p.email IS NOT NULL AND s.public_at IS NOT NULL"
    " AND a.links = '[]' AND t.public_ends_at < datetime('now', '-20 days')"
    " AND NOT EXISTS (SELECT 1 FROM talks_material m WHERE m.talk_id = s.talk_id)"
    " AND NOT EXISTS (SELECT 1 FROM takeaways_sharednotes n WHERE n.session_id = s.id)"
    " GROUP BY s.id HAVING count(*) = 1 ORDER BY max(t.public_ends_at) DESC, s.id LIMIT 1 OFFSET ?"
)

ENDED_YESTERDAY = (
    "UPDATE schedule_slot SET public_starts_at = strftime('%Y-%m-%d %H:%M:%S', 'now', '-25 hours'),"
    " public_ends_at = strftime('%Y-%m-%d %H:%M:%S', 'now', '-25 hours') WHERE session_id = ?"
)


def past_session(hallway: Server, number: int) -> tuple[int, str, str, int]:
    """A session that is over, whose one speaker gets mail: its id, page, the speaker's address, the talk."""
    ((pk, slug, event, email, talk),) = rows(hallway, PAST, number)
    return int(pk), f"/e/{event}/sessions/{pk}-{slug}/", email, int(talk)


@pytest.fixture
def traveller(browser: Browser, hallway: Server) -> Iterator[Callable[[str, str], Page]]:
    """Somebody whose browser may complain of the missing network: that is no fault."""
    contexts = []

    def open_page(language: str, size: str) -> Page:
        locale = {"en": "en-GB", "fr": "fr-FR"}[language]
        context = browser.new_context(
            viewport=SIZES[size], locale=locale, base_url=hallway.url, reduced_motion="reduce"
        )
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def sign_in(page: Page, hallway: Server, who: str) -> None:
    answer = page.context.request.post(f"{hallway.url}/demo/sign-in/{who}/", headers={"Origin": hallway.url})
    assert answer.ok


def write_without_network(page: Page, words: dict[str, str], marker: str) -> None:
    """Once this page is on the device: write on the train, open it again there, and arrive."""
    note, said = page.locator("#own-note"), page.locator(".own-note [data-said]")
    for _second in range(30):
        if page.url in page.evaluate(KEPT):
            break
        page.wait_for_timeout(1000)
    page.context.set_offline(True)
    note.press("End")
    note.press_sequentially(", not the dean")
    expect(said).to_contain_text(words["waiting"])
    page.reload()
    expect(page.locator("[data-offline-notice]")).to_be_visible()
    expect(note).to_have_value(re.compile(f"{marker}, not the dean$"))
    note.press("Control+End")
    note.press_sequentially(". Early.")
    page.context.set_offline(False)
    expect(said).to_contain_text(words["saved"])


@WAYS
def test_note_is_kept_without_network_and_becomes_a_takeaway(
    language: str, size: str, visit: Visit, traveller: Callable[[str, str], Page], look: Look, hallway: Server
) -> None:
    words, marker = WORDS[language], f"department {language}"
    _pk, path, _email, _talk = past_session(hallway, ["en", "fr"].index(language))
    page = traveller(language, size)
    page.goto(path)  # not signed in yet: on the device alone
    note, said = page.locator("#own-note"), page.locator(".own-note [data-said]")
    tab_to(page, "Keep what" if language == "en" else "Gardez ce que")
    page.keyboard.type(f"Ask the {marker}")
    expect(said).to_contain_text(words["here"])
    sign_in(page, hallway, "attendee")
    page.reload()
    expect(note).to_have_value(re.compile(f"{marker}$"))
    expect(said).to_contain_text(words["saved"])
    look(page)
    write_without_network(page, words, marker)
    page.evaluate("localStorage.clear()")
    page.reload()
    expect(note).to_have_value(re.compile(f"{marker}, not the dean. Early.$"))
    press(page, words["share"])
    expect(page).to_have_url(re.compile(r"/new/$"))
    look(page)
    tab_to(page, {"en": "What you take home", "fr": "Ce que vous retenez"}[language])
    page.keyboard.press("Control+a")
    page.keyboard.type(f"Ask the **{marker}**")
    page.get_by_label(words["attendee"]).check()
    press(page, words["show"])
    expect(page.locator(".takeaway strong").filter(has_text=marker)).to_be_visible()
    look(page)
    for all_of_them in (re.sub(r"-[^/]*/$", "/takeaways/", path), "/me/notes/"):
        page.goto(all_of_them)
        look(page)
    page.locator("main a[href^='/me/notes/']:not([href$='.md'])").first.click()
    page.wait_for_url("**/me/notes/*/")
    look(page)
    page.goto(path)
    other = visit(language, size, path=path, as_="organiser")
    mine = other.locator(".takeaway").filter(has_text=marker)
    expect(mine).to_contain_text(words["attendee"])
    expect(other.locator("body")).not_to_contain_text("not the dean")
    mine.get_by_role("button", name=words["helped"]).press("Enter")
    expect(mine.get_by_role("button", name=words["helped"])).to_have_attribute("aria-pressed", "true")
    look(other)
    page.locator(".takeaway").filter(has_text=marker).locator("a[href^='/takeaways/']").click()
    page.wait_for_url(re.compile(r"/takeaways/\d+/$"))
    press(page, words["take_back"])
    expect(page.locator(".messages")).to_contain_text(words["back"])
    other.reload()
    expect(other.locator(".takeaway").filter(has_text=marker)).to_have_count(0)


@WAYS
def test_slides_come_by_the_mailed_link_and_the_asker_is_told_once(
    language: str, size: str, visit: Visit, look: Look, hallway: Server
) -> None:
    words, address = WORDS[language], f"waits.{language}@example.org"
    pk, path, speaker, _talk = past_session(hallway, 2 + ["en", "fr"].index(language))
    asker = visit(language, size, path=path)
    title = (asker.locator("h1").text_content() or "").strip()
    press(asker, words["want"])
    expect(asker).to_have_url(re.compile(r"/slides/$"))
    look(asker)
    tab_to(asker, words["address"])
    asker.keyboard.type(address)
    asker.keyboard.press("Enter")
    expect(asker.locator("main")).to_contain_text(words["counted"])
    look(asker)
    rows(hallway, ENDED_YESTERDAY, pk)
    link = mail_to(asker, speaker, "/slides/", about=title)  # somebody may have spoken twice
    page = visit(language, size, path=link)
    look(page)
    page.locator("input[type=file]").set_input_files(
        {"name": "deck.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 deck"}
    )
    press(page, words["put"])
    expect(page.locator(".messages")).to_contain_text(words["there"])
    look(page)
    told = mail_to(asker, address, f"/sessions/{pk}-")
    reader = visit(language, size, path=told)
    with reader.expect_download() as download:
        reader.locator("a[href*='/materials/']").click()
    assert download.value.suggested_filename == "deck.pdf"
    time.sleep(3)
    inbox = visit("en", "desk", path=f"/demo/inbox/?to={address}")
    expect(inbox.locator("article").filter(has_text=address)).to_have_count(1)


@WAYS
def test_two_write_the_shared_notes_at_once_and_no_word_is_lost(
    language: str, size: str, visit: Visit, look: Look, hallway: Server
) -> None:
    words = WORDS[language]
    _pk, path, _email, _talk = past_session(hallway, 4 + ["en", "fr"].index(language))
    writing = re.sub(r"-[^/]*/$", "/notes/write/", path)
    one = visit(language, size, path=writing, as_="attendee")
    two = visit(language, size, path=writing, as_="speaker")
    look(one)
    for page, text in ((one, "One borrowed lab"), (two, "Three volunteers")):
        tab_to(page, {"en": "The page", "fr": "La page"}[language])
        page.keyboard.type(text)
    press(one, words["save"])
    expect(one.locator("main")).to_contain_text("One borrowed lab")
    look(one)
    press(two, words["save"])
    expect(two.locator("main")).to_contain_text(words["beside"])
    expect(two.locator("main")).to_contain_text("One borrowed lab")
    expect(two.locator("textarea")).to_have_value("Three volunteers")
    two.locator("main details summary").click()
    look(two)
    two.locator("textarea").fill("Three volunteers\n\nOne borrowed lab")
    two.locator("main button[type=submit]").click()
    expect(two.locator("main .prose")).to_contain_text("Three volunteers")
    one.goto(re.sub(r"write/$", "history/", writing))
    expect(one.locator("main")).to_contain_text(words["history"])
    look(one)
    one.goto(re.sub(r"write/$", "history/3/", writing))
    expect(one.locator("main ins").first).to_be_visible()
    look(one)
    one.goto("/me/notes/")
    look(one)
