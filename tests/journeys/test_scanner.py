"""The scanner reads real codes in a real browser, whose camera plays a film that we draw."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
import segno
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation
from PIL import Image, ImageFilter
from playwright.sync_api import Browser, BrowserType, ConsoleMessage, Page, Route, expect

from tests.pace import slower

from .conftest import SIZES, Server, press, tab_to

TICKET = "https://hallway.example.org/a/12.dGhpcyBpcyBub3QgYSBzZWNyZXQ"
OTHER = "https://hallway.example.org/a/13.dGhpcyBpcyBub3QgYSBzZWNyZXQ"
WIDE, HIGH, EACH_SECOND = 640, 480, 10
CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
LISTEN = "window.codes = []; addEventListener('scanned', (event) => codes.push(event.detail.text));"


def scene(text: str = "", *, side: int = 300, turned: float = 0, blurred: float = 0, dim: float = 1) -> Image.Image:
    """What the camera sees: a wall with a picture on it and, if there is a text, its code held before it."""
    wall = Image.linear_gradient("L").resize((WIDE, HIGH)).point(lambda grey: 90 + grey // 3)
    wall.paste(Image.radial_gradient("L").resize((120, 160)), (20, 20))
    if text:
        drawn = io.BytesIO()
        segno.make(text, error="m", micro=False).save(drawn, kind="png", scale=8, border=4)
        code = Image.open(drawn).convert("L").resize((side, side))
        outline = Image.new("L", code.size, 255).rotate(turned, expand=True)
        code = code.rotate(turned, expand=True, resample=Image.Resampling.BICUBIC)
        wall.paste(code, ((WIDE - code.width) // 2 + 15, (HIGH - code.height) // 2 - 10), outline)
    return wall.filter(ImageFilter.GaussianBlur(blurred)).point(lambda grey: int(grey * dim))


def film(path: Path, *scenes: tuple[Image.Image, float]) -> list[str]:
    """Write the scenes, each for so many seconds, as the film of the camera, which plays it again and again."""
    colourless = bytes([128]) * (WIDE * HIGH // 2)
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDE} H{HIGH} F{EACH_SECOND}:1 Ip A1:1 C420jpeg\n".encode())
        for seen, seconds in scenes:
            file.write((b"FRAME\n" + seen.tobytes() + colourless) * round(seconds * EACH_SECOND))
    return [*CAMERA, f"--use-file-for-fake-video-capture={path}"]


# A browser that has a decoder of its own: the standard's interface, as Chromium on Android has it.
OF_ITS_OWN = """
window.asked = 0;
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["ean_13", "qr_code"]; }
  async detect(picture) {
    asked += 1;
    const { BarcodeDetector } = await import("/static/kit/vendor/qr/0.7.0/decode.js");
    return new BarcodeDetector({ formats: ["qr_code"] }).detect(picture);
  }
};"""
# Some phones promise it, and fail at the first picture.
PROMISED = OF_ITS_OWN.replace("asked += 1;", "asked += 1; throw new DOMException('no service', 'NotSupportedError');")


Open = Callable[..., AbstractContextManager[Page]]


@pytest.fixture
def door(browser_type: BrowserType, browser_type_launch_args: dict[str, Any], hallway: Server) -> Iterator[Open]:
    """``with door(flags) as page`` opens a page with a scanner in a browser with such a camera. It is served as all
    pages are: our headers, our static files.
    """
    said: list[str] = []

    @contextmanager
    def open_page(flags: list[str], language: str = "en", site: str = hallway.url, before: str = "") -> Iterator[Page]:
        launch = {**browser_type_launch_args, "args": [*browser_type_launch_args["args"], *flags]}
        browser: Browser = browser_type.launch(**launch)
        try:
            context = browser.new_context(viewport=SIZES["phone"], reduced_motion="reduce")
            headers = context.request.get(f"{hallway.url}/").headers
            kept = {name: headers[name] for name in ("content-security-policy", "permissions-policy")}
            page = context.new_page()

            def serve(route: Route) -> None:
                if route.request.url == f"{site}/scanner-here":
                    body = the_page(language)
                    route.fulfill(body=body, headers={**kept, "content-type": "text/html; charset=utf-8"})
                elif route.request.url.startswith(f"{site}/static/"):
                    route.fulfill(response=route.fetch(url=route.request.url.replace(site, hallway.url)))
                else:
                    route.abort()

            page.route("**/*", serve)
            page.add_init_script(LISTEN + before)

            def note(message: ConsoleMessage) -> None:
                if message.type in {"error", "warning"} and "favicon" not in message.location["url"]:
                    said.append(message.text)

            page.on("console", note)
            page.on("pageerror", lambda error: said.append(str(error)))
            page.goto(f"{site}/scanner-here")
            yield page
            page.unroute_all(behavior="ignoreErrors")  # what is on its way while the browser ends is no fault
        finally:
            browser.close()

    yield open_page
    assert not said, "the console said: " + "; ".join(said)


def the_page(language: str) -> str:
    with translation.override(language):
        scanner = render_to_string("kit/scanner.html")
    style = static("kit/hallway.css")
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>Door</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<link rel="stylesheet" href="{style}"></head><body><main class="wrap body stack"><h1>Door</h1>{scanner}'
        '<label>Code <input class="field" name="code"></label></main></body></html>'
    )


def codes(page: Page) -> list[str]:
    found: list[str] = page.evaluate("codes")
    return found


def wait_for_codes(page: Page, number: int, seconds: float = 15) -> list[str]:
    page.wait_for_function("(number) => codes.length >= number", arg=number, timeout=seconds * 1000)
    return codes(page)


def test_code_before_the_camera_is_read_once_by_keyboard_alone(
    door: Open, tmp_path: Path, axe: Callable[[Page], None]
) -> None:
    with door(film(tmp_path / "film.y4m", (scene(TICKET), 2))) as page:
        axe(page)
        assert page.locator("video").is_hidden()
        press(page, "Scan with the camera")
        assert wait_for_codes(page, 1) == [TICKET]
        expect(page.get_by_role("status")).to_have_text("Hold the code in the square.")
        axe(page)
        page.wait_for_timeout(4000)
        assert codes(page) == [TICKET]  # still in sight, so still the same person
        expect(page.get_by_role("button", name="Stop the camera")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("video")).to_be_hidden()
        assert page.evaluate("document.querySelector('video').srcObject") is None
        tab_to(page, "Code")


def test_same_code_counts_again_once_it_was_out_of_sight_and_another_at_once(door: Open, tmp_path: Path) -> None:
    play = film(tmp_path / "film.y4m", (scene(TICKET), 1), (scene(OTHER), 1), (scene(), 4))
    with door(play) as page:
        page.get_by_role("button", name="Scan with the camera").click()
        read = wait_for_codes(page, 4, seconds=25)
        assert read[:4] in ([TICKET, OTHER] * 2, [OTHER, TICKET] * 2)


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param({"turned": 25}, marks=pytest.mark.full),
        pytest.param({"turned": 180, "side": 150}, marks=pytest.mark.full),
        {"blurred": 2.2},
        pytest.param({"side": 120, "blurred": 0.8}, marks=pytest.mark.full),
        {"dim": 0.35, "turned": -12, "side": 220},
    ],
    ids=["turned", "upside-down", "blurred", "small", "in-the-dark"],
)
def test_code_that_is_turned_small_blurred_or_in_the_dark_is_read(
    door: Open, tmp_path: Path, seen: dict[str, float]
) -> None:
    with door(film(tmp_path / "film.y4m", (scene(TICKET, **seen), 1))) as page:
        page.get_by_role("button", name="Scan with the camera").click()
        assert wait_for_codes(page, 1) == [TICKET]


@pytest.mark.parametrize(("before", "once"), [(OF_ITS_OWN, False), (PROMISED, True)], ids=["its-own", "promised"])
def test_decoder_of_the_browser_is_used_as_long_as_it_works(
    door: Open, tmp_path: Path, before: str, once: bool
) -> None:
    with door(film(tmp_path / "film.y4m", (scene(TICKET), 1)), before=before) as page:
        page.get_by_role("button", name="Scan with the camera").click()
        assert wait_for_codes(page, 1) == [TICKET]
        page.wait_for_timeout(500)
        assert (page.evaluate("asked") == 1) is once


def test_scanner_started_again_before_it_stopped_reads_on(door: Open, tmp_path: Path) -> None:
    with door(film(tmp_path / "film.y4m", (scene(), 2), (scene(TICKET), 1))) as page:
        button = page.get_by_role("button").first
        for _press in range(5):
            button.click()
        assert wait_for_codes(page, 1) == [TICKET]
        assert page.evaluate("document.querySelectorAll('video').length") == 1


@pytest.mark.parametrize(
    ("flags", "language", "button", "sentence"),
    [
        (CAMERA[:1], "en", "Scan with the camera", "The camera was not allowed. Allow it in the settings"),
        (CAMERA[:1], "fr", "Scanner avec la caméra", "L’accès à la caméra est refusé."),
        (CAMERA[1:], "en", "Scan with the camera", "This device has no camera. Type the six-character code."),
    ],
    ids=["refused", "refused-fr", "missing"],
)
def test_camera_that_is_refused_or_missing_says_so_and_what_to_do(
    door: Open, flags: list[str], language: str, button: str, sentence: str
) -> None:
    with door(flags, language) as page:
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("status")).to_contain_text(sentence)
        expect(page.get_by_role("button", name=button)).to_be_visible()
        assert page.locator("video").is_hidden()


def test_address_without_https_offers_no_camera(door: Open) -> None:
    with door(CAMERA, site="http://hallway.test") as page:
        expect(page.get_by_role("status")).to_contain_text(
            "only on a secure address (https). Type the six-character code"
        )
        expect(page.get_by_role("button")).to_have_count(0)


def test_camera_stops_while_the_page_is_hidden_and_comes_back_with_it(door: Open, tmp_path: Path) -> None:
    hide = "(hidden) => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
    hide += " document.dispatchEvent(new Event('visibilitychange')); }"
    with door(film(tmp_path / "film.y4m", (scene(TICKET), 2))) as page:
        page.get_by_role("button", name="Scan with the camera").click()
        wait_for_codes(page, 1)
        page.evaluate("window.track = document.querySelector('video').srcObject.getVideoTracks()[0]")
        page.evaluate(hide, True)
        assert page.evaluate("track.readyState") == "ended"
        expect(page.locator("video")).to_be_hidden()
        page.evaluate(hide, False)
        expect(page.locator("video")).to_be_visible()
        page.wait_for_function("() => document.querySelector('video').srcObject?.active")


def test_scanner_that_is_taken_out_of_the_page_lets_go_of_the_camera(door: Open, tmp_path: Path) -> None:
    with door(film(tmp_path / "film.y4m", (scene(), 2))) as page:
        page.get_by_role("button", name="Scan with the camera").click()
        page.wait_for_function("() => document.querySelector('video').srcObject?.active")
        page.evaluate("window.track = document.querySelector('video').srcObject.getVideoTracks()[0]")
        page.evaluate("document.querySelector('qr-scanner').remove()")
        assert page.evaluate("track.readyState") == "ended"


def test_page_answers_within_a_twentieth_of_a_second_while_a_slow_phone_scans(door: Open, tmp_path: Path) -> None:
    """A page that answers later than that feels stuck, so decoding is a worker's."""
    with door(film(tmp_path / "film.y4m", (scene(TICKET, turned=10), 1), (scene(), 2))) as page:
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
        page.get_by_role("button", name="Scan with the camera").click()
        wait_for_codes(page, 1)
        looks = []
        for _look in range(30):
            page.wait_for_timeout(150)
            looks.append(page.evaluate("document.querySelector('qr-scanner').busy"))
        looks.sort()
        assert looks[15] < 50 * slower(), f"busy for {looks[15]:.0f} ms a look, {looks[-1]:.0f} ms at most"
