"""Asking from the room: two taps on a phone, by keyboard alone, without a script; and what others see of it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, Route, expect

from .conftest import Server, Visit, in_every_way, press, tab_to

WORDS = {
    "en": {
        "field": "Ask a question", "ask": "Ask", "done": "Your question is in.", "mine": "What you asked",
        "change": "Change or withdraw", "save": "Save", "saved": "Your question has its new words.",
        "new": "new question", "same": "This is my question", "voted": "Your vote counts.",
        "too": "Me too, here is my case",
        "case": "How it is with you", "say": "Say it", "stands": "Your case stands", "long": "100 characters too many",
        "limit": "limit of 500 characters", "withdraw": "Withdraw it", "back": "Your question is taken back.",
        "code": "Code of the session", "go": "To the questions", "closed": "closed on", "open": "Open",
        "three": "3 new questions",
    },
    "fr": {
        "field": "Poser une question", "ask": "Poser la question", "done": "Votre question est posée.",
        "mine": "Les questions que vous avez posées", "change": "Modifier ou retirer", "save": "Enregistrer",
        "saved": "Votre question est modifiée.", "new": "nouvelle", "same": "C’est ma question",
        "voted": "Votre vote compte.", "too": "Moi aussi, voici mon cas", "case": "Votre cas, en quelques mots",
        "say": "Le dire", "stands": "Votre cas figure", "long": "Caractères en trop\u202f: 100",
        "limit": "la limite (500 caractères)", "withdraw": "La retirer", "back": "Votre question est retirée.",
        "code": "Code de la session", "go": "Vers les questions", "closed": "closes depuis", "open": "Sans réponse",
        "three": "3 nouvelles questions",
    },
}  # fmt: skip
# Writes down all that a screen reader reads by itself: role, and the words that are new in it.
LISTENS = """() => {
    window.heard = [];
    const read = "[role=status], [role=alert], [aria-live]";
    const near = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest(read);
    new MutationObserver((changes) => {
        for (const place of new Set(changes.map((one) => near(one.target)).filter((one) => one?.textContent.trim())))
            heard.push([place.getAttribute("role"), place.getAttribute("aria-live"), place.textContent.trim()]);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
ASKS_THREE = """() => Promise.all([1, 2, 3].map((number) => {
    const form = document.querySelector("[data-ask]");
    const body = new FormData(form);
    body.set("text", `Question ${number} of three at once`);
    const headers = { Accept: "application/json" };
    return fetch(form.action, { method: "POST", body, headers }).then((answer) => answer.json());
}))"""


def rows(server: Server, query: str, *values: object) -> list[tuple[object, ...]]:
    with sqlite3.connect(server.data / "hallway.sqlite3", timeout=30) as database:
        return database.execute(query, values).fetchall()


def floor_with(server: Server, questions: int, *, ends_in: timedelta) -> tuple[str, str]:
    """Code and session page of a session of the conference that nobody else asks about here, moved to now."""
    code, event, session, slug, pk = rows(
        server,
        "SELECT f.code, e.slug, s.id, s.slug, f.id FROM questions_floor f "
        "JOIN schedule_session s ON s.id = f.session_id "
        "JOIN events_event e ON e.id = f.event_id LEFT JOIN questions_question q ON q.floor_id = f.id "
        "WHERE e.slug = 'jacaranda-conf' AND q.id IS NULL AND f.queue = 0 AND s.kind = 'talk' ORDER BY f.id LIMIT 1",
    )[0]
    now = datetime.now(UTC)
    begins, ends = now + ends_in - timedelta(hours=1), now + ends_in  # not on now: then the demonstration asks, too
    rows(
        server,
        "UPDATE questions_floor SET starts_at = ?, ends_at = ?, reopened_until = NULL, paused_at = NULL WHERE id = ?",
        begins.strftime("%Y-%m-%d %H:%M:%S"), ends.strftime("%Y-%m-%d %H:%M:%S"), pk,
    )  # fmt: skip
    for number in range(questions):
        rows(
            server,
            "INSERT INTO questions_question (text, language, asker_key, name, place, first_time, state, reason, votes, "
            "asked_at, shown_at, said, said_language, floor_id) "
            "VALUES (?, 'en', ?, '', 'room', 0, 'shown', '', 0, ?, ?, '', '', ?)",
            f"Filler number {number} about something of its own", f"filler-{number}",
            now.strftime("%Y-%m-%d %H:%M:%S"), now.strftime("%Y-%m-%d %H:%M:%S"), pk,
        )  # fmt: skip
    return str(code), f"/e/{event}/sessions/{session}-{slug}/"


@in_every_way(("en", "phone"), ("fr", "phone"))
def test_question_is_asked_in_two_taps_and_everybody_sees_it(
    visit: Visit, hallway: Server, look: Callable[[Page], None], axe: Callable[[Page], None], language: str, size: str
) -> None:
    said = WORDS[language]
    code, session = floor_with(hallway, 0, ends_in=-timedelta(minutes=5))
    phone, desk = visit(language, size, path=f"/q/{code}/"), visit("en", "desk", path=session)
    expect(desk.locator("[data-empty]")).to_be_visible()
    look(phone)
    look(desk)

    phone.get_by_label(said["field"], exact=True).tap() if size == "phone" else phone.get_by_label(
        said["field"], exact=True
    ).click()
    phone.keyboard.type("How do you test the migrations?")
    phone.get_by_role("button", name=said["ask"], exact=True).click()
    expect(phone.locator("[data-done]")).to_contain_text(said["done"])
    expect(phone.get_by_role("heading", name=said["mine"])).to_be_in_viewport()
    expect(phone.get_by_label(said["field"], exact=True)).to_have_value("")
    expect(desk.locator("article h3")).to_have_text("How do you test the migrations?", timeout=2_000)
    expect(desk.locator("[data-empty]")).to_be_hidden()
    expect(desk.locator("[data-list] [data-said]")).to_contain_text("1 new question")
    expect(phone.locator("[data-list] [data-said]")).not_to_contain_text(said["new"])
    expect(desk.locator("#questions-title")).to_have_text("1 question")
    axe(phone)
    axe(desk)

    desk.locator("button.vote").click()
    expect(desk.locator("button.vote")).to_have_attribute("aria-pressed", "true")
    expect(phone.locator("[data-votes-said]")).to_have_text("1", timeout=2_000)
    expect(phone.locator("button.vote")).to_be_disabled()
    desk.reload()
    expect(desk.locator("button.vote")).to_have_attribute("aria-pressed", "true")

    desk.locator("#ask-text").fill("how do you test migrations")
    desk.get_by_role("button", name="This is my question").click()
    expect(desk.locator("[data-done]")).to_contain_text("Your vote counts.")
    expect(desk.locator("#ask-text")).to_have_value("")

    phone.get_by_label(said["field"], exact=True).fill("x" * 600)
    expect(phone.locator("[data-left]")).to_have_text(said["long"])
    phone.get_by_role("button", name=said["ask"], exact=True).click()
    expect(phone.locator("#ask-text-errors")).to_contain_text(said["limit"])
    assert len(phone.get_by_label(said["field"], exact=True).input_value()) == 600
    axe(phone)


def test_thumb_that_taps_twice_asks_once_and_two_quick_votes_are_of_one_device(visit: Visit, hallway: Server) -> None:
    code, _session = floor_with(hallway, 2, ends_in=-timedelta(minutes=5))
    page = visit("en", "phone", path=f"/q/{code}/")  # a device nobody knows yet
    page.evaluate("document.querySelectorAll('.vote-form').forEach(form => form.requestSubmit())")
    expect(page.locator("button.vote[aria-pressed=true]")).to_have_count(2)
    expect(page.locator("[data-votes-said]")).to_have_text(["1", "1"])
    other = visit("en", "phone", path=f"/q/{code}/")
    other.locator("#ask-text").fill("Is this asked once?")
    other.evaluate("(form => { form.requestSubmit(); form.requestSubmit(); })(document.querySelector('[data-ask]'))")
    expect(other.locator("[data-done]")).to_be_visible()
    for one, found in ((page, "button.vote[aria-pressed=true]"), (other, "button.vote:disabled")):
        one.reload()
        expect(one.locator("article")).to_have_count(3)
        expect(one.locator(found)).to_have_count(2 if one is page else 1)
    other.evaluate(
        "(form => { const field = form.querySelector('textarea'); field.value = 'Asked at once?'; form.requestSubmit();"
        " field.value = 'Typed meanwhile'; })(document.querySelector('[data-ask]'))"
    )
    expect(other.locator("[data-done]")).to_be_visible()
    expect(other.locator("#ask-text")).to_have_value("Typed meanwhile")


def test_vote_that_did_not_get_through_says_so_beside_it(phone: Callable[..., Page], hallway: Server) -> None:
    code, _session = floor_with(hallway, 12, ends_in=-timedelta(minutes=5))
    page = phone(f"/q/{code}/")
    last = page.locator("article").last
    page.context.set_offline(True)
    page.locator("#ask-text").fill("Is anybody there?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("[data-refused]")).to_contain_text("This did not get through.")
    expect(page.locator("[data-done]")).to_be_hidden()
    last.locator("button.vote").click()
    expect(last.get_by_text("This did not get through.")).to_be_in_viewport()
    expect(last.locator("button.vote")).to_have_attribute("aria-pressed", "false")
    page.context.set_offline(False)
    last.locator("button.vote").click()
    expect(last.locator("[data-votes-said]")).to_have_text("1")
    expect(last.get_by_text("This did not get through.")).to_have_count(0)


def test_vote_that_hangs_is_given_up_and_holds_up_no_other(visit: Visit, hallway: Server) -> None:
    code, _session = floor_with(hallway, 2, ends_in=-timedelta(minutes=5))
    page = visit("en", "phone", path=f"/q/{code}/")
    page.add_init_script(
        "const wait = AbortSignal.timeout; AbortSignal.timeout = (ms) => wait.call(AbortSignal, ms / 3)"
    )
    page.reload()
    hanging: list[Route] = []
    page.route("**/vote/", lambda route: route.continue_() if hanging else hanging.append(route))
    first, second = page.locator("button.vote").nth(0), page.locator("button.vote").nth(1)
    first.tap()
    second.tap()
    expect(second.locator("[data-votes-said]")).to_have_text("1", timeout=15_000)
    expect(second).to_have_attribute("aria-pressed", "true")
    expect(first).to_have_attribute("aria-pressed", "false")
    page.unroute_all(behavior="ignoreErrors")


def test_stream_that_was_closed_stays_so_when_the_page_is_come_back_to(visit: Visit, hallway: Server) -> None:
    code, _session = floor_with(hallway, 0, ends_in=-timedelta(minutes=5))
    page = visit("en", "phone", path=f"/q/{code}/")
    opened = page.evaluate(
        """async () => {
            const loaded = performance.getEntriesByType("resource").map((one) => one.name);
            const { follow } = await import(loaded.find((name) => name.includes("kit/stream")));
            const opened = [];
            const Real = EventSource;
            window.EventSource = class extends Real { constructor(to) { super(to); opened.push(to); } };
            follow(() => "/live/public/floor:1?closed", [], () => {}).close();
            const open = follow(() => "/live/public/floor:1?open", [], () => {});
            dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
            dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
            open.close();
            return opened.filter((to) => /closed|open/.test(to)).map((to) => to.split("?")[1]);
        }"""
    )
    assert opened == ["closed", "open", "open"]


@in_every_way(("en", "desk"), ("fr", "phone"))
def test_everything_is_done_by_keyboard_and_without_a_script(
    visit: Visit, hallway: Server, look: Callable[[Page], None], language: str, size: str
) -> None:
    said = WORDS[language]
    code, _session = floor_with(hallway, 1, ends_in=-timedelta(minutes=5))
    page = visit(language, size, path="/q/", js=False)
    expect(page.get_by_label(said["code"])).to_be_focused()
    page.keyboard.type(f"{code[:3].lower()}-{code[3:].lower()}")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/q/{code}/")

    tab_to(page, said["field"])
    page.keyboard.type("Does it work without a script?")
    press(page, said["ask"])
    page.wait_for_url("**/?mine#told")
    expect(page.get_by_text(said["done"])).to_be_in_viewport()
    expect(page.get_by_role("heading", name=said["mine"])).to_be_in_viewport()
    page.get_by_role("link", name=said["change"]).focus()  # Tab goes on behind the question one was led to
    page.keyboard.press("Enter")
    page.wait_for_url("**/edit/")
    page.locator("textarea").fill("Does it work without any script?")
    press(page, said["save"])
    expect(page.get_by_text(said["saved"])).to_be_visible()
    expect(page.locator("article h3", has_text="without any script")).to_be_visible()

    other = page.locator("article", has_text="Filler number 0")
    other.locator("button.vote").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"#question-\d+$"))
    expect(other.locator("button.vote")).to_have_attribute("aria-pressed", "true")
    expect(other.locator("[data-votes-said]")).to_have_text("1")
    other.get_by_role("link", name=said["too"]).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/me-too/")
    page.get_by_label(said["case"]).fill("On a small machine it stops.")
    press(page, said["say"])
    expect(page.get_by_text(said["stands"])).to_be_visible()
    expect(page.get_by_text("On a small machine it stops.").first).to_be_visible()

    page.goto(f"/q/{code}/?mine")
    page.get_by_role("link", name=said["change"]).focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name=said["withdraw"]).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(said["back"])).to_be_visible()
    expect(page.locator("article h3", has_text="without any script")).to_have_count(0)


