"""The room: a moderator with a link and no account, another one signed in, the wall, and who asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .conftest import Server, in_every_way, in_form, press
from .floor import HELD, SHOWN, open_floor

LOCALES = {"en": "en-GB", "fr": "fr-FR"}
PHONE, NARROW, WALL = {"width": 390, "height": 844}, {"width": 320, "height": 640}, {"width": 1280, "height": 720}
WALLS = [WALL, {"width": 1920, "height": 1080}, {"width": 1024, "height": 768}]
WORDS = {
    "en": {
        "in": "Let in", "more": "More", "merge": "Put together with another",
        "together": "Put it together with this one", "topic": "It is not about this session.",
        "over": "I take over", "hand": "Hand over", "mine": "The questions are with you.", "take": "Take up",
        "answered": "Answered", "undo": "Undo", "quicker": "Somebody was quicker",
        "nobody": "Nobody looks after the questions", "next": "Next", "lost": "No connection",
    },
    "fr": {
        "in": "Afficher", "more": "Plus", "merge": "Regrouper avec une autre",
        "together": "La regrouper avec celle-ci",
        "topic": "Elle ne concerne pas cette session.", "over": "Je prends le relais", "hand": "Passer le relais",
        "mine": "Vous vous occupez des questions.", "take": "Choisir", "answered": "Traitée",
        "undo": "Annuler", "quicker": "Quelqu’un a été plus rapide",
        "nobody": "Personne ne s’occupe encore", "next": "Suivante", "lost": "Pas de connexion",
    },
}  # fmt: skip


@pytest.fixture
def floor(hallway: Server, request: pytest.FixtureRequest) -> dict[str, Any]:
    """A session of this test's own."""
    word = "room-" + "".join(c if c.isalnum() else "-" for c in request.node.name.removeprefix("test_").lower())[-50:]
    return open_floor(hallway.data, word)


Opens = Callable[..., Page]