@in_every_way(("en", "desk"))
def test_reading_position_and_focus_stay_while_questions_come_in(
    visit: Visit, hallway: Server, axe: Callable[[Page], None], language: str, size: str
) -> None:
    said = WORDS[language]
    code, _session = floor_with(hallway, 12, ends_in=-timedelta(minutes=5))
    reader, asker = visit(language, size, path=f"/q/{code}/"), visit(language, size, path=f"/q/{code}/")
    expect(reader.locator("article")).to_have_count(12)
    target = reader.locator("article h3 a").nth(6)
    target.focus()
    target.scroll_into_view_if_needed()
    reader.evaluate("scrollBy(0, 200)")
    before = target.bounding_box()
    for number in range(3):
        asker.locator("#ask-text").fill(f"Question {number} while somebody reads")
        asker.get_by_role("button", name=said["ask"], exact=True).click()
        expect(asker.locator("article", has_text=f"Question {number} while")).to_be_visible()
    button = reader.locator("[data-fresh] button")
    expect(button).to_contain_text("3")
    expect(button).to_contain_text(said["new"])
    assert target.bounding_box() == before
    expect(target).to_be_focused()
    expect(reader.locator("article")).to_have_count(12)
    axe(reader)
    button.click()
    expect(reader.locator("article")).to_have_count(15)
    expect(reader.locator("article h3 a", has_text="Question 0 while")).to_be_focused()
    reader.get_by_role("link", name=said["open"], exact=True).click()
    expect(reader.locator("[data-by=open]")).to_have_attribute("aria-current", "true")


def heard_of_three(readers: dict[str, Page], asker: Page) -> dict[str, list[list[str | None]]]:
    """What is read out to each reader, by language, when three questions come in at once."""
    for page in readers.values():
        expect(page.locator("[data-empty]")).to_be_visible()
        page.evaluate(LISTENS)
    assert all("id" in said for said in asker.evaluate(ASKS_THREE))
    for page in readers.values():
        expect(page.locator("article")).to_have_count(3)
        expect(page.locator("[data-list] [data-said]")).not_to_be_empty()
    asker.wait_for_timeout(3_500)  # whatever else were read out would be by now
    return {language: page.evaluate("heard") for language, page in readers.items()}


def test_three_questions_at_once_are_one_polite_announcement(visit: Visit, hallway: Server) -> None:
    code, _session = floor_with(hallway, 0, ends_in=-timedelta(minutes=5))
    path = f"/q/{code}/"
    readers = {"en": visit("en", "desk", path=path), "fr": visit("fr", "phone", path=path)}
    heard = heard_of_three(readers, visit(path=path))
    assert heard == {language: [["status", None, WORDS[language]["three"]]] for language in readers}


def test_announcement_of_each_question_by_itself_is_heard(visit: Visit, hallway: Server) -> None:
    code, _session = floor_with(hallway, 0, ends_in=-timedelta(minutes=5))
    path = f"/q/{code}/"
    reader = visit(path=path)
    reader.route("**/asking*.js", _no_pause)
    reader.reload()
    heard = heard_of_three({"en": reader}, visit(path=path))
    assert len(heard["en"]) > 1