@pytest.fixture
def opens(browser: Browser, hallway: Server) -> Iterator[Opens]:
    """A device of its own. Its browser may complain of a lost network, or of a press that came second."""
    contexts: list[BrowserContext] = []
    said: list[str] = []

    def fresh(path: str, language: str = "en", size: dict[str, int] = PHONE, *, js: bool = True, as_: str = "") -> Page:
        context = browser.new_context(
            viewport=size, locale=LOCALES[language], base_url=hallway.url, reduced_motion="reduce",
            java_script_enabled=js, color_scheme="light",
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
        if as_:
            answer = context.request.post(f"{hallway.url}/demo/sign-in/{as_}/", headers={"Origin": hallway.url})
            assert answer.ok
        page.goto(path)
        return page

    yield fresh
    for context in contexts:
        context.close()
    assert not said, said


def row(page: Page, text: str) -> Any:
    return page.locator(".qroom-list > li", has_text=text)


def expect_stage_in_sight(page: Page) -> None:
    """What was taken up is in focus, and what one presses there in sight, above the toast."""
    expect(page.locator("#part-stage")).to_be_focused()
    expect(page.locator("#part-stage .primary")).to_be_in_viewport(ratio=1)
    boxes = [page.locator(one).bounding_box() for one in (".toast", "#part-stage .primary")]
    assert boxes[0] and boxes[1]
    assert boxes[1]["y"] + boxes[1]["height"] <= boxes[0]["y"]


def fold(page: Page, text: str, words: str) -> Any:
    """Open what else one can do with a question."""
    more = row(page, text).locator("summary", has_text=words).first
    more.click()
    return row(page, text)


@in_every_way(("en", "phone"), ("fr", "phone"))
def test_moderator_by_a_link_runs_the_room_and_the_wall_follows(
    opens: Opens, floor: dict[str, Any], look: Callable[[Page], None], language: str, size: str
) -> None:
    say = WORDS[language]
    phone = NARROW if size == "phone" and language == "fr" else PHONE if size == "phone" else WALL
    wall = opens(floor["wall"], language, WALL)
    page = opens(floor["room"], language, phone)
    asker = opens(floor["ask"], language, PHONE)
    look(page)
    in_form(wall, language)
    expect(wall.locator("body")).not_to_contain_text(HELD[1])

    # By keyboard alone: who has the questions.
    press(page, say["over"])
    expect(page.get_by_text(say["mine"])).to_be_visible()

    # One is put together with the likeliest, one is refused with a reason, one is taken up.
    fold(page, HELD[0], say["more"]).get_by_role("link", name=say["merge"]).click()
    expect(page.locator(".qroom-choice").first).to_contain_text(SHOWN[1])
    look(page)
    page.locator(".qroom-choice").first.click()
    expect(page.locator(".qroom-double")).to_have_text(HELD[0])
    look(page)
    press(page, say["together"])
    expect(page.locator("#part-waiting")).not_to_contain_text(HELD[0])
    fold(page, HELD[1], say["more"]).get_by_role("button", name=say["topic"]).click()
    expect(page.locator("#part-waiting")).to_be_empty()
    page.locator("#part-toast").get_by_role("button", name=say["undo"]).click()
    expect(row(page, HELD[1])).to_be_visible()
    fold(page, HELD[1], say["more"]).get_by_role("button", name=say["topic"]).click()
    expect(page.locator("#part-waiting")).to_be_empty()

    began = time.monotonic()
    row(page, SHOWN[1]).get_by_role("button", name=say["take"]).click()
    expect_stage_in_sight(page)
    expect(wall.locator(".live-dot")).to_be_visible()
    assert time.monotonic() - began < 5, "where it hears nothing, the wall looks every thirty seconds"
    expect(wall.locator("h2")).to_have_text(SHOWN[1])
    look(page)
    look(wall)
    expect(asker.locator("body")).to_contain_text(SHOWN[1])

    page.locator("#part-stage textarea").fill("By asking the library.")
    page.locator("#part-stage").get_by_role("button", name=say["answered"]).click()
    expect(wall.locator(".live-dot")).to_be_hidden()
    expect(wall.locator(".qwall-faded")).to_contain_text(SHOWN[1])
    page.locator("#hand-over").press("Enter")
    expect(page.get_by_text(say["nobody"])).to_be_visible()


def test_asker_reads_why_their_question_is_not_shown(opens: Opens, floor: dict[str, Any]) -> None:
    page, asker = opens(floor["room"]), opens(floor["ask"])
    page.wait_for_timeout(4_500)  # where the streams are open, nothing is asked for by the clock for 20 seconds
    asker.locator("textarea").first.fill("May I advertise my product here?")
    asker.locator("textarea").first.locator("xpath=ancestor::form").get_by_role("button").last.click()
    expect(row(page, "advertise my product")).to_be_visible(timeout=5_000)
    fold(page, "advertise my product", "More").get_by_role("button", name="It is not about this session.").click()
    expect(page.locator("#part-toast")).to_contain_text("Not shown.")
    expect(asker.locator("[data-mine]")).to_contain_text("It is not about this session.")
    asker.goto(floor["ask"])
    expect(asker.locator("body")).to_contain_text("It is not about this session.")


def test_what_one_asked_follows_without_a_reload(opens: Opens, floor: dict[str, Any]) -> None:
    page, asker = opens(floor["room"]), opens(floor["ask"])
    asker.locator("textarea").first.fill("Where do we find the slides?")
    asker.get_by_role("button", name="Ask", exact=True).click()
    mine = asker.locator("[data-mine]")
    expect(mine).to_contain_text("A moderator looks at it first.")
    expect(row(page, "find the slides")).to_be_visible(timeout=5_000)
    for press_, reads in (("Let in", "Can be answered until"), ("Take up", "Being answered now")):
        row(page, "find the slides").get_by_role("button", name=press_).click()
        expect(mine).to_contain_text(reads)
        expect(mine).not_to_contain_text("A moderator looks at it first.")
    row(page, SHOWN[0]).get_by_role("button", name="Take up").click()
    expect(mine).to_contain_text("Can be answered until")
    row(page, "find the slides").get_by_role("button", name="Answered", exact=True).click()
    expect(mine).to_contain_text("Answered in the room")


def test_phone_that_nobody_touches_comes_back_after_a_pause(opens: Opens, floor: dict[str, Any]) -> None:
    page, phone = opens(floor["room"]), opens(floor["ask"])
    expect(phone.locator("[data-ask]")).to_be_visible()
    page.locator("#fold-settings > summary").click()
    page.locator("#pause").click()
    expect(phone.locator("body")).to_contain_text("The moderators take no questions at the moment.")
    expect(phone.locator("[data-ask]")).to_have_count(0)
    row(page, SHOWN[0]).get_by_role("button", name="Take up").click()
    expect(phone.locator("article.on-stage")).to_contain_text(SHOWN[0])
    page.locator("#resume").click()
    expect(phone.locator("[data-ask]")).to_be_visible()
    expect(phone.locator("article.on-stage")).to_contain_text(SHOWN[0])


def test_two_moderators_one_is_quicker(opens: Opens, floor: dict[str, Any]) -> None:
    one = opens(floor["team"], as_="organiser")
    two = opens(floor["room"], js=False)  # its page does not follow by itself
    row(one, SHOWN[0]).get_by_role("button", name="Take up").click()
    expect(one.locator("#part-stage")).to_contain_text(SHOWN[0])
    row(two, SHOWN[0]).get_by_role("button", name="Answered").click()
    expect(two.get_by_role("alert")).to_contain_text("Somebody was quicker")
    expect(two.locator("#part-stage")).to_contain_text(SHOWN[0])
    two.locator("#part-stage").get_by_role("button", name="Answered").click()
    expect(two.locator("#part-toast")).to_contain_text("Answered in the room.")
    expect(one.locator("#part-stage")).not_to_contain_text(SHOWN[0])
    two.get_by_role("button", name="I take over").click()
    expect(one.locator("#part-who")).to_contain_text("somebody with the link")


def test_room_without_scripts_does_everything_by_reload(opens: Opens, floor: dict[str, Any]) -> None:
    page = opens(floor["room"], js=False)
    row(page, HELD[0]).get_by_role("button", name="Let in").click()
    expect(page.locator("#part-open")).to_contain_text(HELD[0])
    fold(page, HELD[0], "More").get_by_role("link", name="Put together with another").click()
    page.locator(".qroom-choice").first.click()
    page.get_by_role("button", name="Put it together with this one").click()
    expect(page.locator("#part-toast")).to_contain_text("Put together.")
    expect(page.locator("#part-open")).not_to_contain_text(HELD[0])
    page.locator("#part-toast").get_by_role("button", name="Undo").click()
    expect(page.locator("#part-open")).to_contain_text(HELD[0])
    row(page, SHOWN[2]).get_by_role("button", name="Take up").click()
    page.locator("#part-toast").get_by_role("button", name="Undo").click()
    expect(page.locator("#part-stage")).to_contain_text("Nothing is being answered")
    page.get_by_role("link", name="Big type, one at a time").click()
    first = page.locator("h1").inner_text()
    page.get_by_role("link", name="Next").click()
    assert page.locator("h1").inner_text() != first


@pytest.mark.parametrize("language", ["en", "fr"])
def test_big_type_fits_a_small_phone_between_two_questions(
    opens: Opens, floor: dict[str, Any], axe: Callable[[Page], None], language: str
) -> None:
    """Where there is a question before and one after, with every button that can stand there."""
    page = opens(f"{floor['room']}?big=", language, NARROW)
    page.locator("#after").click()
    expect(page.locator("#before")).to_be_visible()
    expect(page.locator("#after")).to_be_visible()
    axe(page)
    page.locator(".big-taps button").first.click()
    expect(page.locator(".big-words .live-dot")).to_be_visible()
    axe(page)


def test_what_is_typed_stays_while_others_press(opens: Opens, floor: dict[str, Any]) -> None:
    one, two = opens(floor["room"]), opens(floor["team"], as_="organiser")
    fold(one, SHOWN[0], "More").locator("input[name=reason]").fill("We said this at the beginning")
    row(two, SHOWN[2]).get_by_role("button", name="Take up").click()
    expect(one.locator("#part-stage")).to_contain_text(SHOWN[2])
    field = row(one, SHOWN[0]).locator("input[name=reason]")
    expect(field).to_have_value("We said this at the beginning")
    expect(field).to_be_focused()
    field.press("Enter")
    expect(one.locator("#part-toast")).to_contain_text("Not shown.")


# Ten metres away somebody who sees half as well as most reads capitals of 29 mm, ten minutes of arc. A capital is seven
# tenths of the size of its letters, and a small projector throws two metres: hence the smallest letters of a question.
# What is being answered is read at a glance. A code is scanned from ten times its side, by the first half of the room:
# the address beside it is for the others.
LETTERS, AT_A_GLANCE, CODE = 29 / 0.7 / 2000, 0.05, 0.2
SHARES = """() => {
    const wide = innerWidth, all = (name) => [...document.querySelectorAll(name)];
    const letters = (name) => all(name).map((one) => parseFloat(getComputedStyle(one).fontSize) / wide);
    const high = (name) => all(name).map((one) => one.getBoundingClientRect().height / wide);
    return {asked: letters(".qwall-asked h2"), words: letters(".qwall-words"), code: high(".qwall-side .qr"),
            lines: high(".qwall-asked h2, .qwall-words")};
}"""


def is_readable_from_ten_metres(page: Page) -> bool:
    shares = page.evaluate(SHARES)
    assert shares["words"], "questions are on the wall"
    assert len(shares["code"]) == 1
    least = ((shares["asked"], AT_A_GLANCE), (shares["words"] + shares["lines"], LETTERS), (shares["code"], CODE))
    return all(share >= smallest for found, smallest in least for share in found)


@pytest.mark.parametrize("size", WALLS)
def test_wall_is_readable_from_ten_metres(opens: Opens, floor: dict[str, Any], size: dict[str, int]) -> None:
    room, wall = opens(floor["room"]), opens(floor["wall"], size=size)
    assert is_readable_from_ten_metres(wall)
    row(room, SHOWN[0]).get_by_role("button", name="Take up").click()
    expect(wall.locator(".qwall-asked h2")).to_have_text(SHOWN[0])
    expect(wall.locator(".qwall-words")).to_have_count(2)
    assert is_readable_from_ten_metres(wall)
    wall.evaluate("document.querySelector('.qwall').style.setProperty('--u', '.5vw')")
    assert not is_readable_from_ten_metres(wall), "half as large is too small"


@pytest.mark.parametrize("size", WALLS)
def test_wall_fits_its_projector_and_goes_on_without_network(
    opens: Opens, floor: dict[str, Any], axe: Callable[[Page], None], size: dict[str, int]
) -> None:
    page = opens(floor["wall"], size=size)
    axe(page)
    tall = page.evaluate("document.documentElement.scrollHeight - document.documentElement.clientHeight")
    assert tall <= 0, f"{tall} px do not fit"
    assert page.evaluate("getComputedStyle(document.body).cursor") == "none"
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    page.context.set_offline(True)
    page.evaluate("dispatchEvent(new Event('offline'))")
    expect(page.locator("[data-lost]")).to_contain_text("No connection")
    expect(page.locator("body")).to_contain_text(SHOWN[0])
    page.context.set_offline(False)
    expect(page.locator("[data-lost]")).to_be_hidden()