def _no_pause(route: Route) -> None:
    """The fault: the next question does not put the announcement off."""
    answer = route.fetch()
    text = answer.text()
    assert "clearTimeout(announcing);" in text
    route.fulfill(response=answer, body=text.replace("clearTimeout(announcing);", ""))


def test_withdrawn_question_leaves_the_page_of_others(
    visit: Visit, hallway: Server, look: Callable[[Page], None]
) -> None:
    code, _session = floor_with(hallway, 1, ends_in=-timedelta(minutes=5))
    asker, other = visit(path=f"/q/{code}/"), visit(path=f"/q/{code}/")
    asker.locator("#ask-text").fill("This one does not stay")
    asker.get_by_role("button", name="Ask", exact=True).click()
    expect(other.locator("article")).to_have_count(2)
    asker.get_by_role("link", name="Change or withdraw").click()
    asker.wait_for_url("**/edit/")
    look(asker)
    asker.get_by_role("button", name="Withdraw it").click()
    expect(other.locator("article")).to_have_count(1, timeout=3_000)
    expect(other.locator("#questions-title")).to_have_text("1 question")


def test_closed_questions_are_read_and_have_no_field(
    visit: Visit, hallway: Server, look: Callable[[Page], None]
) -> None:
    code, session = floor_with(hallway, 1, ends_in=-timedelta(days=60))
    for path in (f"/q/{code}/", session):
        page = visit("fr", "phone", path=path)
        expect(page.get_by_text(WORDS["fr"]["closed"])).to_be_visible()
        expect(page.locator("[data-ask]")).to_have_count(0)
        expect(page.locator("button.vote")).to_have_count(0)
        look(page)
